"""Every reason for which the calendar or a clock refuses what it is given, in one table."""

from huying.kit.errors import Reason, Refusal


def _(msgid: str) -> str:
    """Mark a sentence for translation; the core knows no Django, the door that shows it translates."""
    return msgid


class CalendarError(Refusal):
    """A calendar, a limit or a question to them makes no sense; asking again does not help."""


# --- the calendar ------------------------------------------------------------------------------------
SPAN_BACKWARDS = Reason("span_backwards", _("{span} does not lie forwards within one day."), 422)
SPAN_UNREADABLE = Reason("span_unreadable", _("“{text}” is not working time like 09:00-12:00."), 422)
SPANS_OVERLAP = Reason("spans_overlap", _("The working times {earlier} and {later} overlap."), 422)
SEASON_UNREADABLE = Reason("season_unreadable", _("“{text}” is not a day of the year like 05-01."), 422)
HOURS_EMPTY = Reason("hours_empty", _("A working day needs working hours, or no limit could end on it."), 422)
HOURS_MISSING = Reason(
    "hours_missing", _("Some working hours must be in force without beginning or end."), 422
)
DAY_TWICE = Reason("day_twice", _("{on} is in the calendar twice."), 422)
DAY_KIND_UNKNOWN = Reason("day_kind_unknown", _("{on}: “{kind}” is no kind of day."), 422)
DAY_PROVISIONAL_UNREADABLE = Reason(
    "day_provisional_unreadable", _("{on}: “{text}” says neither yes nor no to provisional."), 422
)
NOT_WORKED = Reason("not_worked", _("{on} is not a working day."), 422)
TOO_FAR = Reason("too_far", _("The calendar reaches from {first} to {last}, not to {year}."), 422)

# --- the clocks --------------------------------------------------------------------------------------
COUNT_NOT_POSITIVE = Reason("count_not_positive", _("Working days are counted from one."), 422)
LIMIT_NOT_POSITIVE = Reason("limit_not_positive", _("A limit of {amount} is none."), 422)
LIMIT_TOO_LONG = Reason("limit_too_long", _("A limit of {amount} is longer than the most, {most}."), 422)
PAUSE_BACKWARDS = Reason("pause_backwards", _("A pause ends at {end}, before it begins at {start}."), 422)
MOMENT_NAIVE = Reason("moment_naive", _("{at} has no time zone, so its day cannot be judged."), 422)
