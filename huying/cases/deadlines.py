"""The clocks of a case: started, met or stopped with the moves, computed in working time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from huying.cases.models import Case, Clock, Deadline
from huying.cases.stages import Plan, done_part, handling_of, planned, put_off_plan, row_of, stage_row
from huying.catalogue.core.calendar import local_day
from huying.catalogue.core.clock import Limit, Unit, after_pause, due_at, due_soon_at
from huying.catalogue.limits import in_stages, limit_for
from huying.catalogue.models import Grade
from huying.catalogue.queries import ItemCard, TownClock, item_card, published, town_clock
from huying.kit.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from django.db.models import QuerySet

    from huying.catalogue.core.clock import Pause
    from huying.catalogue.limits import StageDue

NO_DAYS: Final[Mapping[Clock, date]] = MappingProxyType({})
BY_GRADE = frozenset({Clock.RECEIVE, Clock.SIGN, Clock.CONTACT, Clock.HANDLE})
# Clocks that the town knows by another name.
POLICY_OF = {
    Clock.ASKING: "follow_up",
    Clock.REPORT: "supervise_report",
    Clock.INFO: "need_info",
    Clock.RULING: "return_ruling",
    Clock.REQUEST: "extension_ruling",
    Clock.SUSPEND: "suspend_review",
}


def limit_of(
    clock: Clock,
    *,
    item: ItemCard | None,
    grade: str,
    town: TownClock,
    rework: bool = False,
    disputed: bool = False,
) -> Limit:
    """Return how long a clock runs for an item and grade, in rework a share of it; danger never waits.

    A `disputed` case, which its unit works on while it is argued, has the limit of the quick ruling.
    """
    if clock == Clock.RECEIVE and grade == Grade.A:
        return town.policies["sign_urgent"]
    named = "adjudicate" if clock == Clock.RULING and disputed else POLICY_OF.get(clock, str(clock))
    limit = limit_for(item, named, grade, town)
    return limit.portion(town.shares["rework"]) if rework and clock == Clock.HANDLE else limit


def deadline_row(
    case_id: UUID,
    clock: Clock,
    *,
    item: ItemCard | None,
    grade: str,
    at: datetime,
    round_: int = 0,
    disputed: bool = False,
    town: TownClock | None = None,
    pauses: Sequence[Pause] = (),
    done: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
    """Return the row of a clock that starts at a moment, with everything its date was computed from.

    Without `town` it is computed by the calendar and clocks in force at that moment. `pauses` are times it
    stood still already, for a clock that is computed anew, `done` its stages that are over.
    """
    town = town or town_clock(at)
    limit = limit_of(clock, item=item, grade=grade, town=town, rework=round_ > 0, disputed=disputed)
    staged: list[StageDue] = []
    plan: Plan = []
    if clock == Clock.HANDLE and item is not None and in_stages(item, grade, rework=round_ > 0):
        staged, plan = planned(at, item.stages, town, pauses, list(done))
    # The whole of a matter in stages is due when its last stage is; that one began with the end before it.
    begin = staged[-1].from_at if staged else at
    due = due_at(begin, limit, town.calendar, pauses)
    share = float(town.shares["supervise_reminder"])
    return {
        "id": new_id(),
        "case_id": case_id,
        "clock": str(clock),
        "round": round_,
        "amount": limit.amount,
        "amount_unit": str(limit.unit),
        "started_at": at,
        "due_at": due.at,
        "warn_at": due_soon_at(begin, limit, town.calendar, pauses, share),
        "catalogue_number": item.catalogue_number if item else published().number,
        "calendar_edition": town.edition,
        "policy_edition": town.policy_edition,
        "provisional": due.provisional or any(stage.provisional for stage in staged),
        "stages": plan or None,
    }


def with_stage(rows: Sequence[dict[str, Any]], *, at: datetime) -> list[dict[str, Any]]:
    """Return the clock of the first stage still to come beside a handling clock that starts; mostly none."""
    wholes = [row for row in rows if row["clock"] == Clock.HANDLE and row["stages"]]
    found = [stage_row(row, at=at, town=town_clock(at)) for row in wholes]
    return [row for row in found if row is not None]


@dataclass(frozen=True)
class Turn:
    """What a move does to the clocks: which it meets, ends, starts; whether the rest stand still or run on.

    `until` gives the days of clocks whose end somebody chose, such as the review of a suspension.
    """

    meets: Iterable[Clock] = ()
    ends: Iterable[Clock] = ()
    starts: Iterable[Clock] = ()
    pauses: bool = False
    resumes: bool = False
    until: Mapping[Clock, date] = field(default_factory=dict)


def turn(case: Case, turned: Turn, *, at: datetime) -> None:
    """Turn the clocks of a case, under the catalogue version it was opened with.

    Sets the nearest clock and the day the matter is due on the case, which the caller saves.
    """
    met, ended, started = set(turned.meets), set(turned.ends), list(turned.starts)
    if not (met or ended or started or turned.pauses or turned.resumes):
        return
    running = list(_running(case))
    _mark([row for row in running if row.clock in met], met_at=at)
    _mark([row for row in running if row.clock in ended - met], ended_at=at)
    kept = [row for row in running if row.clock not in met | ended]
    if turned.pauses:
        # Supervision is answered also while the work rests.
        stopped = [row for row in kept if row.paused_at is None and row.clock != Clock.REPORT]
        _mark(stopped, paused_at=at)
        for row in stopped:
            row.paused_at = at
    if turned.resumes:
        run_on([row for row in kept if row.paused_at is not None], at=at)
    fresh = _start(case, started, at=at, until=turned.until)
    _show(case, [*kept, *fresh])


def run_on(rows: Sequence[Deadline], *, at: datetime) -> None:
    """Let paused clocks run on: the time they stood still, measured on their own clock, is added."""
    town = town_clock(at)
    for row in rows:
        since = row.paused_at
        if since is None:
            continue
        if since == at:
            row.paused_at = None
            row.save(update_fields=["paused_at"])
            continue
        unit = Unit(row.amount_unit)
        row.due_at, row.warn_at = (
            moment if moment <= since else after_pause(moment, (since, at), unit, town.calendar)
            for moment in (row.due_at, row.warn_at)
        )
        for stage in row.stages or ():
            end = datetime.fromisoformat(stage["due_at"])
            if end > since and not stage.get("done_at"):
                moved = after_pause(end, (since, at), Unit(stage["unit"]), town.calendar)
                stage["due_at"] = moved.astimezone(UTC).isoformat()
        row.pauses = [*row.pauses, [since.isoformat(), at.isoformat(), town.edition]]
        row.paused_at = None
        row.save(update_fields=["due_at", "warn_at", "stages", "pauses", "paused_at"])


def put_off(case: Case, amount: int, unit: str, *, at: datetime) -> tuple[datetime, datetime]:
    """Put off the date of the handling clock by so much, counted from the date there was; return both dates.

    The old row is kept, ended; the new one says which it extends. The caller saves the case.
    """
    running = list(_running(case))
    old = next(row for row in running if row.clock == Clock.HANDLE)
    stage = next((row for row in running if row.clock == Clock.STAGE), None)
    town = town_clock(at)
    limit = Limit(amount, Unit(unit))
    due = due_at(old.due_at, limit, town.calendar)
    _mark([old], ended_at=at)
    plan = put_off_plan(old.stages, limit, town, at=at)
    fresh = Deadline.objects.create(
        case=case,
        clock=Clock.HANDLE,
        round=old.round,
        amount=amount,
        amount_unit=unit,
        started_at=old.started_at,
        due_at=due.at,
        warn_at=max(old.warn_at, due_soon_at(old.due_at, limit, town.calendar)),
        catalogue_number=old.catalogue_number,
        calendar_edition=town.edition,
        policy_edition=town.policy_edition,
        provisional=due.provisional,
        stages=plan,
        extends=old,
    )
    begun = [fresh, *_put_off_stage(stage, fresh, at=at)]
    _show(case, [*(row for row in running if row.clock not in (Clock.HANDLE, Clock.STAGE)), *begun])
    return old.due_at, due.at


def _put_off_stage(stage: Deadline | None, whole: Deadline, *, at: datetime) -> list[Deadline]:
    """Return the clock of the running stage by the plan as it is now; the old row is kept, ended."""
    row = stage_row(row_of(whole), at=at, town=town_clock(at)) if stage is not None else None
    if stage is None or row is None:
        return []
    if row["due_at"] == stage.due_at:
        return [stage]
    _mark([stage], ended_at=at)
    warn_at = max(stage.warn_at, row["warn_at"])
    return [
        Deadline.objects.create(**{**row, "started_at": stage.started_at, "warn_at": warn_at}, extends=stage)
    ]


def raise_grade(case: Case, grade: str, *, at: datetime) -> None:
    """Make a case as urgent as a voice that came to it later, and bring its dates forward; never put one off.

    Clocks that would run out later than if they began now, under the graver grade, begin anew. The caller
    saves the case.
    """
    graver = max_grade(case.grade, grade)
    if graver == case.grade:
        return
    case.grade = graver
    item, town = item_card(case.item_id), town_clock(at)
    kept: list[Deadline] = []
    late: list[Deadline] = []
    stages: list[Deadline] = []
    done: Plan = []
    for row in _running(case):
        if row.clock == Clock.STAGE:
            stages.append(row)
            continue
        # What stands still, was put off by a ruling or hangs on no grade stays as it is.
        if row.paused_at is not None or row.extends_id is not None or row.clock not in BY_GRADE:
            kept.append(row)
            continue
        over = done_part(row.stages)
        anew = deadline_row(
            case.pk, Clock(row.clock), item=item, grade=graver, at=at, round_=case.round, town=town, done=over
        )
        (late if anew["due_at"] < row.due_at else kept).append(row)
        done = done or over
    # The days of the stages hang on the whole: the one that runs begins anew with it, or stays with it.
    again = [Clock(row.clock) for row in late]
    (late if Clock.HANDLE in again else kept).extend(stages)
    _mark(late, ended_at=at)
    _show(case, [*kept, *_start(case, again, at=at, done=done)])


def max_grade(*grades: str) -> str:
    """Return the gravest of these grades (A before D); empty ones do not count."""
    return min((grade for grade in grades if grade), default=Grade.C)


def refresh(case: Case) -> None:
    """Set the nearest running clock on the case, so that lists sort by one column."""
    _show(case, _running(case))


def _running(case: Case) -> QuerySet[Deadline]:
    return Deadline.objects.filter(case=case, met_at=None, ended_at=None)


def _mark(rows: Sequence[Deadline], **when: datetime) -> None:
    if rows:
        Deadline.objects.filter(pk__in=[row.pk for row in rows]).update(**when)


def _start(
    case: Case,
    clocks: Sequence[Clock],
    *,
    at: datetime,
    until: Mapping[Clock, date] = NO_DAYS,
    done: Sequence[dict[str, Any]] = (),
) -> list[Deadline]:
    if not clocks:
        return []
    item = item_card(case.item_id)
    rows = [
        deadline_row(
            case.pk, clock, item=item, grade=case.grade, at=at, round_=case.round, disputed=case.disputed,
            done=done if clock == Clock.HANDLE else (),
        )
        for clock in clocks
        if clock != Clock.STAGE
    ]  # fmt: skip
    rows += with_stage(rows, at=at)
    if Clock.STAGE in clocks and (whole := handling_of(case)) is not None:
        rows += filter(None, [stage_row(row_of(whole), at=at, town=town_clock(at))])
    for row in rows:
        day = until.get(Clock(row["clock"]))
        if day is not None:
            limit = Limit((day - local_day(at)).days, Unit.NATURAL_DAYS)
            row |= {
                "amount": limit.amount,
                "amount_unit": str(limit.unit),
                "due_at": due_at(at, limit, town_clock(at).calendar).at,
                "warn_at": due_soon_at(at, limit, town_clock(at).calendar),
            }
    return Deadline.objects.bulk_create([Deadline(**row) for row in rows])


def _show(case: Case, running: Iterable[Deadline]) -> None:
    rows = [row for row in running if row.paused_at is None]
    nearest = min(rows, key=lambda row: row.due_at, default=None)
    case.next_due_at = nearest.due_at if nearest else None
    case.warn_at = nearest.warn_at if nearest else None
    for row in rows:
        if row.clock == Clock.HANDLE:
            case.due_at = row.due_at
