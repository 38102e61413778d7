"""Every clock of a town that hangs on no item: its name, its usual length and where that comes from.

The lengths lie in `starter/clocks.csv`; a town sets its own, and what it has not set is as in the file.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from fractions import Fraction
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from huying.catalogue.core.clock import Limit, Unit

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PERCENT: Final = "percent"
"""The unit of clocks that are a share of another limit."""

GROUPS: Final[dict[str, StrOrPromise]] = {
    "intake": _("Coming in"),
    "dispatch": _("Dispatching"),
    "handling": _("Handling"),
    "checking": _("Checking and asking"),
    "supervision": _("Supervision"),
    "afterwards": _("Afterwards"),
    "admission": _("Admission"),
}

NAMES: Final[dict[str, tuple[StrOrPromise, StrOrPromise]]] = {
    # Nothing comes in here without a number and a confirmation in the same moment, so no case could ever be
    # late by these two; what a person takes is measured by the clocks that follow.
    "answer_message": (
        _("Answering a message"),
        _(
            "the number and confirmation go out in the moment a message comes in, so this is always kept and "
            "not counted; how long a person takes is measured by acceptance and first contact"
        ),
    ),
    "answer_letter": (
        _("Answering a letter"),
        _(
            "the number and confirmation go out in the moment a letter is taken in, so this is always kept "
            "and not counted; how long a person takes is measured by acceptance and first contact"
        ),
    ),
    "receive": (_("Acceptance"), _("from filing until a person has placed what no rule could place")),
    "need_info": (_("Supplying what is missing"), _("for the resident; afterwards the appeal lapses")),
    "need_info_reminder": (
        _("Reminder to supply it"),
        _("share of the time for supplying after which the resident is reminded"),
    ),
    "objection": (_("Objecting"), _("for the resident, once, when an appeal is not admissible")),
    "sign": (_("Signing"), _("from dispatch until the unit signs")),
    "sign_urgent": (_("Signing, urgent"), _("the same for urgent matters")),
    "return_ruling": (_("Ruling on a return"), _("for the dispatch centre, when a unit sends a case back")),
    "adjudicate": (_("Quick ruling"), _("for a second dispute; the unit named works on meanwhile")),
    "rule_vote": (
        _("Votes on a proposed rule"),
        _("for units to say what they think of a proposed duty rule"),
    ),
    "assist": (_("Assisting"), _("for an assisting unit to report")),
    "call_in": (_("Attending a call-in"), _("for a unit that was called in to be on the spot")),
    "contact": (_("First contact"), _("from dispatch until the resident was spoken to")),
    "contact_urgent": (_("First contact, danger"), _("the same where life or property is in danger")),
    "danger": (_("Handling, danger"), _("danger to life or property")),
    "utilities": (_("Handling, utilities"), _("water, power, gas and heat")),
    "ordinary": (_("Handling, ordinary"), _("items whose line in the catalogue names no limit")),
    "complex": (_("Handling, complex"), _("items whose line in the catalogue says “complex”")),
    "inquiry": (_("Handling, inquiry"), _("inquiries that cannot be answered at once")),
    "extension_ruling": (_("Ruling on an extension"), _("for the approver")),
    "suspend_review": (_("Reviewing a suspension"), _("at the latest after so long")),
    "review": (_("Review"), _("of a reply, by somebody other than its writer")),
    "follow_up": (_("Follow-up"), _("from the reply until every resident was asked")),
    "rework": (_("Rework"), _("share of the matter's limit that rework gets")),
    "supervise_reminder": (_("Reminder"), _("share of a limit after which the unit is reminded")),
    "supervise_letter": (_("Reminder letter"), _("share of a limit after which the letter goes out")),
    "supervise_report": (_("Report after the letter"), _("for the unit to explain in writing")),
    "reopen_window": (_("Reopening"), _("for the resident, after the case was closed")),
    "recheck_window": (_("Looking back"), _("the same cause at the same place counts as come back")),
    "archive_after": (_("Archiving"), _("after the case was closed")),
    "admission_notice": (_("Applying for admission"), _("so long before a task pushed down is to begin")),
    "admission_ruling": (_("Ruling on admission"), _("for streets and communities to admit or refuse")),
    "admission_reminder": (_("Reminder of a review"), _("so long before an admission is to be reviewed")),
}


@dataclass(frozen=True, slots=True)
class UsualClock:
    """A clock as a new town has it: a limit of its own, or a share of another limit (unit percent)."""

    key: str
    group: str
    amount: int
    unit: str
    basis: str

    @property
    def name(self) -> StrOrPromise:
        """Return what the clock is called."""
        return NAMES[self.key][0]

    @property
    def about(self) -> StrOrPromise:
        """Return what it times."""
        return NAMES[self.key][1]


def _read() -> dict[str, UsualClock]:
    text = files("huying.catalogue.starter").joinpath("clocks.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {row["key"]: UsualClock(**{**row, "amount": int(row["amount"])}) for row in rows}  # type: ignore[arg-type]  # checked by a test of the file


USUAL: Final = _read()
POLICIES: Final[dict[str, Limit]] = {
    key: Limit(one.amount, Unit(one.unit)) for key, one in USUAL.items() if one.unit != PERCENT
}
SHARES: Final[dict[str, Fraction]] = {
    key: Fraction(one.amount, 100) for key, one in USUAL.items() if one.unit == PERCENT
}


def with_derived(limits: dict[str, Limit], shares: dict[str, Fraction]) -> dict[str, Limit]:
    """Return the limits together with those that are a share of another one."""
    return limits | {"need_info_reminder": limits["need_info"].portion(shares["need_info_reminder"])}
