"""Facts of the office become notices: proposed duty rules and admission, told to the units they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from huying.admission.models import Application
from huying.catalogue.core.calendar import local_day
from huying.dispatch.models import RuleProposal
from huying.notify.actions import Told, tell_units
from huying.people.permissions import Permission
from huying.people.queries import guarding_units
from huying.places.queries import town_map

if TYPE_CHECKING:
    from collections.abc import Iterable

    from huying.ledger.models import Fact


def _key(fact: Fact) -> UUID:
    return UUID(fact.stream.partition(":")[2])


def _minute(text: str) -> str:
    moment = parse_datetime(text)
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") if moment else "—"


def _tell(units: Iterable[UUID], kind: str, data: dict[str, Any], fact: Fact) -> None:
    tell_units(Told(unit, kind, data, fact.at) for unit in dict.fromkeys(units))


# --- proposed duty rules -----------------------------------------------------------------------------
def _tell_rule(fact: Fact, kind: str, **more: str) -> None:
    proposal = RuleProposal.objects.select_related("lead").get(pk=_key(fact))
    data = {"case": proposal.case_number, "lead": proposal.lead.name, "rule": str(proposal.pk)} | more
    asked = proposal.votes.order_by("unit__code").values_list("unit_id", flat=True)
    _tell(asked, kind, data, fact)


def tell_rule_proposed(fact: Fact) -> None:
    """Ask the units what they think of a proposed rule."""
    _tell_rule(fact, "rule_asked", until=_minute(fact.data["closes_at"]))


def tell_rule_adopted(fact: Fact) -> None:
    """Tell the units that were asked that the rule stands."""
    _tell_rule(fact, "rule_adopted")


def tell_rule_declined(fact: Fact) -> None:
    """Tell the units that were asked that the rule does not stand, and why."""
    _tell_rule(fact, "rule_declined", reason=fact.data["reason"])


# --- admission ---------------------------------------------------------------------------------------
def _about(fact: Fact) -> tuple[Application, dict[str, Any]]:
    application = Application.objects.select_related("unit").get(pk=_key(fact))
    area = town_map().by_code(fact.data["area"]) if "area" in fact.data else None
    return application, {
        "no": application.number,
        "name": application.name,
        "unit": application.unit.name,
        "admission": str(application.pk),
        "area": area.name if area else fact.data.get("area", ""),
        "until": fact.data.get("ends_on", ""),
        "review": fact.data.get("review_on", ""),
        "reason": fact.data.get("reason", ""),
    }


def _guards(code: str, fact: Fact) -> list[UUID]:
    area = town_map().by_code(code)
    on = local_day(fact.at)
    return guarding_units(Permission.ADMISSION_RULE, area.path, on=on) if area else []


def tell_admission_asked(fact: Fact) -> None:
    """Tell those who guard the areas that they are asked."""
    _application, data = _about(fact)
    data["until"] = _minute(fact.data["rule_by"])
    units = [unit for code in fact.data["areas"] for unit in _guards(code, fact)]
    _tell(units, "admission_asked", data, fact)


def _tell_department(fact: Fact, kind: str) -> None:
    application, data = _about(fact)
    _tell([application.unit_id], kind, data, fact)


def tell_admission_returned(fact: Fact) -> None:
    """Tell the department what is missing."""
    _tell_department(fact, "admission_returned")


def tell_admission_given(fact: Fact) -> None:
    """Tell the department that an area takes it on."""
    _tell_department(fact, "admission_given")


def tell_admission_refused(fact: Fact) -> None:
    """Tell the department that an area does not, and why."""
    _tell_department(fact, "admission_refused")


def _tell_both(fact: Fact, kind: str) -> None:
    application, data = _about(fact)
    _tell([*_guards(fact.data["area"], fact), application.unit_id], kind, data, fact)


def tell_admission_review(fact: Fact) -> None:
    """Remind the area and the department that the day of review comes near."""
    _tell_both(fact, "admission_review")


def tell_admission_kept(fact: Fact) -> None:
    """Tell the department that the area goes on, and until when."""
    _tell_department(fact, "admission_kept")


def tell_admission_withdrawn(fact: Fact) -> None:
    """Tell those who guard the areas that were asked that there is nothing left to rule on."""
    application, data = _about(fact)
    areas = application.rulings.values_list("area__code", flat=True)
    units = [unit for code in areas for unit in _guards(code, fact)]
    _tell(list(dict.fromkeys(units)), "admission_withdrawn", data, fact)


def tell_admission_over(fact: Fact) -> None:
    """Tell the area and the department that the gate is closed again."""
    _tell_both(fact, "admission_over")
