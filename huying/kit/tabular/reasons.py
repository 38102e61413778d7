"""Every reason for which a table, or one row of it, is not taken as it stands."""

from huying.kit.errors import Reason, Refusal


def _(msgid: str) -> str:
    """Mark a sentence for translation; these tools know no Django, so the door that shows it translates."""
    return msgid


class TableRefusal(Refusal):
    """A whole table cannot be read or written; `details` always hold the `name` of the file."""


# --- the whole table ---------------------------------------------------------------------------------
TABLE_EMPTY = Reason("table_empty", _("{name} holds no rows."), 422)
TABLE_TOO_LARGE = Reason("table_too_large", _("{name} has more than {most_megabytes} MB."), 413)
UNPACKED_TOO_LARGE = Reason(
    "unpacked_too_large", _("{name} unpacks to more than {most_megabytes} MB and was not opened."), 413
)
FILE_BROKEN = Reason("file_broken", _("{name} is damaged or was cut off on its way."), 422)
NOT_A_TABLE = Reason(
    "not_a_table", _("{name} is no table. Please send CSV, or Excel as .xlsx, .xls or .ods."), 415
)
ZIP_NOT_A_WORKBOOK = Reason(
    "zip_not_a_workbook", _("{name} is an archive and no workbook. Please unpack it and send its files."), 415
)
MARKUP_NOT_A_WORKBOOK = Reason(
    "markup_not_a_workbook",
    _("{name} is a web page or XML in the clothes of Excel. Please open it in Excel and save it as .xlsx."),
    415,
)
WORKBOOK_LOCKED = Reason("workbook_locked", _("{name} is locked with a password."), 422)
WORKBOOK_BROKEN = Reason("workbook_broken", _("{name} is damaged and cannot be opened."), 422)
WORKBOOK_TOO_LARGE = Reason(
    "workbook_too_large", _("{name} needs too much memory or time to open. Please send it as CSV."), 413
)
SHEET_MISSING = Reason("sheet_missing", _("{name} has no sheet called {sheet}."), 422)
ENCODING_UNKNOWN = Reason(
    "encoding_unknown", _("The encoding of {name} is unknown. Please save it as UTF-8 or GB 18030."), 422
)
LINE_TOO_LONG = Reason("line_too_long", _("Line {line} of {name} has more than {most} characters."), 413)
TOO_MANY_ROWS = Reason("too_many_rows", _("{name} has more than {most} rows."), 413)
TOO_MANY_COLUMNS = Reason("too_many_columns", _("{name} has more than {most} columns."), 413)
SHEET_FULL = Reason("sheet_full", _("A sheet holds up to {most} rows. Please export CSV instead."), 422)

# --- one row: not to be trusted ----------------------------------------------------------------------
ROW_TOO_SHORT = Reason("row_too_short", _("The row has {found} cells, the header has {expected}."), 422)
ROW_TOO_LONG = Reason("row_too_long", _("The row has {found} cells, the header has {expected}."), 422)
QUOTES_BROKEN = Reason("quotes_broken", _("The quotation marks of the row do not match."), 422)
BYTES_UNREADABLE = Reason("bytes_unreadable", _("The cell {column} holds characters that are damaged."), 422)
CELL_TOO_LONG = Reason("cell_too_long", _("The cell {column} has more than {most} characters."), 422)

# --- worth telling, no fault -------------------------------------------------------------------------
CONTROL_REMOVED = Reason("control_removed", _("Invisible control characters were removed."), 200)
DIGITS_LOST = Reason(
    "digits_lost", _("Excel keeps 15 digits of a number; the last digits of {column} are lost."), 200
)
HEADER_DOUBLED = Reason(
    "header_doubled", _("The column {column} comes more than once; it is now {name}."), 200
)
HEADER_UNNAMED = Reason("header_unnamed", _("The column {position} has no name; it is now {name}."), 200)
TITLE_SKIPPED = Reason("title_skipped", _("Line {line} above the header was taken for a title."), 200)
OTHER_SHEETS = Reason("other_sheets", _("Only the sheet {sheet} was read; there are also: {others}."), 200)
