"""When an appeal is masked, what its case holds of it is written anew: title, search words and notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from huying.cases.models import Case, How, Membership, Note
from huying.cases.opening import SEARCHED_LENGTH, TITLE_LENGTH
from huying.kit.personal import strip_words
from huying.kit.text import bigrams
from huying.triage.core.summary import line_of

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
            head = line_of(title, text).replace("\n", " ")
            case.title = head[:TITLE_LENGTH]
            item = case.item.name if case.item else ""
            case.search = bigrams(
                " ".join((case.number, head, case.place_name, item, text[:SEARCHED_LENGTH]))
            )
            case.save(update_fields=["title", "search"])
        for note in Note.objects.select_for_update().filter(case__in=cases).order_by("pk"):
            note.text = strip_words(note.text)
            note.save(update_fields=["text"])
        return len(cases)
