"""Clips rendered ahead of need, so that a filler starts without waiting for the voice."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import AsyncIterator, Iterable

from voice.ports import Speaker


class ClippedSpeaker:
    """Speaks through another speaker, and keeps short texts for the next time.

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

    async def render(self, texts: Iterable[str]) -> None:
        """Have these ready."""
        for text in texts:
            if text not in self._clips:
                async for _ in self.speak(text):
                    pass

    async def speak(self, text: str) -> AsyncIterator[bytes]:
        """Give 16-bit mono PCM; at once if the text was spoken before."""
        if text in self._clips:
            self._clips.move_to_end(text)
            yield self._clips[text]
            return
        parts: list[bytes] = []
        async for part in self._speaker.speak(text):
            parts.append(part)
            yield part
        if len(text) <= self._longest:
            self._keep(text, b"".join(parts))

    def _keep(self, text: str, audio: bytes) -> None:
        if text in self._clips or len(audio) > self._most_bytes:
            return
        self._clips[text] = audio
        self._bytes += len(audio)
        while self._bytes > self._most_bytes:
            _, dropped = self._clips.popitem(last=False)
            self._bytes -= len(dropped)
