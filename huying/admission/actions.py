"""Every write to admission: applications and their completion, rulings, reviews, ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Max

from huying.admission import facts, reasons
from huying.admission.models import Application, ApplicationState, GatedItem, Ruling, Verdict
from huying.admission.queries import ADMISSION
from huying.admission.rules import applying_units, covers, may_rule
from huying.catalogue.core.calendar import local_day
from huying.catalogue.core.clock import due_at
from huying.catalogue.queries import published, town_clock
from huying.kit.errors import Refusal
from huying.kit.text import clean
from huying.ledger.actions import record
from huying.ledger.snapshots import announce
from huying.places.queries import levels, town_map

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from huying.ledger.actor import Actor
    from huying.ledger.chain import FactBody
    from huying.people.queries import UnitCard
    from huying.places.queries import AreaCard

LONGEST_TEXT, LONGEST_NAME, LONGEST_CONTACT = 4_000, 80, 120
# What a new town starts with; edited as data afterwards: (items, level, basis).
STARTER_GATES = (
    ("2701", "street", "国办函〔2025〕66号：部门职责事项不得交由基层；企业登记、税费、补贴由部门办理"),
)


@dataclass(frozen=True)
class Plea:
    """What a department says when it applies. `items` may be empty for work no item stands for.

    `areas` are codes of areas of the level asked for, or above it: then all below are meant.
    """

    name: str
    items: str
    level: str
    areas: tuple[str, ...]
    description: str
    basis: str
    money: str
    people: str
    contact: str
    starts_on: date
    ends_on: date
    review_on: date


def set_starter_gates() -> None:
    """Write the gates a new town starts with; those a town changed stay as they are."""
    known = set(levels().values_list("key", flat=True))
    for items, level, basis in STARTER_GATES:
        if level in known:
            GatedItem.objects.get_or_create(items=items, level_id=level, defaults={"basis": basis})
    announce(ADMISSION)


def earliest_start(at: datetime) -> date:
    """Return the first day a term may begin for an application of this moment."""
    town = town_clock(at)
    return local_day(due_at(at, town.policies["admission_notice"], town.calendar).at)


def apply_for_admission(
    plea: Plea, *, unit: UnitCard, renews: UUID | None = None, district: str, by: Actor, at: datetime
) -> Application:
    """Ask the areas named to take a kind of task on; each rules for itself.

    `renews` is an application of the same unit whose term is to go on. Refusals name the field.
    """
    _may_apply(by, unit)
    told = _checked(plea, at)
    with transaction.atomic():
        if renews is not None and not Application.objects.filter(pk=renews, unit_id=unit.id).exists():
            raise Refusal(reasons.RENEWS_ANOTHER, field="renews")
        # Numbers are given one after the other; two who apply wait for each other here.
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE admission_application IN SHARE ROW EXCLUSIVE MODE")
        number = (Application.objects.aggregate(last=Max("number"))["last"] or 0) + 1
        application = Application(
            number=number,
            district=district,
            unit_id=unit.id,
            renews_id=renews,
            applied_at=at,
            applied_by_id=by.id,
            applied_by=by.name,
        )
        _write(application, told, unit, by=by, at=at)
    return application


def complete_application(
    application_id: UUID, plea: Plea, *, unit: UnitCard, by: Actor, at: datetime
) -> Application:
    """Send in anew what a gatekeeper returned for completion; the areas named now are asked."""
    _may_apply(by, unit)
    told = _checked(plea, at)
    with transaction.atomic():
        application = _locked(application_id)
        if application.unit_id != unit.id:
            raise Refusal(reasons.NOT_YOUR_UNIT)
        if application.state != ApplicationState.RETURNED:
            raise Refusal(reasons.NOT_RETURNED)
        application.rulings.all().delete()
        application.round += 1
        application.said = ""
        application.state = ApplicationState.APPLIED
        application.applied_at, application.applied_by_id, application.applied_by = at, by.id, by.name
        _write(application, told, unit, by=by, at=at)
    return application


def _may_apply(by: Actor, unit: UnitCard) -> None:
    if unit not in applying_units(by):
        raise Refusal(reasons.NOT_YOUR_UNIT)


@dataclass(frozen=True)
class _Told:
    """A plea that was checked: its texts cleaned, its areas and level found."""

    texts: dict[str, Any]
    areas: tuple[AreaCard, ...]
    plea: Plea


def _checked(plea: Plea, at: datetime) -> _Told:
    """Return the plea as it is written; Refusal names the field and what is wrong with it."""
    longest = {"name": LONGEST_NAME, "contact": LONGEST_CONTACT}
    texts = {
        name: clean(getattr(plea, name))[: longest.get(name, LONGEST_TEXT)]
        for name in ("name", "description", "basis", "money", "people", "contact")
    }
    for name, text in texts.items():
        if not text:
            raise Refusal(reasons.MISSING, field=name)
    if plea.items and plea.items not in published().by_code:
        raise Refusal(reasons.UNKNOWN_ITEM, field="items")
    earliest = earliest_start(at)
    if plea.starts_on < earliest:
        raise Refusal(reasons.TOO_SOON, field="starts_on", earliest=earliest.isoformat())
    if plea.ends_on < plea.starts_on:
        raise Refusal(reasons.TERM_BACKWARDS, field="ends_on")
    if not plea.starts_on <= plea.review_on <= plea.ends_on:
        raise Refusal(reasons.REVIEW_OUTSIDE, field="review_on")
    return _Told(texts, _areas_of(plea), plea)


def _areas_of(plea: Plea) -> tuple[AreaCard, ...]:
    town = town_map()
    rank = levels().filter(pk=plea.level).values_list("rank", flat=True).first()
    if rank is None or (town.root is not None and rank <= town.root.rank):
        raise Refusal(reasons.UNKNOWN_LEVEL, field="level")
    areas = [card for code in dict.fromkeys(plea.areas) if (card := town.by_code(code)) is not None]
    if not areas or len(areas) < len(set(plea.areas)):
        raise Refusal(reasons.MISSING, field="areas")
    for area in areas:
        if area.rank > rank:
            raise Refusal(reasons.AREA_TOO_FINE, field="areas", area=area.name)
    # An area that lies in another one named is asked through that one.
    return tuple(
        area
        for area in areas
        if not any(area is not other and covers(other.path, area.path) for other in areas)
    )


def _write(application: Application, told: _Told, unit: UnitCard, *, by: Actor, at: datetime) -> None:
    """Write an application as it was told now, with its fact and one open ruling for each area."""
    town, plea = town_clock(at), told.plea
    for name, text in told.texts.items():
        setattr(application, name, text)
    application.items, application.level_id = plea.items, plea.level
    application.starts_on, application.ends_on, application.review_on = (
        plea.starts_on,
        plea.ends_on,
        plea.review_on,
    )
    application.rule_by = due_at(at, town.policies["admission_ruling"], town.calendar).at
    body = facts.AdmissionAsked(
        number=application.number,
        unit=unit.code,
        items=plea.items,
        level=plea.level,
        areas=[area.code for area in told.areas],
        starts_on=plea.starts_on.isoformat(),
        ends_on=plea.ends_on.isoformat(),
        review_on=plea.review_on.isoformat(),
        renews=application.renews.number if application.renews else None,
        rule_by=application.rule_by.isoformat(),
        round=application.round,
        **{name: text for name, text in told.texts.items() if name != "contact"},
    )
    _record(application, body, by=by, at=at)
    Ruling.objects.bulk_create(Ruling(application=application, area_id=area.id) for area in told.areas)


def _record(application: Application, body: FactBody, *, by: Actor, at: datetime) -> None:
    record(application, body, district=application.district, by=by, at=at)
    application.save()


def return_application(application_id: UUID, *, reason: str, by: Actor, at: datetime) -> Application:
    """Send an application back for completion: a gatekeeper of any area asked may, while nothing is ruled."""
    words = _why(reason)
    with transaction.atomic():
        application = _open(application_id)
        rulings = list(application.rulings.select_related("area"))
        if not any(may_rule(by, ruling.area.path) for ruling in rulings):
            raise Refusal(reasons.NOT_YOUR_AREA)
        for ruling in rulings:
            if ruling.verdict:
                raise _ruled(ruling)
        application.state, application.said = ApplicationState.RETURNED, words
        body = facts.AdmissionReturned(application.number, application.unit.code, words)
        _record(application, body, by=by, at=at)
        return application


def rule_on(
    application_id: UUID,
    area_code: str,
    *,
    verdict: str,
    reason: str = "",
    ends_on: date | None = None,
    review_on: date | None = None,
    by: Actor,
    at: datetime,
) -> Ruling:
    """Let an area take the task on, for a term no longer than was asked, or refuse it with a reason.

    An area that lies in one that was asked may only refuse, for itself alone. Each area rules once.
    """
    words = clean(reason)[:LONGEST_TEXT]
    with transaction.atomic():
        application = _ruled_on(application_id)
        ruling = _ruling_for(application, area_code, verdict)
        if not may_rule(by, ruling.area.path):
            raise Refusal(reasons.NOT_YOUR_AREA)
        if application.applied_by_id is not None and application.applied_by_id == by.id:
            raise Refusal(reasons.OWN_APPLICATION)
        if ruling.verdict:
            raise _ruled(ruling)
        number, unit, area = application.number, application.unit.code, ruling.area.code
        body: FactBody
        if verdict == Verdict.ADMITTED:
            ruling.ends_on, ruling.review_on = _term(application, ends_on, review_on, on=local_day(at))
            body = facts.AdmissionGiven(
                number, unit, area, words, ruling.ends_on.isoformat(), ruling.review_on.isoformat()
            )
        else:
            body = facts.AdmissionRefused(number, unit, area, _why(reason))
        ruling.verdict, ruling.reason, ruling.by_name, ruling.at = verdict, words, by.name, at
        ruling.save()
        if not application.rulings.filter(verdict="").exists():
            application.state = ApplicationState.SETTLED
        _record(application, body, by=by, at=at)
        announce(ADMISSION)
        return ruling


def _ruled(ruling: Ruling) -> Refusal:
    return Refusal(reasons.RULED_ALREADY, verdict=Verdict(ruling.verdict).label, by=ruling.by_name)


def _ruled_on(application_id: UUID) -> Application:
    """Return an application that may be ruled on, locked; even after all have ruled, for areas below."""
    application = _locked(application_id)
    if application.state not in {ApplicationState.APPLIED, ApplicationState.SETTLED}:
        raise Refusal(reasons.NOT_OPEN, state=application.get_state_display())
    return application


def _ruling_for(application: Application, area_code: str, verdict: str) -> Ruling:
    rulings = {ruling.area.code: ruling for ruling in application.rulings.select_related("area")}
    if area_code in rulings:
        return rulings[area_code]
    area = town_map().by_code(area_code)
    above = [ruling for ruling in rulings.values() if area and covers(ruling.area.path, area.path)]
    if area is None or not above or verdict != Verdict.REFUSED:
        raise Refusal(reasons.AREA_NOT_ASKED, field="area", area=area.name if area else area_code)
    return Ruling(application=application, area_id=area.id)


def _term(
    application: Application, ends_on: date | None, review_on: date | None, *, on: date
) -> tuple[date, date]:
    """Return the last day and the day of review: as asked, or shorter as the gatekeeper says."""
    ends = ends_on or application.ends_on
    review = review_on or min(application.review_on, ends)
    if ends > application.ends_on:
        raise Refusal(reasons.TERM_TOO_LONG, field="ends_on")
    if ends < max(application.starts_on, on):
        raise Refusal(reasons.TERM_BACKWARDS, field="ends_on")
    if not application.starts_on <= review <= ends:
        raise Refusal(reasons.REVIEW_OUTSIDE, field="review_on")
    return ends, review


def withdraw_application(
    application_id: UUID, *, reason: str, unit: UnitCard, by: Actor, at: datetime
) -> Application:
    """Take an application back; whatever was admitted under it ends at once."""
    words = _why(reason)
    _may_apply(by, unit)
    with transaction.atomic():
        application = _locked(application_id)
        if application.unit_id != unit.id:
            raise Refusal(reasons.NOT_YOUR_UNIT)
        if application.state == ApplicationState.WITHDRAWN:
            raise Refusal(reasons.NOT_OPEN, state=application.get_state_display())
        application.rulings.filter(verdict=Verdict.ADMITTED, ended_at=None).update(
            ended_at=at, end_reason=words
        )
        application.state, application.said = ApplicationState.WITHDRAWN, words
        body = facts.AdmissionWithdrawn(application.number, unit.code, words)
        _record(application, body, by=by, at=at)
        announce(ADMISSION)
        return application


def _why(reason: str) -> str:
    words = clean(reason)[:LONGEST_TEXT]
    if not words:
        raise Refusal(reasons.SAY_WHY, field="reason")
    return words


def _locked(application_id: UUID) -> Application:
    found = Application.objects.select_for_update(of=("self",)).select_related("unit", "renews")
    application = found.filter(pk=application_id).first()
    if application is None:
        raise Refusal(reasons.APPLICATION_NOT_FOUND)
    return application


def _open(application_id: UUID) -> Application:
    application = _locked(application_id)
    if application.state != ApplicationState.APPLIED:
        raise Refusal(reasons.NOT_OPEN, state=application.get_state_display())
    return application
