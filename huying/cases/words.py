"""Words for what a move needs or takes, which lives as keys: told when something is missing.

Other keys kept with a case (why it waits, why a unit has it, what each fact says) have their words where they
are shown: `home.pages.story` for residents, `home.desk` for staff.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Keys of `moves.Move.needs` and `.takes`, as labels.
FIELDS: dict[str, StrOrPromise] = {
    "unit": _("Unit"),
    "item": _("Item"),
    "assists": _("Assisting units"),
    "grade": _("Grade"),
    "note": _("Note"),
    "reason": _("Reason"),
    "route": _("Statutory route"),
    "public_text": _("Reply to the resident"),
    "internal_note": _("Internal note"),
    "solved": _("Solved?"),
    "unsolved_reason": _("Why it is not solved"),
    "evidence": _("Evidence"),
    "into": _("Case to merge into"),
    "appeal": _("Appeal"),
    "reached": _("Reached?"),
    "closure": _("How it is closed"),
}
