"""What is used of an answer whose model wrote more than was asked for."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from voice.llm.answer import AROUND, Answer


def answer(*tokens: str, logprobs: bool = True) -> Answer:
    made = Answer(10)
    for number, token in enumerate(tokens):
        content = [SimpleNamespace(token=token, logprob=-float(number))] if logprobs else []
        made.add(chunk(token, content))
    made.add(chunk("", [], finish="stop"))
    return made


def chunk(text: str, content: list[Any], finish: str | None = None) -> Any:
    delta = SimpleNamespace(content=text, refusal=None)
    choice = SimpleNamespace(delta=delta, finish_reason=finish, logprobs=SimpleNamespace(content=content))
    return SimpleNamespace(usage=None, choices=[choice])


@pytest.mark.parametrize(
    "tokens",
    [
        ("```json\n", '{"a":', "1}", "\n```"),
        ("Sure! ", "Here it is: ", '{"a":', "1}"),
        ("Sure:\n```\n", '{"a":', "1}", "\n```\nAnything else?"),
    ],
)
def test_words_and_a_fence_around_the_object_are_left_out_with_their_tokens(tokens: tuple[str, ...]) -> None:
    draft = answer(*tokens).whole("fast")
    first = tokens.index('{"a":')
    assert (draft.error, draft.text, draft.tokens) == (None, '{"a":1}', ('{"a":', "1}"))
    assert draft.logprobs == (-float(first), -float(first + 1))
    assert draft.notes == (AROUND,)
    assert draft.output_tokens == len(tokens)


def test_a_token_that_holds_the_end_of_the_words_and_the_beginning_of_the_object_stays() -> None:
    draft = answer("Here", ': {"a"', ":1}").whole("fast")
    assert (draft.text, draft.tokens) == ('{"a":1}', (': {"a"', ":1}"))


def test_without_log_probabilities_only_the_text_is_cut() -> None:
    draft = answer("```", '{"a":1}', "```", logprobs=False).whole("fast")
    assert (draft.text, draft.tokens, draft.logprobs) == ('{"a":1}', (), ())


def test_an_object_alone_is_left_as_it_is() -> None:
    draft = answer(" ", '{"a":', "1}", "\n").whole("fast")
    assert (draft.text, draft.notes) == (' {"a":1}\n', ())


@pytest.mark.parametrize(
    "text", ['[{"a":1}]', '{"a":1} and {"b":2}', '{"a":1', "```json\n[1]\n```", 'Sure: {"a" 1}', '{"a":1}}', "", "{}{"]
)
def test_what_holds_no_object_or_more_than_one_is_broken(text: str) -> None:
    assert answer(text).whole("fast").error == "broken_json"
