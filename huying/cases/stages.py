"""Stages of a matter, one after another: the one that runs has a clock of its own beside the whole's.

The handling clock keeps the plan (`Deadline.stages`): of each stage its day and, once over, the moment it was
done. The last stage has no clock of its own: it ends with the reply, and is due when the whole is.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _

from huying.cases import facts, reasons
from huying.cases.models import Clock, Deadline
from huying.catalogue.core.clock import Limit, Unit, due_at, due_soon_at
from huying.catalogue.limits import plan_stages
from huying.kit.errors import Refusal
from huying.kit.ids import new_id
from huying.kit.names import in_language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from huying.cases.making import Making
    from huying.cases.models import Case
    from huying.catalogue.core.clock import Pause
    from huying.catalogue.limits import Stage, StageDue
    from huying.catalogue.queries import TownClock
    from huying.kit.errors import Reason

Plan = list[dict[str, Any]]
LONGEST_RESULT: Final = 500
# What the clock of a stage takes over from the whole's.
_FROM_WHOLE: Final = ("case_id", "round", "catalogue_number", "calendar_edition", "policy_edition")


def done_part(plan: Sequence[dict[str, Any]] | None) -> Plan:
    """Return the stages of a plan that are over, the first one first."""
    return [stage for stage in plan or () if stage.get("done_at")]


def running_stage(plan: Sequence[dict[str, Any]] | None) -> dict[str, Any] | None:
    """Return the stage that runs; None when only the last one is left, which ends with the reply."""
    left = [stage for stage in plan or () if not stage.get("done_at")]
    return left[0] if len(left) > 1 else None


def due_of(stage: dict[str, Any]) -> datetime:
    """Return when a stage of a plan is due."""
    return datetime.fromisoformat(stage["due_at"])


def done_of(stage: dict[str, Any]) -> datetime | None:
    """Return when a stage of a plan was done, None while it is not."""
    return datetime.fromisoformat(stage["done_at"]) if stage.get("done_at") else None


def was_late(clock: Deadline) -> bool:
    """Whether a clock was met late; that of a stage also where something else ended it after its day."""
    over = clock.met_at or (clock.ended_at if clock.clock == Clock.STAGE else None)
    return over is not None and over > clock.due_at


def clock_label(clock: Deadline) -> str:
    """Return what a clock is called, a stage's by the name of the stage."""
    label = str(Clock(clock.clock).label)
    if clock.clock != Clock.STAGE or not clock.stages:
        return label
    [stage] = clock.stages
    name = in_language(stage["name"], stage["name_en"])
    return _("%(label)s: %(name)s") % {"label": label, "name": name}


def rest_of(stages: Sequence[Stage], done: Sequence[dict[str, Any]]) -> Sequence[Stage]:
    """Return the stages still to come after those that are over; at least the last."""
    return stages[min(len(done), len(stages) - 1) :]


def planned(
    at: datetime, stages: Sequence[Stage], town: TownClock, pauses: Sequence[Pause], done: Plan
) -> tuple[list[StageDue], Plan]:
    """Return the days of the stages still to come, counted from a moment, and the plan as it is kept."""
    days = plan_stages(at, rest_of(stages, done), town.calendar, pauses)
    return days, [*done, *(day.kept() for day in days)]


def stage_row(whole: dict[str, Any], *, at: datetime, town: TownClock) -> dict[str, Any] | None:
    """Return the row of the clock of the stage that runs, by the plan of the whole; None without one.

    A stage begins when the one before it is done, and at the latest when that was due: who was late with one
    has the less time for the next, for the days that were promised stay.
    """
    plan = whole["stages"] or []
    stage = running_stage(plan)
    if stage is None:
        return None
    number, due = plan.index(stage), due_of(stage)
    begin = due_of(plan[number - 1]) if number else whole["started_at"]
    limit = Limit(stage["amount"], Unit(stage["unit"]))
    share = float(town.shares["supervise_reminder"])
    return {
        **{name: whole[name] for name in _FROM_WHOLE},
        "id": new_id(),
        "clock": str(Clock.STAGE),
        "amount": stage["amount"],
        "amount_unit": stage["unit"],
        "started_at": min(at, begin),
        "due_at": due,
        "warn_at": min(due, due_soon_at(begin, limit, town.calendar, share=share)),
        "provisional": whole["provisional"],
        "stages": [dict(stage)],
    }


def row_of(whole: Deadline) -> dict[str, Any]:
    """Return what `stage_row` reads of a handling clock."""
    return {name: getattr(whole, name) for name in (*_FROM_WHOLE, "started_at", "provisional", "stages")}


def put_off_plan(plan: Plan | None, limit: Limit, town: TownClock, *, at: datetime) -> Plan | None:
    """Return a plan put off by so much: the stages still to come, but never one that is late already."""
    if not plan:
        return None
    moved = []
    for stage in plan:
        end = due_of(stage)
        if not stage.get("done_at") and end >= at:
            later = due_at(end, limit, town.calendar).at
            moved.append({**stage, "due_at": later.astimezone(UTC).isoformat()})
        else:
            moved.append(stage)
    return moved


def handling_of(case: Case) -> Deadline | None:
    """Return the handling clock of a case that runs."""
    return Deadline.objects.filter(case=case, clock=Clock.HANDLE, met_at=None, ended_at=None).first()


def no_stage_why(case: Case) -> Reason | None:
    """Return why no stage can be done: the matter has none, or only its last, which the reply ends."""
    # Read off all clocks of the case, which a page has at hand.
    running = (one for one in case.deadlines.all() if one.met_at is None and one.ended_at is None)
    whole = next((one for one in running if one.clock == Clock.HANDLE), None)
    return None if whole is not None and running_stage(whole.stages) else reasons.NO_STAGE


def stage_done(making: Making) -> facts.StageDone:
    """Say that the stage that runs is done, and what came of it; the next one's clock begins."""
    whole = handling_of(making.case)
    stage = running_stage(whole.stages) if whole is not None else None
    if whole is None or stage is None:
        raise Refusal(reasons.NO_STAGE)
    plan: Plan = whole.stages or []
    stage["done_at"] = making.at.astimezone(UTC).isoformat()
    whole.save(update_fields=["stages"])
    number = plan.index(stage)
    following = plan[number + 1]
    return facts.StageDone(
        **making.states,
        stage=stage["name"],
        stage_en=stage["name_en"],
        number=number + 1,
        of=len(plan),
        result=making.text("result")[:LONGEST_RESULT],
        due_at=stage["due_at"],
        in_time=making.at <= due_of(stage),
        following=following["name"],
        following_en=following["name_en"],
        following_due_at=following["due_at"],
    )


def undo_stage(making: Making) -> facts.StageUndone:
    """Let the stage that was called done by a slip run again, with the day it had."""
    whole = handling_of(making.case)
    done = done_part(whole.stages) if whole is not None else []
    if whole is None or not done:
        raise Refusal(reasons.NOTHING_TO_UNDO)
    stage = done[-1]
    stage.pop("done_at")
    whole.save(update_fields=["stages"])
    return facts.StageUndone(**making.states, stage=stage["name"], stage_en=stage["name_en"])
