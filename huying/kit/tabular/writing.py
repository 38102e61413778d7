"""Writing CSV and Excel that no spreadsheet program will run as formulas."""

import codecs
import csv
import io
import math
import re
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from huying.kit.tabular import reasons
from huying.kit.tabular.formula import neutralise
from huying.kit.tabular.reasons import TableRefusal

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Cell = str | int | float | Decimal | bool | date | datetime | None
"""What a cell may hold; moments with a zone are written as the clocks in Shanghai show them."""

MOST_SHEET_ROWS: Final = 1_048_576
MOST_CELL_CHARACTERS: Final = 32_767

_SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
_MOST_DIGITS: Final = 10**15
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_WIDEST: Final = 60


@dataclass(frozen=True, slots=True)
class Written:
    """How many rows were written below the header, and how many cells had to be cut to fit a sheet."""

    rows: int
    cut_cells: int = 0


@dataclass(frozen=True, slots=True)
class Stamp:
    """What every sheet and printed page of a workbook says about itself, so that a copy tells whose it was.

    `cover` is a first sheet of (label, text) lines under `title`; `head` and `foot` stand on every printed
    page; `picture` is a PNG drawn behind the cells on the screen and behind every printed page.
    """

    title: str
    cover: Sequence[tuple[str, str]]
    head: str
    foot: str
    picture: bytes


def write_csv(target: Path | IO[bytes], header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Written:
    """Write a CSV file row by row and return how many rows it has.

    UTF-8 with a byte order mark, for Excel would otherwise take it for GBK; CRLF line ends (RFC 4180). An
    open target stays open.
    """
    count = 0
    with ExitStack() as held:
        raw = held.enter_context(target.open("wb")) if isinstance(target, Path) else target
        text = codecs.getwriter("utf-8-sig")(raw)
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow([neutralise(_clean(name)) for name in header])
        for row in rows:
            writer.writerow([_as_text(cell) for cell in row])
            count += 1
    return Written(count)


def _as_text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return neutralise(_clean(cell))
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, datetime):
        return _local(cell).isoformat(" ", "seconds")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def write_xlsx(
    target: Path | IO[bytes],
    header: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    sheet: str = "Sheet1",
    stamp: Stamp | None = None,
) -> Written:
    """Write an Excel file row by row in bounded memory and return how many rows it has.

    Texts are written as texts, never as formulas or links, and stay texts when a cell is edited; numbers of
    more than 15 digits as texts, for Excel would round them. Texts over 32,767 characters are cut, end in …
    and are counted. A `stamp` says on every page what the file is. Raises TableRefusal `sheet_full` when the
    rows do not fit one sheet.
    """
    import xlsxwriter

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(str(target) if isinstance(target, Path) else target, options) as workbook:
        if stamp is not None:
            _cover(workbook, stamp)
        page = workbook.add_worksheet(sheet)
        bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        writer = _SheetWriter(page, _Formats(workbook))
        page.freeze_panes(1, 0)
        for place, name in enumerate(header):
            page.set_column(place, place, _width(name))
        for place, name in enumerate(header):
            page.write_string(0, place, writer.fit(name), bold)
        count = 0
        for count, row in enumerate(rows, 1):
            if count >= MOST_SHEET_ROWS:
                raise TableRefusal(reasons.SHEET_FULL, name=sheet, most=MOST_SHEET_ROWS - 1)
            for place, cell in enumerate(row):
                writer.write(count, place, cell)
        if stamp is not None:
            _mark(page, stamp)
            page.activate()
        page.autofilter(0, 0, count, max(0, len(header) - 1))
    return Written(count, writer.cut_cells)


def _cover(workbook: "Workbook", stamp: Stamp) -> None:
    """Write the first sheet: what the workbook is, for whom, what for."""
    page = workbook.add_worksheet(_sheet_name(stamp.title))
    bold, text = workbook.add_format({"bold": True, "valign": "top"}), _Formats(workbook).guarded
    writer = _SheetWriter(page, _Formats(workbook))
    page.set_column(0, 0, 22)
    page.set_column(1, 1, 80)
    page.write_string(0, 0, writer.fit(stamp.title), workbook.add_format({"bold": True, "font_size": 14}))
    for row, (label, told) in enumerate(stamp.cover, 2):
        page.write_string(row, 0, writer.fit(label), bold)
        page.write_string(row, 1, writer.fit(told), text)
    _mark(page, stamp)


def _mark(page: "Worksheet", stamp: Stamp) -> None:
    """Put the words and the picture on every page, and let the columns fit its width."""
    # The picture stands in the middle of the page's head and reaches down behind the cells.
    picture = {"image_center": "mark.png", "image_data_center": io.BytesIO(stamp.picture)}
    page.set_header(f"&L{_in_margin(stamp.head)}&C&G", picture)
    page.set_footer(f"&L{_in_margin(stamp.foot)}&R&P / &N")
    page.set_background(io.BytesIO(stamp.picture))
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)


def _in_margin(text: str) -> str:
    """Return a text as a page's margin takes it: & begins a code there, and 255 characters are the most."""
    return _CONTROL.sub("", _clean(text))[:110].replace("&", "&&")


def _sheet_name(text: str) -> str:
    return re.sub(r"[\[\]:*?/\\']", "", text)[:31] or "Sheet"


class _Formats:
    """The number formats of one workbook."""

    def __init__(self, workbook: "Workbook") -> None:
        self.day: Format = workbook.add_format({"num_format": "yyyy-mm-dd"})
        self.moment: Format = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        # "@" keeps digits digits when the cell is edited; the quote keeps a formula a text.
        self.text: Format = workbook.add_format({"num_format": "@"})
        self.guarded: Format = workbook.add_format({"num_format": "@", "quote_prefix": True})


class _SheetWriter:
    """Writes cells of one sheet by their type."""

    def __init__(self, page: "Worksheet", formats: _Formats) -> None:
        self._page = page
        self._formats = formats
        self.cut_cells = 0

    def write(self, row: int, place: int, cell: Cell) -> None:
        """Write one cell; nothing for None and the empty text."""
        page = self._page
        if cell is None or cell == "":
            return
        if isinstance(cell, bool):
            page.write_boolean(row, place, cell)
        elif isinstance(cell, (int, float, Decimal)) and _is_exact(cell):
            page.write_number(row, place, cell)
        elif isinstance(cell, datetime):
            page.write_datetime(row, place, _local(cell), self._formats.moment)
        elif isinstance(cell, date):
            page.write_datetime(row, place, cell, self._formats.day)
        else:
            text = self.fit(str(cell))
            guarded = neutralise(text) != text
            page.write_string(row, place, text, self._formats.guarded if guarded else self._formats.text)

    def fit(self, text: str) -> str:
        """Return the text without what XML cannot hold and not longer than a cell."""
        text = _CONTROL.sub("", _clean(text))
        if len(text) <= MOST_CELL_CHARACTERS:
            return text
        self.cut_cells += 1
        return text[: MOST_CELL_CHARACTERS - 1] + "…"


def _is_exact(number: float | Decimal) -> bool:
    """Whether Excel can keep a number without rounding its digits away."""
    return math.isfinite(number) and -_MOST_DIGITS < number < _MOST_DIGITS


def _clean(text: str) -> str:
    return _SURROGATE.sub("\ufffd", text)


def _local(at: datetime) -> datetime:
    return at if at.tzinfo is None else at.astimezone(_SHANGHAI).replace(tzinfo=None)


def _width(name: str) -> float:
    """Return a column width for a name, Chinese characters counting twice."""
    return min(_WIDEST, max(10, 2 + sum(2 if character > "\x7f" else 1 for character in name)))
