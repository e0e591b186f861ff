from __future__ import annotations

import pytest

from voice.cascade.confidence import confidence_of, quantile, value_characters
from voice.cascade.words import Draft


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ('{"do":[{"lookup":"AB12CD"}]}', "AB12CD"),
        ('{"do":[{"search":[{"from":"Boston","to":"Denver"}],"nonstop":true}]}', "BostonDenvertrue"),
        ('{"a":"say \\"hi\\", twice","n":12}', 'say \\"hi\\", twice12'),
        ('{"do":[{"search":[{"from":"Bos', "Bos"),
        ('["one","two"]', "onetwo"),
        ("search/from St. Louis/to Denver//to back/date 12/24/nonstop", "St. LouisDenverback12/24"),
        ("cancel AB12CD/leg return\nconfirm y", "AB12CDreturny"),
        ("", ""),
    ],
)
def test_values_are_told_from_keys_and_punctuation_also_in_a_text_cut_short(text: str, values: str) -> None:
    marked = zip(text, value_characters(text), strict=True)
    assert "".join(character for character, is_value in marked if is_value) == values


def test_a_token_that_holds_some_of_a_value_is_an_arguments() -> None:
    tokens = ('{"do":[{"', "look", "up", '":"AB', "12", 'CD"}]}')
    found = confidence_of(Draft("fast", (), "", (-1.0, -2.0, -3.0, -4.0, -5.0, -6.0), tokens=tokens))
    assert found
    assert found.actions == (-1.0, -2.0, -3.0)
    assert found.arguments == (-4.0, -5.0, -6.0)


def test_without_tokens_all_of_them_count_as_both() -> None:
    found = confidence_of(Draft("fast", (), "", (-1.0, -2.0)))
    assert found
    assert found.actions == found.arguments == (-1.0, -2.0)
    assert confidence_of(Draft("fast", ())) is None


def test_nothing_has_no_quantile() -> None:
    assert quantile([-1.0], 0.7) == -1.0
    with pytest.raises(ValueError, match="quantile"):
        quantile([], 0.5)
