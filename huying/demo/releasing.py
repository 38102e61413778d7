"""A dispatcher releases some finished cases to the public, as the desk proposes their words."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING

from huying.cases.models import Case, Reply, Solved, Status
from huying.cases.queries import voices
from huying.kit.errors import Refusal
from huying.kit.redact import redact
from huying.publicity.actions import LONGEST_TITLE, Words, publish_case
from huying.publicity.rules import rough_place, why_not_public

if TYPE_CHECKING:
    from datetime import datetime

    from huying.demo.staff import Roster

# A page of the public list, and what is looked through to find so many.
RELEASED, LOOKED_THROUGH = 12, 120
READ_AFTER = timedelta(hours=20)
NOT_SHOWN = "保密"  # who asks for that is not put on show


def release_some(roster: Roster, end: datetime) -> None:
    """Release the newest solved cases that may be public, each the day after it was closed."""
    done = Case.objects.filter(
        status__in=[Status.CLOSED, Status.ARCHIVED], resolution=Solved.YES, closed_at__lt=end - READ_AFTER
    ).order_by("-closed_at", "-pk")
    fit = [case for case in done.select_related("item", "place")[:LOOKED_THROUGH] if not why_not_public(case)]
    for case in fit[:RELEASED]:
        reply = Reply.objects.filter(case=case, passed=True).order_by("-at").first()
        voice = voices(case).first()
        if reply is None or voice is None or case.item is None or case.closed_at is None:
            continue
        if NOT_SHOWN in voice.text:
            continue
        at = case.closed_at + READ_AFTER
        words = Words(
            title=f"{case.item.name}（{rough_place(case)}）"[:LONGEST_TITLE],
            text=redact(voice.text).text,
            reply=redact(reply.public_text).text,
        )
        by = roster.at_centre("dispatcher", at=at, rng=random.Random(case.number))
        try:
            publish_case(case.pk, words, by=by, at=at, seen=0)
        except Refusal:
            continue  # something personal was left in it: a clerk would read it again, a demo leaves it
