"""Facts of papers become notices: to those who sign, get and judge letters, and read bulletins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from huying.bulletin.models import Bulletin, Reminder
from huying.catalogue.core.calendar import local_day
from huying.notify.actions import Told, tell_units
from huying.people.permissions import Permission
from huying.people.queries import guarding_units, units_holding

if TYPE_CHECKING:
    from collections.abc import Iterable

    from huying.ledger.models import Fact


def _tell(units: Iterable[UUID], kind: str, data: dict[str, Any], fact: Fact) -> None:
    tell_units(Told(unit, kind, data, fact.at) for unit in dict.fromkeys(units))


def _letter(fact: Fact) -> tuple[Reminder, dict[str, Any]]:
    letter = Reminder.objects.select_related("unit").get(pk=UUID(fact.stream.partition(":")[2]))
    until = parse_datetime(fact.data.get("answer_by", ""))
    return letter, {
        "letter": str(letter.pk),
        "unit": letter.unit.name,
        "title": letter.title,
        "symbol": letter.symbol,
        "reason": fact.data.get("reason", ""),
        "outcome": fact.data.get("outcome", ""),
        "until": timezone.localtime(until).strftime("%Y-%m-%d %H:%M") if until else "",
    }


def _guards(right: Permission, area_path: str, fact: Fact) -> list[UUID]:
    return guarding_units(right, area_path, on=local_day(fact.at))


def tell_to_sign(fact: Fact) -> None:
    """Tell those who sign for the area that a letter is drafted."""
    letter, data = _letter(fact)
    _tell(_guards(Permission.REMINDER_SIGN, letter.area_path, fact), "reminder_to_sign", data, fact)


def tell_sent_back(fact: Fact) -> None:
    """Tell those who write letters that one was not signed, and why."""
    letter, data = _letter(fact)
    _tell(_guards(Permission.REMINDER_WRITE, letter.area_path, fact), "reminder_sent_back", data, fact)


def tell_issued(fact: Fact) -> None:
    """Tell the unit that it has a letter, and until when it answers."""
    letter, data = _letter(fact)
    _tell([letter.unit_id], "reminder_issued", data, fact)


def tell_answered(fact: Fact) -> None:
    """Tell those who wrote the letter that the unit answered."""
    letter, data = _letter(fact)
    _tell(_guards(Permission.REMINDER_WRITE, letter.area_path, fact), "reminder_answered", data, fact)


def tell_refused(fact: Fact) -> None:
    """Tell the unit that its answer will not do, and why."""
    letter, data = _letter(fact)
    _tell([letter.unit_id], "reminder_refused", data, fact)


def tell_letter_closed(fact: Fact) -> None:
    """Tell the unit that the matter of the letter is closed."""
    letter, data = _letter(fact)
    _tell([letter.unit_id], "reminder_closed", data, fact)


def _bulletin(fact: Fact) -> tuple[Bulletin, dict[str, Any]]:
    bulletin = (
        Bulletin.objects.select_related("area").defer("paper").get(pk=UUID(fact.stream.partition(":")[2]))
    )
    first, last = bulletin.starts_on.isoformat(), bulletin.ends_on.isoformat()
    return bulletin, {
        "bulletin": str(bulletin.pk),
        "area": bulletin.area.name,
        "days": first if first == last else f"{first} – {last}",
        "issue": fact.data.get("issue", ""),
    }


def tell_drafted(fact: Fact) -> None:
    """Tell those who release for the area that a draft stands."""
    bulletin, data = _bulletin(fact)
    _tell(_guards(Permission.BULLETIN_RELEASE, bulletin.area_path, fact), "bulletin_drafted", data, fact)


def tell_released(fact: Fact) -> None:
    """Tell everybody who may read a bulletin: over the area, and those of its parts."""
    bulletin, data = _bulletin(fact)
    units = units_holding(Permission.STATS_SEE, bulletin.area_path, at=fact.at, parts=True)
    _tell(sorted(units), "bulletin_released", data, fact)
