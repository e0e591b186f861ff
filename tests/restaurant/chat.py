"""A text chat: the cascade with a desk and its tiers, without audio and without pipecat."""

from collections.abc import AsyncIterable, Callable, Mapping

from voice.cascade.events import Say
from voice.cascade.policy import Policy
from voice.ports import Desk, LanguageModel, Mouth
from voice.runtime import Runtime
from voice.trace import Trace

Tiers = Mapping[str, LanguageModel]


async def chat(
    lines: AsyncIterable[str], show: Callable[[str], None], desk: Desk, tiers: Tiers, policy: Policy
) -> None:
    class Screen(Mouth):  # what else a mouth does has no meaning here
        def say(self, utterance: Say) -> None:
            if utterance.kind in ("greeting", "answer"):
                show(utterance.text)
            runtime.spoken(utterance.utterance)

    runtime = Runtime(policy=policy, desk=desk, tiers=tiers, mouth=Screen(), trace=Trace("chat"))
    runtime.start("Good evening. What can I do for you?")
    async for line in lines:
        runtime.heard(line)
        await runtime.answered()
    await runtime.close()
