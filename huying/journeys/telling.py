"""Facts become notices: what residents and units are told of a case, and in which words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from huying.cases.models import Case, Status
from huying.intake.models import Appeal
from huying.notify.actions import tell_appeals, tell_unit

if TYPE_CHECKING:
    from huying.ledger.models import Fact


def _case_id(fact: Fact) -> UUID:
    return UUID(fact.stream.partition(":")[2])


def _case(fact: Fact) -> Case:
    """Return what notices say of the case of a fact."""
    told = Case.objects.select_related("unit").only("number", "title", "status", "unit__name")
    return told.get(pk=_case_id(fact))


def _tell_residents(fact: Fact, kind: str, **data: Any) -> None:  # noqa: ANN401 - a notice's own words
    """Tell everybody whose voice is in the case of this fact, each with the number of their own appeal."""
    voices = Appeal.objects.filter(memberships__case=_case_id(fact), memberships__until_at=None)
    tell_appeals(
        {appeal: {"number": number, **data} for appeal, number in voices.values_list("pk", "number")},
        kind,
        at=fact.at,
    )


def _when(text: str) -> str:
    moment = parse_datetime(text) if text else None
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") if moment else "—"


def tell_waiting(fact: Fact) -> None:
    """Tell the resident that a person reads it."""
    _tell_residents(fact, "waiting_for_person")


def tell_dispatched(fact: Fact) -> None:
    """Tell the resident who has it and the unit that it has something to sign."""
    case, due = _case(fact), _when(fact.data["due_at"])
    _tell_residents(fact, "dispatched", unit=fact.data["unit_name"], due=due)
    data = {"number": case.number, "title": case.title, "due": due}
    tell_unit(UUID(fact.data["unit"]), "unit_dispatched", data, at=fact.at)


def tell_signed(fact: Fact) -> None:
    """Tell the resident that the unit took it on."""
    _tell_residents(fact, "signed", unit=fact.data["unit_name"])


def tell_replied(fact: Fact) -> None:
    """Tell every appellant that there is a reply, and that we want to hear what they say."""
    case = _case(fact)
    _tell_residents(fact, "replied", unit=case.unit.name if case.unit else "呼应")


def tell_reworked(fact: Fact) -> None:
    """Tell the residents and the unit that it is not over."""
    case = _case(fact)
    _tell_residents(fact, "reworked")
    if case.unit_id:
        data = {"number": case.number, "round": fact.data["round"]}
        tell_unit(case.unit_id, "unit_reworked", data, at=fact.at)
        if fact.data["supervised"]:
            tell_unit(case.unit_id, "unit_supervised", data, at=fact.at)


def tell_closed(fact: Fact) -> None:
    """Tell the residents that the case is closed."""
    _tell_residents(fact, "closed")


def tell_inadmissible(fact: Fact) -> None:
    """Tell the resident where the matter belongs."""
    _tell_residents(fact, "inadmissible")


def tell_merged(fact: Fact) -> None:
    """Tell the residents of a merged case, in kind words, that nothing of theirs is lost."""
    moved = Appeal.objects.filter(pk__in=fact.data["appeals"]).values_list("pk", "number")
    tell_appeals({appeal: {"number": number} for appeal, number in moved}, "merged", at=fact.at)


def ask_late_voices(fact: Fact) -> None:
    """Ask those who came to a case while it already waited for its residents."""
    from django.conf import settings

    from huying.feedback.actions import ask_appellants

    case = _case(fact)
    if case.status == Status.FOLLOW_UP:
        ask_appellants(case.pk, at=fact.at, window_days=settings.RATING_WINDOW_DAYS)
