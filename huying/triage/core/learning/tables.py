"""Reads labelled and unlabelled texts from tables as people send them, and writes answers beside them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from huying.kit.errors import Reason
from huying.kit.tabular import Row, Table, header_key, read_table, write_csv, write_xlsx

from . import reasons
from .examples import Example
from .model import Model
from .reasons import LearningRefusal
from .wording import share_cut

ANSWER_COLUMNS: Final = ("id", "label", "confidence", "second", "reason")
_ID: Final = "id"
_SAMPLE: Final = 200
_DIGITS: Final = 4
_BATCH: Final = 1024
_NOTHING_KNOWN: Final = "–"


@dataclass(frozen=True, slots=True)
class Columns:
    """The names of the columns that hold what is needed; `above` the label's ancestors, widest first.

    Without `id` a column of that name is used, else the number of the line.
    """

    text: str = "text"
    title: str = ""
    label: str = "label"
    id: str = ""
    weight: str = ""
    above: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Labelled:
    """The examples of some tables; what of them is cut words, and what was noticed on the way.

    `repeated` rows said again what a row of the same id had said, and were left out; `disagreeing` are ids
    that have more than one label.
    """

    examples: tuple[Example, ...]
    share_cut: float
    repeated: int
    disagreeing: tuple[str, ...]


def read_labelled(places: Sequence[Path], columns: Columns) -> Labelled:
    """Read every table (CSV, gzipped or not, or a workbook) and return its labelled texts, in order.

    Raises LearningRefusal where a column is missing, a row is broken or has no label or text, and
    TableRefusal where a file is no table or in no known encoding.
    """
    kept: dict[tuple[str, str, str], Example] = {}
    labels: dict[str, set[str]] = {}
    count = 0
    for place in places:
        for one in _examples(place, columns):
            count += 1
            name = one.id or one.text
            kept.setdefault((name, one.told, one.label), one)
            labels.setdefault(name, set()).add(one.label)
    examples = tuple(kept.values())
    return Labelled(
        examples,
        share_cut(one.text for one in examples[:: max(1, len(examples) // _SAMPLE)]),
        count - len(examples),
        tuple(name for name, told in labels.items() if len(told) > 1),
    )


def _examples(place: Path, columns: Columns) -> Iterator[Example]:
    with read_table(place, name=place.name) as table:
        names = _Names(table, columns, labelled=True)
        unlabelled, empty = _Faults(place, reasons.LABELS_EMPTY), _Faults(place, reasons.TEXTS_EMPTY)
        for row in table:
            _require_sound(place, row)
            one = names.example(row)
            if not one.label:
                unlabelled.note(row.line)
            elif not one.told.strip():
                empty.note(row.line)
            else:
                yield one
        unlabelled.tell()
        empty.tell()


def write_answers(model: Model, source: Path, target: Path, columns: Columns) -> int:
    """Answer every row of a table in its order and write the answers to `target` (.csv or .xlsx).

    Returns how many rows were answered. A row without a text is answered, with little confidence and no
    reason. Raises as `read_labelled` does.
    """
    write = write_xlsx if target.suffix.lower() == ".xlsx" else write_csv
    with read_table(source, name=source.name) as table:
        names = _Names(table, columns, labelled=False)
        return write(target, ANSWER_COLUMNS, _answers(model, names, table, source)).rows


def _answers(model: Model, names: "_Names", table: Table, source: Path) -> Iterator[tuple[str | float, ...]]:
    waiting: list[Example] = []
    for row in table:
        _require_sound(source, row)
        waiting.append(names.example(row, with_line=True))
        if len(waiting) == _BATCH:
            yield from _answered(model, waiting)
            waiting.clear()
    yield from _answered(model, waiting)


def _answered(model: Model, asked: Sequence[Example]) -> Iterator[tuple[str | float, ...]]:
    texts = [one.told for one in asked]
    told = zip(asked, model.predict_many(texts), model.explain_many(texts), strict=True)
    for one, answer, shares in told:
        reason = "、".join(share.word for share in shares) or _NOTHING_KNOWN
        yield one.id, answer.label, round(answer.confidence, _DIGITS), answer.second, reason


class _Names:
    """The columns of one table that are asked for, found whatever their case and spaces."""

    def __init__(self, table: Table, columns: Columns, *, labelled: bool) -> None:
        self._there = {header_key(name): name for name in table.header}
        self._table = table
        self._text = self._find(columns.text)
        self._title = self._find(columns.title) if columns.title else ""
        self._label = self._find(columns.label) if labelled else ""
        self._weight = self._find(columns.weight) if columns.weight and labelled else ""
        self._above = tuple(self._find(name) for name in columns.above) if labelled else ()
        self._id = self._find(columns.id) if columns.id else self._there.get(_ID, "")

    def example(self, row: Row, *, with_line: bool = False) -> Example:
        """Return a row as an example; where there is no id, the number of the line if asked for."""
        value = row.values
        one = value[self._id].strip() if self._id else ""
        weight = value[self._weight].strip() if self._weight else ""
        return Example(
            text=value[self._text],
            title=value[self._title] if self._title else "",
            label=value[self._label].strip() if self._label else "",
            id=one or (str(row.line) if with_line else ""),
            weight=self._number(weight, row) if weight else 1.0,
            path=tuple(value[name].strip() for name in self._above),
        )

    def _find(self, name: str) -> str:
        found = self._there.get(header_key(name))
        if found is None:
            raise LearningRefusal(
                reasons.COLUMN_MISSING,
                name=self._table.name,
                column=name,
                there=", ".join(self._table.header),
            )
        return found

    def _number(self, told: str, row: Row) -> float:
        try:
            weight = float(told)
        except ValueError:
            weight = 0.0
        if not 0 < weight < float("inf"):
            raise LearningRefusal(reasons.WEIGHT_WRONG, name=self._table.name, line=row.line, weight=told)
        return weight


class _Faults:
    """Rows of one table with the same fault: told together, once the table is read."""

    def __init__(self, place: Path, reason: Reason) -> None:
        self._place, self._reason = place, reason
        self._lines: list[int] = []

    def note(self, line: int) -> None:
        """Take down a row with the fault."""
        self._lines.append(line)

    def tell(self) -> None:
        """Refuse the table if any row has the fault."""
        if self._lines:
            count, line = len(self._lines), self._lines[0]
            raise LearningRefusal(self._reason, name=self._place.name, count=count, line=line)


def _require_sound(place: Path, row: Row) -> None:
    if row.errors:
        sentence = row.errors[0].sentence
        raise LearningRefusal(reasons.ROW_BROKEN, name=place.name, line=row.line, sentence=sentence)
