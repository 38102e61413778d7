"""Computing running dates anew, by the catalogue, calendar and clocks of today: an explicit, recorded act.

Nothing else ever changes a date that was given. The rows computed before end and stay as they were; new ones
begin, and a fact on every case says what was and what is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q

from huying.cases import deadlines, facts, reasons
from huying.cases.actions import lock_case
from huying.cases.models import OPEN, Case, Clock, Deadline, Status
from huying.cases.rules import lies_under, may, visible_to
from huying.cases.stages import done_part
from huying.cases.words import FIELDS
from huying.catalogue.queries import item_card, published, town_clock
from huying.kit.errors import Refusal
from huying.ledger.actions import record
from huying.people.permissions import Permission
from huying.people.queries import unit_book

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django.db.models import QuerySet

    from huying.catalogue.queries import ItemCard
    from huying.ledger.actor import Actor

# As many cases as one request does; the page says how many are left.
MOST_AT_ONCE = 500


class Begin(StrEnum):
    """From when the new dates count: from this moment, or from when each clock began."""

    NOW = "now"
    START = "start"


@dataclass(frozen=True)
class Which:
    """Which open cases are meant; empty means all. `item` is the beginning of a code, `unit` a unit's code.

    `older` keeps to clocks computed by older editions than today's, `provisional` to those that run into a
    year whose days were not announced.
    """

    item: str = ""
    grade: str = ""
    unit: str = ""
    older: bool = True
    provisional: bool = False


@dataclass(frozen=True)
class Recomputed:
    """How many cases have new dates, how many came out the same, how many the actor has no right over."""

    changed: int = 0
    same: int = 0
    refused: int = 0


def may_recompute(by: Actor, case: Case) -> bool:
    """Whether an actor may compute a case's dates anew: who keeps the catalogue, or supervises the case."""
    return by.holds(Permission.CATALOGUE_EDIT) or may(by, Permission.CASE_SUPERVISE, case)


def matching(which: Which, *, by: Actor, at: datetime) -> QuerySet[Case]:
    """Return the open cases meant that have a running clock, oldest first; of those an actor may see.

    Who keeps the catalogue has to do with the dates of every case, and is told only how many there are.
    """
    town = town_clock(at)
    running = _own()
    if which.older:
        running = running.filter(
            Q(policy_edition=None)
            | ~Q(policy_edition=town.policy_edition)
            | ~Q(calendar_edition=town.edition)
            | ~Q(catalogue_number=published().number)
        )
    if which.provisional:
        running = running.filter(provisional=True)
    cases = Case.objects.filter(status__in=OPEN, pk__in=running.values("case_id"))
    if not by.holds(Permission.CATALOGUE_EDIT):
        cases = cases.filter(visible_to(by))
    if which.item:
        cases = cases.filter(item_code__startswith=which.item)
    if which.grade:
        cases = cases.filter(grade=which.grade)
    if which.unit:
        book = unit_book()
        top = book.by_code.get(which.unit)
        under = [card.id for card in book.all() if top is not None and lies_under(card.path, top.path)]
        cases = cases.filter(unit_id__in=under)
    return cases.order_by("opened_at", "id")


def recompute_deadlines(
    case_ids: Iterable[UUID], *, by: Actor, at: datetime, reason: str, begin: Begin = Begin.NOW
) -> Recomputed:
    """Compute the running dates of these cases anew, each case in a transaction of its own.

    Refusal `missing` without a reason. Cases that ended meanwhile count as the same; those the actor has no
    right over are counted, and nothing is told of them.
    """
    if not reason.strip():
        raise Refusal(reasons.MISSING, field="reason", what=FIELDS["reason"])
    changed = same = refused = 0
    for case_id in sorted(set(case_ids)):
        try:
            if recompute_case(case_id, by=by, at=at, reason=reason, begin=begin):
                changed += 1
            else:
                same += 1
        except Refusal as refusal:
            if refusal.reason not in (reasons.NOT_YOURS, reasons.NOT_FOUND):
                raise
            refused += 1
    return Recomputed(changed, same, refused)


def recompute_case(case_id: UUID, *, by: Actor, at: datetime, reason: str, begin: Begin = Begin.NOW) -> bool:
    """Compute a case's running dates anew and return whether any differs; Refusal `not_yours`.

    Where every date comes out the same by the same editions nothing is written.
    """
    with transaction.atomic():
        case = lock_case(case_id)
        if not may_recompute(by, case):
            raise Refusal(reasons.NOT_YOURS)
        if Status(case.status) not in OPEN:
            return False
        old = list(_own().filter(case=case).order_by("clock"))
        rows = [_row(case, row, at=at, begin=begin) for row in old]
        pairs = [(was, row) for was, row in zip(old, rows, strict=True) if _differs(was, row)]
        if not pairs:
            return False
        ended, begun = [was for was, _row in pairs], [row for _was, row in pairs]
        if any(was.clock == Clock.HANDLE for was in ended):
            ended += Deadline.objects.filter(case=case, clock=Clock.STAGE, met_at=None, ended_at=None)
            begun += deadlines.with_stage(begun, at=at)
        Deadline.objects.filter(pk__in=[was.pk for was in ended]).update(ended_at=at)
        Deadline.objects.bulk_create([Deadline(**row) for row in begun])
        deadlines.refresh(case)
        town = town_clock(at)
        body = facts.DeadlinesRecomputed(
            reason=reason,
            begin=str(begin),
            before=[[was.clock, was.due_at.isoformat()] for was in ended],
            after=[[row["clock"], row["due_at"].isoformat()] for row in begun],
            catalogue=published().number,
            calendar=town.edition,
            clocks=town.policy_edition,
        )
        record(case, body, district=case.district, by=by, at=at)
        case.save()
        return True


def _own() -> QuerySet[Deadline]:
    """Return the running clocks whose dates the tables gave.

    Not those a person decided (an extension, the review of a suspension), nor those that stand still: they
    are computed anew once they run on. The clock of a stage follows that of the whole.
    """
    running = Deadline.objects.filter(met_at=None, ended_at=None, paused_at=None, extends=None)
    return running.exclude(clock__in=(Clock.SUSPEND, Clock.STAGE))


def _row(case: Case, was: Deadline, *, at: datetime, begin: Begin) -> dict[str, Any]:
    # A clock that begins anew has not stood still yet.
    kept = was.pauses if begin == Begin.START else []
    done = done_part(was.stages)
    row = deadlines.deadline_row(
        case.pk,
        Clock(was.clock),
        item=_item_now(case),
        grade=case.grade,
        at=at if begin == Begin.NOW else was.started_at,
        round_=was.round,
        disputed=case.disputed,
        town=town_clock(at),
        pauses=[(datetime.fromisoformat(one[0]), datetime.fromisoformat(one[1])) for one in kept],
        done=done if begin == Begin.NOW else (),
    )
    # Counted from its start every stage has its day anew, and those that are over stay over.
    for stage, over in zip((row["stages"] or [])[:-1], done if begin == Begin.START else (), strict=False):
        stage["done_at"] = over["done_at"]
    return row | {"pauses": kept}


def _item_now(case: Case) -> ItemCard | None:
    """Return the case's item as the catalogue in force has it, or as it was when it is there no more."""
    now = published().by_code.get(case.item_code)
    return now if now is not None and now.is_leaf else item_card(case.item_id)


def _differs(was: Deadline, row: dict[str, Any]) -> bool:
    """Whether a clock has another date now, or the same by other editions."""
    names = ("due_at", "warn_at", "provisional", "catalogue_number", "calendar_edition", "policy_edition")
    return any(getattr(was, name) != row[name] for name in names)
