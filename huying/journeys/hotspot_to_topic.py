"""From what is hot to what helped: a matter becomes a topic, is decided on, and its effect is counted.

The way, top to bottom:

1. `topic_from_hot_spot` or `topic_from_overdue`: a matter is proposed with the cases it is made of.
2. `put_on_agenda`: the pack is gathered and frozen, the topic waits for its meeting.
3. `supervision.deciding.decide`: the meeting decides; each decision is an order at once.
4. `supervision.orders.move_order`: the order is taken on, reported, and closed by another hand.
5. `count_effects`: the matter's appeals are counted for three months. Come back, they open the order again;
   in any case what came of it is written down and shown as it is.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from procrastinate.contrib.django import app

from huying.cases.models import OPEN, Case
from huying.cases.rules import visible_to
from huying.catalogue.core.calendar import local_day
from huying.insight.hotspots import hot_matter, member_appeals
from huying.intake.models import Appeal
from huying.journeys.packing import make_pack, people_among
from huying.kit.errors import Refusal
from huying.ledger.actor import SYSTEM
from huying.supervision import reasons
from huying.supervision.deciding import list_topic
from huying.supervision.effects import WATCHED
from huying.supervision.judging import Counted, judge
from huying.supervision.models import Effect, OrderCase, Topic, TopicCase
from huying.supervision.orders import move_order
from huying.supervision.settings import thresholds
from huying.supervision.states import EffectFound, OrderState, TopicSource
from huying.supervision.topics import TopicDraft, propose_topic

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from huying.ledger.actor import Actor
    from huying.supervision.models import AgendaItem, Order

logger = logging.getLogger("huying.journeys")

MOST_CASES, COUNTED_AT_ONCE = 500, 200
# How long a unit gets when an order is opened again by itself.
AGAIN_DAYS = 14
MONTH = timedelta(days=31)
CAME_BACK = "appeals_came_back"


# --- a matter becomes a topic ------------------------------------------------------------------------
def topic_from_hot_spot(
    hot_spot: UUID,
    *,
    why: str,
    title: str = "",
    key: UUID,
    district: str,
    unit: UUID | None = None,
    by: Actor,
    at: datetime,
) -> Topic:
    """Propose a hot spot as a topic, with the cases its appeals are in.

    Refusal `topic_not_found` when there is no such hot spot; those of `propose_topic`.
    """
    matter = hot_matter(hot_spot)
    if matter is None:
        raise Refusal(reasons.TOPIC_NOT_FOUND)
    about = Case.objects.filter(
        memberships__appeal__in=member_appeals(hot_spot), memberships__until_at=None, confidential=False
    )
    cases = about.order_by("id").values_list("pk", flat=True).distinct()[:MOST_CASES]
    draft = TopicDraft(
        title or matter.title, why or "；".join(matter.evidence) or matter.title, matter.area_code,
        TopicSource.HOT_SPOT, matter.item_code, matter.place, unit, matter.key, cases=tuple(cases),
    )  # fmt: skip
    return propose_topic(draft, key=key, district=district, by=by, at=at)


def overdue_cases(by: Actor, *, area_path: str, item: str = "", at: datetime) -> QuerySet[Case]:
    """Return the open cases of an area (of an item, when named) that are past their date, oldest first."""
    within = Q(area_path=area_path) | Q(area_path__startswith=f"{area_path}/")
    found = Case.objects.filter(within, visible_to(by), status__in=OPEN, due_at__lt=at, confidential=False)
    return found.filter(item_code__startswith=item).defer("search").order_by("due_at", "id")


def topic_from_overdue(draft: TopicDraft, *, key: UUID, district: str, by: Actor, at: datetime) -> Topic:
    """Propose what is overdue in an area as a topic: its open cases past their date, of the draft's item.

    Refusal `topic_no_cases` when nothing is; those of `propose_topic`.
    """
    late = overdue_cases(by, area_path=draft.area_path, item=draft.item_code, at=at)
    cases = tuple(late.values_list("pk", flat=True)[:MOST_CASES])
    if not cases and not Topic.objects.filter(pk=key).exists():
        raise Refusal(reasons.NO_CASES, field="area")
    whole = TopicDraft(**{**vars(draft), "source": TopicSource.OVERDUE, "cases": cases})
    return propose_topic(whole, key=key, district=district, by=by, at=at)


def case_keys(numbers: Iterable[str], *, by: Actor) -> list[UUID]:
    """Return the keys of cases by their numbers, of those this actor sees. Refusal `topic_case_unknown`."""
    told = list(dict.fromkeys(filter(None, numbers)))
    found = dict(Case.objects.filter(visible_to(by), number__in=told).values_list("number", "pk"))
    for number in told:
        if number not in found:
            raise Refusal(reasons.CASE_UNKNOWN, field="cases", number=number[:20])
    return [found[number] for number in told]


def put_on_agenda(meeting_id: UUID, topic_id: UUID, *, by: Actor, at: datetime) -> AgendaItem:
    """Put a topic on an agenda with its pack of this moment, frozen. Refusals of `list_topic`."""
    topic = Topic.objects.filter(pk=topic_id).first()
    if topic is None:
        raise Refusal(reasons.TOPIC_NOT_FOUND)
    return list_topic(meeting_id, topic_id, pack=make_pack(topic, at=at), by=by, at=at)


# --- whether it helped -------------------------------------------------------------------------------
def voices_about(order: Order, since: datetime, until: datetime) -> list[Appeal]:
    """Return the appeals about an order's matter that came in between two moments, oldest first.

    That is: members of its hot spot, and appeals in cases of the same item at the same place as its cases
    (without a place: in the same smallest area). An order about nothing has none.
    """
    about = Q(pk__in=[])
    if order.topic is not None and order.topic.hot_spot is not None:
        about |= Q(pk__in=member_appeals(order.topic.hot_spot))
    keys = OrderCase.objects.filter(order=order).values("case")
    if order.topic is not None:
        keys = keys.union(TopicCase.objects.filter(topic=order.topic).values("case"))
    kept = list(keys)
    own = Case.objects.filter(pk__in=[row["case"] for row in kept])
    for item, place, path in set(own.values_list("item_code", "place_id", "area_path")):
        where = Q(memberships__case__item_code=item, memberships__until_at=None)
        where &= Q(memberships__case__place=place) if place else Q(memberships__case__area_path=path)
        about |= where
    found = Appeal.objects.filter(about, received_at__gte=since, received_at__lt=until, withdrawn_at=None)
    return list(
        found.select_related("party").only("id", "received_at", "account", "party__phone").distinct()
        .order_by("received_at")
    )  # fmt: skip


def count_effects(*, at: datetime, limit: int = COUNTED_AT_ONCE) -> int:
    """Count the appeals since each closed order anew; return how many were counted. Once a day is enough.

    Each is settled once, in one transaction with what follows: run by two at once, or again, an order is
    opened again once, and a result is never written over.
    """
    running = Effect.objects.filter(settled_at=None, counted_at__lt=at, order__state=OrderState.CLOSED)
    found = running.select_related("order__topic").order_by("counted_at", "id")[:limit]
    for effect in list(found):
        _count(effect, at=at)
    return len(found)


def _count(effect: Effect, *, at: datetime) -> None:
    order, until = effect.order, min(at, effect.until)
    voices = voices_about(order, effect.since, until)
    effect.after, effect.people_after = len(voices), people_among(voices)
    effect.before = len(voices_about(order, order.given_at - WATCHED, order.given_at))
    months = [0] * 3
    for voice in voices:
        months[min(2, (voice.received_at - effect.since) // MONTH)] += 1
    effect.months, effect.counted_at = months, at
    days, window = (until - effect.since).days, (effect.until - effect.since).days
    judged = judge(Counted(effect.before, effect.after, effect.people_after, days, window), thresholds())
    if judged is None:
        Effect.objects.filter(pk=effect.pk, settled_at=None).update(
            before=effect.before, after=effect.after, people_after=effect.people_after, months=months,
            counted_at=at,
        )  # fmt: skip
        return
    effect.found = judged
    try:
        with transaction.atomic():
            move_order(order.pk, "settle_effect", by=SYSTEM, at=at, effect=effect)
            if judged == EffectFound.RETURNED:
                due_on = local_day(at) + timedelta(days=AGAIN_DAYS)
                move_order(order.pk, "reopen", by=SYSTEM, at=at, reason=CAME_BACK, due_on=due_on)
    except Refusal as refusal:
        # Somebody opened it again meanwhile, or another worker did: there is nothing left to settle.
        if refusal.reason != reasons.NOT_FROM_HERE:
            raise
        logger.info("the effect of an order was settled by somebody else", extra={"order": str(order.pk)})


@app.periodic(cron="50 4 * * *")
@app.task(name="journeys.count_effects", queue="clocks", queueing_lock="journeys.count_effects")
def watch_effects(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives the planned time; we take the real one
    """Each night: count whether closed orders helped."""
    at = timezone.now()
    while count_effects(at=at):
        pass


def running_topics(keys: Iterable[UUID]) -> dict[UUID, Topic]:
    """Return the running topics of these hot spots, by hot spot."""
    running = Topic.objects.filter(hot_spot__in=list(keys), ended_at=None).annotate(ordered=Count("orders"))
    return {topic.hot_spot: topic for topic in running if topic.hot_spot is not None}
