"""Reading what is public: one page by its number, and the list of pages by area, item and words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from huying.kit.errors import Refusal
from huying.kit.ids import may_be_number
from huying.kit.text import bigrams
from huying.publicity.models import Publication
from huying.publicity.reasons import NOT_PUBLIC
from huying.publicity.rules import why_not_public

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

PAGE = 20


@dataclass(frozen=True)
class Asked:
    """What the list of public pages is narrowed to; empty means all. `before` is the last id of a page."""

    area_path: str = ""
    item: str = ""
    words: str = ""
    before: UUID | None = None


def find_page(number: str) -> Publication:
    """Return the public page with this number; Refusal `not_public`, also when its case may not be shown."""
    page = (
        Publication.objects.select_related("case__unit", "case__place")
        .prefetch_related("photos")
        .filter(number=number, withdrawn_at=None)
        .first()
        if may_be_number(number)
        else None
    )
    if page is None or why_not_public(page.case) is not None:
        raise Refusal(NOT_PUBLIC)
    return page


def page_of_case(case_id: UUID) -> Publication | None:
    """Return the page of a case, public or taken back."""
    return Publication.objects.prefetch_related("photos").filter(case_id=case_id).first()


def page_of_appeal(appeal_id: UUID) -> Publication | None:
    """Return the public page of the matter an appeal is part of now, when there is one."""
    inside = Publication.objects.filter(
        case__memberships__appeal=appeal_id, case__memberships__until_at=None, withdrawn_at=None
    )
    return inside.defer("text", "reply", "search").first()


def public_numbers(case_ids: list[UUID]) -> set[UUID]:
    """Return which of these cases have a public page."""
    found = Publication.objects.filter(case_id__in=case_ids, withdrawn_at=None)
    return set(found.values_list("case_id", flat=True))


def list_pages(asked: Asked) -> tuple[list[Publication], UUID | None]:
    """Return a page of the public list, newest first, and the key the next one begins after."""
    fits = Q(withdrawn_at=None, case__confidential=False)
    if asked.area_path:
        fits &= Q(area_path=asked.area_path) | Q(area_path__startswith=f"{asked.area_path}/")
    if asked.item:
        fits &= Q(item_code__startswith=asked.item)
    pieces = bigrams(asked.words)
    if asked.words:
        fits &= Q(search__contains=pieces) if pieces else Q(pk__in=[])
    found: QuerySet[Publication] = Publication.objects.filter(fits).select_related("case__unit")
    found = found.defer("text", "reply", "search")
    if asked.before is not None:
        found = found.filter(pk__lt=asked.before)
    rows = list(found.order_by("-id")[: PAGE + 1])
    return rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None
