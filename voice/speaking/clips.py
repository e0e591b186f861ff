"""Clips rendered ahead of need, so that speech starts without waiting for the voice."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, Iterable

from voice.ports import Speaker


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
        self._clips: OrderedDict[str, bytes] = OrderedDict()
        self._bytes = 0
        self._rendering: dict[str, _Rendering] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def render(self, texts: Iterable[str]) -> None:
        """Have these ready."""
        for text in texts:
            async for _ in self.speak(text):
                pass

    async def speak(self, text: str) -> AsyncGenerator[bytes]:
        """Give 16-bit mono PCM; at once if the text was spoken before.

        A text that is too long to be kept is no longer made when the last one who listened has closed this.

        Raises:
            SpeechError: the voice can't be used now.
        """
        if text in self._clips:
            self._clips.move_to_end(text)
            yield self._clips[text]
            return
        rendering = self._rendering.get(text) or self._start(text)
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
                self._forget(text, rendering)

    def _start(self, text: str) -> _Rendering:
        rendering = self._rendering[text] = _Rendering()
        task = rendering.task = asyncio.create_task(self._render(text, rendering), name="render speech")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return rendering

    async def _render(self, text: str, rendering: _Rendering) -> None:
        """Finish what was begun, also a short text for which nobody waits any more: it will be wanted again."""
        error: Exception | None = None
        try:
            async for part in self._speaker.speak(text):
                rendering.grow(part)
            if len(text) <= self._longest:
                self._keep(text, b"".join(rendering.parts))
        except Exception as failure:
            error = failure
        finally:
            self._forget(text, rendering)
            rendering.grow(None, error)

    def _forget(self, text: str, rendering: _Rendering) -> None:
        if self._rendering.get(text) is rendering:
            del self._rendering[text]

    def _keep(self, text: str, audio: bytes) -> None:
        if text in self._clips or len(audio) > self._most_bytes:
            return
        self._clips[text] = audio
        self._bytes += len(audio)
        while self._bytes > self._most_bytes:
            _, dropped = self._clips.popitem(last=False)
            self._bytes -= len(dropped)
