"""What the case page shows of a case beside its voices: clocks, replies, possible twins, what was merged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from huying.cases.models import Case, Clock, Deadline, Membership, Status
from huying.cases.moves import MERGEABLE
from huying.cases.rules import may
from huying.cases.stages import clock_label, done_of, due_of, was_late
from huying.cases.words import limit_words, why_twin
from huying.home.desk.choosing import item_name
from huying.kit.names import in_language
from huying.kit.personal import mask_words
from huying.people.permissions import Permission
from huying.triage.core.likeness import SHOWN_TO_RESIDENTS
from huying.triage.queries import open_suspicions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from huying.intake.models import Appeal
    from huying.ledger.actor import Actor
    from huying.ledger.models import Fact

MOST_TWINS = 8
RECEIVED = "CaseReceivedMerged"


def clocks_of(case: Case, *, at: datetime) -> list[dict[str, Any]]:
    """Return the clocks of a case as chips: the running ones first, then what was met or missed."""
    found = []
    for deadline in case.deadlines.all():
        paused = deadline.paused_at is not None and deadline.met_at is None and deadline.ended_at is None
        running = deadline.met_at is None and deadline.ended_at is None and not paused
        found.append(
            {
                "label": clock_label(deadline), "due_at": deadline.due_at, "soon_at": deadline.warn_at,
                "running": running, "paused": paused,
                "met_at": deadline.met_at, "ended_at": deadline.ended_at,
                "late": was_late(deadline),
                "round": deadline.round, "basis": _basis(deadline), "provisional": deadline.provisional,
                "stages": _stages(deadline, at) if running or paused else [],
            }
        )  # fmt: skip
    return sorted(found, key=lambda clock: (not clock["running"], not clock["paused"]))


def _basis(deadline: Deadline) -> str:
    told = {
        "limit": limit_words(deadline.amount, deadline.amount_unit),
        "catalogue": deadline.catalogue_number or "—", "calendar": deadline.calendar_edition,
        "clocks": deadline.policy_edition or "—",
    }  # fmt: skip
    return _("%(limit)s; catalogue %(catalogue)s, calendar %(calendar)s, clocks %(clocks)s") % told


def _stages(deadline: Deadline, at: datetime) -> list[dict[str, Any]]:
    """Return the stages of a handling clock one after another: its day, which are over, which runs now."""
    kept = deadline.stages or [] if deadline.clock == Clock.HANDLE else []
    now = next((number for number, stage in enumerate(kept) if not stage.get("done_at")), None)
    return [
        {
            "name": in_language(stage["name"], stage["name_en"]),
            "limit": limit_words(stage["amount"], stage["unit"]),
            "due_at": due_of(stage),
            "now": number == now,
            "done_at": (done := done_of(stage)),
            "late": (done or at) > due_of(stage),
        }
        for number, stage in enumerate(kept)
    ]


def replies_of(case: Case) -> list[dict[str, Any]]:
    """Return the replies of a case with their evidence and review, the newest first."""
    return [
        {
            "reply": reply, "unit": reply.unit.name if reply.unit else "",
            "reviewer": str(reply.reviewed_by) if reply.reviewed_by else "",
            "photos": [
                {
                    "url": (url := reverse("desk:evidence", args=[case.number, evidence.pk])),
                    "thumb_url": f"{url}?small",
                    "alt": evidence.caption or _("What was done, photo %(number)s") % {"number": number},
                }
                for number, evidence in enumerate(reply.evidence.all(), start=1)
            ],
        }
        for reply in case.replies.all()
    ]  # fmt: skip


def twins_of(case: Case, appeals: Sequence[Appeal], *, by: Actor) -> list[dict[str, Any]]:
    """Return the suspected twins that lie in other cases the actor may see, the likeliest first."""
    own = {appeal.pk for appeal in appeals}
    suspects = list(open_suspicions(list(own))[: MOST_TWINS * 3])
    if not suspects:
        return []
    others = {s.earlier_id if s.appeal_id in own else s.appeal_id for s in suspects}
    cases = {
        member.appeal_id: member.case
        for member in Membership.objects.filter(appeal_id__in=others, until_at=None)
        .select_related("case__unit", "case__item")
        .prefetch_related("case__tasks")
    }
    found: dict[UUID, dict[str, Any]] = {}
    for suspect in suspects:
        other = suspect.earlier if suspect.appeal_id in own else suspect.appeal
        there = cases.get(other.pk)
        if (
            there is None
            or there.pk == case.pk
            or there.pk in found
            or not may(by, Permission.CASE_SEE, there)
        ):
            continue
        found[there.pk] = {
            "id": suspect.pk, "case": there, "item": item_name(there.item),
            "text": mask_words(other.title or other.text),
            "percent": round(suspect.score * 100), "likely": suspect.score >= SHOWN_TO_RESIDENTS,
            "reasons": [why_twin(str(key)) for key in suspect.reasons],
            "older": there.opened_at <= case.opened_at,
            "can_merge": there.status in MERGEABLE and case.status in MERGEABLE,
        }  # fmt: skip
    return list(found.values())[:MOST_TWINS]


def merged_into(case: Case, facts: Sequence[Fact]) -> list[Case]:
    """Return the cases that were merged into this one and still are; asked only if its facts tell of any."""
    if not any(fact.kind == RECEIVED for fact in facts):
        return []
    return list(
        Case.objects.filter(merged_into=case, status=Status.MERGED).defer("search").order_by("opened_at")
    )
