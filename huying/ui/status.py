"""What each state is called on screen, with its tone and icon; the words differ for residents and staff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Callable

    from django_stubs_ext import StrPromise


@dataclass(frozen=True, slots=True)
class Look:
    """How a key is shown: label, tone (see `.tag-*` in parts.css) and icon."""

    label: StrPromise | str
    tone: str
    icon: str


GradeWords: TypeAlias = "Callable[[str], Look | None]"

# Staff's words: what is to be done next with the case.
STAFF: dict[str, Look] = {
    "submitted": Look(_("To receive"), "call", "inbox"),
    "need_info": Look(_("More information asked"), "warn", "ask"),
    "accepted": Look(_("To dispatch"), "call", "route"),
    "dispatched": Look(_("To sign"), "info", "edit"),
    "in_progress": Look(_("In progress"), "primary", "work"),
    "return_review": Look(_("Return under review"), "turn", "return"),
    "suspended": Look(_("Suspended"), "mute", "pause"),
    "replied": Look(_("To review"), "info", "reply"),
    "follow_up": Look(_("In follow-up"), "info", "star"),
    "closed": Look(_("Closed"), "ok", "ok"),
    "archived": Look(_("Archived"), "mute", "archive"),
    "merged": Look(_("Merged"), "mute", "merge"),
    "withdrawn": Look(_("Withdrawn"), "mute", "ban"),
    "inadmissible": Look(_("Not admissible"), "mute", "ban"),
    "transferred": Look(_("Transferred"), "mute", "send"),
}

# Residents' words: what is happening to my appeal.
RESIDENT: dict[str, Look] = {
    "submitted": Look(_("Received"), "info", "inbox"),
    "need_info": Look(_("We need to know more"), "warn", "ask"),
    "accepted": Look(_("Finding the right unit"), "info", "route"),
    "dispatched": Look(_("Sent to the unit"), "info", "building"),
    "in_progress": Look(_("Being worked on"), "primary", "work"),
    "return_review": Look(_("Finding the right unit"), "info", "route"),
    "suspended": Look(_("On hold, with a plan"), "mute", "pause"),
    "replied": Look(_("Reply being checked"), "primary", "reply"),
    "follow_up": Look(_("Answered: please rate"), "call", "star"),
    "closed": Look(_("Closed"), "ok", "ok"),
    "archived": Look(_("Closed"), "ok", "ok"),
    "merged": Look(_("Handled together with others"), "mute", "merge"),
    "withdrawn": Look(_("Withdrawn"), "mute", "ban"),
    "inadmissible": Look(_("Another way applies"), "mute", "ban"),
    "transferred": Look(_("Passed on"), "mute", "send"),
}

# Grades of urgency, A the highest; the letter is always shown, so colour is never the only sign.
GRADES: dict[str, Look] = {
    "A": Look(_("A urgent"), "solid-bad", "alert"),
    "B": Look(_("B high"), "warn", "flag"),
    "C": Look(_("C ordinary"), "mute", ""),
    "D": Look(_("D low"), "mute", ""),
}

_town_grades: dict[str, GradeWords | None] = {"looks": None}


def grade_words() -> GradeWords | None:
    """Return what says how the town calls its grades, None while nothing does."""
    return _town_grades["looks"]


def call_grades(looks: GradeWords | None) -> None:
    """Let the town's own table say how a grade is called and coloured; the catalogue tells it once."""
    _town_grades["looks"] = looks


def grade_look(key: str) -> Look:
    """Return how a grade is shown: as the town calls it, else in our words."""
    looks = grade_words()
    town = looks(key) if looks else None
    return town or GRADES.get(key, Look(key, "mute", ""))


# Timeline kinds: the icon in the ring and the tone of the ring.
EVENT_ICONS: dict[str, tuple[str, str]] = {
    "received": ("inbox", ""),
    "dispatched": ("route", ""),
    "signed": ("edit", ""),
    "contacted": ("phone", ""),
    "work": ("work", ""),
    "returned": ("return", ""),
    "extended": ("clock", ""),
    "paused": ("pause", ""),
    "reply": ("reply", ""),
    "reviewed": ("check", ""),
    "rated": ("star", ""),
    "rework": ("return", "bad"),
    "overdue": ("alert", "bad"),
    "merged": ("merge", ""),
    "closed": ("check", "ok"),
    "withdrawn": ("ban", ""),
    "note": ("file", ""),
}


def look_of(key: str, audience: str = "staff") -> Look:
    """Return how a status key is shown to `audience` ("staff" or "resident").

    A key this table does not know is shown as it is, in grey: a new state must never break a page.
    """
    table = RESIDENT if audience == "resident" else STAFF
    return table.get(key) or Look(key, "mute", "info")
