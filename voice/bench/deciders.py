"""Ways to decide a labelled turn: by rules alone, or by one tier alone. A cascade brings its own."""

from __future__ import annotations

from voice.bench.evaluate import Decide, Decision
from voice.bench.labelled import LabelledTurn
from voice.booking.context import context_of_words
from voice.booking.examine import examine
from voice.booking.grammar import parse, turn_schema
from voice.booking.prompting import turn_messages
from voice.booking.reading import read
from voice.cascade.words import Action, Findings
from voice.ports import LanguageModel


def by_rules() -> Decide:
    """Decide by the reading by rules, whether it is certain or not."""

    async def decide(turn: LabelledTurn) -> Decision:
        reading = read(turn.text, context_of_words(turn.agent, turn.bookings))
        actions = reading.actions or ()
        return Decision(actions, _outcome(actions), "code", {"certain": reading.certain})

    return decide


def by_tier(tier: LanguageModel) -> Decide:
    """Decide by one tier's draft alone: no rules before it, no checks and no second tier after it."""

    async def decide(turn: LabelledTurn) -> Decision:
        context = context_of_words(turn.agent, turn.bookings)
        reading = read(turn.text, context)
        draft = await tier.draft(turn_messages(reading, context), turn_schema(reading, context))
        actions: tuple[Action, ...] = ()
        error = draft.error
        if error is None:
            try:
                actions = parse(draft.text, reading)
            except ValueError:
                error = "broken_json"
        found: Findings = examine(actions, reading, context)
        scores = {
            "completeness": round(found.completeness, 3),
            "correctness": round(found.correctness, 3),
            "agreement": found.agreement,
            "mean_logprob": round(sum(draft.logprobs) / len(draft.logprobs), 4) if draft.logprobs else None,
            "min_logprob": round(min(draft.logprobs), 4) if draft.logprobs else None,
            "prompt_tokens": draft.prompt_tokens,
            "output_tokens": draft.output_tokens,
            "error": error,
        }
        return Decision(actions, _outcome(actions), tier.name, scores)

    return decide


def _outcome(actions: tuple[Action, ...]) -> str:
    names = {action.name for action in actions}
    if "handoff" in names or not actions:
        return "handoff"
    return "clarify" if names == {"clarify"} else "answer"
