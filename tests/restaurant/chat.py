"""A text chat: the cascade with a desk and its tiers, without audio and without pipecat."""

from collections.abc import AsyncIterable, Callable, Mapping

from voice.cascade.commands import Say
from voice.cascade.policy import Policy
from voice.ports import Desk, LanguageModel, Mouth
from voice.runtime import Runtime
from voice.trace import Sink, Trace

Tiers = Mapping[str, LanguageModel]


async def chat(
    lines: AsyncIterable[str], show: Callable[[str], None], desk: Desk, tiers: Tiers, policy: Policy, *sinks: Sink
) -> None:
    class Screen(Mouth):  # what else a mouth does has no meaning here
        def say(self, utterance: Say) -> None:
            if utterance.kind != "filler":
                show(utterance.text)
            runtime.spoken(utterance.utterance)

    trace = Trace(None, None, *sinks)  # with an id of its own: no two calls may share one
    runtime = Runtime(policy=policy, desk=desk, tiers=tiers, mouth=Screen(), trace=trace)
    runtime.start("Good evening. What can I do for you?")
    async for line in lines:
        runtime.heard(line)
        await runtime.answered()
        if runtime.state.passed_on:  # to a person
            break
    await runtime.close()
