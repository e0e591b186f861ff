"""The rules for holidays."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from voice.booking.dates.words import DateContext, Found, on_or_after, rule


def _easter(year: int) -> date:
    """Give Easter Sunday by the Gregorian computus (Meeus, Jones and Butcher)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    j = (32 + 2 * e + 2 * i - h - k) % 7
    month, day = divmod(h + j - 7 * ((a + 11 * h + 22 * j) // 451) + 114, 31)
    return date(year, month, day + 1)


def _nth(year: int, month: int, weekday: int, nth: int) -> date:
    return on_or_after(date(year, month, 1), weekday) + timedelta(7 * (nth - 1))


_HOLIDAYS: dict[str, Callable[[int], date]] = {
    "new year's eve": lambda year: date(year, 12, 31),
    "new year": lambda year: date(year, 1, 1),
    "martin luther king": lambda year: _nth(year, 1, 0, 3),
    "valentine": lambda year: date(year, 2, 14),
    "president": lambda year: _nth(year, 2, 0, 3),
    "saint patrick": lambda year: date(year, 3, 17),
    "good friday": lambda year: _easter(year) - timedelta(2),
    "easter monday": lambda year: _easter(year) + timedelta(1),
    "easter": _easter,
    "mother": lambda year: _nth(year, 5, 6, 2),
    "memorial": lambda year: on_or_after(date(year, 5, 25), 0),
    "father": lambda year: _nth(year, 6, 6, 3),
    "independence": lambda year: date(year, 7, 4),
    "labor": lambda year: on_or_after(date(year, 9, 1), 0),
    "columbus": lambda year: _nth(year, 10, 0, 2),
    "juneteenth": lambda year: date(year, 6, 19),
    "groundhog": lambda year: date(year, 2, 2),
    "april fool": lambda year: date(year, 4, 1),
    "cinco de mayo": lambda year: date(year, 5, 5),
    "may day": lambda year: date(year, 5, 1),
    "bastille": lambda year: date(year, 7, 14),
    "canada": lambda year: date(year, 7, 1),
    "australia": lambda year: date(year, 1, 26),
    "anzac": lambda year: date(year, 4, 25),
    "republic": lambda year: date(year, 1, 26),
    "saint stephen": lambda year: date(year, 12, 26),
    "saint andrew": lambda year: date(year, 11, 30),
    "saint david": lambda year: date(year, 3, 1),
    "saint george": lambda year: date(year, 4, 23),
    "saint nicholas": lambda year: date(year, 12, 6),
    "epiphany": lambda year: date(year, 1, 6),
    "three kings": lambda year: date(year, 1, 6),
    "twelfth night": lambda year: date(year, 1, 5),
    "burns night": lambda year: date(year, 1, 25),
    "guy fawkes": lambda year: date(year, 11, 5),
    "bonfire": lambda year: date(year, 11, 5),
    "hogmanay": lambda year: date(year, 12, 31),
    "all saints": lambda year: date(year, 11, 1),
    "ash wednesday": lambda year: _easter(year) - timedelta(46),
    "shrove tuesday": lambda year: _easter(year) - timedelta(47),
    "pancake": lambda year: _easter(year) - timedelta(47),
    "palm sunday": lambda year: _easter(year) - timedelta(7),
    "maundy": lambda year: _easter(year) - timedelta(3),
    "ascension": lambda year: _easter(year) + timedelta(39),
    "whit monday": lambda year: _easter(year) + timedelta(50),
    "pentecost": lambda year: _easter(year) + timedelta(49),
    "black friday": lambda year: _nth(year, 11, 3, 4) + timedelta(1),
    "cyber monday": lambda year: _nth(year, 11, 3, 4) + timedelta(4),
    "halloween": lambda year: date(year, 10, 31),
    "veterans": lambda year: date(year, 11, 11),
    "thanksgiving": lambda year: _nth(year, 11, 3, 4),
    "christmas eve": lambda year: date(year, 12, 24),
    "boxing": lambda year: date(year, 12, 26),
    "christmas": lambda year: date(year, 12, 25),
}
"""The day of each holiday in a year, by the start of its name; the longer of two like names comes first."""


@rule(
    r"(?:the\s+day\s+of\s+)?(?P<name>new\s+year['’]?s?\s+eve|new\s+year['’]?s?(?:\s+day)?|valentine['’]?s(?:\s+day)?|"
    r"independence\s+day|halloween|thanksgiving(?:\s+day)?|memorial\s+day|labou?r\s+day|christmas\s+eve|boxing\s+day|"
    r"christmas(?:\s+day)?|easter\s+monday|easter(?:\s+sunday)?|good\s+friday|"
    r"martin\s+luther\s+king(?:\s+(?:junior\s+|jr\.?\s+)?day)?|mlk\s+day|juneteenth|groundhog\s+day|"
    r"april\s+fools?['’]?s?\s+day|cinco\s+de\s+mayo|may\s+day|(?:bastille|canada|australia|anzac|republic)\s+day|"
    r"epiphany|three\s+kings(?:['’]?\s+day)?|twelfth\s+night|burns\s+night|guy\s+fawkes(?:\s+(?:night|day))?|"
    r"bonfire\s+night|hogmanay|all\s+saints['’]?s?(?:\s+day)?|ash\s+wednesday|shrove\s+tuesday|"
    r"pancake\s+(?:day|tuesday)|palm\s+sunday|maundy\s+thursday|ascension\s+day|whit\s+monday|pentecost|black\s+friday|"
    r"cyber\s+monday|presidents?['’]?s?\s+day|"
    r"(?:saint|st\.?)\s+(?:patrick|stephen|andrew|david|george|nicholas)['’]?s\s+day|paddy['’]?s\s+day|"
    r"mother['’]?s\s+day|father['’]?s\s+day|columbus\s+day|veterans['’]?\s+day)"
)
def _holiday(match: re.Match[str], context: DateContext) -> Found:
    said = re.sub(r"\s+", " ", match["name"].casefold().replace("’", "'")).replace("years", "year's")
    said = re.sub(r"^st\b\.?", "saint", said.replace("labour", "labor").replace("paddy", "saint patrick"))
    said = said.replace("mlk", "martin luther king")
    day = next(holiday for name, holiday in _HOLIDAYS.items() if said.startswith(name))
    return next(d for year in (context.base.year, context.base.year + 1) if (d := day(year)) >= context.base)
