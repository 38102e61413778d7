"""What reading gives: a table that yields rows, each with its line, its values and its flaws."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import chain
from types import TracebackType
from typing import Final, Literal, Self

from huying.kit.errors import Reason, Refusal
from huying.kit.tabular import reasons
from huying.kit.tabular.reasons import TableRefusal

Kind = Literal["csv", "csv.gz", "xlsx", "xls", "ods"]
CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ufffe\uffff]")
DAMAGED: Final = "\ufffd"

_HEADER_SEARCH: Final = 10
_SPACE: Final = re.compile(r"\s+")
_INVISIBLE: Final = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read before a table is refused; the defaults hold a large city's year."""

    most_bytes: int = 200 * 2**20
    most_unpacked_bytes: int = 2 * 2**30
    most_workbook_bytes: int = 400 * 2**20
    most_rows: int = 2_000_000
    most_columns: int = 500
    most_line_characters: int = 4_000_000
    most_cell_characters: int = 200_000
    most_workbook_memory_bytes: int = 2**30
    most_workbook_cpu_seconds: int = 60


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something about a row or a table that a person should know, with the reason's names filled in."""

    reason: Reason
    details: Mapping[str, object] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The stable key of the reason."""
        return self.reason.key

    @property
    def sentence(self) -> str:
        """The sentence for people, in the language active now."""
        told = Refusal(self.reason)
        told.details = dict(self.details)
        return told.sentence


@dataclass(frozen=True, slots=True)
class Record:
    """Cells as they stand in the file, and the number of the line or sheet row they begin at (from 1)."""

    line: int
    cells: list[str]
    errors: tuple[Flaw, ...] = ()
    notes: tuple[Flaw, ...] = ()

    @property
    def filled(self) -> int:
        """How many cells hold more than blanks."""
        return sum(not blank(cell) for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line it begins at (from 1), its values by column name, what is wrong and what is noted.

    A row with errors still carries every value that could be read; whether to take it is the caller's choice.
    """

    line: int
    values: dict[str, str]
    errors: tuple[Flaw, ...] = ()
    notes: tuple[Flaw, ...] = ()


@dataclass(frozen=True, slots=True)
class Header:
    """The names of the columns, all distinct, the line they stand at, and what had to be mended."""

    names: tuple[str, ...]
    line: int
    notes: tuple[Flaw, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the records of a table come from: its kind, dialect and how far it has been read."""

    name: str
    kind: Kind
    total: int
    done: Callable[[], int]
    unit: Literal["bytes", "rows"]
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    notes: tuple[Flaw, ...] = ()
    damaged: bool = False


class Table:
    """A table being read: iterate it once for its rows, and close it (or use `with`).

    `header` holds the column names, `notes` what is worth telling about the whole. `done` of `total` (both in
    `unit`: bytes of the file, or rows of the sheet) serve a progress bar.
    """

    def __init__(self, origin: Origin, records: Iterator[Record], limits: Limits, held: ExitStack) -> None:
        self._origin = origin
        self._limits = limits
        self._held = held
        self._done_at_close: int | None = None
        self._header, self._records = find_header(records, origin.name, limits)
        self.name = origin.name
        self.kind = origin.kind
        self.encoding = origin.encoding
        self.delimiter = origin.delimiter
        self.sheet = origin.sheet
        self.header = self._header.names
        self.header_line = self._header.line
        self.notes = (*origin.notes, *self._header.notes)
        self.total = origin.total
        self.unit = origin.unit

    @property
    def done(self) -> int:
        """How much of `total` has been read."""
        if self._done_at_close is None:
            return min(self._origin.done(), self.total)
        return self._done_at_close

    def __iter__(self) -> Iterator[Row]:
        """Yield the rows below the header, blank ones left out; raises TableRefusal past the limits."""
        count = 0
        for record in self._records:
            if not any(record.cells):
                continue
            count += 1
            if count > self._limits.most_rows:
                raise TableRefusal(reasons.TOO_MANY_ROWS, name=self.name, most=self._limits.most_rows)
            yield self._row(record)

    def _row(self, record: Record) -> Row:
        cells, names = record.cells, self.header
        errors = record.errors
        if len(cells) != len(names):
            errors += _uneven(cells, len(names))
        longest = self._limits.most_cell_characters
        for name, cell in zip(names, cells, strict=False):
            if len(cell) > longest:
                errors += (Flaw(reasons.CELL_TOO_LONG, {"column": name, "most": longest}),)
            if self._origin.damaged and DAMAGED in cell:
                errors += (Flaw(reasons.BYTES_UNREADABLE, {"column": name}),)
        values = dict(zip(names, chain(cells, [""] * (len(names) - len(cells))), strict=False))
        notes = tuple(self._name_column(note) for note in record.notes)
        return Row(record.line, values, errors, notes)

    def _name_column(self, note: Flaw) -> Flaw:
        """Put the name of the column where a record knows only its place."""
        place = note.details.get("place")
        if not isinstance(place, int) or place >= len(self.header):
            return note
        return Flaw(note.reason, {**note.details, "column": self.header[place]})

    def close(self) -> None:
        """Let go of the file, and of the process that opened a workbook."""
        self._done_at_close = self.done
        self._held.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _uneven(cells: Sequence[str], expected: int) -> tuple[Flaw, ...]:
    """Tell that a row is longer or shorter than the header; blank cells too many do no harm."""
    details = {"found": len(cells), "expected": expected}
    if len(cells) < expected:
        return (Flaw(reasons.ROW_TOO_SHORT, details),)
    if any(not blank(cell) for cell in cells[expected:]):
        return (Flaw(reasons.ROW_TOO_LONG, details),)
    return ()


def blank(cell: str) -> bool:
    """Whether a cell holds nothing to see."""
    return not cell or cell.isspace()


def find_header(records: Iterator[Record], name: str, limits: Limits) -> tuple[Header, Iterator[Record]]:
    """Return the header and the records below it.

    It is the first record with anything in it, unless only one cell of that is filled and a record soon after
    has more: then what stands above is a title, as on the ledgers that offices print.
    """
    seen: list[Record] = []
    for record in records:
        if record.filled:
            seen.append(record)
        if seen and (record.filled > 1 or len(seen) == _HEADER_SEARCH):
            break
    if not seen:
        raise TableRefusal(reasons.TABLE_EMPTY, name=name)
    at = next((place for place, record in enumerate(seen) if record.filled > 1), 0)
    titles = tuple(Flaw(reasons.TITLE_SKIPPED, {"line": record.line}) for record in seen[:at])
    names, notes = _distinct(seen[at].cells)
    if len(names) > limits.most_columns:
        raise TableRefusal(reasons.TOO_MANY_COLUMNS, name=name, most=limits.most_columns)
    header = Header(names, seen[at].line, (*titles, *seen[at].notes, *notes))
    return header, chain(seen[at + 1 :], records)


def _distinct(cells: Iterable[str]) -> tuple[tuple[str, ...], list[Flaw]]:
    """Tidy the names of a header and make them distinct, telling what was changed."""
    tidy = [tidy_name(cell) for cell in cells]
    while tidy and not tidy[-1]:
        tidy.pop()
    taken, names, notes = set(tidy), list[str](), list[Flaw]()
    for position, wanted in enumerate(tidy, 1):
        name = wanted
        if not wanted:
            name = _free(f"column {position}", taken)
            notes.append(Flaw(reasons.HEADER_UNNAMED, {"position": position, "name": name}))
        elif wanted in names:
            name = _free(wanted, taken)
            notes.append(Flaw(reasons.HEADER_DOUBLED, {"column": wanted, "name": name}))
        names.append(name)
        taken.add(name)
    return tuple(names), notes


def _free(wanted: str, taken: set[str]) -> str:
    """Return a name like the wanted one which no other column has."""
    if wanted not in taken:
        return wanted
    number = 2
    while f"{wanted} ({number})" in taken:
        number += 1
    return f"{wanted} ({number})"


def tidy_name(cell: str) -> str:
    """Return a column name without line breaks, invisible characters, marks of must (*) and end colons."""
    name = _SPACE.sub(" ", _INVISIBLE.sub("", CONTROL.sub("", unicodedata.normalize("NFKC", cell))))
    return name.strip(" *").rstrip(": ").strip()


def header_key(name: str) -> str:
    """Return what two spellings of one column name share: no case, no spaces, no underscores."""
    return re.sub(r"[\s_\-]+", "", tidy_name(name)).casefold()
