"""An answer as it streams in, and what can be used of it at its end."""

from __future__ import annotations

import json
from typing import Any

from voice.cascade.words import Draft
from voice.llm.failures import NoAnswer

STREAM = "text/event-stream"

UNFINISHED = "the stream ended without finish_reason"
AROUND = "what stood around the JSON was left out"


class Answer:
    """The pieces of one answer.

    Args:
        prompt_tokens: A guess at what the prompt has, until the provider tells.
        bare: Whether it is text as it stands, and no JSON.
    """

    def __init__(self, prompt_tokens: int = 0, *, bare: bool = False) -> None:
        self.bare = bare
        self.text = ""
        self.content_type = STREAM
        self.prompt_tokens = prompt_tokens
        self.pieces = 0
        self._counted = False
        self._logprobs: list[float] = []
        self._tokens: list[str] = []
        self._output_tokens = 0
        self._finish: str | None = None
        self._declined = False

    def add(self, chunk: Any) -> bool:
        """Take in a chunk, and tell whether it brought any text."""
        if chunk.usage is not None:
            self.prompt_tokens, self._output_tokens = chunk.usage.prompt_tokens, chunk.usage.completion_tokens
            self._counted = True
        if not chunk.choices:
            return False
        choice = chunk.choices[0]
        self._finish = choice.finish_reason or self._finish
        self._declined = self._declined or bool(getattr(choice.delta, "refusal", None))
        if choice.logprobs is not None and choice.logprobs.content:
            self._logprobs += [token.logprob for token in choice.logprobs.content]
            self._tokens += [token.token for token in choice.logprobs.content]
        if not choice.delta or not choice.delta.content:  # some providers leave it out of their last chunk
            return False
        self.text += choice.delta.content
        self.pieces += 1
        return True

    def need_something(self) -> None:
        """Check that anything came.

        Raises:
            NoAnswer: nothing did.
        """
        if self._finish is None and not self.pieces:
            raise NoAnswer(
                UNFINISHED if self.content_type == STREAM else f"content-type {self.content_type}, not {STREAM}"
            )

    def so_far(self, tier: str, error: str | None = None, *notes: str) -> Draft:
        """Give what there is."""
        return Draft(
            tier=tier,
            actions=(),
            text=self.text,
            logprobs=tuple(self._logprobs),
            tokens=tuple(self._tokens),
            prompt_tokens=self.prompt_tokens,
            output_tokens=self._output_tokens or self.pieces,
            error=error,
            notes=notes,
            estimated=not self._counted and self.prompt_tokens > 0,
        )

    def whole(self, tier: str) -> Draft:
        """Give the draft that a stream makes which has ended.

        A JSON object that is whole is used also where nothing says that it is the end; what stands around it is not.

        Raises:
            NoAnswer: nothing came.
        """
        if self._declined or self._finish == "content_filter":
            return self.so_far(tier, "declined")
        self.need_something()
        if self.bare:
            if self._finish is None:
                return self.so_far(tier, "down", UNFINISHED)
            return self.so_far(tier, "broken_json" if self._finish == "length" else None)
        unfinished = (UNFINISHED,) if self._finish is None else ()
        span = _object_in(self.text)
        if span is None:
            return self.so_far(tier, "down" if unfinished else "broken_json", *unfinished)
        around = (AROUND,) if self._cut(*span) else ()
        return self.so_far(tier, None, *unfinished, *around)

    def _cut(self, start: int, end: int) -> bool:
        """Keep what lies in between, of the tokens as well; tell whether anything but white space was left out."""
        dropped = self.text[:start] + self.text[end:]
        if not dropped.strip():
            return False
        if "".join(self._tokens) == self.text:
            at, kept = 0, list[int]()
            for number, token in enumerate(self._tokens):
                if start < at + len(token) and at < end:
                    kept.append(number)
                at += len(token)
            self._tokens = [self._tokens[number] for number in kept]
            self._logprobs = [self._logprobs[number] for number in kept]
        self.text = self.text[start:end]
        return True


def _object_in(text: str) -> tuple[int, int] | None:
    """Find the JSON object of an answer; words and a fence may stand before it, a fence after it."""
    start = text.find("{")
    if start < 0 or text[:start].rstrip().endswith("["):
        return None
    try:
        _, end = json.JSONDecoder().raw_decode(text, start)
    except ValueError:
        return None
    rest = text[end:].strip()
    return (start, end) if not rest or rest.startswith("```") else None
