"""Every write to cases: opening, moving, joining; one transaction, one fact, safe against two at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from huying.cases import deadlines, facts, reasons
from huying.cases.asking import drop_applications
from huying.cases.deadlines import Turn
from huying.cases.effects import EFFECTS
from huying.cases.making import Making
from huying.cases.models import OPEN, Case, Clock, Colour, How, Membership, Status
from huying.cases.moves import MOVE, Move
from huying.cases.rules import as_deputy, why_not
from huying.cases.words import FIELDS
from huying.kit.errors import Refusal
from huying.kit.ids import new_id
from huying.ledger.actions import record

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date, datetime
    from uuid import UUID

    from huying.ledger.actor import Actor

# Moves that are made on two cases at once live in `merging`; this module leads there.
# From five on it is a collective matter, as petitions are counted (信访: 五人以上为集体访).
MANY_VOICES = 5
ON_TWO_CASES = frozenset({"merge", "unmerge", "split"})


def lock_case(case_id: UUID) -> Case:
    """Return the case with its row locked until the transaction ends; Refusal `case_not_found`.

    The words it is searched by never change, and are long: they stay where they are.
    """
    try:
        return Case.objects.select_for_update().defer("search").get(pk=case_id)
    except Case.DoesNotExist:
        raise Refusal(reasons.NOT_FOUND) from None


def lock_standing(case_ids: Iterable[UUID]) -> dict[UUID, Case]:
    """Return where these matters stand now, locked: a merged case leads on to where it went.

    Keys are the ids asked for; unknown ones are left out. Locks are taken in one order and only at the ends
    of the ways, so nobody waits in a circle.
    """
    asked = set(case_ids)
    while True:
        ends = {case_id: end for case_id in asked if (end := _end_of_the_way(case_id)) is not None}
        point = transaction.savepoint()
        locked = {end: lock_case(end) for end in sorted(set(ends.values()))}
        if all(case.status != Status.MERGED for case in locked.values()):
            transaction.savepoint_commit(point)
            return {case_id: locked[end] for case_id, end in ends.items()}
        # One was merged between our look and our lock: give the locks back and look again.
        transaction.savepoint_rollback(point)


def _end_of_the_way(case_id: UUID) -> UUID | None:
    """Return the case at the end of the merges that begin at this one; None when there is no such case."""
    end: UUID | None = None
    following: UUID | None = case_id
    while following is not None:
        row = Case.objects.filter(pk=following).values_list("merged_into_id").first()
        if row is None:
            return None
        end, following = following, row[0]
    return end


def move_case(
    case_id: UUID,
    key: str,
    *,
    by: Actor,
    at: datetime,
    seen: int | None = None,
    **given: Any,  # noqa: ANN401 - what a move needs differs by move; the table says
) -> Case:
    """Make one move on a case and return it.

    `seen` is the number of the last fact the clerk had on the screen: when more has happened since, nothing
    is done (Refusal `changed_meanwhile`). Raises Refusal with the reason `why_not` gives, or `missing`.
    """
    move = MOVE[key]
    if key in ON_TWO_CASES:
        from huying.cases import merging, splitting

        acts = {**merging.MERGING, "split": splitting.split}
        return acts[key](case_id, by=by, at=at, seen=seen, **given)
    with transaction.atomic():
        case = lock_case(case_id)
        check(case, move, by=by, at=at, seen=seen, given=given)
        by = as_deputy(by, move.rights, case)
        before = case.status
        after = move.leads_to(Status(before))
        making = Making(case, given, by=by, at=at, before=before, after=after)
        body = EFFECTS[key](making)
        finish(case, move, body, after, by=by, at=at, until=making.until, unstarted=making.unstarted)
        return case


def check(
    case: Case, move: Move, *, by: Actor, at: datetime, seen: int | None, given: dict[str, Any]
) -> None:
    """Refuse a move that is not possible, not allowed, made on an old screen, or short of something."""
    if seen is not None and seen != case.fact_seq:
        raise Refusal(reasons.CHANGED_MEANWHILE)
    reason = why_not(case, move, by=by, at=at)
    if reason is not None:
        raise Refusal(reason, status=Status(case.status).label)
    for name in move.needs:
        if given.get(name) is None or (isinstance(given[name], str) and not given[name].strip()):
            raise Refusal(reasons.MISSING, field=name, what=FIELDS.get(name, name))


def finish(
    case: Case,
    move: Move,
    body: facts.CaseMoved,
    after: str,
    *,
    by: Actor,
    at: datetime,
    until: Mapping[Clock, date] = deadlines.NO_DAYS,
    unstarted: Collection[Clock] = (),
) -> None:
    """Turn the clocks, set the state, write the fact and save: the same end for every move.

    What is asked for and makes no sense where the case goes is dropped, with the clock of its ruling.
    """
    unasked = drop_applications(case, Status(after))
    starts = [clock for clock in move.starts if clock not in unstarted]
    turned = Turn(
        move.meets, (*move.ends, *unasked), starts, pauses=move.pauses, resumes=move.resumes, until=until
    )
    deadlines.turn(case, turned, at=at)
    if case.supervision == Colour.BLUE and {Clock.HANDLE, Clock.STAGE} & set(move.meets):
        case.supervision = ""
    case.status = after
    if isinstance(body, facts.CaseDispatched):
        due = case.due_at.isoformat() if case.due_at else ""
        body = facts.CaseDispatched(**{**vars(body), "due_at": due})
    record(case, body, district=case.district, by=by, at=at)
    case.save()


def mark_many(case: Case, *, told: bool) -> None:
    """Mark a case that concerns many: a voice says so, or there are as many voices; the caller saves.

    The mark is never taken off here: some who left, or a case split off, make it no smaller matter.
    """
    case.concerns_many = case.concerns_many or told or case.appeal_count >= MANY_VOICES


def join_case(
    case_id: UUID, appeal_id: UUID, *, grade: str, concerns_many: bool = False, by: Actor, at: datetime
) -> Case:
    """Add one more voice to an open case ("me too"); its urgency is the maximum over its appeals.

    The case is marked as one of many when this voice tells of many (`concerns_many`), or is the fifth.
    A case that was merged leads on to where it went. Refusal `merge_target_ended` when it is no longer open.
    """
    with transaction.atomic():
        case = lock_standing([case_id]).get(case_id)
        if case is None:
            raise Refusal(reasons.NOT_FOUND)
        if Status(case.status) not in OPEN:
            raise Refusal(reasons.MERGE_TARGET_ENDED)
        Membership.objects.create(case=case, appeal_id=appeal_id, how=How.ME_TOO, from_at=at)
        case.appeal_count += 1
        mark_many(case, told=concerns_many)
        deadlines.raise_grade(case, grade, at=at)
        body = facts.AppealJoined(
            before=case.status, after=case.status, appeal=str(appeal_id), count=case.appeal_count
        )
        record(case, body, district=case.district, by=by, at=at)
        case.save()
        return case


def withdraw_appeal(appeal_id: UUID, *, by: Actor, at: datetime, reason: str = "") -> Case:
    """Take one appeal out of its case; with nobody left that is withdrawn. The door checks whose it is."""
    with transaction.atomic():
        membership = Membership.objects.filter(appeal_id=appeal_id, until_at=None).first()
        if membership is None:
            raise Refusal(reasons.NOT_IN_CASE)
        case = lock_case(membership.case_id)
        membership = Membership.objects.select_for_update().get(pk=membership.pk)
        if membership.until_at is not None or membership.case_id != case.pk:
            raise Refusal(reasons.CHANGED_MEANWHILE)
        others = case.memberships.filter(until_at=None).exclude(pk=membership.pk).exists()
        if not others:
            return move_case(case.pk, "withdraw", by=by, at=at, reason=reason)
        if Status(case.status) not in OPEN:
            raise Refusal(reasons.NOT_FROM_HERE, status=Status(case.status).label)
        membership.until_at = at
        membership.save(update_fields=["until_at"])
        case.appeal_count -= 1
        body = facts.AppealLeft(
            before=case.status, after=case.status, appeal=str(appeal_id), count=case.appeal_count
        )
        record(case, body, district=case.district, by=by, at=at)
        case.save()
        return case


def membership_row(case_id: UUID, appeal_id: UUID, *, how: How, at: datetime) -> dict[str, Any]:
    """Return the row that says an appeal belongs to a case."""
    return {"id": new_id(), "case_id": case_id, "appeal_id": appeal_id, "how": str(how), "from_at": at}
