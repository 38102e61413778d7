"""Why no hot spots can be found in a file."""

from huying.kit.errors import Reason, Refusal


def _(msgid: str) -> str:
    """Mark a sentence for translation; the core knows no Django, so the door that shows it translates."""
    return msgid


class HotSpotRefusal(Refusal):
    """A file cannot be read as tellings."""


COLUMN_MISSING = Reason(
    "column_missing", _("{name} has no column for {what} that could be guessed. It has: {there}."), 422
)
COLUMN_UNKNOWN = Reason("column_unknown", _("{name} has no column {column}. It has: {there}."), 422)
NOTHING_READ = Reason(
    "nothing_read",
    _("{name}: none of the {rows} rows has both words and a moment that can be read."),
    422,
)
