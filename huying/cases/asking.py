"""Applications about a case: one person asks, another rules (more time, a suspension, whose it is)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from huying.cases import facts, reasons
from huying.cases.deadlines import put_off
from huying.cases.making import end_tasks, route_of, unit_name, unit_of
from huying.cases.models import Application, AskKind, AskState, Clock, Closure, Reply, Solved, Task, TaskKind
from huying.cases.moves import ASK_STANDS
from huying.cases.words import FIELDS
from huying.catalogue.core.calendar import local_day
from huying.catalogue.queries import item_card
from huying.dispatch.proposing import propose_rule
from huying.kit.errors import Refusal
from huying.people.queries import UnitCard, unit_book

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from huying.cases.making import Making
    from huying.cases.models import Case, Status

MOST_DAYS = 365
EXTENSION_UNIT = "working_days"


def open_application(making: Making, kind: AskKind) -> Application:
    """Return the application of a kind that waits for a ruling, locked; Refusal `nothing_asked`."""
    found = Application.objects.select_for_update().filter(case=making.case, kind=kind, state=AskState.OPEN)
    application = found.first()
    if application is None:
        raise Refusal(reasons.NOTHING_ASKED)
    return application


def _ask(making: Making, kind: AskKind, **told: object) -> Application:
    case = making.case
    making.case.open_asks += 1
    return Application.objects.create(
        case=case,
        kind=kind,
        ordinal=Application.objects.filter(case=case, kind=kind).count() + 1,
        unit_id=case.unit_id,
        reason=making.text("reason"),
        asked_by_id=making.account_id,
        asked_by_name=making.by.name,
        asked_at=making.at,
        **told,
    )


def _rule(making: Making, kind: AskKind, *, granted: bool) -> Application:
    application = open_application(making, kind)
    application.state = AskState.GRANTED if granted else AskState.REFUSED
    application.ruled_by_id, application.ruled_by_name = making.account_id, making.by.name
    application.ruled_at = making.at
    application.ruling = making.text("reason") or making.text("note")
    application.save(update_fields=["state", "ruled_by", "ruled_by_name", "ruled_at", "ruling"])
    making.case.open_asks -= 1
    return application


def _asked_fact(making: Making, application: Application, **told: str) -> facts.ApplicationMade:
    return facts.ApplicationMade(
        **making.states,
        kind=application.kind,
        application=str(application.pk),
        ordinal=application.ordinal,
        reason=application.reason,
        unit_name=unit_name(making.case),
        wish=told.get("wish", ""),
    )


def _refused_fact(making: Making, application: Application) -> facts.ApplicationRefused:
    return facts.ApplicationRefused(
        **making.states, kind=application.kind, application=str(application.pk), reason=application.ruling
    )


def refuse(kind: AskKind) -> Callable[[Making], facts.ApplicationRefused]:
    """Return the effect that refuses an application of a kind."""

    def effect(making: Making) -> facts.ApplicationRefused:
        return _refused_fact(making, _rule(making, kind, granted=False))

    return effect


# --- not admissible here: one finds it, another confirms ------------------------------------------------


def find_inadmissible(making: Making) -> facts.ApplicationMade:
    """Say that the matter belongs to a statutory route; somebody else confirms."""
    route = route_of(making)
    return _asked_fact(making, _ask(making, AskKind.INADMISSIBLE, route=route), wish=route.name)


def inadmissible(making: Making) -> facts.CaseInadmissible:
    """Confirm it: the resident is told the reason and the route, and may object once."""
    application = _rule(making, AskKind.INADMISSIBLE, granted=True)
    making.case.route_id = application.route_id
    making.case.held_for = ""
    return facts.CaseInadmissible(**making.states, reason=application.reason, route=str(application.route_id))


# --- whose it is: work on it while it is argued ---------------------------------------------------------


def dispute(making: Making) -> facts.ApplicationMade:
    """Take the case on and say whose it is: the second dispute goes to a quick ruling (先办后议)."""
    proposed = unit_of(making)
    if proposed.id == making.case.unit_id:
        raise Refusal(reasons.SAME_UNIT, field="unit")
    making.case.disputed = True
    making.case.signed_at = making.at
    making.case.handler_id = making.account_id
    application = _ask(making, AskKind.DISPUTE, proposed_unit_id=proposed.id)
    return _asked_fact(making, application, wish=proposed.name)


def adjudicate_stay(making: Making) -> facts.DisputeRuled:
    """Rule that the case stays; the ruling is proposed as a duty rule, for another unit if one is named."""
    application = _rule(making, AskKind.DISPUTE, granted=False)
    named = "rule_unit" if making.given.get("rule_unit") else "unit"
    making.given.setdefault("unit", making.case.unit_id)
    return _ruled(making, application, unit_of(making, named), stays=True)


def adjudicate_move(making: Making) -> facts.DisputeRuled:
    """Rule that the case goes to another unit, which signs for it; the work done so far goes along."""
    from huying.cases.effects import give_by_hand

    unit = unit_of(making)
    if unit.id == making.case.unit_id:
        raise Refusal(reasons.SAME_UNIT, field="unit")
    item = item_card(making.case.item_id)
    if item is None:
        raise Refusal(reasons.MISSING, field="item", what=FIELDS["item"])
    application = _rule(making, AskKind.DISPUTE, granted=True)
    ruled = _ruled(making, application, unit, stays=False)
    give_by_hand(making, unit, item, [], "adjudicated")
    return ruled


def _ruled(making: Making, application: Application, lead: UnitCard, *, stays: bool) -> facts.DisputeRuled:
    case, book = making.case, unit_book().by_id
    asked = [case.unit_id, application.unit_id, application.proposed_unit_id, *_argued_before(making)]
    proposal = propose_rule(
        items=case.item_code,
        area_path=_rule_area(case.area_path),
        lead=lead,
        assists=[],
        reason=application.ruling,
        case_number=case.number,
        units_asked=[book[unit] for unit in dict.fromkeys(asked) if unit is not None and unit in book],
        district=case.district,
        by=making.by,
        at=making.at,
    )
    return facts.DisputeRuled(
        **making.states,
        application=str(application.pk),
        stays=stays,
        unit=str(case.unit_id if stays else lead.id),
        unit_name=unit_name(case) if stays else lead.name,
        reason=application.ruling,
        proposal=str(proposal.pk),
    )


def _argued_before(making: Making) -> list[UUID]:
    """Return the units that led the case before: they were heard in the dispute."""
    leads = Task.objects.filter(case=making.case, kind=TaskKind.LEAD).order_by("opened_at")
    return list(leads.values_list("unit_id", flat=True))


def _rule_area(path: str) -> str:
    """Return the area a ruling is proposed for: the street, not the one building it came from."""
    return "/".join(path.split("/")[:2])


# --- more time ------------------------------------------------------------------------------------------


def ask_extension(making: Making) -> facts.ApplicationMade:
    """Ask for more working days; the first is the reviewer's to grant, the second a supervisor's."""
    days = str(making.given["days"])
    if not days.isdecimal() or not 0 < int(days) <= MOST_DAYS:
        raise Refusal(reasons.DAYS_IMPOSSIBLE, field="days", most=MOST_DAYS)
    application = _ask(making, AskKind.EXTENSION, amount=int(days), amount_unit=EXTENSION_UNIT)
    return _asked_fact(making, application, wish=days)


def grant_extension(making: Making) -> facts.ExtensionGranted:
    """Put the date off, counted from the date there was; the resident is told the new one and why."""
    application = _rule(making, AskKind.EXTENSION, granted=True)
    before, after = put_off(making.case, application.amount or 0, application.amount_unit, at=making.at)
    making.case.extensions += 1
    return facts.ExtensionGranted(
        **making.states,
        application=str(application.pk),
        reason=application.reason,
        old_due_at=before.isoformat(),
        due_at=after.isoformat(),
    )


# --- suspension -----------------------------------------------------------------------------------------


def _day(making: Making, name: str) -> date:
    given = making.given[name]
    try:
        day = given if isinstance(given, date) else date.fromisoformat(str(given))
    except ValueError:
        raise Refusal(reasons.DAY_IMPOSSIBLE, field=name) from None
    if day <= local_day(making.at):
        raise Refusal(reasons.DAY_IMPOSSIBLE, field=name)
    return day


def ask_suspension(making: Making) -> facts.ApplicationMade:
    """Ask that the case rest for a cause nobody here can mend, with a plan and a day to look at it again."""
    review_on = _day(making, "review_on")
    application = _ask(making, AskKind.SUSPENSION, plan=making.text("plan"), review_on=review_on)
    return _asked_fact(making, application, wish=review_on.isoformat())


def suspend(making: Making) -> facts.CaseSuspended:
    """Grant it: the clocks stand still, residents read cause, plan and day; it is never counted as closed."""
    application = _rule(making, AskKind.SUSPENSION, granted=True)
    if application.review_on is None or application.review_on <= local_day(making.at):
        raise Refusal(reasons.DAY_IMPOSSIBLE, field="review_on")
    making.until[Clock.SUSPEND] = application.review_on
    return facts.CaseSuspended(
        **making.states,
        application=str(application.pk),
        reason=application.reason,
        plan=application.plan,
        review_on=application.review_on.isoformat(),
        approver=making.by.name,
    )


def resume(making: Making) -> facts.CaseResumed:
    """Take a suspended case up again, by hand or because its day has come; the clocks run on."""
    return facts.CaseResumed(**making.states, note=making.text("note"))


# --- a demand that cannot reasonably be met: two people beside the unit say so ----------------------------


def claim_unreasonable(making: Making) -> facts.ApplicationMade:
    """Say, with reasons, that what residents still ask for is unreasonable."""
    application = _ask(making, AskKind.UNREASONABLE, public_text=making.text("public_text"))
    return _asked_fact(making, application)


def second_unreasonable(making: Making) -> facts.UnreasonableSeconded:
    """Second it: the first of two people who did not handle the case."""
    application = open_application(making, AskKind.UNREASONABLE)
    if application.seconded_at is not None:
        raise Refusal(reasons.SECONDED_ALREADY)
    application.seconded_by_id, application.seconded_by_name = making.account_id, making.by.name
    application.seconded_at = making.at
    application.save(update_fields=["seconded_by", "seconded_by_name", "seconded_at"])
    return facts.UnreasonableSeconded(
        **making.states, application=str(application.pk), reason=making.text("reason")
    )


def close_unreasonable(making: Making) -> facts.CaseClosed:
    """Close the case against the resident's word; every appellant reads why, and it counts apart."""
    application = _rule(making, AskKind.UNREASONABLE, granted=True)
    case = making.case
    Reply.objects.create(
        case=case,
        round=case.round,
        unit_id=case.unit_id,
        public_text=application.public_text,
        internal_note=application.reason,
        solved=Solved.NO,
        unsolved_reason=application.reason,
        by_id=application.asked_by_id,
        by_name=application.asked_by_name,
        at=making.at,
        reviewed_at=making.at,
        reviewed_by_id=making.account_id,
        passed=True,
        review_note=application.ruling,
    )
    case.resolution, case.closed_at, case.closure = Solved.NO, making.at, Closure.UNREASONABLE
    end_tasks(making, lead_done=True)
    return facts.CaseClosed(**making.states, closure=Closure.UNREASONABLE)


def drop_applications(case: Case, after: Status) -> tuple[Clock, ...]:
    """Drop what is asked for and has no sense where the case goes; return the clocks that end with it."""
    if not case.open_asks:
        return ()
    open_ones = Application.objects.filter(case=case, state=AskState.OPEN)
    senseless = [kind for kind in AskKind.values if after not in ASK_STANDS[AskKind(kind)]]
    kinds = list(open_ones.filter(kind__in=senseless).values_list("kind", flat=True))
    case.open_asks -= open_ones.filter(kind__in=kinds).update(state=AskState.DROPPED)
    return tuple({Clock.RULING if kind == AskKind.DISPUTE else Clock.REQUEST for kind in kinds})
