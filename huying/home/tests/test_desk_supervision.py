"""Supervision at the desk and in public: a matter goes from a list of topics to its public page."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from huying.home.tests.desks import HOSTILE, desk_of, toilet_case
from huying.intake.tests.photos import lamp, written
from huying.ledger.models import Fact
from huying.supervision.meetings import digest_of
from huying.supervision.models import (
    AgendaItem,
    Guide,
    GuideComment,
    Household,
    Interview,
    Meeting,
    Order,
    OrderPhoto,
    Release,
    Topic,
    Work,
)
from huying.supervision.tests.cast import (
    EAST_PATH,
    called,
    closed,
    day,
    decided,
    given,
    made,
    proposed,
    taken,
)
from huying.supervision.weeks import freeze_week
from huying.workbench.models import ExportRun

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import DjangoAssertNumQueries
    from pytest_django.fixtures import Settings

GUIDES = "/desk/supervision/guides/"
pytestmark = pytest.mark.django_db
HERE = "/desk/supervision/"
LIST = f"{HERE}orders/"


def order_url(order: Order, act: str = "") -> str:
    return f"{LIST}{order.pk}/{act}"


def meeting_url(meeting: Meeting, act: str = "") -> str:
    return f"{HERE}meetings/{meeting.pk}/{act}"


def now() -> Any:  # noqa: ANN401 - a moment, for stories
    return timezone.now()


def the_way(du: Client) -> tuple[Topic, Meeting, Order]:
    """Walk from a proposed topic to a decision by the forms of the desk."""
    case = toilet_case()
    told = {
        "title": "公厕脏臭", "why": "多户反映", "area_path": EAST_PATH, "item_code": "",
        "place_name": "听澜花园",
        "unit": "", "numbers": case.number, "key": str(uuid4()),
    }  # fmt: skip
    for _twice in range(2):
        assert du.post(f"{HERE}topics/new/", told).status_code == 302
    topic = Topic.objects.get()
    meeting = called(at=now())
    assert du.post(f"{HERE}topics/{topic.pk}/list/", {"meeting": meeting.pk}).status_code == 302
    item = AgendaItem.objects.get(topic=topic)
    decision = {
        "title": topic.title, "text": "每日清扫两次", "unit": "cleaning", "assists": ["city"],
        "due_on": day(14, at=now()).isoformat(), "kind": "supervised", "key": str(uuid4()),
    }  # fmt: skip
    for _twice in range(2):
        assert du.post(meeting_url(meeting, f"items/{item.pk}/decide/"), decision).status_code == 302
    return topic, meeting, Order.objects.get()


def test_a_matter_goes_its_whole_way_by_the_forms_of_the_desk() -> None:
    du, lin = desk_of("du"), desk_of("lin")
    topic, meeting, order = the_way(du)
    item = AgendaItem.objects.get(topic=topic)
    notes = {"notes": "社区汇报：每周三次投诉。", "seen": digest_of("")}
    assert du.post(meeting_url(meeting, f"items/{item.pk}/notes/"), notes).status_code == 302
    page = du.get(meeting_url(meeting))
    assert "每日清扫两次" in page.content.decode()
    seen = Meeting.objects.get().fact_seq
    assert du.post(meeting_url(meeting, "release/"), {"seen": seen}).status_code == 302
    assert du.get(meeting_url(meeting, "minutes.docx")).content[:2] == b"PK"
    assert du.get(f"{HERE}topics/{topic.pk}/").status_code == 200
    assert du.get(meeting_url(meeting, f"items/{item.pk}/pack/")).status_code == 200
    assert lin.post(order_url(order, "moves/take/"), {"seen": order.fact_seq}).status_code == 302
    photo = SimpleUploadedFile("done.jpg", written(lamp(), "JPEG"), content_type="image/jpeg")
    order = Order.objects.get()
    report = {"seen": order.fact_seq, "note": "已落实", "evidence": [photo]}
    assert lin.post(order_url(order, "moves/report/"), report).status_code == 302
    shown = OrderPhoto.objects.get()
    assert lin.get(order_url(order, f"photos/{shown.pk}/")).status_code == 200
    order = Order.objects.get()
    assert du.post(order_url(order, "moves/approve/"), {"seen": order.fact_seq}).status_code == 302
    assert Order.objects.get().state == "closed"
    page = du.get(order_url(order))
    assert page.context["effects"][0]["one"].found == "running"


def test_who_may_not_see_an_order_meeting_or_topic_finds_no_page() -> None:
    order = decided(at=now())
    item = AgendaItem.objects.get(topic=order.topic)
    wu = desk_of("wu")
    assert wu.get(LIST).context["rows"] == []
    for url in (order_url(order), meeting_url(item.meeting), f"{HERE}topics/{order.topic_id}/",
                f"{HERE}topics/{order.topic_id}/households/", meeting_url(item.meeting, "minutes.pdf"),
                meeting_url(item.meeting, f"items/{item.pk}/pack/")):  # fmt: skip
        assert wu.get(url).status_code == 404, url
    for url in (order_url(order, "moves/take/"), order_url(order, "interview/"), order_url(order, "works/")):
        assert wu.post(url, {"seen": order.fact_seq}).status_code == 404, url
    assert wu.post(meeting_url(item.meeting, "release/"), {"seen": 0}).status_code == 403
    # The unit of the order sees the order and the topic's households, not what residents said.
    lin = desk_of("lin")
    assert lin.get(f"{HERE}topics/{order.topic_id}/").context["pack"] is None


def test_what_was_refused_stands_where_it_was_with_what_was_typed() -> None:
    du, order = desk_of("du"), taken(at=now())
    told = {"seen": order.fact_seq, "due_on": day(-3, at=now()).isoformat(), "reason": "再给些时间"}
    page = du.post(order_url(order, "moves/put_off/"), told)
    assert page.status_code == 400
    assert "再给些时间" in page.content.decode()
    old = du.post(order_url(order, "moves/letter/"), {"seen": 0, "colour": "blue", "reason": "请加快"})
    assert old.status_code == 409
    assert "请加快" in old.content.decode()
    missing = du.post(order_url(order, "moves/letter/"), {"seen": order.fact_seq, "colour": "blue"})
    assert missing.status_code == 422
    item = AgendaItem.objects.filter(topic=decided(at=now()).topic).get()
    late = {"notes": "我写的", "seen": digest_of("旧的")}
    clash = du.post(meeting_url(item.meeting, f"items/{item.pk}/notes/"), late)
    assert clash.status_code == 409
    assert "我写的" in clash.content.decode()


def test_interviews_and_works_are_entered_once_with_photos() -> None:
    lin, order = desk_of("lin"), taken(at=now())
    talk = {
        "key": str(uuid4()), "who": "某物业公司", "held_on": day(0, at=now()).isoformat(), "promise": "修好",
        "promised_on": day(3, at=now()).isoformat(),
    }  # fmt: skip
    for _twice in range(2):
        assert lin.post(order_url(order, "interview/"), talk).status_code == 302
    row = Interview.objects.get()
    assert lin.post(order_url(order, f"interview/{row.pk}/kept/")).status_code == 302
    works = {
        "key": str(uuid4()), "name": "停车位", "quantity": "116", "measure": "个", "cost_yuan": "12000",
        "before": [SimpleUploadedFile("a.jpg", written(lamp(), "JPEG"))],
        "after": [SimpleUploadedFile("b.jpg", written(lamp((200, 150)), "JPEG"))],
    }  # fmt: skip
    assert lin.post(order_url(order, "works/"), works).status_code == 302
    work = Work.objects.get()
    assert {photo.shows for photo in work.photos.all()} == {"before", "after"}
    page = lin.get(order_url(order))
    assert (page.context["kept"], int(page.context["cost"])) == (1, 12000)
    assert desk_of("du").get(LIST).context["works"][0]["quantity"] == 116
    assert lin.post(order_url(order, f"works/{work.pk}/strike/"), {"reason": "填错"}).status_code == 302
    assert desk_of("du").get(LIST).context["works"] == []


def test_households_come_by_paste_and_by_file_and_are_moved_together() -> None:
    du, topic = desk_of("du"), proposed(at=now())
    url = f"{HERE}topics/{topic.pk}/households/"
    table = SimpleUploadedFile("flats.csv", "户号,备注\r\n3栋503,\r\n3栋504,\r\n".encode())
    told = {"labels": "3栋501\n3栋502", "file": table}
    assert du.post(f"{url}list/", told).status_code == 302
    assert list(Household.objects.order_by("place").values_list("label", flat=True)) == [
        "3栋501", "3栋502", "3栋503", "3栋504",
    ]  # fmt: skip
    moved = {"chosen": ["3栋501", "3栋502"], "labels": "3栋503", "state": "done"}
    assert du.post(f"{url}move/", moved).status_code == 302
    assert du.get(url).context["progress"].done == 3
    wrong = du.post(f"{url}list/", {"labels": "张三先生"})
    assert (wrong.status_code, Household.objects.count()) == (400, 4)


def test_the_list_is_narrowed_by_who_may_see_it() -> None:
    red, ok = given(at=now() - timedelta(days=30)), given(at=now(), unit="east")
    du = desk_of("du")
    page = du.get(f"{LIST}?tint=red")
    assert [row["one"] for row in page.context["rows"]] == [red]
    assert [row["one"] for row in du.get(f"{LIST}?unit={ok.unit_id}").context["rows"]] == [ok]
    assert desk_of("lin").get(f"{LIST}export/").status_code == 403
    assert desk_of("guan").get(LIST).status_code == 403


def test_the_list_is_taken_out_with_a_reason_stamped_and_recorded(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    red = given(at=now() - timedelta(days=30), title="=1+1")
    given(at=now(), unit="east")
    du, asked_at, key = desk_of("du"), f"{LIST}export/?tint=red", str(uuid4())
    assert "Past its date" in du.get(asked_at).content.decode()
    assert du.post(asked_at, {"key": key, "why": ""}).status_code == 422
    for _twice in range(2):
        assert du.post(asked_at, {"key": key, "why": "每周调度会"}).status_code == 302
    run = ExportRun.objects.get()
    assert (run.listed, run.rows, run.filters["tint"]) == ("orders", 1, "red")
    assert "Supervision list" in du.get("/desk/exports/").content.decode()
    book = CalamineWorkbook.from_filelike(io.BytesIO(du.get(f"/desk/exports/{key}/").content))
    cover = {row[0]: row[1] for row in book.get_sheet_by_index(0).to_python() if len(row) > 1}
    assert (cover["Taken out by"], cover["What for"]) == ("杜督 (du)", "每周调度会")
    rows = book.get_sheet_by_index(1).to_python()
    assert [row[:2] for row in rows[1:]] == [[str(red), "=1+1"]]
    kinds = Fact.objects.filter(stream=f"exportrun:{key}").order_by("seq").values_list("kind", flat=True)
    assert list(kinds) == ["ListAskedFor", "ListWritten", "ListTaken"]
    assert desk_of("dong").get(f"/desk/exports/{key}/").status_code == 404


def test_a_frozen_week_shows_each_reader_their_own_rows() -> None:
    last = now() - timedelta(days=7)
    given(at=last), given(at=last, unit="east")
    freeze_week(at=now())
    assert len(desk_of("du").get(f"{LIST}weeks/").context["rows"]) == 2
    assert len(desk_of("lin").get(f"{LIST}weeks/").context["rows"]) == 1
    assert desk_of("du").get(f"{LIST}weeks/nonsense/").status_code == 404


def test_progress_is_public_only_after_a_person_released_it_and_tells_no_word_of_the_desk() -> None:
    order = decided(at=now(), text="内部要求：约谈物业经理")
    du, stranger = desk_of("du"), Client()
    url = f"{HERE}topics/{order.topic_id}/release/"
    assert du.get(url).status_code == 200
    told = {"title": "公厕", "text": "正在整治，联系 13800138000", "voices": "太臭了", "seen": 0}
    refused = du.post(url, told)
    assert (refused.status_code, Release.objects.count()) == (422, 0)
    made_public = du.post(url, told | {"text": "正在整治"})
    assert made_public.status_code == 302
    page = stranger.get(made_public.headers["Location"])
    text = page.content.decode()
    assert "正在整治" in text
    assert "太臭了" in text
    assert "环卫所" in text
    assert "内部要求" not in text
    assert "公厕" in stranger.get("/progress/").content.decode()
    assert desk_of("lin").get(url).status_code == 403
    du.post(url, {"act": "withdraw", "reason": "内容有误"})
    assert stranger.get(made_public.headers["Location"]).status_code == 404
    assert "公厕" not in stranger.get("/progress/").content.decode()


def test_hostile_words_are_shown_as_words() -> None:
    order = given(at=now(), title=HOSTILE[:100], text=HOSTILE)
    assert "<script>alert" not in desk_of("du").get(order_url(order)).content.decode()
    assert "<script>alert" not in desk_of("du").get(LIST).content.decode()


def test_what_waits_stands_in_the_inbox_of_whom_it_waits_for() -> None:
    order = made(taken(at=now()), "report", "lin", at=now(), note="好")
    assert str(order) in desk_of("du").get("/desk/today/").content.decode()
    assert str(order) not in desk_of("lin").get("/desk/today/").content.decode()
    assert order.state == "reported"


def test_the_list_costs_the_same_however_long_it_is(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(6):
        taken(at=now(), assists=("city",))
    closed(at=now())
    du = desk_of("du")
    du.get(LIST)
    with django_assert_max_num_queries(24):
        du.get(LIST)


def test_a_guide_is_drawn_from_a_topic_commented_on_and_published_at_the_desk() -> None:
    order = decided(at=now())
    assert order.topic is not None
    du, lin = desk_of("du"), desk_of("lin")
    assert "Draw a guide from it" in du.get(f"/desk/supervision/topics/{order.topic.pk}/").content.decode()
    page = du.get(f"{GUIDES}new/?topic={order.topic.pk}").content.decode()
    assert order.text in page
    told = {
        "title": "清运工作指引",
        "text": "一、要求\n每日两清",
        "area_path": EAST_PATH,
        "key": str(uuid4()),
    }
    url = du.post(f"{GUIDES}new/?topic={order.topic.pk}", told).headers["Location"]
    assert lin.get(url).status_code == 404
    assert du.post(f"{url}out/", {"until": day(5, at=now()).isoformat()}).status_code == 302
    assert lin.post(f"{url}comment/", {"text": "改为三清", "key": str(uuid4())}).status_code == 302
    seen = Guide.objects.get().fact_seq
    refused = du.post(f"{url}publish/", {"seen": seen}, follow=True)
    assert "1 comments have no answer yet." in refused.content.decode()
    comment = GuideComment.objects.get()
    du.post(f"{url}answer/", {"comment": str(comment.pk), "answer": "采纳"})
    du.post(f"{url}publish/", {"seen": Guide.objects.get().fact_seq})
    for kind, begins in (("docx", b"PK"), ("pdf", b"%PDF")):
        assert lin.get(f"{url}1.{kind}").content.startswith(begins)
    assert lin.get(f"{url}0.pdf").status_code == 404
    assert "采纳" in lin.get(url).content.decode()
    assert "清运工作指引" in lin.get(GUIDES).content.decode()
    assert lin.post(f"{url}withdraw/", {"reason": "不要"}, follow=True).status_code == 200
    assert Guide.objects.get().state == "published"
