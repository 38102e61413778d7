"""Why something of the workbench is not done."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huying.kit.errors import Reason

PHRASE_NOT_FOUND = Reason("phrase_not_found", _("There is no such phrase, or it is not yours."), 404)
NOT_FOR_THE_UNIT = Reason(
    "not_for_the_unit", _("Phrases of a unit are kept by those who review, dispatch or lead there."), 403
)
UNKNOWN_PLACEHOLDER = Reason(
    "unknown_placeholder", _("There is nothing to fill in for {what}; known are: {known}."), 400
)
TOO_MANY_PHRASES = Reason("too_many_phrases", _("There are {most} phrases already; delete some first."))
FILTER_UNREADABLE = Reason("filter_unreadable", _("This filter cannot be read: {what}."), 400)
VIEW_NOT_FOUND = Reason("view_not_found", _("There is no such view, or it is not shared with you."), 404)
VIEW_NOT_YOURS = Reason(
    "view_not_yours", _("Only who saved a view may change it; make a copy of your own."), 403
)
VIEW_NAME_MISSING = Reason("view_name_missing", _("Please give the view a name."), 400)
VIEW_NAME_TAKEN = Reason("view_name_taken", _("You have a view of this name already."))
VIEWS_TOO_MANY = Reason("views_too_many", _("You have {most} views; delete one you no longer need."))
UNIT_NOT_YOURS = Reason("unit_not_yours", _("A view can be shared with a unit you hold a post in."), 403)
NOTHING_CHOSEN = Reason("nothing_chosen", _("Mark the cases first that this is to be done with."), 400)
TOO_MANY_CHOSEN = Reason("too_many_chosen", _("At most {most} cases at once; {count} are marked."), 400)
UNKNOWN_ACT = Reason("unknown_act", _("This cannot be done with many cases at once."), 404)
BLANK_EMPTY = Reason("blank_empty", _("There is nothing to fill in for {what} on this case."))
RUN_NOT_FOUND = Reason("run_not_found", _("There is nothing of this kind, or it is somebody else's."), 404)
WHY_MISSING = Reason(
    "why_missing", _("Please say what the list is needed for; it is printed on every page."), 400
)
CONTACT_NOT_YOURS = Reason(
    "contact_not_yours", _("Your posts give you no right to names and numbers of residents."), 403
)
EXPORTS_WAITING = Reason(
    "exports_waiting", _("{most} of your lists are still being written; wait until one is done."), retry=True
)
EXPORT_GONE = Reason("export_gone", _("The file is no longer kept; ask for the list again."), 410)
EXPORT_NOT_READY = Reason("export_not_ready", _("The list is still being written."), retry=True)
MOVED_MEANWHILE = Reason(
    "moved_meanwhile",
    _("Since you saw {number}, {who} has changed it: {what}. Look at it; then send yours or delete it."),
)
GONE_ELSEWHERE = Reason(
    "gone_elsewhere", _("{number} is no longer with your unit; what you wrote was not sent."), 404
)
KEY_NOT_YOURS = Reason("key_not_yours", _("This was sent by somebody else."), 403)
ROSTER_NOT_FOUND = Reason("roster_not_found", _("There is no such duty, or it is not your unit's."), 404)
ROSTER_TAKEN = Reason("roster_taken", _("The unit has a duty of this name already."))
SHIFT_COLUMNS_UNKNOWN = Reason(
    "shift_columns_unknown", _("The columns are not those of a roster: date, from, until, name, phone."), 400
)
SHIFT_NOT_READABLE = Reason(
    "shift_not_readable", _("“{text}” is no day and time like 2026-10-01 and 18:00."), 400
)
SHIFT_NAME_MISSING = Reason("shift_name_missing", _("Nobody is named."), 400)
NO_SHIFTS = Reason("no_shifts", _("There is no shift in this file."), 400)
MODULE_OFF = Reason("module_off", _("This town does not use “{module}”, so there is no page here."), 404)
MODULE_UNKNOWN = Reason("module_unknown", _("There is no such module."), 404)
