"""Searching cases: by number, words, place or unit by its sound; the frequent and the rare alike fast."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from huying.cases.lists import PAGE, Page
from huying.cases.models import OPEN, Case, Membership
from huying.cases.narrowing import ALL, Narrow, fitting
from huying.cases.rules import visible_to
from huying.kit.text import bigrams
from huying.people.queries import unit_book
from huying.places.queries import town_map

if TYPE_CHECKING:
    from uuid import UUID

    from huying.ledger.actor import Actor

# Letters typed may fit so many places; those whose names begin alike are looked up as one, at most so many.
MOST_PLACES, MOST_NAMES = 200, 8
# So many of the newest cases search looks through one by one; among them a page of what is frequent is found.
NEWEST = 20_000


@dataclass(frozen=True)
class Search:
    """What is searched for: `words` may be a number, words of the text, a place by name, pinyin or initials.

    `status` is a state, or "open" for all that are not ended.
    """

    words: str = ""
    status: str = ""
    narrow: Narrow = ALL


def search(asked: Search, *, by: Actor, before: UUID | None = None, size: int = 0) -> Page:
    """Return the cases an actor may see that fit, newest first; `before` is the last id of a page.

    `size` is how many cases, a page of the desk (`PAGE`) if 0.

    What is frequent is found among the newest cases; what is not found there is rare, and looked up by the
    indexes of words, units and areas. Left to one statement, the database would walk a million cases for a
    rare word, or sort a hundred thousand for a frequent one.
    """
    size = size or PAGE
    fits = Q(visible_to(by), _stands(asked.status), fitting(asked.narrow, by=by), _said(asked.words.strip()))
    cases = Case.objects.filter(fits).select_related("unit", "item", "handler").defer("search")
    if before is not None:
        cases = cases.filter(pk__lt=before)
    edge = _edge(before)
    newest = cases if edge is None else cases.filter(pk__gte=edge)
    found = list(newest.order_by("-id")[: size + 1])
    if edge is not None and len(found) <= size:
        # In the same order, but not one the database could be tempted to walk along.
        older = cases.filter(pk__lt=edge).order_by(Cast("id", TextField()).desc())
        found += older[: size + 1 - len(found)]
    return Page(found[:size], str(found[size - 1].pk) if len(found) > size else "")


def _edge(before: UUID | None) -> UUID | None:
    """Return the oldest of the newest cases (before one), or None when there are no others."""
    keys = Case.objects.order_by("-id").values_list("id", flat=True)
    if before is not None:
        keys = keys.filter(pk__lt=before)
    return keys[NEWEST : NEWEST + 1].first()


def read_number(words: str) -> str:
    """Return the number of a case or appeal that was typed, as it is kept; "" when it is none."""
    tidy = words.upper().replace("-", "").replace(" ", "")
    return tidy if re.fullmatch(r"(SQ|GD)\d{4,}", tidy) else ""


def _stands(status: str) -> Q:
    if status == "open":
        return Q(status__in=OPEN)
    return Q(status=status) if status else Q()


def _said(words: str) -> Q:
    """Return the filter for what was typed: a number, else words of the text, or a place or unit by sound."""
    if not words:
        return Q()
    number = read_number(words)
    if number:
        return Q(pk__in=_numbered(number))
    pieces = bigrams(words)
    said = Q(search__contains=pieces) if pieces else Q(pk__in=[])
    if not re.fullmatch(r"[a-zA-Z ]+", words):
        return said
    return said | _sounds(words.replace(" ", "").lower())


def _numbered(number: str) -> list[UUID]:
    """Return the case of this number, or the one an appeal of this number is in now."""
    by_case = Case.objects.filter(number=number).values_list("pk", flat=True)
    by_appeal = Membership.objects.filter(appeal__number=number, until_at=None).values_list("case", flat=True)
    return [*by_case, *by_appeal]


def _sounds(letters: str) -> Q:
    """Return the filter for places and units whose pinyin or initials begin with these letters."""
    town, found = town_map(), Q()
    fits = town.gazetteer.search(letters, MOST_PLACES)
    paths = [town.areas[entry.id].path for entry in fits if entry.id in town.areas]
    for path in _outermost(paths)[:MOST_NAMES]:
        found |= Q(area_path=path) | Q(area_path__startswith=f"{path}/")
    alike: dict[str, list[str]] = {}
    for entry in fits:
        if entry.id not in town.areas:
            # An estate comes before its buildings: under its name they are looked up together.
            name = next((name for name in alike if entry.name.startswith(name)), entry.name)
            alike.setdefault(name, []).append(entry.id)
    for name, places in islice(alike.items(), MOST_NAMES):
        # The name of a case's place is among its words, and those have an index.
        found |= Q(place_id__in=places, search__contains=bigrams(name))
    units = [card.id for card in unit_book().all() if letters in card.pinyin or letters in card.initials]
    return found | Q(unit_id__in=units) if units else found


def _outermost(paths: list[str]) -> list[str]:
    """Return the paths that lie within no other of them, in their order."""
    return [path for path in paths if not any(path.startswith(f"{other}/") for other in paths)]
