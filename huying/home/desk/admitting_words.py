"""How admissions are told: rows of the lists, where a ruling stands today, the story of an application."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from huying.admission.models import ApplicationState, Verdict
from huying.cases.words import item_name
from huying.home.desk.telling import who
from huying.kit.names import in_language
from huying.places.queries import town_map

if TYPE_CHECKING:
    from datetime import date

    from huying.admission.models import Application, Ruling
    from huying.ledger.models import Fact

STATE_LOOKS: dict[str, tuple[str, str]] = {
    ApplicationState.APPLIED: ("warn", "clock"), ApplicationState.RETURNED: ("turn", "return"),
    ApplicationState.SETTLED: ("info", "check"), ApplicationState.WITHDRAWN: ("mute", "ban"),
}  # fmt: skip


def row_of(application: Application, today: date) -> dict[str, Any]:
    """Return an application as a list or page shows it."""
    tone, icon = STATE_LOOKS[application.state]
    return {
        "one": application, "tone": tone, "icon": icon,
        "url": reverse("desk:admission", args=[application.pk]),
        "items": item_name(application.items) if application.items else "",
        "level": in_language(application.level.name, application.level.name_en),
        "areas": [standing_of(ruling, today) for ruling in application.rulings.all()],
    }  # fmt: skip


def standing_of(ruling: Ruling, today: date) -> dict[str, Any]:
    """Return where a ruling stands on a day: the tag with tone and icon, and until when."""
    label, tone, icon = _standing(ruling, today)
    return {"ruling": ruling, "label": label, "tone": tone, "icon": icon}


def _standing(ruling: Ruling, today: date) -> tuple[str, str, str]:
    if not ruling.verdict:
        return _("not ruled yet"), "mute", "clock"
    if ruling.verdict == Verdict.REFUSED:
        return _("not admitted"), "bad", "ban"
    if ruling.ended_at is not None or (ruling.ends_on is not None and ruling.ends_on < today):
        lapsed = ruling.ends_on is not None and ruling.ends_on < today
        return (_("lapsed"), "mute", "history") if lapsed else (_("ended early"), "mute", "ban")
    if today < ruling.application.starts_on:
        return _("admitted, begins later"), "info", "soon"
    is_due = ruling.review_on is not None and ruling.review_on <= today
    return (_("in force, review due"), "warn", "alert") if is_due else (_("in force"), "ok", "check")


def event_of(fact: Fact) -> dict[str, Any]:
    """Return a fact of an application's story as the timeline shows it."""
    said = fact.data
    area = town_map().by_code(said["area"]) if "area" in said else None
    place = area.name if area else said.get("area", "")
    asked = _("Completed and sent in anew") if said.get("round") else _("Applied for")
    titles = {
        "AdmissionAsked": ("received", asked),
        "PaperAttached": ("note", _("“{name}” was attached").format(name=said.get("name", ""))),
        "PaperTakenOff": ("note", _("“{name}” was taken off").format(name=said.get("name", ""))),
        "AdmissionReturned": ("returned", _("Returned for completion")),
        "AdmissionGiven": ("signed", _("{area} admits it").format(area=place)),
        "AdmissionRefused": ("withdrawn", _("{area} refuses").format(area=place)),
        "AdmissionReviewDue": ("overdue", _("{area}: the review is near").format(area=place)),
        "AdmissionKept": ("reviewed", _("{area} goes on with it").format(area=place)),
        "AdmissionEnded": ("closed", _("{area} ends it early").format(area=place)),
        "AdmissionLapsed": ("closed", _("{area}: the term is over").format(area=place)),
        "AdmissionWithdrawn": ("withdrawn", _("The department took it back")),
    }  # fmt: skip
    kind, title = titles[fact.kind]
    return {"kind": kind, "title": title, "text": said.get("reason", ""), "at": fact.at, "who": who(fact)}
