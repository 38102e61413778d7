"""Recounting: the rolling counts are compared with the truth, and what differs is put right and told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from huying.insight.core.tallying import COUNTERS
from huying.insight.models import Recount as RecountRow
from huying.insight.models import RollingState, Touched
from huying.insight.rolling import add_to_sums, count_anew, latest_of, roll

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from uuid import UUID

AT_ONCE = 1000
MOST_EXAMPLES = 20
_NAMES = ("period", "area_path", "unit", "item_code", "grade", "channel")


@dataclass
class Found:
    """What a recount looked at, and what it put right."""

    cases: int = 0
    cases_mended: int = 0
    sums_mended: int = 0
    examples: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Return whether everything agreed."""
        return not (self.cases_mended or self.sums_mended)

    def note(self, words: str) -> None:
        """Keep a few of what differed, for people to look at."""
        if len(self.examples) < MOST_EXAMPLES:
            self.examples.append(words)


def recount(*, at: datetime, on_progress: Callable[[int], None] | None = None) -> Found:
    """Count every case anew, then compare the sums with what all cases add up to; mend what differed.

    Work goes on meanwhile: each thousand cases is a transaction of its own, and what happened to a case
    since is no difference. Call outside a transaction.
    """
    while roll(at=at):
        pass
    found = Found()
    for keys in _all_cases():
        with transaction.atomic():
            state = RollingState.objects.select_for_update().get(pk=1)
            pending = set(Touched.objects.filter(case_id__in=keys).values_list("case_id", flat=True))
            changed = [key for key in count_anew(keys, at=latest_of(state, at)) if key not in pending]
        found.cases += len(keys)
        found.cases_mended += len(changed)
        for key in changed:
            found.note(f"case {key}")
        if on_progress:
            on_progress(found.cases)
    _mend_sums(found)
    RecountRow.objects.create(
        at=at, cases=found.cases, cases_mended=found.cases_mended, sums_mended=found.sums_mended,
        examples=found.examples,
    )  # fmt: skip
    return found


def _all_cases() -> Iterator[list[UUID]]:
    last: UUID | None = None
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM cases_case WHERE %s::uuid IS NULL OR id > %s::uuid ORDER BY id LIMIT %s",
                [last, last, AT_ONCE],
            )
            keys = [row[0] for row in cursor.fetchall()]
        if not keys:
            return
        yield keys
        last = keys[-1]


def _mend_sums(found: Found) -> None:
    """Compare each sum with what the cases add up to, in one statement, and add what is missing."""
    with transaction.atomic():
        RollingState.objects.select_for_update().get(pk=1)
        with connection.cursor() as cursor:
            # A whole town is added up: longer than anybody at a page would wait.
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute(_DIFFERENCES)
            differing = cursor.fetchall()
        sums = {}
        for values in differing:
            row: Any = tuple(values[: len(_NAMES)])
            counts = dict(zip(COUNTERS, values[len(_NAMES) :], strict=True))
            sums[row] = {what: number for what, number in counts.items() if number}
            found.note(f"sum {' '.join(map(str, row))}: {sums[row]}")
        add_to_sums(sums)
        found.sums_mended = len(sums)


_TYPED = ", ".join(f"{name} integer" for name in COUNTERS)
_SUMMED = ", ".join(f"coalesce(sum(n.{name}), 0) AS {name}" for name in COUNTERS)
_SAME = " AND ".join(f"t.{name} = s.{name}" for name in _NAMES)
_LESS = ", ".join(f"coalesce(t.{name}, 0) - coalesce(s.{name}, 0)" for name in COUNTERS)
_UNLIKE = " OR ".join(f"coalesce(t.{name}, 0) <> coalesce(s.{name}, 0)" for name in COUNTERS)
_DIFFERENCES = (
    "WITH truth AS (SELECT l.line ->> 0 AS period, c.area_path, l.line ->> 1 AS unit, c.item_code, c.grade, "  # noqa: S608 - our own words only
    f"l.line ->> 2 AS channel, {_SUMMED} FROM insight_casetally c "
    "CROSS JOIN LATERAL jsonb_array_elements(c.lines) AS l (line) "
    f"CROSS JOIN LATERAL jsonb_to_record(l.line -> 3) AS n ({_TYPED}) GROUP BY 1, 2, 3, 4, 5, 6) "
    f"SELECT {', '.join(f'coalesce(t.{name}, s.{name})' for name in _NAMES)}, {_LESS} "
    f"FROM truth t FULL JOIN insight_sum s ON {_SAME} WHERE {_UNLIKE}"
)


@dataclass(frozen=True)
class Mended:
    """The outcome of a recount that was kept."""

    key: UUID
    at: datetime
    cases_mended: int
    sums_mended: int

    @property
    def whole(self) -> bool:
        """Return whether everything had agreed."""
        return not (self.cases_mended or self.sums_mended)


def last_recount(*, since: datetime) -> Mended | None:
    """Return the newest recount since a moment, None when there was none."""
    row = RecountRow.objects.filter(at__gte=since).order_by("-at").first()
    return Mended(row.pk, row.at, row.cases_mended, row.sums_mended) if row is not None else None
