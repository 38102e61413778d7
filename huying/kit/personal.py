"""Personal data in texts as staff read them: hidden for reading but for its ends, or taken out for good."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from huying.kit.redact import Kind, find, redact

if TYPE_CHECKING:
    from collections.abc import Iterable

_SHORTEST_NAME, _SHORTEST_SHOWN = 2, 8
# What a clerk reads masked. Homes and names after cues stay readable on the desk, for the matter lies there;
# what is published or kept for good loses them, too.
HIDDEN = frozenset({Kind.EMAIL, Kind.ID_NUMBER, Kind.BANK_CARD, Kind.PHONE, Kind.ACCOUNT})
_MARK = Kind.NAME.value
_MAY_HOLD_SOME = re.compile(r"\d{3}|[〇零一幺二两三四五六七八九]{7}|@")


def mask_words(text: str, *, names: Iterable[str] = ()) -> str:
    """Return a text for reading with numbers, addresses of mail and these names hidden but for their ends.

    Phone numbers keep three and four digits, other numbers their last four, names their first character.
    """
    parts, at = [], 0
    # Every appeal passes here on its way in: most hold no number at all, and the rules are not cheap.
    for span in find(text, HIDDEN) if _MAY_HOLD_SOME.search(text) else ():
        parts += [text[at : span.start], _masked(text[span.start : span.end], span.kind)]
        at = span.end
    masked = "".join([*parts, text[at:]])
    for name in _worth(names):
        masked = masked.replace(name, name[0] + "*" * (len(name) - 1))
    return masked


def strip_words(text: str, *, names: Iterable[str] = ()) -> str:
    """Return a text from which everything personal that is found, and these names, are gone for good."""
    for name in _worth(names):
        text = text.replace(name, _MARK)
    return redact(text).text


def _worth(names: Iterable[str]) -> list[str]:
    return [name for told in names if len(name := told.strip()) >= _SHORTEST_NAME]


def _masked(found: str, kind: Kind) -> str:
    if kind is Kind.EMAIL:
        return f"{found[0]}***"
    plain = "".join(sign for sign in found if sign not in " -－·()（）+＋")
    if len(plain) < _SHORTEST_SHOWN:
        return "*" * len(found)
    if kind is Kind.PHONE:
        return f"{plain[-11:-8] if len(plain) > 11 else plain[:3]}****{plain[-4:]}"  # noqa: PLR2004 - a mobile's length
    return f"{'*' * (len(plain) - 4)}{plain[-4:]}"
