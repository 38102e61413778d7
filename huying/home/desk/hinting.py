"""What the words of a search may mean besides: an item, unit or area by name, pinyin or initials."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from huying.home.desk.choosing import area_choices, item_choices, item_name, unit_choices

if TYPE_CHECKING:
    from huying.home.desk.listing import Listing

MOST_HINTS = 4
# One letter or character is the beginning of everything.
FEWEST_LETTERS = 2
_LIKE_A_NAME = re.compile(r"[a-zA-Z\u3400-\u9fff ]+")


def hints_for(listing: Listing) -> list[dict[str, Any]]:
    """Return links that narrow the list to what the words name, in the place of the words."""
    lens = listing.lens
    words = lens.words.strip()
    if len(words) < FEWEST_LETTERS or not _LIKE_A_NAME.fullmatch(words):
        return []
    found: list[tuple[str, str, dict[str, str]]] = []
    found += [
        (_("Item"), item_name(choice.card), {"item": choice.card.code})
        for choice in item_choices().matching(words)[:MOST_HINTS]
    ]
    found += [
        (_("Unit"), choice.card.name, {"unit": choice.card.code})
        for choice in unit_choices().matching(words)[:MOST_HINTS]
    ]
    found += [
        (_("Area"), choice.card.name, {"area": choice.card.code})
        for choice in area_choices().find(words)[:MOST_HINTS]
    ]
    return [
        {"kind": kind, "name": name, "url": listing.url(_narrowed(listing, told))}
        for kind, name, told in found
    ]


def _narrowed(listing: Listing, told: dict[str, str]) -> Any:  # noqa: ANN401 - a lens
    return replace(listing.lens, words="", narrow=replace(listing.lens.narrow, **told))  # type: ignore[arg-type] # names of texts only
