"""What in a text points at a person (numbers, addresses, names): hidden for reading or taken out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

GONE = "＊＊＊"
_SHORTEST_NAME = 2
# Digits as keyboards give them, half or full width; between them the separators people type.
_D, _S = "[0-9０-９]", "[ \\-－·]?"
_MOBILE = re.compile(
    f"(?<![0-9０-９])(?:[+＋]?[8８][6６]{_S})?[1１][3-9３-９]{_D}{_S}{_D}{{4}}{_S}{_D}{{4}}(?![0-9０-９])"
)
_ID_CARD = re.compile(f"(?<!{_D}){_D}{{17}}[0-9０-９XxＸ](?!{_D})")
_CARD = re.compile(r"(?<![A-Za-z0-9])(?:\d{4}[ \-]?){3}\d{4,7}(?![0-9])")
_LANDLINE = re.compile(r"(?<!\d)0\d{2,3}[ \-－]\d{7,8}(?!\d)")
_EMAIL = re.compile(r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,4}")
# Passports and travel permits (a letter and eight digits), Hong Kong identity cards.
_PERMIT = re.compile(r"(?<![A-Za-z0-9])(?:[A-Za-z]\d{8}|[A-Za-z]{1,2}\d{6}[(（][0-9Aa][)）])(?![A-Za-z0-9])")
_SPELLED = re.compile("[〇零一二三四五六七八九幺]{11}")
# The door of a home: building stays (the matter lies there), the room goes.
_ROOM = re.compile(r"[0-9A-Za-z]{1,5}(?:室|号房|房号|房(?![屋产间]))")
_NUMBERS = (_EMAIL, _ID_CARD, _CARD, _MOBILE, _LANDLINE, _PERMIT, _SPELLED)


def mask_words(text: str, *, names: Iterable[str] = ()) -> str:
    """Return a text for reading with numbers, addresses of mail and these names hidden but for their ends.

    Mobile numbers keep three and four digits, identity numbers their last four, names their first character.
    """
    text = _EMAIL.sub(lambda found: f"{found.group()[0]}***@***", text)
    for pattern in (_ID_CARD, _CARD):
        text = pattern.sub(lambda found: f"{'*' * (len(found.group()) - 4)}{found.group()[-4:]}", text)
    text = _MOBILE.sub(_ends, text)
    for pattern in (_LANDLINE, _PERMIT, _SPELLED):
        text = pattern.sub(_ends, text)
    return _without_names(text, names, lambda name: name[0] + "*" * (len(name) - 1))


def strip_words(text: str, *, names: Iterable[str] = ()) -> str:
    """Return a text from which numbers, addresses of mail, room numbers and these names are gone for good."""
    for pattern in (*_NUMBERS, _ROOM):
        text = pattern.sub(GONE, text)
    return _without_names(text, names, lambda _name: GONE)


def _ends(found: re.Match[str]) -> str:
    plain = re.sub("[ \\-－·]", "", found.group())
    return f"{plain[:3]}****{plain[-4:]}"


def _without_names(text: str, names: Iterable[str], hidden: Callable[[str], str]) -> str:
    for name in names:
        name = name.strip()  # noqa: PLW2901 - the same name, tidied
        if len(name) >= _SHORTEST_NAME:
            text = text.replace(name, hidden(name))
    return text
