"""Why a line of the catalogue is not taken."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huying.kit.errors import Reason

COLUMNS_UNKNOWN = Reason(
    "columns_unknown", _("The columns are not those of a catalogue: code and name, or one name a level."), 400
)
CODE_MISSING = Reason("code_missing", _("The line has no code."), 400)
CODE_TOO_LONG = Reason("code_too_long", _("The code {code} is too long: at most {most} characters."), 400)
CODE_TWICE = Reason("code_twice", _("The code {code} stands twice."), 400)
NAME_MISSING = Reason("name_missing", _("The line has no name."), 400)
PARENT_UNKNOWN = Reason("parent_unknown", _("There is no line with the code {code} to lie under."), 400)
VALUE_UNKNOWN = Reason("value_unknown", _("“{value}” is not possible for {column}."), 400)
NOT_A_NUMBER = Reason("not_a_number", _("“{value}” is not a whole number above zero ({column})."), 400)
EMPTY = Reason("catalogue_empty", _("There is no item in this file."), 400)
STAGE_UNREADABLE = Reason("stage_unreadable", _("“{text}” is not a stage like 停工:4:working_hours."), 400)
TOO_MANY_STAGES = Reason("too_many_stages", _("An item has at most {most} stages."), 400)
LIMIT_UNREADABLE = Reason(
    "limit_unreadable", _("“{text}” is not a limit like sign@A:15:natural_minutes."), 400
)
LIMIT_TWICE = Reason("limit_twice", _("The limit {text} stands twice."), 400)
NOT_A_DRAFT = Reason("not_a_draft", _("Only a draft can be published."))
TOO_DEEP = Reason("too_deep", _("A catalogue has at most three levels."), 400)

# --- editing the calendar, clocks and grades ---------------------------------------------------------
EDITED_MEANWHILE = Reason(
    "edited_meanwhile", _("Somebody changed this table meanwhile. Please look at it again."), retry=True
)
DAY_TOO_FAR = Reason("day_too_far", _("{on} lies outside the calendar."), 422)
HOLIDAY_HAS_NO_HOURS = Reason("holiday_has_no_hours", _("{on} is a holiday and has no working hours."), 422)
UNKNOWN_CLOCK = Reason("unknown_clock", _("There is no clock called “{key}”."), 404)
CLOCK_BACKDATED = Reason("clock_backdated", _("A clock changes from today on, not in the past."), 422)
CLOCK_UNIT_WRONG = Reason("clock_unit_wrong", _("This clock cannot be counted in that unit."), 422)
PERCENT_OUT_OF_RANGE = Reason("percent_out_of_range", _("A share lies between 1 and {most} percent."), 422)
UNKNOWN_GRADE = Reason("unknown_grade", _("There is no grade {key}."), 404)
UNKNOWN_LEVEL = Reason("unknown_level", _("The town has no such level."), 422)
UNKNOWN_ROLE = Reason("unknown_role", _("There is no such role."), 422)
UNKNOWN_TONE = Reason("unknown_tone", _("There is no such colour."), 422)
AMOUNT_AND_UNIT = Reason("amount_and_unit", _("Please give both amount and unit, or neither."), 422)
