"""The demo's meetings: hot matters taken up, decided on and worked on, one ended, one still to come."""

from __future__ import annotations

import random
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings

from huying.cases.models import Case
from huying.catalogue.core.calendar import local_day
from huying.demo.town.timing import SHANGHAI
from huying.insight.hotspots import hot_matters
from huying.journeys.hotspot_to_topic import count_effects, put_on_agenda, topic_from_hot_spot
from huying.kit.errors import Refusal
from huying.kit.ids import new_id
from huying.people.permissions import Permission
from huying.people.queries import unit_book
from huying.supervision.deciding import decide
from huying.supervision.households import list_households, move_households
from huying.supervision.meetings import Call, call_meeting, release_minutes, write_attendance, write_notes
from huying.supervision.models import Body, Topic
from huying.supervision.orders import OrderDraft, give_order, move_order
from huying.supervision.releasing import PublicWords, release_progress
from huying.supervision.rules import areas_of
from huying.supervision.states import HouseholdState, OrderKind
from huying.supervision.topics import TopicDraft, propose_topic
from huying.supervision.weeks import freeze_week, keep_orders

if TYPE_CHECKING:
    from uuid import UUID

    from huying.demo.staff import Roster
    from huying.ledger.actor import Actor
    from huying.supervision.models import AgendaItem, Meeting, Order

OFFICE = "yingxi-office"
TAKEN_UP, HELD_BEFORE, ENDED_BEFORE = 3, timedelta(days=24), timedelta(days=9)
THERE = (
    ("党工委书记", "present"), ("办事处主任", "present"), ("分管副主任", "present"),
    ("综合治理办", "present"),
    ("各社区党委书记", "listening"), ("物业企业代表", "listening"), ("武装部长", "excused"),
)  # fmt: skip
FLATS = [f"{block}栋{floor}0{door}" for block in (2, 3, 5) for floor in range(1, 9) for door in (1, 2)]
DONE_SHARE = 0.6


@dataclass(frozen=True)
class _Told:
    """Who supervises in the demo, who works on what, and when the meeting was."""

    roster: Roster
    by: Actor
    at: datetime
    end: datetime


def hold_meetings(roster: Roster, end: datetime) -> None:
    """Let a meeting of last month decide on hot matters, and another one be called for tomorrow."""
    at = (end - HELD_BEFORE).astimezone(SHANGHAI).replace(hour=10, minute=0, second=0, microsecond=0)
    by = roster.at_centre("supervisor", at=at, rng=random.Random("meeting"))
    tops = areas_of(by, Permission.MEETING_RUN)
    matters = hot_matters(at=end, areas=tops, limit=TAKEN_UP)
    body = Body.objects.filter(is_active=True).first()
    if not tops or body is None:
        return
    told = _Told(roster, by, at, end)
    topics = [topic for matter in matters if (topic := _topic(told, matter.key)) is not None]
    topics += _by_hand(told, tops[0], TAKEN_UP - len(topics))
    if not topics:
        return
    meeting = _call(told, body, at)
    for place, topic in enumerate(topics[:-1] or topics):
        _decide(told, meeting, topic, is_first=place == 0)
    release_minutes(meeting.pk, by=by, at=at + timedelta(hours=3))
    _livelihood(told, tops[0])
    tomorrow = (end + timedelta(days=1)).astimezone(SHANGHAI).replace(hour=9, minute=0)
    coming = _call(told, body, tomorrow, called_at=end - timedelta(hours=5))
    if len(topics) > 1:
        put_on_agenda(coming.pk, topics[-1].pk, by=by, at=end - timedelta(hours=4))
    freeze_week(at=end)
    while keep_orders(at=end):
        pass
    count_effects(at=end)


def _topic(told: _Told, hot_spot: UUID) -> Topic | None:
    with suppress(Refusal):
        return topic_from_hot_spot(
            hot_spot, why="", key=new_id(), district=settings.DISTRICT, by=told.by,
            at=told.at - timedelta(days=2),
        )  # fmt: skip
    return None


def _by_hand(told: _Told, area_path: str, number: int) -> list[Topic]:
    """Propose open cases as topics where a small demo has too few hot matters."""
    within = Case.objects.filter(area_path__startswith=area_path, opened_at__lt=told.at, confidential=False)
    cases = within.exclude(unit=None).order_by("-appeal_count", "-opened_at", "id")[: max(number, 0)]
    return [
        propose_topic(
            TopicDraft(
                case.title, "多次反映，单靠一个单位难以解决，建议专题研究。", case.area_path,
                item_code=case.item_code, place_name=case.place_name, cases=(case.pk,),
            ),
            key=new_id(), district=settings.DISTRICT, by=told.by, at=told.at - timedelta(days=2),
        )
        for case in cases
    ]  # fmt: skip


def _call(told: _Told, body: Body, starts_at: datetime, called_at: datetime | None = None) -> Meeting:
    at = called_at or starts_at - timedelta(days=3)
    call = Call(starts_at, "街道三楼会议室", "党工委书记", "党政综合办")
    meeting = call_meeting(body.pk, call, key=new_id(), district=settings.DISTRICT, by=told.by, at=at)
    if called_at is None:
        write_attendance(meeting.pk, THERE, by=told.by, at=starts_at)
    return meeting


def _unit_of(topic: Topic) -> str:
    """Return the code of the unit that has most of a topic's cases, else of the street's office."""
    units = Case.objects.filter(pk__in=topic.members.values("case"), unit__isnull=False)
    counted = Counter(units.values_list("unit", flat=True))
    book = unit_book()
    card = book.by_id.get(counted.most_common(1)[0][0]) if counted else None
    return card.code if card else next(iter(book.by_code))


def _decide(told: _Told, meeting: Meeting, topic: Topic, *, is_first: bool) -> None:
    item: AgendaItem = put_on_agenda(meeting.pk, topic.pk, by=told.by, at=told.at - timedelta(days=1))
    notes = "社区汇报了诉求情况和前期处置，与会单位分析了反复的原因。会议认为须由责任单位牵头限期整治。"
    write_notes(meeting.pk, item.pk, notes, by=told.by, at=told.at)
    days = 12 if is_first else 20
    draft = OrderDraft(
        topic.title, "查清成因，限期整治到位，建立长效机制，每周报告进展，办结后核查成效。",
        _unit_of(topic), local_day(told.at) + timedelta(days=days),
    )  # fmt: skip
    key, by = new_id(), told.by
    order = decide(meeting.pk, item.pk, draft, key=key, by=by, at=told.at + timedelta(hours=1))
    _work(told, order, is_first=is_first)
    if is_first:
        _doors(told, topic)
        with suppress(Refusal):
            words = "经会议研究，由责任单位限期整治，进展和成效在此公布。"
            release_progress(topic, PublicWords(topic.title, words), seen=0, by=by, at=told.end)


def _work(told: _Told, order: Order, *, is_first: bool) -> None:
    """Let the unit take the order on, speak to the firm, and, of the first, bring it to its end."""
    unit = unit_book().by_id[order.unit_id].code
    start = told.at + timedelta(days=1)
    hand = _hand(told, unit, start)
    if hand is None:
        return
    move_order(order.pk, "take", by=hand, at=start)
    talk: dict[str, Any] = {
        "who": "小区物业公司", "held_on": local_day(start), "promise": "两周内完成整改",
        "promised_on": local_day(start) + timedelta(days=14),
    }  # fmt: skip
    move_order(order.pk, "interview", by=hand, at=start + timedelta(hours=2), **talk)
    note = "已到现场核查，明确整改措施，正在实施。"
    move_order(order.pk, "progress", by=hand, at=start + timedelta(days=4), note=note)
    if is_first:
        works: dict[str, Any] = {"name": "点位整治", "quantity": 6, "measure": "处", "cost_yuan": 43_000}
        move_order(order.pk, "enter_work", by=hand, at=start + timedelta(days=8), **works)
        over = told.end - ENDED_BEFORE
        move_order(order.pk, "report", by=hand, at=over, note="整治完成，已现场复核，建立每周巡查制度。")
        move_order(order.pk, "approve", by=told.by, at=over + timedelta(hours=6))


def _hand(told: _Told, unit: str, at: datetime) -> Actor | None:
    for role in ("handler", "unit_lead", "community_head"):
        with suppress(IndexError, KeyError, LookupError, ValueError):
            return told.roster.in_unit(unit, role, at=at, rng=random.Random(unit))
    return None


def _doors(told: _Told, topic: Topic) -> None:
    list_households(topic.pk, FLATS, by=told.by, at=told.at + timedelta(days=1))
    done = FLATS[: int(len(FLATS) * DONE_SHARE)]
    at = told.end - timedelta(days=3)
    move_households(topic.pk, done, HouseholdState.DONE, by=told.by, at=at)
    move_households(topic.pk, FLATS[len(done) : len(done) + 6], HouseholdState.AT_WORK, by=told.by, at=at)


def _livelihood(told: _Told, area_path: str) -> None:
    """Give one livelihood project and let everybody read of it."""
    code = OFFICE if OFFICE in unit_book().by_code else next(iter(unit_book().by_code))
    draft = OrderDraft(
        "老旧小区增设非机动车停放区", "在六个老旧小区划设非机动车停放区并配充电设施。", code,
        local_day(told.end) + timedelta(days=40), OrderKind.LIVELIHOOD,
    )  # fmt: skip
    order = give_order(
        draft, key=new_id(), area_path=area_path, district=settings.DISTRICT, by=told.by, at=told.at
    )
    with suppress(Refusal):
        words = PublicWords(draft.title, "今年在六个老旧小区划设停放区，逐个公布进展。")
        release_progress(order, words, seen=0, by=told.by, at=told.end)
