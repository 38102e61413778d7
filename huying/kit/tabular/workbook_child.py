"""Run as a program of its own: open the workbook on standard input and print its rows as lines of JSON.

Arguments: most bytes of memory, most seconds of processor time, and the name of the sheet if one is wanted.
Prints one object about the sheet, then `[row, cells, places of numbers that lost digits]` for each row that
is not blank, then "end"; or one object with the key of a refusal. It imports nothing of this project, so that
it starts in a few hundredths of a second and runs isolated.
"""

import json
import sys
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Final

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    WorksheetNotFound,
)

Value = int | float | str | bool | time | date | datetime | timedelta

MOST_DIGITS: Final = 10**15
"""Excel keeps fifteen certain digits of a number; longer ones have already lost the rest."""


class _RefusedError(Exception):
    """The workbook is not read; the message is the key of the reason."""


def main(arguments: list[str]) -> None:
    """Read the workbook within the limits given and print what it holds."""
    memory_bytes, cpu_seconds = (int(argument) for argument in arguments[:2])
    _bound(memory_bytes, cpu_seconds)
    try:
        _print_rows(_choose(arguments[2] if len(arguments) > 2 else None))  # noqa: PLR2004 - the third is optional
    except _RefusedError as refused:
        _say({"refused": str(refused)})
    except MemoryError:
        _say({"refused": "workbook_too_large"})
    except PasswordError:
        _say({"refused": "workbook_locked"})
    except BrokenPipeError:
        sys.stderr.close()  # the reader has had enough
    except BaseException:  # noqa: BLE001 - a panic of the reader is no Exception, and every fault is told
        _say({"refused": "workbook_broken"})


def _bound(memory_bytes: int, cpu_seconds: int) -> None:
    with suppress(ImportError, ValueError, OSError):  # systems without such limits go without
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))


def _choose(wanted: str | None) -> CalamineSheet:
    """Open the wanted sheet, else the first visible one that has rows, and say which it is."""
    data = sys.stdin.buffer.read()
    try:
        workbook = CalamineWorkbook.from_object(BytesIO(data))
    except CalamineError as error:
        # Locked files of newer versions lie in a container of the old kind, in a stream of this name.
        locked = "EncryptedPackage".encode("utf-16-le") in data
        raise _RefusedError("workbook_locked" if locked else "workbook_broken") from error
    sheets = [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]
    if wanted is not None:
        try:
            chosen = workbook.get_sheet_by_name(wanted)
        except WorksheetNotFound as error:
            raise _RefusedError("sheet_missing") from error
        _say({"sheet": wanted, "others": [], "rows": last_row(chosen)})
        return chosen
    filled = [sheet for sheet in map(workbook.get_sheet_by_name, sheets) if sheet.height]
    if not filled:
        raise _RefusedError("table_empty")
    first, *others = filled
    _say({"sheet": first.name, "others": [sheet.name for sheet in others], "rows": last_row(first)})
    return first


def last_row(sheet: CalamineSheet) -> int:
    """Return the number of the last row that holds anything, counted from 1."""
    return sheet.end[0] + 1 if sheet.end else 0


def _print_rows(sheet: CalamineSheet) -> None:
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = [cell_text(value) for value in row]
        if any(cells):
            _say([number, cells, [place for place, value in enumerate(row) if has_lost_digits(value)]])
    _say("end")


def _say(frame: object) -> None:
    print(json.dumps(frame, ensure_ascii=True))  # noqa: T201 - printing is this program's way to answer


def cell_text(value: Value) -> str:
    """Return a cell as a person reads it: whole numbers without .0, moments as 2026-03-01 09:30:00."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n")
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
    if isinstance(value, datetime):
        return value.isoformat(" ", "milliseconds" if value.microsecond else "seconds")
    if isinstance(value, time):
        return value.isoformat("seconds")
    return value.isoformat() if isinstance(value, date) else str(value)


def has_lost_digits(value: Value) -> bool:
    """Whether a number is too long for its last digits to be true."""
    return isinstance(value, (int, float)) and abs(value) >= MOST_DIGITS


if __name__ == "__main__":
    main(sys.argv[1:])
