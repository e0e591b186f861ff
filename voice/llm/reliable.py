"""A tier that copes with its provider: tries again, asks twice, or leaves it alone; and says so in its drafts."""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from voice.cascade.words import Draft
from voice.llm.breaker import Breaker
from voice.ports import LanguageModel, Message, Prefills, Watch
from voice.tokens import estimate_tokens, guessed

TROUBLE = frozenset({"down", "slow", "rate_limited"})
"""Errors that are the provider's, not the request's."""

_AGAIN = frozenset({"down", "rate_limited"})
"""Trouble that a second try may be spared; what was slow has used up its time."""

_PAUSE_SECONDS = 0.2
"""Before the second try, unless the provider asks for a longer one."""

_LONGEST_PAUSE_SECONDS = 1.0
"""A longer one is not waited for, since a caller waits as well: another tier is asked sooner."""

_LONGEST_REST_SECONDS = 300.0
"""A provider is asked again after that, whatever rest it asked for."""

_LEAST_LATENCIES = 20
_LATENCIES = 200
"""How many answers are needed before the time of the slowest twentieth means anything, and how many are kept."""


@dataclass(frozen=True, slots=True)
class Reliability:
    """How to cope.

    Attributes:
        timeout_seconds: How long an answer may take, second tries included.
        expected_seconds: How long it usually takes, until there are measurements.
        retry: Whether to try once more if there is time for it, and the provider does not ask for a longer rest.
        hedge: Whether to ask a second time when an answer takes longer than 95% of the last ones did; the first answer
            counts, and both are billed.
        breaker_failures: So many failures in a row make every call fail at once; 0 never does.
        breaker_seconds: For so long, until one call tries again.
    """

    timeout_seconds: float = 12.0
    expected_seconds: float = 1.0
    retry: bool = True
    hedge: bool = False
    breaker_failures: int = 5
    breaker_seconds: float = 10.0


class ReliableTier:
    """A `voice.ports.LanguageModel` around another one; shared by all calls of a process.

    Besides the errors of the other one, ``Draft.error`` may be ``unavailable``: it failed too often lately, and was not
    asked. ``Draft.notes`` tells what was done; the tokens of all requests are on the bill.
    """

    def __init__(self, model: LanguageModel, policy: Reliability) -> None:
        self.name = model.name
        self._model = model
        self._policy = policy
        self._breaker = Breaker(policy.breaker_failures, policy.breaker_seconds)
        self._latencies: deque[float] = deque(maxlen=_LATENCIES)

    @property
    def resting(self) -> str | None:
        """Why it is not asked at the moment; None while it is."""
        left = self._breaker.seconds_left(_now())
        return f"left alone for another {left:.0f} s" if left else None

    async def warm(self, messages: Sequence[Message]) -> None:
        """Have the constant prefix of every prompt cached."""
        await self._model.warm(messages)

    async def prefill(self, messages: Sequence[Message]) -> None:
        """Have the beginning of the next prompt cached, if the model can."""
        if isinstance(self._model, Prefills):
            await self._model.prefill(messages)

    async def draft(
        self, messages: Sequence[Message], schema: Mapping[str, Any], *, watch: Watch | None = None
    ) -> Draft:
        """Ask for one reply.

        ``watch`` sees the first request grow, and the one after it if that failed, each with the bill of all so far:
        also when another request begins, and when one fails.
        """
        began = _now()
        requests = _Requests(self.name, watch, estimate_tokens(messages))

        async def attempt() -> Draft:
            return await self._guarded(lambda shown: self._model.draft(messages, schema, watch=shown), requests)

        draft = await attempt()
        typical = self._quantile(0.5) or self._policy.expected_seconds
        pause = max(_PAUSE_SECONDS, draft.rest_seconds)
        left = self._policy.timeout_seconds - (_now() - began) - pause
        worth_it = pause <= _LONGEST_PAUSE_SECONDS and typical <= left
        if self._policy.retry and draft.error in _AGAIN and worth_it:
            requests.notes.append(f"{draft.error}, tried again")
            await asyncio.sleep(pause)
            try:
                async with asyncio.timeout(left):
                    draft = await attempt()
            except TimeoutError:
                draft = requests.cut_off()
        return requests.bill(draft)

    async def _guarded(self, ask: _Ask, requests: _Requests) -> Draft:
        """Ask if the breaker lets it through."""
        ticket = self._breaker.admit(_now())
        if ticket is None:
            requests.notes.append(f"not asked for another {self._breaker.seconds_left(_now()):.1f} s")
            return Draft(self.name, (), error="unavailable")
        began = _now()
        try:
            draft = await self._hedged(ask, requests)
        except asyncio.CancelledError:
            self._breaker.withdrawn(ticket)
            raise
        except Exception:
            self._breaker.failed(ticket, _now())
            raise
        if draft.error not in TROUBLE:
            self._breaker.succeeded(ticket)
            if draft.error != "refused":  # which takes no time, and tells nothing of how long answers take
                self._latencies.append(_now() - began)
            return draft
        rest = min(draft.rest_seconds, _LONGEST_REST_SECONDS)
        self._breaker.failed(ticket, now := _now(), rest)
        if seconds := self._breaker.seconds_left(now):
            why = "asks for it" if rest and seconds <= rest else "failed too often"
            requests.notes.append(f"{why}, left alone for {seconds:g} s")
        return draft

    async def _hedged(self, ask: _Ask, requests: _Requests) -> Draft:
        """Ask, and ask again if that takes too long; the first answer counts."""
        late = self._quantile(0.95) if self._policy.hedge else None
        tasks = {asyncio.create_task(requests.made(ask))}
        try:
            done, waiting = await asyncio.wait(tasks, timeout=late)
            if not done:
                requests.notes.append(f"asked twice after {late:.2f} s")
                second = asyncio.create_task(requests.made(ask, silent=True))
                tasks.add(second)
                done, waiting = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            answers = [task.result() for task in done]
            if waiting and all(answer.error in TROUBLE for answer in answers):
                answers.append(await waiting.pop())
            return min(answers, key=lambda answer: answer.error in TROUBLE)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _quantile(self, share: float) -> float | None:
        """Give the time within which this share of the last answers came, None while there are too few."""
        if len(self._latencies) < _LEAST_LATENCIES:
            return None
        return sorted(self._latencies)[math.ceil(share * len(self._latencies)) - 1]


_Ask = Callable[[Watch], Awaitable[Draft]]


class _Requests:
    """The requests behind one draft, for its bill and its notes."""

    def __init__(self, tier: str, watch: Watch | None, prompt_tokens: int) -> None:
        self.notes: list[str] = []
        self._tier = tier
        self._watch = watch
        self._prompt_tokens = prompt_tokens  # a guess, for what ends before it was counted
        self._seen: list[Draft] = []
        self._shown = 0

    async def made(self, ask: _Ask, *, silent: bool = False) -> Draft:
        """Make a request; of one that is ``silent`` only the bill is shown while it grows."""
        number = len(self._seen)
        self._seen.append(Draft(self._tier, ()))
        if not silent:
            self._shown = number

        def grown(draft: Draft) -> None:
            self._seen[number] = draft
            self._show()

        self._show()
        draft = await ask(grown)
        self._seen[number] = draft
        if draft.error:
            self._show()
        return draft

    def _show(self) -> None:
        """Show what there is, and what is to pay for if it all ends now."""
        if self._watch:
            shown = guessed(self._seen[self._shown], self._prompt_tokens)
            self._watch(self._billed(shown, self._shown))

    def cut_off(self) -> Draft:
        """Give the newest request, as far as it was seen: there was no time for more."""
        self._seen[-1] = replace(guessed(self._seen[-1], self._prompt_tokens), error="slow")
        return self._seen[-1]

    def bill(self, draft: Draft) -> Draft:
        """Give the draft that counts, with the tokens of all requests."""
        number = next((number for number, seen in enumerate(self._seen) if seen is draft), None)
        return self._billed(draft, number)

    def _billed(self, draft: Draft, number: int | None) -> Draft:
        """Add the tokens of the others; one that nothing was seen of has read this one's prompt."""
        prompt = draft.prompt_tokens or self._prompt_tokens
        others = [guessed(seen, prompt) for index, seen in enumerate(self._seen) if index != number]
        return replace(
            draft,
            prompt_tokens=draft.prompt_tokens + sum(other.prompt_tokens for other in others),
            output_tokens=draft.output_tokens + sum(other.output_tokens for other in others),
            estimated=draft.estimated or any(other.estimated for other in others),
            notes=(*draft.notes, *self.notes),
        )


def _now() -> float:
    return asyncio.get_running_loop().time()
