"""Reading sealed reports: for an officer who may see them, and for the reporter with number and code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import check_password, make_password
from django.db.models import Count, Q

from huying.kit.errors import Refusal
from huying.kit.ids import is_sound
from huying.sealed import reasons
from huying.sealed.actions import row_of
from huying.sealed.box import unseal
from huying.sealed.models import Message, Report, State
from huying.sealed.rules import visible_to

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from django.db.models import QuerySet

    from huying.ledger.actor import Actor

OPEN = (State.NEW, State.WORKING, State.REPLIED)


@dataclass(frozen=True)
class Said:
    """A message as it is read."""

    text: str
    from_reporter: bool
    is_reply: bool
    at: datetime


def find_report(number: str, *, by: Actor) -> Report:
    """Return a report an officer may see; Refusal `no_such_report` for everybody else, accused or not."""
    found = (
        visible_to(by).filter(number=number).select_related("unit", "accused_unit", "handler").first()
        if is_sound(number, "JB")
        else None
    )
    if found is None:
        raise Refusal(reasons.NO_SUCH_REPORT)
    return found


def reports(by: Actor, states: Iterable[State] = OPEN) -> QuerySet[Report]:
    """Return the reports an officer may see, the newest day first."""
    found = visible_to(by).filter(state__in=list(states)).select_related("unit", "accused_unit", "handler")
    return found.order_by("-received_on", "-id")


def narrowed(
    found: QuerySet[Report],
    *,
    words: str = "",
    state: str = "",
    outcome: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[Report]:
    """Return the reports whose number or alias holds `words`, of a state, a finding and a span of days.

    There is no way to search for who reported or for what was written: both are sealed.
    """
    told = words.strip()
    if told:
        found = found.filter(Q(number__icontains=told) | Q(alias__icontains=told))
    if state:
        found = found.filter(state=state)
    if outcome:
        found = found.filter(outcome=outcome)
    if since:
        found = found.filter(received_on__gte=since)
    return found.filter(received_on__lte=until) if until else found


def count_waiting(by: Actor) -> int:
    """Return how many reports wait for an officer: new ones, and unsealings somebody asked for.

    Only what the officer may see counts, so a total tells the accused nothing.
    """
    waits = Q(state=State.NEW) | Q(unsealings__decided_at=None, unsealings__isnull=False)
    counted = visible_to(by).filter(waits).aggregate(n=Count("pk", distinct=True))
    return int(counted["n"] or 0)


def text_of(report: Report) -> str:
    """Return what was reported."""
    return unseal(report.text_box, row=row_of(report.pk, "text"))


def about_of(report: Report) -> str:
    """Return whom the reporter names, in their words."""
    return unseal(report.about_box, row=row_of(report.pk, "about"))


def messages_of(report: Report) -> list[Said]:
    """Return what was written, the first message first."""
    return [
        Said(
            unseal(one.box, row=row_of(report.pk, f"message:{one.pk}")),
            one.from_reporter,
            one.is_reply,
            one.at,
        )
        for one in Message.objects.filter(report=report).order_by("at", "id")
    ]


def find_by_code(number: str, code: str) -> Report:
    """Return the report of a number and code; Refusal `wrong_report_code`, each mistake taking as long."""
    number = "".join(number.upper().split())
    code = "".join(code.upper().split()).replace("-", "")
    report = Report.objects.filter(number=number).first() if is_sound(number, "JB") else None
    if not check_password(code, report.code_hash if report else _NOBODY) or report is None:
        raise Refusal(reasons.WRONG_CODE, field="code")
    return report


# What a code is compared with when there is no such report, so that both answers take the same time.
_NOBODY = make_password("nobody has this code")
