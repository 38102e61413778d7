"""What tests of supervision share: matters proposed, meetings called, orders brought to where a test begins.

Du supervises and runs meetings, Lin and Hao clean and own the orders, Wu works next door, Dong heads the
east, and Zhi leads the cleaners.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from huying.cases.tests.stories import AT
from huying.catalogue.core.calendar import local_day
from huying.people.actions import give_post, make_staff
from huying.people.models import Account, Unit
from huying.supervision.deciding import decide, list_topic
from huying.supervision.meetings import Call, call_meeting, write_attendance
from huying.supervision.models import AgendaItem, Body, Meeting, Order, Topic
from huying.supervision.orders import OrderDraft, give_order, move_order
from huying.supervision.topics import TopicDraft, propose_topic
from huying.testing.cast import staff
from huying.testing.town import DISTRICT, EAST, FOUNDED_ON, PASSWORD, STREET

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

TOWN, EAST_PATH = f"{DISTRICT}/{STREET}", f"{DISTRICT}/{STREET}/{EAST}"
TITLE, WHY = "听澜花园垃圾清运不及时", "三个月内二十多户反映，多次清理后又堆起来"
PACK = {"title": TITLE, "numbers": {"appeals": 3, "people": 3}}


def found_lead() -> None:
    """Give the cleaners a head, Zhi; once."""
    if not Account.objects.filter(username="zhi").exists():
        zhi = make_staff("zhi", name="支领", password=PASSWORD)
        cleaning = Unit.objects.get(code="cleaning")
        give_post(zhi, unit=cleaning, role="unit_lead", valid_from=FOUNDED_ON)


def day(days: int, *, at: datetime = AT) -> date:
    """Return a day counted from a moment's."""
    return local_day(at) + timedelta(days=days)


def proposed(
    *,
    at: datetime = AT,
    by: str = "du",
    key: UUID | None = None,
    cases: Sequence[UUID] = (),
    **more: Any,  # noqa: ANN401 - a draft's
) -> Topic:
    """Return a matter of the east that was proposed."""
    draft = TopicDraft(**{"title": TITLE, "why": WHY, "area_path": EAST_PATH, "cases": cases, **more})
    return propose_topic(draft, key=key or uuid4(), district=DISTRICT, by=staff(by, at=at), at=at)


def called(*, at: datetime = AT, key: UUID | None = None) -> Meeting:
    """Return a meeting called for the moment, with two who attend."""
    body = Body.objects.get()
    made = call_meeting(
        body.pk, Call(at, "三楼会议室", "党工委书记", "党政办"), key=key or uuid4(), district=DISTRICT,
        by=staff("du", at=at), at=at,
    )  # fmt: skip
    there = (("党工委书记", "present"), ("竹影社区党委书记", "listening"))
    write_attendance(made.pk, there, by=staff("du", at=at), at=at)
    return Meeting.objects.get(pk=made.pk)


def listed(topic: Topic | None = None, *, at: datetime = AT, meeting: Meeting | None = None) -> AgendaItem:
    """Return an item of an agenda with a topic on it."""
    meeting = meeting or called(at=at)
    topic = topic or proposed(at=at)
    return list_topic(meeting.pk, topic.pk, pack=PACK, by=staff("du", at=at), at=at)


def draft(*, at: datetime = AT, **more: Any) -> OrderDraft:  # noqa: ANN401 - whatever a draft says
    """Return what an order to the cleaners says."""
    told = {"title": TITLE, "text": "一周内建立每日两清制度", "unit": "cleaning", "due_on": day(20, at=at)}
    return OrderDraft(**{**told, **more})


def decided(*, at: datetime = AT, topic: Topic | None = None, **more: Any) -> Order:  # noqa: ANN401 - a draft's
    """Return an order a meeting decided on."""
    item = listed(topic, at=at)
    return decide(item.meeting_id, item.pk, draft(at=at, **more), key=uuid4(), by=staff("du", at=at), at=at)


def given(*, at: datetime = AT, by: str = "du", **more: Any) -> Order:  # noqa: ANN401 - a draft's
    """Return an order to the cleaners, given by hand."""
    return give_order(
        draft(at=at, **more), key=uuid4(), area_path=EAST_PATH, district=DISTRICT, by=staff(by, at=at), at=at
    )


def made(order: Order, move: str, who: str, /, *, at: datetime = AT, **told: Any) -> Order:  # noqa: ANN401 - a move's
    """Let somebody make a move on an order."""
    return move_order(order.pk, move, by=staff(who, at=at), at=at, **told)


def taken(*, at: datetime = AT, **more: Any) -> Order:  # noqa: ANN401 - a draft's
    """Return an order Lin has taken on."""
    return made(given(at=at, **more), "take", "lin", at=at)


def reported(*, at: datetime = AT, **more: Any) -> Order:  # noqa: ANN401 - a draft's
    """Return an order Lin has reported done."""
    return made(taken(at=at, **more), "report", "lin", at=at, note="已建立制度，附照片")


def closed(*, at: datetime = AT, **more: Any) -> Order:  # noqa: ANN401 - a draft's
    """Return an order whose end Du approved."""
    return made(reported(at=at, **more), "approve", "du", at=at)
