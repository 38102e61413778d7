"""Numbers without gaps: the row of a series is locked while one is given, in the transaction that uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from huying.bulletin.models import Letterhead, Series
from huying.kit.ids import new_id

if TYPE_CHECKING:
    from uuid import UUID

    from huying.places.models import Area


def next_number(kind: str, area_id: UUID, year: int) -> int:
    """Return the next number of a series; call inside the transaction that uses it.

    Two who ask at once wait for each other at the row, and what is rolled back gives its number back: the
    series has neither gaps nor doubles.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("next_number() belongs inside the transaction that uses the number")
    Series.objects.bulk_create(
        [Series(pk=new_id(), kind=kind, area_id=area_id, year=year)], ignore_conflicts=True
    )
    series = Series.objects.select_for_update().get(kind=kind, area_id=area_id, year=year)
    series.last += 1
    series.save(update_fields=["last"])
    return series.last


def head_of(area: Area) -> Letterhead:
    """Return how an area's papers are headed: as the town set it, else after the area's name."""
    kept = Letterhead.objects.filter(area=area).first()
    return kept or Letterhead(
        area=area, issuer=issuer_of(area), word=word_of(area), printed_by=issuer_of(area)
    )


def issuer_of(area: Area) -> str:
    """Return the office of an area by its name: 映溪街道 → 映溪街道办事处."""
    return area.name + _OFFICES.get(area.level_id, "人民政府")


def word_of(area: Area) -> str:
    """Return the word before the year in a number: 映溪街道 → 映溪街提."""
    name = area.name
    for ending, short in (("街道", "街"), ("社区", "社"), ("区", "区")):
        if name.endswith(ending):
            return f"{name.removesuffix(ending)}{short}提"
    return f"{name}提"


_OFFICES = {"street": "办事处", "community": "工作站"}


def symbol_of(word: str, year: int, number: int) -> str:
    """Return a document's number: 映溪街提〔2026〕3号 (GB/T 9704-2012, 7.2.5)."""
    return f"{word}〔{year}〕{number}号"
