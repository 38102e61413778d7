"""Which cases stand behind a count of the tally: what a number on a board leads to."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Final

from django.db import connection

from huying.cases.states import OPEN
from huying.catalogue.core.calendar import SHANGHAI
from huying.insight.core.tallying import COUNTERS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

# More than anybody reads; the newest come first.
MOST: Final = 5_000

# What a case adds to a day is kept with it (`CaseTally`). Cases closed before can have added nothing and are
# not looked at, but for those that were found later to have been closed falsely.
_BEHIND = """
SELECT c.id FROM cases_case c JOIN insight_casetally t ON t.case_id = c.id
WHERE (c.area_path = ANY(%(areas)s) OR c.area_path LIKE ANY(%(below)s))
  AND (c.closed_at IS NULL OR c.closed_at >= %(begin)s OR c.status = ANY(%(open)s) OR c.false_closure)
  AND (SELECT sum({counted}) FROM jsonb_array_elements(t.lines) AS line
       WHERE length(line->>0) = 10 AND line->>0 >= %(since)s AND line->>0 < %(until)s) > 0
ORDER BY c.opened_at DESC, c.id DESC LIMIT %(most)s
"""


def cases_behind(words: Sequence[str], *, since: date, until: date, areas: Sequence[str]) -> list[UUID]:
    """Return the cases of these areas (paths) that count from `since` until before `until`, newest first.

    `words` are counters as a rate names them: `-satisfied` is taken off. A case counts where the sum of its
    own is above nothing. Raises KeyError for a word that is no counter. Whoever shows them sees to rights.
    """
    return _found(_sum_of(words), since=since, until=until, areas=areas)


def _sum_of(words: Sequence[str]) -> str:
    parts = []
    for word in words:
        name = word.removeprefix("-")
        if name not in COUNTERS:
            raise KeyError(name)
        parts.append(f"{'-' if word.startswith('-') else '+'} coalesce((line->3->>'{name}')::int, 0)")
    return " ".join(parts)


def _found(counted: str, *, since: date, until: date, areas: Sequence[str]) -> list[UUID]:
    below = [f"{area}/".replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%" for area in areas]
    with connection.cursor() as cursor:
        cursor.execute(
            _BEHIND.format(counted=counted),
            {
                "areas": list(areas), "below": below, "open": [str(one) for one in OPEN],
                "begin": datetime.combine(since, time(), tzinfo=SHANGHAI), "since": since.isoformat(),
                "until": until.isoformat(), "most": MOST,
            },
        )  # fmt: skip
        return [row[0] for row in cursor.fetchall()]
