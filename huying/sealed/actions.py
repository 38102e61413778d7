"""Every write to sealed reports: filing, writing, answering, rating, aiming, destroying."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from huying.intake.queries import retention_days
from huying.kit.errors import Refusal
from huying.kit.ids import new_id, with_check
from huying.kit.personal import strip_words
from huying.kit.text import clean, on_one_line
from huying.ledger.actions import record
from huying.ledger.actor import SYSTEM, Actor, ActorKind
from huying.people.permissions import Permission
from huying.people.queries import holders_of
from huying.sealed import facts, reasons
from huying.sealed.box import seal, unseal
from huying.sealed.models import Accused, Identity, Message, Outcome, Report, State
from huying.sealed.pictures import seal_pictures
from huying.sealed.rules import handling_unit, is_barred, visible_to

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from huying.ledger.chain import FactBody
    from huying.people.models import Account, Unit

SHANGHAI = ZoneInfo("Asia/Shanghai")
LONGEST_TEXT, LONGEST_MESSAGE = 20_000, 4_000
DIGITS = 11
STEMS = "甲乙丙丁戊己庚辛壬癸"
# Letters and digits that are not mistaken for each other, in a code people write down.
CODE_SIGNS, CODE_LENGTH = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ", 12
RETENTION = "sealed"
# The reporter has so long to rate; silence closes the report.
RATING_DAYS = 15


@dataclass(frozen=True)
class Filed:
    """What the reporter takes away, told this once: number, code to follow it, and the alias."""

    report: Report
    code: str


def row_of(report_id: UUID, what: str) -> str:
    """Return what ties a box to its place: moved elsewhere it does not open."""
    return f"sealed:{report_id}:{what}"


def file_report(
    *,
    text: str,
    about: str = "",
    accused_unit: Unit | None = None,
    name: str = "",
    phone: str = "",
    email: str = "",
    pictures: Sequence[bytes] = (),
    at: datetime,
) -> Filed:
    """Seal a report with the photos `clean_pictures` painted anew.

    Without name, phone and mail it is anonymous. Nothing of an account or address is kept.

    Refusal `report_text_missing` or `report_text_too_long`.
    """
    if len(text) > LONGEST_TEXT:
        raise Refusal(reasons.TEXT_TOO_LONG, field="text", limit=LONGEST_TEXT)
    if not clean(text):
        raise Refusal(reasons.TEXT_MISSING, field="text")
    code = "".join(secrets.choice(CODE_SIGNS) for _sign in range(CODE_LENGTH))
    person = {
        "name": on_one_line(name)[:40],
        "phone": on_one_line(phone)[:30],
        "email": on_one_line(email)[:120],
    }
    key = new_id()
    with transaction.atomic():
        report = Report(
            id=key, number=_free_number(), alias=_free_alias(), district=settings.DISTRICT,
            code_hash=make_password(code), text_box=seal(clean(text), row=row_of(key, "text")),
            about_box=seal(clean(about)[:500], row=row_of(key, "about")), accused_unit=accused_unit,
            unit_id=_unit_for(accused_unit), received_on=at.astimezone(SHANGHAI).date(),
        )  # fmt: skip
        known = any(person.values())
        body = facts.ReportSealed(anonymous=not known, pictures=len(pictures))
        record(report, body, district=report.district, by=_ALIAS, at=at)
        report.save(force_insert=True)
        seal_pictures(report, pictures)
        if known:
            Identity.objects.create(report=report, box=seal(json.dumps(person), row=row_of(key, "identity")))
    return Filed(report, code)


# Who acts in the ledger when a reporter does: nobody that could be found.
_ALIAS = Actor(ActorKind.RESIDENT, None, "")


def _free_number() -> str:
    """Return a random number: it tells neither the order of reports nor how many there are."""
    while True:
        digits = "".join(str(secrets.randbelow(10)) for _digit in range(DIGITS))
        number = with_check("JB", digits)
        if not Report.objects.filter(number=number).exists():
            return number


def _free_alias() -> str:
    while True:
        alias = f"举报人{secrets.choice(STEMS)}-{secrets.randbelow(100_000):05d}"
        if not Report.objects.filter(alias=alias).exists():
            return alias


def _unit_for(accused: Unit | None) -> UUID | None:
    officers = [(one.unit, one.path, one.account) for one in holders_of(Permission.SEALED_HANDLE)]
    return handling_unit(accused.path if accused else "", officers)


def _changed(report: Report, *bodies: FactBody, by: Actor, at: datetime) -> Report:
    record(report, *bodies, district=report.district, by=by, at=at)
    report.save()
    return report


def lock_visible(number: str, *rights: Permission, by: Actor) -> Report:
    """Return a report the actor may see, locked. Refusal `no_such_report`, or `no_sealed_right`."""
    report = visible_to(by).filter(number=number).select_for_update(of=("self",)).first()
    if report is None:
        raise Refusal(reasons.NO_SUCH_REPORT)
    if rights and not any(map(by.holds, rights)):
        raise Refusal(reasons.NO_RIGHT)
    return report


def _check_handler(report: Report, by: Actor) -> None:
    if report.handler_id != by.id:
        raise Refusal(reasons.NOT_YOUR_REPORT)


def take(number: str, *, by: Actor, at: datetime) -> Report:
    """Take a report nobody handles. Refusal `report_not_in_this_state` when another was faster."""
    with transaction.atomic():
        report = lock_visible(number, Permission.SEALED_HANDLE, by=by)
        if report.state not in (State.NEW, State.WORKING) or report.handler_id is not None:
            raise Refusal(reasons.NOT_IN_THIS_STATE)
        report.handler_id, report.state = by.id, State.WORKING
        if report.unit_id is None and by.unit_ids:
            report.unit_id = by.unit_ids[0]
        return _changed(report, facts.ReportTaken(), by=by, at=at)


def aim(
    number: str, *, accused_unit: Unit | None, accused: Iterable[Account] = (), by: Actor, at: datetime
) -> Report:
    """Note whom a report accuses: those are barred from then on, and it moves on when its handler is of them.

    Refusal `not_your_report`; `no_such_report` once the handler barred themselves.
    """
    with transaction.atomic():
        report = lock_visible(number, Permission.SEALED_HANDLE, by=by)
        _check_handler(report, by)
        report.accused_unit = accused_unit
        people = list(accused)
        Accused.objects.filter(report=report).delete()
        Accused.objects.bulk_create(Accused(report=report, account=one) for one in people)
        path = accused_unit.path if accused_unit else ""
        own = by.id is not None and (is_barred(by.id, path) or by.id in {one.pk for one in people})
        if own or (
            report.unit is not None and accused_unit is not None and report.unit_id == accused_unit.pk
        ):
            report.handler_id, report.unit_id = None, _unit_for(accused_unit)
        body = facts.ReportAimed(
            accused_unit=accused_unit.code if accused_unit else "",
            accused=tuple(str(one.pk) for one in people),
            unit=str(report.unit_id or ""),
        )  # fmt: skip
        return _changed(report, body, by=by, at=at)


def write_message(number: str, text: str, *, by: Actor, at: datetime) -> Message:
    """Write to the reporter.

    Refusal `not_your_report`, `report_text_missing` or `report_not_in_this_state`.
    """
    with transaction.atomic():
        report = lock_visible(number, Permission.SEALED_HANDLE, by=by)
        _check_handler(report, by)
        return _write(report, text, from_reporter=False, by=by, at=at)


def write_as_reporter(report_id: UUID, text: str, *, at: datetime) -> Message:
    """Write to the handler under the alias; the door has asked for the code. Refusals as above."""
    with transaction.atomic():
        report = Report.objects.select_for_update().get(pk=report_id)
        return _write(report, text, from_reporter=True, by=_ALIAS, at=at)


def _write(report: Report, text: str, *, from_reporter: bool, by: Actor, at: datetime) -> Message:
    if report.state == State.CLOSED:
        raise Refusal(reasons.NOT_IN_THIS_STATE)
    words = clean(text)
    if not words:
        raise Refusal(reasons.TEXT_MISSING, field="text")
    if len(words) > LONGEST_MESSAGE:
        raise Refusal(reasons.TEXT_TOO_LONG, field="text", limit=LONGEST_MESSAGE)
    key = new_id()
    message = Message.objects.create(
        id=key, report=report, from_reporter=from_reporter, at=at,
        box=seal(words, row=row_of(report.pk, f"message:{key}")),
    )  # fmt: skip
    _changed(report, facts.ReportWritten(from_reporter=from_reporter), by=by, at=at)
    return message


def answer(number: str, text: str, *, outcome: str, by: Actor, at: datetime) -> Report:
    """Tell the reporter what was found. Refusal `outcome_missing`, or as for writing."""
    if outcome not in Outcome.values:
        raise Refusal(reasons.OUTCOME_MISSING, field="outcome")
    with transaction.atomic():
        report = lock_visible(number, Permission.SEALED_HANDLE, by=by)
        _check_handler(report, by)
        if report.state != State.WORKING:
            raise Refusal(reasons.NOT_IN_THIS_STATE)
        message = _write(report, text, from_reporter=False, by=by, at=at)
        Message.objects.filter(pk=message.pk).update(is_reply=True)
        report.state, report.outcome = State.REPLIED, outcome
        return _changed(report, facts.ReportAnswered(outcome=outcome), by=by, at=at)


def rate(report_id: UUID, *, stars: int, comment: str = "", at: datetime) -> Report:
    """Close an answered report with the reporter's one to five stars and, sealed, their words.

    Refusal `report_stars_wrong` or `report_not_in_this_state`.
    """
    if stars not in range(1, 6):
        raise Refusal(reasons.STARS_WRONG, field="stars")
    with transaction.atomic():
        report = Report.objects.select_for_update().get(pk=report_id)
        if report.state != State.REPLIED:
            raise Refusal(reasons.NOT_IN_THIS_STATE)
        if clean(comment):
            _write(report, comment[:LONGEST_MESSAGE], from_reporter=True, by=_ALIAS, at=at)
        report.state, report.stars, report.closed_at = State.CLOSED, stars, at
        return _changed(report, facts.ReportClosed(stars=stars), by=_ALIAS, at=at)


def close_silent(*, at: datetime) -> int:
    """Close answered reports whose reporters said nothing; return how many."""
    edge = at - timedelta(days=RATING_DAYS)
    silent = (
        Report.objects.filter(state=State.REPLIED).exclude(messages__at__gt=edge).values_list("pk", flat=True)
    )
    closed = 0
    for key in list(silent):
        with transaction.atomic():
            report = Report.objects.select_for_update().get(pk=key)
            if report.state == State.REPLIED:
                report.state, report.closed_at = State.CLOSED, at
                _changed(report, facts.ReportClosed(stars=None), by=SYSTEM, at=at)
                closed += 1
    return closed


def destroy_identities(*, at: datetime) -> int:
    """Destroy who reported, for good, where the time after closing is over; return how many.

    What the reporter wrote loses numbers, homes and names; outcome and history stay.
    """
    edge = at - timedelta(days=retention_days(RETENTION))
    due = Report.objects.filter(state=State.CLOSED, closed_at__lt=edge, identity__destroyed_at=None)
    destroyed = 0
    for key in list(due.exclude(identity=None).values_list("pk", flat=True)):
        with transaction.atomic():
            report = Report.objects.select_for_update().get(pk=key)
            identity = Identity.objects.select_for_update().get(report=report)
            if identity.destroyed_at is not None:
                continue
            names = (json.loads(unseal(identity.box, row=row_of(key, "identity")))["name"],)
            identity.box, identity.destroyed_at = b"", at
            identity.save()
            _strip(report, names)
            _changed(report, facts.IdentityDestroyed(), by=SYSTEM, at=at)
            destroyed += 1
    return destroyed


def _strip(report: Report, names: Iterable[str]) -> None:
    told = tuple(names)
    for what in ("text", "about"):
        row = row_of(report.pk, what)
        words = unseal(getattr(report, f"{what}_box"), row=row)
        setattr(report, f"{what}_box", seal(strip_words(words, names=told), row=row))
    for message in Message.objects.filter(report=report, from_reporter=True):
        row = row_of(report.pk, f"message:{message.pk}")
        message.box = seal(strip_words(unseal(message.box, row=row), names=told), row=row)
        message.save(update_fields=["box"])
