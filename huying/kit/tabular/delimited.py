"""Reading CSV in all its dialects, line by line, without ever losing a line to a stray quotation mark."""

import csv
import io
import re
from collections import Counter, deque
from collections.abc import Iterator
from typing import Final

from huying.kit.tabular import reasons
from huying.kit.tabular.encoding import Guess, guess_encoding
from huying.kit.tabular.formula import restore
from huying.kit.tabular.reasons import TableRefusal
from huying.kit.tabular.source import Source
from huying.kit.tabular.table import CONTROL, Flaw, Record, blank

DELIMITERS: Final = (",", "\t", ";", "|")

_MOST_LINES: Final = 2_000  # of one record; what goes on longer is a quotation mark left open
_SAMPLE_RECORDS: Final = 50
_MOST_DAMAGED_SHARE: Final = 0.005
_MOST_CONTROL_SHARE: Final = 0.01
_DECLARED: Final = re.compile("sep=(.)\r?\n?", re.IGNORECASE)

# The module's own limit is one for the whole process and lower than a long letter; lines have a limit here.
csv.field_size_limit(max(csv.field_size_limit(), 16_000_000))


class _RunawayError(Exception):
    """A record goes on over so many lines that a quotation mark must have been left open."""


class Lines(Iterator[str]):
    """The physical lines of a text with their numbers; those of the current record can be given back."""

    def __init__(self, text: io.TextIOBase, source: Source) -> None:
        self.number = 0
        self.cleaned = False
        self.taken: list[str] = []
        self._text = text
        self._source = source
        self._longest = source.limits.most_line_characters
        self._size = 0
        self._back: deque[str] = deque()

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else self._text.readline(self._longest + 1)
        if not line:
            raise StopIteration
        self.number += 1
        self._size += len(line)
        if len(line) > self._longest:
            name = self._source.name
            raise TableRefusal(reasons.LINE_TOO_LONG, name=name, line=self.number, most=self._longest)
        self.taken.append(line)
        if len(self.taken) > _MOST_LINES or self._size > self._longest:
            raise _RunawayError
        if CONTROL.search(line):
            self.cleaned = True
            line = CONTROL.sub("", line.replace("\x0b", " ").replace("\x0c", " "))
        return line

    def begin_record(self) -> None:
        """Forget the lines of the record before."""
        self.taken.clear()
        self.cleaned = False
        self._size = 0

    def keep_first_only(self) -> str:
        """Give back all lines of the record but its first, and return that, cleaned."""
        first, *rest = self.taken
        self._back.extendleft(reversed(rest))
        self.number -= len(rest)
        return CONTROL.sub("", first)


class Records(Iterator[Record]):
    """Records of a delimited text.

    Where quotation marks do not match, only the line that has the fault is damaged: it is cut at its
    delimiters as it stands and told, and the lines after it are read afresh. `width` (set once the header is
    known) lets a record be noticed that swallowed its neighbours. The apostrophe that our own export puts
    before what looks like a formula is taken off again; formulas are kept as the text they are.
    """

    def __init__(self, lines: Lines, delimiter: str) -> None:
        self.width: int | None = None
        self._lines = lines
        self._delimiter = delimiter
        self._reader = self._new_reader()

    def _new_reader(self) -> Iterator[list[str]]:
        return csv.reader(self._lines, delimiter=self._delimiter, strict=True)

    def __next__(self) -> Record:
        lines = self._lines
        lines.begin_record()
        line = lines.number + 1
        errors: tuple[Flaw, ...] = ()
        try:
            cells = next(self._reader)
            sound = len(lines.taken) == 1 or self._fits(cells)
        except (csv.Error, _RunawayError):
            cells, sound = [], False
        if not sound:
            cells = self._read_alone(lines.keep_first_only())
            errors = (Flaw(reasons.QUOTES_BROKEN),)
        elif len(lines.taken) > 1:
            cells = [cell.replace("\r\n", "\n").replace("\r", "\n") for cell in cells]
        notes = (Flaw(reasons.CONTROL_REMOVED),) if lines.cleaned else ()
        return Record(line, [restore(cell) for cell in cells], errors, notes)

    def _fits(self, cells: list[str]) -> bool:
        if self.width is None or len(cells) == self.width:
            return True
        return len(cells) > self.width and all(blank(cell) for cell in cells[self.width :])

    def _read_alone(self, line: str) -> list[str]:
        """Read one line whose quotation marks are wrong, in the way that gives as many cells as expected."""
        self._reader = self._new_reader()
        line = line.rstrip("\r\n")
        lenient = next(csv.reader([line], delimiter=self._delimiter), [])
        as_it_stands = line.split(self._delimiter)
        return lenient if len(lenient) == self.width else as_it_stands


def prove_encoding(source: Source, *, packed: bool) -> Guess:
    """Return the encoding that decodes the whole source; refuse when none does."""
    guess = guess_encoding(lambda: source.chunks(packed=packed))
    if guess.damaged_share > _MOST_DAMAGED_SHARE:
        raise TableRefusal(reasons.ENCODING_UNKNOWN, name=source.name)
    return guess


def open_text(source: Source, encoding: str, *, packed: bool) -> io.TextIOWrapper:
    """Return the text of a source from its start; bytes that do not decode become U+FFFD."""
    if encoding == "utf-8":
        encoding = "utf-8-sig"
    return io.TextIOWrapper(source.unpacked(packed=packed), encoding, "replace", newline="")


def sniff_delimiter(source: Source, encoding: str, *, packed: bool) -> tuple[str, bool]:
    """Return the delimiter, and whether the first line does nothing but declare it (Excel's `sep=;`).

    The right delimiter cuts most records into the same number of cells, more than one; where some cut the
    first line, the header, it is one of these. The name of the file (.tsv) decides where nothing can be cut.
    Refuses what is no text at all.
    """
    with open_text(source, encoding, packed=packed) as text:
        sample = text.read(1 << 16)
    if len(CONTROL.findall(sample)) > _MOST_CONTROL_SHARE * len(sample) + 8:
        raise TableRefusal(reasons.NOT_A_TABLE, name=source.name)
    declared = _DECLARED.match(sample)
    if declared and declared.group(1) in DELIMITERS:
        return declared.group(1), True
    cutting = [delimiter for delimiter in DELIMITERS if _cuts_header(sample, delimiter)]
    scores = {delimiter: _evenness(sample, delimiter) for delimiter in cutting or DELIMITERS}
    best = max(scores, key=lambda delimiter: scores[delimiter])
    if scores[best] == 0 and source.name.lower().removesuffix(".gz").endswith((".tsv", ".tab")):
        return "\t", False
    return best, False


def _cuts_header(sample: str, delimiter: str) -> bool:
    try:
        records = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        return len(next((record for record in records if any(record)), [])) > 1
    except csv.Error:
        return False


def _evenness(sample: str, delimiter: str) -> float:
    """Return how evenly a delimiter cuts: the share of records with the commonest width, weighed by width."""
    widths: Counter[int] = Counter()
    try:
        for record in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
            if any(record):
                widths[len(record)] += 1
            if widths.total() == _SAMPLE_RECORDS:
                break
    except csv.Error:
        return 0.0
    several = [(count, width) for width, count in widths.items() if width > 1]
    if not several:
        return 0.0
    count, width = max(several)
    return count / widths.total() + min(width, 20) / 100
