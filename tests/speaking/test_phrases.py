import pytest

from voice.speaking.phrases import phrases


@pytest.mark.parametrize(
    "parts",
    [
        ["Okay."],
        ["You're booked: J, Z, 9, 7, X, A is your code."],
        ["$35 each way for the first checked bag in economy,", "and $45 for the second one you bring."],
        ["Then Seattle to Portland on Wednesday, December 16th at 2:10 P.M.,", "and Portland to Boise on the 19th."],
        ["At 3:35 P.M. there's a nonstop for $251. Would you like it?"],
        ["That leaves three seats on the later flight:", "two are at a window, and one is not."],
        ["All right, Chicago, Seattle, then Boise."],
    ],
)
def test_a_text_is_parted_where_a_speaker_breathes_and_nothing_is_lost(parts: list[str]) -> None:
    assert phrases(" ".join(parts)) == parts
