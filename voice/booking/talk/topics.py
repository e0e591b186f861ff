"""What callers ask about the rules: topics by word families, from ``topics.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from importlib.resources import files

from voice.booking.text.wording import Wording

_GAP = r"\W+(?:[\w'’-]+\W+){0,4}?"
_BETWEEN = r"[\s,]+"


def _word(said: str) -> str:
    """Make a pattern of a word, a choice of words (``a/b``), or a stem (``cancel*``)."""
    return "(?:" + "|".join(re.escape(part).replace(r"\*", r"[\w'’-]*") for part in said.split("/")) + ")"


def _phrase(said: str) -> str:
    """Make a pattern of words in order; ``…`` lets up to four words stand between."""
    made = ""
    for word in said.split():
        if word == "…":
            made += _GAP
        else:
            made += (_BETWEEN if made and not made.endswith(_GAP) else "") + _word(word)
    return made


def words_of(table: Mapping[str, str | list[str]]) -> Wording:
    """Make a pattern of the ``words`` and ``phrases`` of a table, which count nowhere behind its ``never_behind``."""
    words, phrases = str(table["words"]).split(), table["phrases"]
    alternatives = [*(_word(word) for word in words), *(_phrase(phrase) for phrase in phrases)]
    behind = f"(?<!{table['never_behind']} )" if "never_behind" in table else ""
    return Wording(rf"(?<![\w-]){behind}(?:{'|'.join(alternatives)})(?![\w-])")


_ALL: Mapping[str, Wording] = {
    topic: words_of(table)
    for topic, table in tomllib.loads(files("voice.booking.talk").joinpath("topics.toml").read_text("utf-8")).items()
}
OTHER = _ALL["other"]
"""What callers ask about that has no topic of its own."""
TOPICS: Mapping[str, Wording] = {topic: pattern for topic, pattern in _ALL.items() if topic != "other"}
"""Policy topics by the words for them, most particular first."""
