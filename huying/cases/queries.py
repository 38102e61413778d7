"""Reading cases: one by number for whoever may see it, and the lists of the desk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Prefetch, prefetch_related_objects

from huying.cases import reasons
from huying.cases.models import OPEN, Application, Case, Clock, Deadline, Membership, Reply, Status, Task
from huying.cases.rules import may, visible_to
from huying.cases.stages import due_of, running_stage
from huying.kit.errors import Refusal
from huying.kit.ids import may_be_number
from huying.kit.names import in_language
from huying.people.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from huying.intake.models import Appeal
    from huying.ledger.actor import Actor


@dataclass(frozen=True)
class StageNow:
    """The stage of a matter that runs, in the language of the page, and when it is due."""

    name: str
    due_at: datetime


def find_case(number: str, *, by: Actor, whole: bool = False) -> Case:
    """Return the case with this number when the actor may see it; Refusal `case_not_found`.

    With `whole` all that hangs on it is read as well, as `know_whole` does.
    """
    if not may_be_number(number):
        raise Refusal(reasons.NOT_FOUND)
    case = (
        Case.objects.select_related("unit", "item", "area", "handler", "assignment")
        .defer("search")
        .filter(number=number)
        .first()
    )
    if case is not None and whole:
        know_whole(case)
    if case is None or not may(by, Permission.CASE_SEE, case):
        raise Refusal(reasons.NOT_FOUND)
    return case


def know_whole(case: Case) -> Case:
    """Read at once what a page of a case asks for again and again: parts, clocks, applications, replies.

    Only for looking: whoever moves a case reads it anew under a lock.
    """
    prefetch_related_objects(
        [case],
        Prefetch("tasks", Task.objects.select_related("unit").order_by("-opened_at", "-kind", "id")),
        Prefetch("deadlines", Deadline.objects.order_by("started_at", "clock")),
        Prefetch(
            "applications",
            Application.objects.select_related("unit", "proposed_unit", "route").order_by("-asked_at", "-id"),
        ),
        Prefetch("replies", Reply.objects.select_related("unit", "reviewed_by").order_by("-at", "-id")),
        "replies__evidence",
    )
    return case


def find_cases(numbers: Iterable[str], *, by: Actor) -> dict[str, Case]:
    """Return those of the numbers that are cases the actor may see; unknown and foreign ones are left out."""
    asked = {number for number in numbers if may_be_number(number)}
    found = Case.objects.filter(visible_to(by), number__in=asked).select_related("unit", "item", "handler")
    return {case.number: case for case in found.defer("search")}


def first_voices(case_ids: Iterable[UUID]) -> dict[UUID, Appeal]:
    """Return the appeal each case was opened for, with channel and party: one statement for any number."""
    members = Membership.objects.filter(case__in=list(case_ids), until_at=None)
    first = members.order_by("case_id", "from_at", "id").distinct("case_id")
    return {one.case_id: one.appeal for one in first.select_related("appeal__channel", "appeal__party")}


def voices(case: Case) -> QuerySet[Appeal]:
    """Return the appeals a case carries now, the first one first."""
    from huying.intake.models import Appeal

    return Appeal.objects.filter(memberships__case=case, memberships__until_at=None).order_by(
        "received_at", "id"
    )


def cases_of_appeal(appeal_id: UUID) -> list[Case]:
    """Return every case an appeal has belonged to, in order, the present one last."""
    return list(
        Case.objects.filter(memberships__appeal_id=appeal_id)
        .select_related("unit", "item")
        .order_by("memberships__from_at")
        .distinct()
    )


def present_case(appeal_id: UUID) -> Case | None:
    """Return the case an appeal belongs to now."""
    return (
        Case.objects.filter(memberships__appeal_id=appeal_id, memberships__until_at=None)
        .select_related("unit", "item")
        .first()
    )


def stage_now(case: Case) -> StageNow | None:
    """Return the stage of a case that runs and when it is due.

    None where the matter has no stages, where only the last is left (it is due with the whole), and while the
    clocks stand still.
    """
    whole = Deadline.objects.filter(case=case, clock=Clock.HANDLE, met_at=None, ended_at=None, paused_at=None)
    stage = running_stage(whole.values_list("stages", flat=True).first())
    if stage is None:
        return None
    return StageNow(in_language(stage["name"], stage.get("name_en", "")), due_of(stage))


def is_open(case: Case) -> bool:
    """Return whether something is still to be done on a case."""
    return Status(case.status) in OPEN
