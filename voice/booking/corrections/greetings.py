"""Greetings in other languages at the beginning of a turn: "Buenos dias, …" names no city."""

from __future__ import annotations

from voice.booking.text.wording import Wording

_GREETS = Wording(
    r"(?:buenos? d[ií]as?|buenas(?: tardes| noches)?|hola|bonjour|bonsoir|salut|coucou|buon ?giorno|buona ?sera|salve|"
    r"g(?:u|oo)ten (?:tag|morgen|abend)|gr(?:ü|u|ue)(?:ß|ss) (?:gott|dich|sie)|moin|servus|hallo|ol[aá]|bom dia|"
    r"boa (?:tarde|noite)|namaste|namaskar|konnichi ?wa|ohayo(?: gozaimasu)?|ni hao|annyeong(?:haseyo)?|privet|"
    r"dzie[nń] dobry|hej|god dag|goddag|merhaba|shalom|as-?sala+m(?:u)? ala[iy]kum|salaam|aloha|ciao(?=\W+\w))"
    r"(?!\w)(?P<stop>[,.!]+\s*(?=\w)|\s+(?=(?:i|we|my|can|could|hello|hi|this|is|do|señor|madame)\b)|\W*$)"
)


def in_english(text: str) -> str:
    """Give a turn with "Hello" in the place of another language's word for it."""
    start = len(text) - len(text.lstrip())
    found = _GREETS.match(text, start)
    if found is None:
        return text
    return f"{text[:start]}Hello{found['stop'].rstrip() or ','} {text[found.end() :]}".rstrip()
