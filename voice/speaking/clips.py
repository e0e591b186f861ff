"""Clips rendered ahead of need, so that speech starts without waiting for the voice."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, Iterable

from voice.ports import Speaker
from voice.speaking.pacing import spoken

_Key = tuple[str, float]
"""A text, and the rate that it is spoken at."""


class _Rendering:
    """A text that is being spoken: its sound so far, for everybody who wants it."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.grown = asyncio.Event()
        self.done = False
        self.error: Exception | None = None
        self.listeners = 0
        self.task: asyncio.Task[None] | None = None

    def grow(self, part: bytes | None, error: Exception | None = None) -> None:
        if part is None:
            self.done, self.error = True, error
        else:
            self.parts.append(part)
        self.grown.set()
        self.grown = asyncio.Event()


class ClippedSpeaker:
    """Speaks through another speaker, and keeps short texts for the next time.

    A text that is asked for while it is being rendered is rendered once.

    Args:
        speaker: Makes the sound.
        most_bytes: How much audio is kept; the least recently used goes first. The default holds about ten minutes
            at 22 kHz.
        longest: Texts of more characters are not kept.
    """

    def __init__(self, speaker: Speaker, most_bytes: int = 32_000_000, longest: int = 160) -> None:
        self.sample_rate = speaker.sample_rate
        self._speaker = speaker
        self._most_bytes = most_bytes
        self._longest = longest
        self._clips: OrderedDict[_Key, bytes] = OrderedDict()
        self._bytes = 0
        self._rendering: dict[_Key, _Rendering] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def render(self, texts: Iterable[str]) -> None:
        """Have these ready."""
        for text in texts:
            async for _ in self.speak(text):
                pass

    def speak(self, text: str) -> AsyncGenerator[bytes]:
        """Give 16-bit mono PCM; at once if the text was spoken before.

        A text that is too long to be kept is no longer made when the last one who listened has closed this.

        Raises:
            SpeechError: the voice can't be used now.
        """
        return self.speak_at(text, 1.0)

    async def speak_at(self, text: str, rate: float) -> AsyncGenerator[bytes]:
        """Do so at another rate; see `voice.speaking.pacing.spoken`."""
        key = text, rate
        if key in self._clips:
            self._clips.move_to_end(key)
            yield self._clips[key]
            return
        rendering = self._rendering.get(key) or self._start(key)
        given = 0
        rendering.listeners += 1
        try:
            while True:
                grown = rendering.grown
                for part in rendering.parts[given:]:
                    given += 1
                    yield part
                if rendering.error:
                    raise rendering.error
                if rendering.done and given == len(rendering.parts):
                    return
                if given == len(rendering.parts):
                    await grown.wait()
        finally:
            rendering.listeners -= 1
            if not rendering.listeners and len(text) > self._longest and rendering.task:
                rendering.task.cancel()
                self._forget(key, rendering)

    def _start(self, key: _Key) -> _Rendering:
        rendering = self._rendering[key] = _Rendering()
        task = rendering.task = asyncio.create_task(self._render(key, rendering), name="render speech")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return rendering

    async def _render(self, key: _Key, rendering: _Rendering) -> None:
        """Finish what was begun, also a short text for which nobody waits any more: it will be wanted again."""
        error: Exception | None = None
        try:
            async for part in spoken(self._speaker, *key):
                rendering.grow(part)
            if len(key[0]) <= self._longest:
                self._keep(key, b"".join(rendering.parts))
        except Exception as failure:
            error = failure
        finally:
            self._forget(key, rendering)
            rendering.grow(None, error)

    def _forget(self, key: _Key, rendering: _Rendering) -> None:
        if self._rendering.get(key) is rendering:
            del self._rendering[key]

    def _keep(self, key: _Key, audio: bytes) -> None:
        if key in self._clips or len(audio) > self._most_bytes:
            return
        self._clips[key] = audio
        self._bytes += len(audio)
        while self._bytes > self._most_bytes:
            _, dropped = self._clips.popitem(last=False)
            self._bytes -= len(dropped)
