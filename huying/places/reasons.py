"""Why an area or place is not written."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huying.kit.errors import Reason

LEVEL_UNKNOWN = Reason("level_unknown", _("There is no level called {level}."), 400)
PARENT_UNKNOWN = Reason("parent_unknown", _("There is no area with the code {parent} to lie in."), 400)
PARENT_NOT_WIDER = Reason("parent_not_wider", _("An area can lie only in one of a wider level."), 400)
CODE_TAKEN = Reason("code_taken", _("The code {code} belongs to another area in that time."))
NOTHING_TO_MERGE = Reason(
    "nothing_to_merge", _("Choose at least two areas of one level and one parent."), 400
)
MERGE_DAY_IMPOSSIBLE = Reason(
    "merge_day_impossible", _("Areas are merged from a day after each began, and not ahead of time."), 400
)
AREA_UNKNOWN = Reason("area_unknown", _("There is no area with the code {code}."), 400)
LIST_EMPTY = Reason("list_empty", _("The file {name} holds no line."), 400)
LIST_TOO_LONG = Reason("list_too_long", _("A file holds at most {most} lines."), 413)
FIELD_UNKNOWN = Reason("field_unknown", _("There is no field “{name}”; possible are {possible}."), 400)
COLUMN_UNKNOWN = Reason("column_unknown", _("The file has no column “{column}”."), 400)
NAME_COLUMN_MISSING = Reason(
    "name_column_missing", _("No column holds the name; please choose it. The file has: {columns}."), 400
)
NAME_MISSING = Reason("name_missing", _("The name is missing."), 422)
TOO_LONG = Reason("too_long", _("“{value}” is too long: at most {most} characters."), 422)
KIND_UNKNOWN = Reason(
    "kind_unknown",
    _("“{kind}” is neither a kind of place nor a level of areas; name one of {possible}."),
    422,
)
KIND_NOT_TOLD = Reason(
    "kind_not_told", _("Nothing says what “{name}” is: give a kind, or one for the whole file."), 422
)
CODE_MISSING = Reason("code_missing", _("An area needs a code."), 422)
CODE_TWICE = Reason("code_twice", _("The code {code} stands in line {line} already."), 422)
CODE_OF_AN_AREA = Reason("code_of_an_area", _("The code {code} belongs to an area, not to a place."), 422)
CODE_OF_A_PLACE = Reason("code_of_a_place", _("The code {code} belongs to a place, not to an area."), 422)
AREA_NOT_FOUND = Reason("area_not_found", _("There is no area “{area}”, neither by code nor by name."), 422)
AREA_NAME_TWICE = Reason(
    "area_name_twice", _("Several areas are called “{area}”: please give the code."), 422
)
AREA_NOT_TOLD = Reason(
    "area_not_told",
    _("Nothing says where this lies: give an area, a point or an address that is known."),
    422,
)
AREA_ELSEWHERE = Reason(
    "area_elsewhere", _("The area {code} lies in {parent} today; a file does not move areas."), 422
)
LEVEL_CHANGED = Reason("level_changed", _("The area {code} is of another level today."), 422)
POINT_OUTSIDE = Reason(
    "point_outside", _("The point lies outside the town: is the coordinate system right?"), 422
)
POINT_ELSEWHERE = Reason("point_elsewhere", _("The point lies in {there}, the line says {here}."), 200)
YEARS_UNREADABLE = Reason("years_unreadable", _("The years of the old name “{name}” cannot be read."), 422)
LIST_NOT_CLEAN = Reason(
    "list_not_clean",
    _("{count} lines cannot be taken, so nothing was: mend them, or say that they are to be skipped."),
    422,
)
RETIRING_NEEDS_ALL = Reason(
    "retiring_needs_all", _("Places are retired only by a whole list: mend its wrong lines first."), 422
)
RETIRING_NEEDS_A_SOURCE = Reason(
    "retiring_needs_a_source", _("Say which list this is, to retire what it no longer names."), 400
)
