"""Looking back (回头看): a fresh case at the place and of the cause of one that was closed as solved."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection, transaction

from huying.cases import reasons
from huying.cases.actions import lock_case, move_case
from huying.cases.models import Case, Colour, Status
from huying.catalogue.core.clock import due_at
from huying.catalogue.queries import town_clock
from huying.kit.errors import Refusal
from huying.ledger.actor import SYSTEM

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

# Fresh cases are looked at until they are so old; a stopped worker catches up within it.
FRESH = timedelta(days=2)
# Two points within so many degrees are one place: about 50 m, as places are written down here.
NEAR_DEGREES = 0.0005
WATCHED = (Status.SUBMITTED, Status.DISPATCHED, Status.IN_PROGRESS, Status.RETURN_REVIEW, Status.REPLIED)
# The newest case closed as solved before a fresh one, of its item and place, that nobody has linked yet.
# Asked every five minutes: the solved cases of a fresh one's area and item are found in an index of theirs.
_PAIRS = """
SELECT DISTINCT ON (fresh.id) fresh.id, old.id
FROM cases_case fresh
JOIN cases_case old
  ON old.item_code = fresh.item_code AND old.status IN ('closed', 'archived') AND old.resolution = 'yes'
 AND old.closed_at < fresh.opened_at AND old.closed_at > fresh.opened_at - make_interval(secs => %(longest)s)
 AND NOT old.false_closure AND old.area_path = fresh.area_path
 AND CASE WHEN old.lat IS NULL OR fresh.lat IS NULL THEN old.place_id = fresh.place_id
     ELSE abs(old.lat - fresh.lat) < %(near)s AND abs(old.lon - fresh.lon) < %(near)s END
WHERE fresh.opened_at > %(since)s AND fresh.recheck_of_id IS NULL AND fresh.item_code <> ''
  AND fresh.status NOT IN ('merged', 'withdrawn')
ORDER BY fresh.id, old.closed_at DESC
LIMIT %(limit)s
"""


def look_back(*, at: datetime, limit: int = 500) -> int:
    """Link fresh cases to those they show to have been closed falsely; return how many were linked.

    The window is the town's (`recheck_window`). The earlier case is flagged, never moved: what there is to do
    is done on the fresh one, which supervision watches.
    """
    window = town_clock(at).policies["recheck_window"]
    longest = due_at(at, window, town_clock(at).calendar).at - at
    with connection.cursor() as cursor:
        cursor.execute(
            _PAIRS,
            {"longest": longest.total_seconds(), "near": NEAR_DEGREES, "since": at - FRESH, "limit": limit},
        )
        pairs = cursor.fetchall()
    return sum(link(fresh, old, at=at) for fresh, old in pairs)


def link(fresh_id: UUID, old_id: UUID, *, at: datetime) -> bool:
    """Flag the old case by the fresh one, and let supervision watch that; False when somebody was first."""
    with transaction.atomic():
        first, second = sorted((fresh_id, old_id))
        locked = {case_id: lock_case(case_id) for case_id in (first, second)}
        fresh = locked[fresh_id]
        if fresh.recheck_of_id is not None:
            return False
        try:
            move_case(old_id, "recheck", by=SYSTEM, at=at, later=fresh.number)
        except Refusal as refusal:
            if refusal.reason in (reasons.NOT_FROM_HERE, reasons.NOTHING_CHANGES):
                return False
            raise
        Case.objects.filter(pk=fresh_id).update(recheck_of=old_id)
        if fresh.supervision in ("", Colour.BLUE) and Status(fresh.status) in WATCHED:
            move_case(fresh_id, "supervise", by=SYSTEM, at=at, colour=Colour.YELLOW, reason="came_back")
        return True
