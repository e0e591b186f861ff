import pytest

from voice.speaking.phrases import parted


@pytest.mark.parametrize(
    "parts",
    [
        [""],
        ["short enough, it is."],
        ["a clause of its own, and one,", "and as the last one another."],
        ["this has no mark where it could be parted well."],
        ["yes, and then it goes on and on without one."],
        ["this one goes on and on without any mark,", "and then there is one."],
    ],
)
def test_a_sentence_is_parted_between_clauses_only_if_it_is_long_and_only_as_often_as_needed(parts: list[str]) -> None:
    assert ["".join(part) for part in parted([*" ".join(parts)], most=30)] == parts
