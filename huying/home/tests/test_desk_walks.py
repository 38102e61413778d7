"""Walks at the desk: planned by a form, gone with a phone, told to those they concern and nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from huying.cases.models import Case
from huying.home.tests.desks import desk_of
from huying.intake.models import Appeal
from huying.intake.tests.photos import lamp, written
from huying.journeys.walk_places import propose_places
from huying.people.models import Account
from huying.places.queries import town_map
from huying.testing.cast import appeal_of
from huying.testing.town import EAST
from huying.walks.models import Checklist, Finding, MonthPlan, Walk, WalkState
from huying.walks.tests.stories import found, planned, theme

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import DjangoAssertNumQueries
    from pytest_django.fixtures import Settings

    from huying.walks.models import Walk as WalkRow

pytestmark = pytest.mark.django_db


def walk_of_today() -> WalkRow:
    """Return a walk of this very day."""
    return planned(at=timezone.now())


def sent(walk: WalkRow, **more: object) -> dict[str, object]:
    """Return a finding as a phone sends it."""
    told: dict[str, object] = {
        "act": "finding", "key": uuid4(), "walk": walk.pk, "stop": walk.stops.all()[0].pk,
        "line": walk.checklist.lines.all()[0].pk, "part": "whole", "photo_count": 0,
        "who": Account.objects.get(username="ge").pk.hex,
    }  # fmt: skip
    return told | more


# --- planning ----------------------------------------------------------------------------------------
def test_dong_plans_a_walk_by_ticking_what_is_proposed_and_a_second_click_plans_no_other() -> None:
    of = theme(at=timezone.now())
    desk = desk_of("dong")
    page = desk.get(f"/desk/walks/new/?area={EAST}")
    assert b"place:E1" in page.content
    assert "听澜花园" in page.content.decode()
    form = {
        "key": uuid4(), "on": timezone.localdate().isoformat(), "theme": of.pk, "stops": ["place:E1"],
        "walkers": ["east|grid_worker", "city|"], "more": "竹溪苑\n后巷", "guests": "居民代表",
    }  # fmt: skip
    for _click in range(2):
        assert desk.post(f"/desk/walks/new/?area={EAST}", form).status_code == 302
    walk = Walk.objects.get()
    assert [(stop.name, stop.place is not None) for stop in walk.stops.all()] == [
        ("听澜花园", True), ("竹溪苑", True), ("后巷", False),
    ]  # fmt: skip
    shown = desk.get(f"/desk/walks/{walk.pk}/").content.decode()
    assert "竹影社区工作站 · Grid worker" in shown


def test_a_wrong_form_is_told_and_keeps_what_was_written() -> None:
    theme(at=timezone.now())
    answer = desk_of("dong").post(f"/desk/walks/new/?area={EAST}", {"key": uuid4(), "guests": "居民代表"})
    assert answer.status_code == 400
    assert "居民代表" in answer.content.decode()
    assert not Walk.objects.exists()


def test_a_walk_is_changed_and_called_off_at_the_desk() -> None:
    walk, desk = walk_of_today(), desk_of("dong")
    form = {
        "key": walk.key, "seen": walk.fact_seq, "on": walk.on.isoformat(), "theme": walk.theme_id,
        "walkers": ["east|"], "stops": [f"kept:{walk.stops.all()[1].pk}"],
    }  # fmt: skip
    assert desk.get(f"/desk/walks/{walk.pk}/change/").status_code == 200
    assert desk.post(f"/desk/walks/{walk.pk}/change/", form).status_code == 302
    assert [stop.name for stop in walk.stops.all()] == ["菜市场后巷"]
    assert desk.post(f"/desk/walks/{walk.pk}/change/", form | {"stops": []}).status_code == 409
    assert desk.post(f"/desk/walks/{walk.pk}/off/", {"reason": ""}).status_code == 400
    assert desk.post(f"/desk/walks/{walk.pk}/off/", {"reason": "暴雨"}).status_code == 302
    walk.refresh_from_db()
    assert walk.state == WalkState.CALLED_OFF


def test_a_checklist_is_edited_into_a_next_version_in_the_order_of_its_numbers() -> None:
    of, desk = theme(at=timezone.now()), desk_of("dong")
    assert desk.get(f"/desk/walks/themes/{of.pk}/").status_code == 200
    form = {
        "rows": 6, "seen": 1, "name": "市容", "is_active": "on", "order_0": 2, "text_0": "垃圾桶满溢",
        "order_1": 1, "text_1": "井盖异常", "hint_1": "踩一踩",
    }  # fmt: skip
    assert desk.post(f"/desk/walks/themes/{of.pk}/", form).status_code == 302
    newest = Checklist.objects.get(number=2)
    assert [line.text for line in newest.lines.all()] == ["井盖异常", "垃圾桶满溢"]
    assert desk.post(f"/desk/walks/themes/{of.pk}/", form | {"text_0": "别的"}).status_code == 409
    assert desk_of("ge").get(f"/desk/walks/themes/{of.pk}/").status_code == 403


def test_a_month_is_planned_at_the_desk_and_stands_in_the_list() -> None:
    of, desk = theme(at=timezone.now()), desk_of("dong")
    month = timezone.localdate().strftime("%Y-%m")
    form = {"area": EAST, "month": month, "theme": of.pk, "key_task": "整治背街小巷"}
    assert desk.post("/desk/walks/months/", form).status_code == 302
    assert MonthPlan.objects.get().key_task == "整治背街小巷"
    assert "整治背街小巷" in desk.get("/desk/walks/").content.decode()


def test_places_are_proposed_where_no_walk_came_for_long_or_nobody_reported() -> None:
    at = timezone.now()
    appeal_of(at=at)  # from the first estate
    card = town_map().by_code(EAST)
    assert card
    told = {one.stop.place_code: one.stop.why for one in propose_places(card.path, at=at)}
    assert told == {"E1": "unseen", "E2": "silent"}
    found(walk_of_today(), at=at)  # at the first estate
    assert [one.stop.place_code for one in propose_places(card.path, at=at)] == ["E2"]


# --- with a phone ------------------------------------------------------------------------------------
def test_a_photo_and_a_tap_are_an_appeal_and_a_retry_is_told_its_number(
    settings: Settings, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    walk, ge = walk_of_today(), desk_of("ge")
    told = sent(walk, line="", photo_count=1)
    photo = SimpleUploadedFile("a.jpg", written(lamp(), "JPEG"), "image/jpeg")
    first = ge.post("/desk/walks/go/outbox/", told | {"part": "photo", "kind": "before", "photos": photo})
    assert first.json() == {"state": "kept"}
    assert not Appeal.objects.exists()
    answers = [ge.post("/desk/walks/go/outbox/", told).json() for _again in range(2)]
    case = Case.objects.get()
    assert [answer["number"] for answer in answers] == [case.number] * 2
    appeal = Appeal.objects.get()
    assert (appeal.channel_id, appeal.photos.count(), Finding.objects.count()) == ("walk", 1, 1)
    assert ge.get(f"/desk/walks/go/outbox/?key={told['key']}").json()["state"] == "taken"


def test_photos_that_are_still_to_come_are_asked_for_and_nothing_is_taken_before() -> None:
    answer = desk_of("ge").post("/desk/walks/go/outbox/", sent(walk_of_today(), photo_count=1))
    assert (answer.status_code, answer.json()["state"]) == (409, "photos_missing")
    assert not Appeal.objects.exists()


def test_the_end_is_sent_with_what_was_seen_and_twice_is_once() -> None:
    walk, ge = walk_of_today(), desk_of("ge")
    stop, line = walk.stops.all()[0], walk.checklist.lines.all()[1]
    told = sent(walk, act="end", text="正常") | {f"place_{stop.pk}": "on", f"line_{line.pk}": "on"}
    answers = [ge.post("/desk/walks/go/outbox/", told).json() for _again in range(2)]
    assert [answer["number"] for answer in answers] == [walk.number] * 2
    walk.refresh_from_db()
    assert (walk.state, walk.fact_seq, walk.stops.filter(seen=True).get()) == (WalkState.ENDED, 2, stop)


def test_without_scripts_the_form_goes_as_it_is_and_nothing_told_is_refused() -> None:
    walk, ge = walk_of_today(), desk_of("ge")
    assert ge.post("/desk/walks/go/", sent(walk, line="", stop="")).status_code == 400
    assert ge.post("/desk/walks/go/", sent(walk, text="路灯不亮")).status_code == 302
    assert Appeal.objects.get().text == "路灯不亮"


def test_a_neighbour_is_refused_whatever_they_send_and_another_s_words_are_not_sent_for_them() -> None:
    walk, wu = walk_of_today(), desk_of("wu")
    who = Account.objects.get(username="wu").pk.hex
    for act in ("finding", "end"):
        answer = wu.post("/desk/walks/go/outbox/", sent(walk, act=act, who=who))
        assert (answer.status_code, answer.json()["state"]) == (422, "refused")
    assert wu.get(f"/desk/walks/{walk.pk}/").status_code == 404
    assert wu.get(f"/desk/walks/{walk.pk}/report/").status_code == 404
    assert "听澜花园" not in wu.get("/desk/walks/go/").content.decode()
    assert desk_of("ge").post("/desk/walks/go/outbox/", sent(walk, who=who)).status_code == 422
    assert not Appeal.objects.exists()


def test_signed_out_a_phone_is_told_so_and_keeps_what_it_has() -> None:
    ge = desk_of("ge")
    ge.logout()
    answer = ge.post("/desk/walks/go/outbox/", {"key": uuid4()})
    assert (answer.status_code, answer.json()) == (401, {"state": "signed_out"})


def test_the_kept_page_has_no_name_token_or_key(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    walk_of_today()
    ge = desk_of("ge")
    with django_assert_max_num_queries(40):
        page = ge.get("/desk/walks/go/kept/")
    text = page.content.decode()
    assert "csrfmiddlewaretoken" not in text
    assert "葛格" not in text
    assert page.headers["X-Round-Of"] == Account.objects.get(username="ge").pk.hex
    assert b"huying-walk" in ge.get("/desk/walks/go/worker.js").content


# --- told --------------------------------------------------------------------------------------------
def test_todays_walk_waits_in_the_inbox_of_those_who_go_and_of_nobody_else() -> None:
    walk = walk_of_today()
    assert walk.number in desk_of("ge").get("/desk/today/").content.decode()
    assert walk.number not in desk_of("wu").get("/desk/today/").content.decode()


def test_the_tally_and_the_reports_show_what_was_found() -> None:
    walk, desk = walk_of_today(), desk_of("dong")
    found(walk, at=timezone.now())
    desk.post("/desk/walks/go/", sent(walk, act="end", text="清理了后巷"))
    for page in ("/desk/walks/tally/", "/desk/walks/tally/report/", f"/desk/walks/{walk.pk}/report/"):
        answer = desk.get(page)
        assert answer.status_code == 200
        assert "市容环境" in answer.content.decode()
    assert "清理了后巷" in desk.get(f"/desk/walks/{walk.pk}/report/").content.decode()
    assert desk_of("ge").get("/desk/walks/tally/").status_code == 403
