"""When an appeal is masked, what its case copied from it is written anew: title and search words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from huying.cases.models import Case, How, Membership
from huying.cases.opening import SEARCHED_LENGTH, TITLE_LENGTH
from huying.kit.text import bigrams

if TYPE_CHECKING:
    from uuid import UUID


def retitle_after_masking(appeal_id: UUID, *, title: str, text: str) -> int:
    """Write titles and search words of the cases this appeal opened from its masked words; return how many.

    No fact of its own: the fact `AppealMasked` says when and why. Done twice, it writes the same again.
    """
    with transaction.atomic():
        opened = Membership.objects.filter(appeal_id=appeal_id, how=How.OPENED).values("case_id")
        cases = list(
            Case.objects.select_for_update(of=("self",))
            .filter(pk__in=opened)
            .select_related("item")
            .order_by("pk")
        )
        for case in cases:
            head = title or text.replace("\n", " ")
            case.title = head[:TITLE_LENGTH]
            item = case.item.name if case.item else ""
            case.search = bigrams(
                " ".join((case.number, head, case.place_name, item, text[:SEARCHED_LENGTH]))
            )
            case.save(update_fields=["title", "search"])
        return len(cases)
