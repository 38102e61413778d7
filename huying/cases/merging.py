"""Merging two cases and undoing it: visible in both histories, clocks right, every voice kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from huying.cases import deadlines, facts, reasons
from huying.cases.actions import check, finish, lock_case, mark_many, move_case
from huying.cases.models import OPEN, Case, Deadline, How, Membership, Status, Task, TaskState
from huying.cases.moves import MOVE
from huying.cases.rules import may
from huying.cases.words import FIELDS
from huying.kit.errors import Refusal
from huying.ledger.actions import record, stream_of
from huying.ledger.actor import SYSTEM
from huying.ledger.queries import latest_fact
from huying.people.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from uuid import UUID

    from huying.ledger.actor import Actor
    from huying.ledger.models import Fact


def lock_two(one: UUID, other: UUID) -> tuple[Case, Case]:
    """Lock two cases in one fixed order, so that two clerks merging crosswise do not wait for each other."""
    first, second = sorted((one, other))
    locked = {case_id: lock_case(case_id) for case_id in (first, second)}
    return locked[one], locked[other]


def merge(case_id: UUID, *, by: Actor, at: datetime, seen: int | None = None, **given: Any) -> Case:  # noqa: ANN401 - as move_case
    """Put a case into another: its appeals go along and keep their own reply and rating; its clocks end.

    The other case keeps its unit and clocks; its urgency becomes the maximum, and only a graver voice brings
    its dates forward. Nothing is overdue by merging.
    """
    into_id = given.get("into")
    if into_id is None:
        raise Refusal(reasons.MISSING, field="into", what=FIELDS["into"])
    if into_id == case_id:
        raise Refusal(reasons.MERGE_INTO_ITSELF, field="into")
    with transaction.atomic():
        case, into = lock_two(case_id, into_id)
        check(case, MOVE["merge"], by=by, at=at, seen=seen, given=given)
        if not may(by, Permission.CASE_MERGE, into):
            raise Refusal(reasons.NOT_YOURS)
        if Status(into.status) not in OPEN:
            raise Refusal(reasons.MERGE_TARGET_ENDED, field="into")
        moved = _move_voices(case, into, at=at)
        tasks = Task.objects.filter(case=case, state=TaskState.OPEN)
        clocks = Deadline.objects.filter(case=case, met_at=None, ended_at=None)
        into.appeal_count += len(moved)
        mark_many(into, told=case.concerns_many)
        deadlines.raise_grade(into, case.grade, at=at)
        record(
            into,
            facts.CaseReceivedMerged(
                before=into.status,
                after=into.status,
                from_case=str(case.pk),
                from_number=case.number,
                appeals=moved,
            ),
            district=into.district,
            by=by,
            at=at,
        )
        into.save()
        body = facts.CaseMerged(
            before=case.status,
            after=Status.MERGED,
            into=str(into.pk),
            into_number=into.number,
            appeals=moved,
            tasks=[str(key) for key in tasks.values_list("pk", flat=True)],
            clocks=[str(key) for key in clocks.values_list("pk", flat=True)],
        )
        tasks.update(state=TaskState.ENDED, ended_at=at)
        case.merged_into = into
        case.appeal_count = 0
        finish(case, MOVE["merge"], body, Status.MERGED, by=by, at=at)
        return case


def _move_voices(case: Case, into: Case, *, at: datetime) -> list[str]:
    """End the memberships of one case and begin them in the other; return the appeals moved."""
    active = list(case.memberships.filter(until_at=None).order_by("from_at"))
    Membership.objects.filter(pk__in=[membership.pk for membership in active]).update(until_at=at)
    Membership.objects.bulk_create(
        Membership(case=into, appeal_id=old.appeal_id, how=How.MERGED, came_from=case, from_at=at)
        for old in active
    )
    return [str(membership.appeal_id) for membership in active]


def unmerge(case_id: UUID, *, by: Actor, at: datetime, seen: int | None = None, **_given: Any) -> Case:  # noqa: ANN401 - as move_case
    """Undo a merge: the appeals come back, the case stands where it stood, its clocks run on.

    The time it was merged is added to the clocks that had ended by the merge, so nobody is late for it. When
    nobody is left in the other case, that one is withdrawn. Refusal `not_merged`, `not_in_case` when no voice
    that came along is there any more, `merge_target_ended` when the last of them took the appeal back.
    """
    with transaction.atomic():
        into_id = Case.objects.filter(pk=case_id).values_list("merged_into", flat=True).first()
        if into_id is None:
            raise Refusal(reasons.NOT_MERGED)
        case, into = lock_two(case_id, into_id)
        if case.merged_into_id != into.pk:
            raise Refusal(reasons.CHANGED_MEANWHILE)
        check(case, MOVE["unmerge"], by=by, at=at, seen=seen, given={})
        if not may(by, Permission.CASE_MERGE, into):
            raise Refusal(reasons.NOT_YOURS)
        if into.status == Status.WITHDRAWN:
            raise Refusal(reasons.MERGE_TARGET_ENDED)
        merged = latest_fact(stream_of(case), facts.CaseMerged.__name__)
        back = _take_voices_back(case, into, at=at)
        into.appeal_count -= len(back)
        body = facts.AppealLeft(
            before=into.status, after=into.status, appeal=",".join(back), count=into.appeal_count
        )
        record(into, body, district=into.district, by=by, at=at)
        into.save()
        case.merged_into = None
        case.appeal_count = len(back)
        before = str(merged.data["before"])
        _run_on(case, merged, at=at)
        finish(
            case,
            MOVE["unmerge"],
            facts.CaseUnmerged(before=Status.MERGED, after=before, from_case=str(into.pk), appeals=back),
            before,
            by=by,
            at=at,
        )
        if into.appeal_count == 0 and Status(into.status) in OPEN:
            move_case(into.pk, "withdraw", by=SYSTEM, at=at, reason="nobody_left")
        return case


def _take_voices_back(case: Case, into: Case, *, at: datetime) -> list[str]:
    """Bring back the appeals that came by this merge and are still there."""
    active = list(
        Membership.objects.filter(case=into, came_from=case, until_at=None).order_by("from_at", "id")
    )
    if not active:
        raise Refusal(reasons.NOT_IN_CASE)
    Membership.objects.filter(pk__in=[membership.pk for membership in active]).update(until_at=at)
    # How each had come before is kept, so that a merge underneath can be undone in its turn.
    before = {
        old.appeal_id: old
        for old in Membership.objects.filter(case=case).exclude(until_at=None).order_by("until_at", "id")
    }
    Membership.objects.bulk_create(
        Membership(
            case=case,
            appeal_id=old.appeal_id,
            how=before[old.appeal_id].how,
            came_from_id=before[old.appeal_id].came_from_id,
            from_at=at,
        )
        for old in active
    )
    return [str(membership.appeal_id) for membership in active]


def _run_on(case: Case, merged: Fact, *, at: datetime) -> None:
    """Start again what the merge stopped: the same lead, the same clocks, moved by the time in between."""
    Task.objects.filter(case=case, pk__in=merged.data["tasks"]).update(state=TaskState.OPEN, ended_at=None)
    stopped = list(Deadline.objects.filter(case=case, pk__in=merged.data["clocks"]))
    for row in stopped:
        row.ended_at = None
        # One that stood still when it was merged stands still again, until its own pause is over.
        row.paused_at = row.paused_at or merged.at
    Deadline.objects.bulk_update(stopped, ["ended_at", "paused_at"])
    deadlines.run_on([row for row in stopped if row.paused_at == merged.at], at=at)
    deadlines.refresh(case)


MERGING: dict[str, Callable[..., Case]] = {"merge": merge, "unmerge": unmerge}
