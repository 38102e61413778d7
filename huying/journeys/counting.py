"""The town in numbers, from the start: every share with what it is a share of."""

from __future__ import annotations

from typing import Any

from django.db.models import Avg, Count, F, Q

from huying.cases.models import Case, Closure, Status
from huying.intake.models import Appeal
from huying.ledger.queries import count_facts

# What was put away was closed before.
CLOSED = (Status.CLOSED, Status.ARCHIVED)


def town_stats() -> dict[str, Any]:
    """Return the counts of the town.

    `dispatched_automatically` counts cases whose first dispatch needed no hand; `first_dispatch_success` is
    the share of signed or later cases never returned or redispatched, over `first_dispatch_judged`;
    `seconds_to_dispatch` is the mean over dispatched cases. Closed is not solved, unconfirmed is not
    satisfied.
    """
    counts = Case.objects.aggregate(
        cases=Count("id"),
        dispatched=Count("id", filter=Q(dispatch_count__gt=0)),
        dispatched_automatically=Count("id", filter=Q(first_dispatch_automatic=True)),
        waiting_for_person=Count("id", filter=Q(status=Status.SUBMITTED)),
        closed=Count("id", filter=Q(status__in=CLOSED)),
        confirmed=Count("id", filter=Q(closure=Closure.CONFIRMED)),
        unconfirmed=Count("id", filter=Q(closure=Closure.UNCONFIRMED)),
        solved=Count("id", filter=Q(status__in=CLOSED, resolution="yes")),
        partly_solved=Count("id", filter=Q(status__in=CLOSED, resolution="partly")),
        not_solved=Count("id", filter=Q(status__in=CLOSED, resolution="no")),
        withdrawn=Count("id", filter=Q(status=Status.WITHDRAWN)),
        inadmissible=Count("id", filter=Q(status=Status.INADMISSIBLE)),
        merged=Count("id", filter=Q(status=Status.MERGED)),
        reworked=Count("id", filter=Q(round__gt=0)),
        supervised=Count("id", filter=Q(supervised=True)),
        judged=Count("id", filter=Q(signed_at__isnull=False) | Q(returned=True)),
        first_right=Count("id", filter=Q(signed_at__isnull=False, returned=False, dispatch_count=1)),
        wait=Avg(F("dispatched_at") - F("opened_at"), filter=Q(dispatch_count__gt=0)),
    )
    judged, right, wait = counts.pop("judged"), counts.pop("first_right"), counts.pop("wait")
    return {
        "appeals": Appeal.objects.count(),
        **counts,
        "first_dispatch_judged": judged,
        "first_dispatch_success": round(right / judged, 4) if judged else None,
        "share_automatic": round(counts["dispatched_automatically"] / counts["cases"], 4)
        if counts["cases"]
        else None,
        "seconds_to_dispatch": round(wait.total_seconds(), 3) if wait is not None else None,
        "facts": count_facts(),
    }
