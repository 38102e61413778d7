"""The pack a meeting reads about a topic: numbers, map, timeline, what was done, what residents said."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone

from huying.cases.models import OPEN, Case, Reply, Status
from huying.catalogue.core.calendar import local_day
from huying.insight.hotspots import hot_matter, member_appeals
from huying.intake.models import Appeal
from huying.kit.personal import strip_words
from huying.supervision.models import TopicCase
from huying.supervision.queries import orders_of_topic

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from huying.supervision.models import Topic

MOST_SAMPLES, MOST_DONE, MOST_POINTS, LONGEST_SAMPLE = 6, 12, 200, 160
MOST_EVENTS = 20
# Points on the map are rounded to about a hundred metres: a meeting looks at a matter, not at a door.
POINT_DECIMALS = 3


def cases_of(topic: Topic) -> list[Case]:
    """Return the cases of a topic that may be told of in a meeting: none that is confidential."""
    keys = TopicCase.objects.filter(topic=topic).values("case")
    found = Case.objects.filter(pk__in=keys, confidential=False).select_related("unit")
    return list(found.defer("search").order_by("opened_at", "id"))


def appeals_of(topic: Topic) -> QuerySet[Appeal]:
    """Return the appeals a topic is about: those of its hot spot, and those its cases carry.

    Whatever is confidential is left out, and what was withdrawn.
    """
    carried = Q(memberships__case__in=TopicCase.objects.filter(topic=topic).values("case"))
    about = carried & Q(memberships__until_at=None)
    if topic.hot_spot is not None:
        about |= Q(pk__in=member_appeals(topic.hot_spot))
    hidden = Appeal.objects.filter(memberships__until_at=None, memberships__case__confidential=True)
    found = Appeal.objects.filter(about, withdrawn_at=None).exclude(pk__in=hidden.values("pk"))
    return found.distinct()


def make_pack(topic: Topic, *, at: datetime) -> dict[str, Any]:
    """Return the pack of a topic as it stands now: plain JSON, without a word that points at a person."""
    appeals = list(
        appeals_of(topic)
        .select_related("party")
        .defer("place_words", "point_original")
        .order_by("received_at")
    )
    cases = cases_of(topic)
    matter = hot_matter(topic.hot_spot) if topic.hot_spot is not None else None
    return {
        "title": topic.title, "why": topic.why, "made_at": at.isoformat(), "place": topic.place_name,
        "numbers": _numbers(appeals, cases, at=at),
        "months": _months(appeals),
        "evidence": list(matter.evidence) if matter else [],
        "stage": matter.stage if matter else "",
        "points": _points(appeals, cases),
        "timeline": _timeline(appeals, cases, topic),
        "done": _done(cases),
        "samples": _samples(appeals),
        "cases": [_case(case, at=at) for case in cases],
    }  # fmt: skip


def people_among(appeals: Iterable[Appeal]) -> int:
    """Return how many different appellants there are; an account or telephone is one, however busy.

    Those who gave neither are each counted as one.
    """
    return len({_voice(appeal) for appeal in appeals})


def _voice(appeal: Appeal) -> str:
    if appeal.account_id is not None:
        return f"account:{appeal.account_id}"
    party = getattr(appeal, "party", None)
    return f"phone:{party.phone}" if party and party.phone else f"appeal:{appeal.pk}"


def _numbers(appeals: Sequence[Appeal], cases: Sequence[Case], *, at: datetime) -> dict[str, Any]:
    done = [case for case in cases if case.status in {Status.CLOSED, Status.ARCHIVED}]
    late = [
        case for case in cases if Status(case.status) in OPEN and case.due_at is not None and case.due_at < at
    ]
    return {
        "appeals": len(appeals), "people": people_among(appeals), "cases": len(cases),
        "open": sum(Status(case.status) in OPEN for case in cases), "closed": len(done), "overdue": len(late),
        "confirmed": sum(case.closure == "confirmed" for case in done),
        "reworked": sum(case.round > 0 for case in cases),
        "returned": sum(case.false_closure for case in cases),
    }  # fmt: skip


def _months(appeals: Sequence[Appeal]) -> list[dict[str, Any]]:
    counted = Counter(local_day(appeal.received_at).strftime("%Y-%m") for appeal in appeals)
    return [{"month": month, "count": counted[month]} for month in sorted(counted)]


def _points(appeals: Sequence[Appeal], cases: Sequence[Case]) -> list[list[float]]:
    """Return [lat, lon, how many] of rounded points, the fullest first."""
    counted: Counter[tuple[float, float]] = Counter()
    told_of: Sequence[Appeal | Case] = appeals or cases
    for told in told_of:
        if told.lat is not None and told.lon is not None:
            counted[round(told.lat, POINT_DECIMALS), round(told.lon, POINT_DECIMALS)] += 1
    return [[lat, lon, number] for (lat, lon), number in counted.most_common(MOST_POINTS)]


def _timeline(appeals: Sequence[Appeal], cases: Sequence[Case], topic: Topic) -> list[dict[str, Any]]:
    """Return what happened when, oldest first: kinds and counts, told in words where it is read."""
    told: list[tuple[datetime, str, str]] = []
    if appeals:
        told += [(appeals[0].received_at, "first", ""), (appeals[-1].received_at, "last", "")]
    for case in cases:
        unit = case.unit.name if case.unit else ""
        told += [
            (moment, kind, unit)
            for moment, kind in ((case.dispatched_at, "dispatched"), (case.closed_at, "closed"))
            if moment is not None
        ]
    told += [(order.given_at, "order", str(order)) for order in orders_of_topic(topic)]
    told += [(topic.proposed_at, "proposed", "")]
    days = Counter((local_day(moment).isoformat(), kind, words) for moment, kind, words in told)
    rows = [{"on": on, "kind": kind, "words": words, "count": n} for (on, kind, words), n in days.items()]
    rows.sort(key=lambda row: str(row["on"]))
    half = MOST_EVENTS // 2
    return rows if len(rows) <= MOST_EVENTS else [*rows[:half], *rows[-half:]]


def _done(cases: Sequence[Case]) -> list[dict[str, Any]]:
    """Return what units said they did, the latest first: words that were approved for residents."""
    replies = Reply.objects.filter(case__in=cases, passed=True).select_related("case__unit").order_by("-at")
    return [
        {
            "on": local_day(reply.at).isoformat(), "solved": reply.solved,
            "unit": reply.case.unit.name if reply.case.unit else "",
            "words": strip_words(reply.public_text)[:LONGEST_SAMPLE],
        }
        for reply in replies[:MOST_DONE]
    ]  # fmt: skip


def _samples(appeals: Sequence[Appeal]) -> list[dict[str, str]]:
    """Return some of what residents said, spread over the whole time, with nothing that points at them."""
    told = [appeal for appeal in appeals if appeal.text]
    step = max(1, len(told) // MOST_SAMPLES)
    return [
        {"on": local_day(appeal.received_at).isoformat(), "words": sample_of(appeal)}
        for appeal in told[::step][:MOST_SAMPLES]
    ]


def sample_of(appeal: Appeal) -> str:
    """Return an appeal's words with everything personal taken out, and its appellant's name."""
    party = getattr(appeal, "party", None)
    words = strip_words(appeal.text, names=[party.name] if party else ())
    return words if len(words) <= LONGEST_SAMPLE else f"{words[:LONGEST_SAMPLE]}…"


def _case(case: Case, *, at: datetime) -> dict[str, Any]:
    is_open = Status(case.status) in OPEN
    return {
        "number": case.number, "status": case.status, "unit": case.unit.name if case.unit else "",
        "opened_on": local_day(case.opened_at).isoformat(), "appeals": case.appeal_count,
        "late": bool(is_open and case.due_at is not None and case.due_at < at),
        "due_on": timezone.localtime(case.due_at).date().isoformat() if case.due_at else "",
    }  # fmt: skip
