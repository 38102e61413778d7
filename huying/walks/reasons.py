"""Why a walk, a drive or an index is not set up as asked."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huying.kit.errors import Reason

WALK_NOT_FOUND = Reason("walk_not_found", _("There is no such walk, or it is not yours to see."), 404)
NOT_YOUR_WALK = Reason(
    "not_your_walk", _("Your unit does not take part in this walk, and your posts plan none there."), 403
)
NOT_YOURS_TO_PLAN = Reason(
    "not_yours_to_plan", _("Your posts give you no right to plan walks in this area."), 403
)
THEME_NOT_FOUND = Reason("theme_not_found", _("There is no such theme for this area."), 404)
THEME_TWICE = Reason("theme_twice", _("There is a theme of this name already."))
NO_CHECKLIST = Reason("no_checklist", _("This theme has no checklist yet."))
CHECKLIST_MOVED = Reason(
    "checklist_moved",
    _("Somebody else changed the checklist meanwhile (version {number}). Please look at it first."),
)
WALK_MISSING = Reason("walk_missing", _("This must be filled in."), 400)
WALK_AREA_OUTSIDE = Reason("walk_area_outside", _("“{place}” does not lie in the area of the walk."), 400)
WALK_NOT_PLANNED = Reason("walk_not_planned", _("This walk is no longer planned: {state}."))
WALK_CHANGED = Reason(
    "walk_changed", _("Somebody else changed this walk meanwhile. Please look at it first.")
)
WALK_TOO_FAR = Reason("walk_too_far", _("A walk is planned for a day of the next twelve months."), 400)
NOBODY_WALKS = Reason("nobody_walks", _("Please name at least one unit that takes part."), 400)
FINDING_TAKEN = Reason("finding_taken", _("Something else was sent under this key already."))
DRIVE_NOT_FOUND = Reason("drive_not_found", _("There is no such drive, or it is not yours to see."), 404)
NOT_YOURS_TO_DRIVE = Reason(
    "not_yours_to_drive", _("Your posts give you no right to run drives in this area."), 403
)
DRIVE_BACKWARDS = Reason("drive_backwards", _("A drive would end before it begins."), 400)
CASE_NOT_FOUND = Reason("drive_case_not_found", _("There is no such case, or it is not yours to see."), 404)
ITEM_UNKNOWN = Reason("drive_item_unknown", _("There is no item with the code “{code}”."), 400)
NOTHING_CLEARED = Reason("nothing_cleared", _("How much was it? A number above nothing."), 400)
STRUCK_ALREADY = Reason("struck_already", _("This line is struck out already."))
INDEX_COLUMN = Reason("index_column", _("The table lacks the column “{column}”."), 400)
INDEX_EMPTY = Reason("index_empty", _("The table has no values."), 400)
INDEX_LONG = Reason("index_long", _("At most {most} values at once; please split the file."), 400)
INDEX_FLAWED = Reason("index_flawed", _("Nothing was taken in: {count} lines must be mended first."), 400)
