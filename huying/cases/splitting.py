"""Splitting a case: some of its appeals are another matter, and become a case of their own (拆分)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.db import transaction
from django.db.models import Model

from huying.cases import deadlines, facts, reasons
from huying.cases.actions import check, finish, lock_case
from huying.cases.making import LONGEST_TEXT
from huying.cases.models import (
    Case,
    Clock,
    Deadline,
    Evidence,
    How,
    Membership,
    Reply,
    Status,
    Task,
    TaskKind,
    TaskState,
)
from huying.cases.moves import MOVE
from huying.cases.opening import CASE_PREFIX, TITLE_LENGTH
from huying.intake.numbers import new_numbers
from huying.kit.errors import Refusal
from huying.kit.ids import new_id
from huying.kit.personal import mask_words
from huying.kit.text import clean
from huying.ledger.actions import record
from huying.triage.core.summary import line_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from huying.intake.models import Appeal
    from huying.ledger.actor import Actor

Row = TypeVar("Row", bound=Model)


def split(case_id: UUID, *, by: Actor, at: datetime, seen: int | None = None, **given: Any) -> Case:  # noqa: ANN401 - as move_case
    """Make some appeals of a case a case of their own, which stands where the old one stands; return it.

    Unit, item and grade are the same, and its clocks run out when the old one's do: nobody gains or loses
    time. Merging it back undoes it. Refusal `no_split` unless one appeal at least goes and one stays,
    `not_in_case`.
    """
    with transaction.atomic():
        case = lock_case(case_id)
        check(case, MOVE["split"], by=by, at=at, seen=seen, given=given)
        wanted = {str(appeal) for appeal in given["appeals"]}
        active = list(case.memberships.filter(until_at=None).select_related("appeal").order_by("from_at"))
        going = [one for one in active if str(one.appeal_id) in wanted]
        if len(going) != len(wanted):
            raise Refusal(reasons.NOT_IN_CASE, field="appeals")
        if not 0 < len(going) < len(active):
            raise Refusal(reasons.NO_SPLIT, field="appeals")
        fresh = _like(case, going[0].appeal, count=len(going), at=at)
        told, reason = [str(one.appeal_id) for one in going], clean(str(given["reason"]))[:LONGEST_TEXT]
        off = facts.CaseSplitOff(
            before=case.status,
            after=case.status,
            from_case=str(case.pk),
            from_number=case.number,
            appeals=told,
        )
        record(fresh, off, district=fresh.district, by=by, at=at)
        fresh.save()
        _copy_work(case, fresh)
        Membership.objects.filter(pk__in=[one.pk for one in going]).update(until_at=at)
        Membership.objects.bulk_create(
            Membership(case=fresh, appeal_id=one.appeal_id, how=How.SPLIT, came_from=case, from_at=at)
            for one in going
        )
        deadlines.refresh(fresh)
        fresh.save(update_fields=["due_at", "next_due_at", "warn_at"])
        case.appeal_count -= len(going)
        body = facts.CaseSplit(
            before=case.status,
            after=case.status,
            into=str(fresh.pk),
            into_number=fresh.number,
            appeals=told,
            reason=reason,
        )
        finish(case, MOVE["split"], body, case.status, by=by, at=at)
        return fresh


# What a case that is split off does not take along: who it is, its chain, what was done to the old one.
_NOT_TAKEN = frozenset(
    {
        "id",
        "number",
        "title",
        "fact_seq",
        "fact_hash",
        "appeal_count",
        "opened_at",
        "open_asks",
        "merged_into",
    }
    | {"urged_count", "urged_at", "false_closure", "recheck_of"}
)


def _like(case: Case, appeal: Appeal, *, count: int, at: datetime) -> Case:
    """Return a new case that stands where another stands, about what an appeal says; not yet saved."""
    taken = {
        field.attname: getattr(case, field.attname)
        for field in Case._meta.concrete_fields  # noqa: SLF001 - Django's documented way to a model's fields
        if field.name not in _NOT_TAKEN
    }
    title = line_of(mask_words(appeal.title), mask_words(appeal.text)).replace("\n", " ")[:TITLE_LENGTH]
    return Case(
        **taken, number=new_numbers(CASE_PREFIX, 1, at=at)[0], title=title, appeal_count=count, opened_at=at
    )


def _copy_work(case: Case, fresh: Case) -> None:
    """Give a split-off case the lead and running clocks of the old one, and the replies given so far."""
    lead = Task.objects.filter(case=case, state=TaskState.OPEN, kind=TaskKind.LEAD)
    Task.objects.bulk_create(_copies(lead, case=fresh))
    # An application, and the clock of its ruling, stay with the case it was made for.
    asked = [Clock.REQUEST, *([] if case.status == Status.RETURN_REVIEW else [Clock.RULING])]
    running = Deadline.objects.filter(case=case, met_at=None, ended_at=None).exclude(clock__in=asked)
    Deadline.objects.bulk_create(_copies(running, case=fresh))
    for reply in Reply.objects.filter(case=case).order_by("at", "id"):
        shown = Evidence.objects.filter(reply_id=reply.pk)
        [copy] = Reply.objects.bulk_create(_copies([reply], case=fresh))
        Evidence.objects.bulk_create(_copies(shown, reply=copy))


def _copies(rows: Iterable[Row], **changed: Any) -> list[Row]:  # noqa: ANN401 - fields of any kind
    """Return copies of rows, to be written as new ones."""
    copies = []
    for row in rows:
        copy = type(row)(
            **{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}  # noqa: SLF001 - Django's documented way
        )
        copy.pk = new_id()
        for name, value in changed.items():
            setattr(copy, name, value)
        copies.append(copy)
    return copies
