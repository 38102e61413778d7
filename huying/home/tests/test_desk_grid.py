"""The grid worker's desk: today's work, the form on the spot, and what a phone sends when the net is back."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huying.cases.actions import move_case
from huying.cases.models import Case, Status
from huying.cases.tests import stories
from huying.home.tests.desks import TOILET, desk_of, signed_case, toilet_case
from huying.intake.models import Photo
from huying.intake.tests.photos import lamp, written
from huying.ledger.queries import timeline
from huying.people.actions import give_post
from huying.people.models import Account, Unit
from huying.testing.cast import staff
from huying.testing.town import FOUNDED_ON, middle
from huying.workbench.rounds import forget_old_steps

if TYPE_CHECKING:
    from pytest_django.fixtures import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db
GRID, FOUND, OUTBOX = "/desk/grid/", "/desk/grid/found/", "/desk/grid/outbox/"


def told(**more: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever a form holds
    lat, lon = middle(0, 0)
    told: dict[str, Any] = {
        "key": str(uuid4()), "text": TOILET, "done": "已清理。", "item": "010201", "lat": lat, "lon": lon
    }  # fmt: skip
    return told | more


def photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("a.jpg", written(lamp(), "JPEG"), "image/jpeg")


def hand(username: str) -> dict[str, str]:
    return {"who": Account.objects.get(username=username).pk.hex}


def test_the_round_shows_the_unit_s_open_work_with_its_place_and_no_position_is_sent() -> None:
    case = toilet_case()
    page = desk_of("lin").get(GRID).content.decode()
    assert case.number in page
    assert f'data-lat="{case.lat}"' in page
    assert "neither sent nor kept" in page
    assert case.number not in desk_of("wu").get(GRID).content.decode()
    assert desk_of("mei").get(GRID).status_code == 403


def test_what_was_found_and_solved_is_one_form_with_photos_before_and_after() -> None:
    ge = desk_of("ge")
    form = told(before=[photo()], after=[photo()])
    answer = ge.post(FOUND, form, follow=True)
    case = Case.objects.get()
    assert f"{case.number} is kept" in answer.content.decode()
    assert case.status == Status.REPLIED
    assert case.replies.get().evidence.count() == 1
    ge.post(FOUND, told(key=form["key"]))
    assert Case.objects.count() == 1


def test_a_form_that_lacks_something_keeps_its_words_and_photos() -> None:
    ge = desk_of("ge")
    answer = ge.post(FOUND, told(done="", before=[photo()]))
    page = answer.content.decode()
    assert answer.status_code == 400
    assert TOILET in page
    assert "Photos kept so far" in page
    shown = page[page.index('<img src="/desk/grid/found/') + 10 :].split('"')[0]
    assert ge.get(shown).status_code == 200
    assert desk_of("lin").get(shown).status_code == 404
    assert not Case.objects.exists()


def test_an_item_nobody_could_read_off_the_text_is_asked_for() -> None:
    answer = desk_of("ge").post(FOUND, told(item="", text="嗯嗯好的"))
    assert answer.status_code == 400
    assert "Please fill in" in answer.content.decode()


def test_the_outbox_takes_photos_then_the_whole_and_each_key_once() -> None:
    ge = desk_of("ge")
    form, who = told(), hand("ge")
    for kind in ("before", "after"):
        sent = ge.post(OUTBOX, {"key": form["key"], "part": "photo", "kind": kind, "photos": photo()} | who)
        assert sent.json() == {"state": "kept"}
    assert ge.get(OUTBOX, {"key": form["key"]}).json() == {"state": "unknown"}
    missing = ge.post(OUTBOX, form | who | {"part": "whole", "photo_count": 3})
    assert (missing.status_code, missing.json()["state"]) == (409, "photos_missing")
    taken = ge.post(OUTBOX, form | who | {"part": "whole", "photo_count": 2})
    case = Case.objects.get()
    assert (taken.status_code, taken.json()["number"]) == (201, case.number)
    assert Photo.objects.filter(appeal__memberships__case=case).count() == 1
    for again in (ge.post(OUTBOX, form | who | {"part": "whole"}), ge.get(OUTBOX, {"key": form["key"]})):
        assert again.json()["number"] == case.number
    # Another clerk learns nothing of a key that is not theirs.
    assert desk_of("lin").get(OUTBOX, {"key": form["key"]}).json() == {"state": "unknown"}


def test_what_another_wrote_on_this_phone_is_not_sent_under_my_name() -> None:
    ge = desk_of("ge")
    answer = ge.post(OUTBOX, told() | hand("lin") | {"part": "whole"})
    assert (answer.status_code, answer.json()["state"]) == (422, "refused")
    assert ge.post(OUTBOX, hand("ge") | {"part": "whole"}).json()["state"] == "refused"
    assert not Case.objects.exists()


# --- steps ------------------------------------------------------------------------------------------------


def step(case: Case, move: str, who: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever a step holds
    told = {"key": str(uuid4()), "number": case.number, "move": move, "seen": case.fact_seq, "part": "whole"}
    return told | hand(who) | more


def test_a_task_has_its_steps_on_the_page_and_each_works_without_a_script() -> None:
    case, lin = toilet_case(), desk_of("lin")
    page = lin.get(GRID).content.decode()
    assert f'data-step="sign" data-number="{case.number}"' in page
    assert 'data-step-form="sign"' in page
    way = f"/desk/grid/step/{case.number}/sign/"
    key = lin.get(way).context["form"]["key"].value()
    form = {"key": key, "number": case.number, "move": "sign", "seen": case.fact_seq}
    assert "recorded" in lin.post(way, form, follow=True).content.decode()
    case.refresh_from_db()
    assert case.status == Status.IN_PROGRESS
    # The second click is the same step, not a second one.
    assert lin.post(way, form).status_code == 302
    way = f"/desk/grid/step/{case.number}/reply/"
    short = lin.post(way, form | {"key": str(uuid4()), "move": "reply", "words": "", "solved": "yes"})
    assert short.status_code == 400
    assert lin.get(f"/desk/grid/step/{case.number}/close/").status_code == 404
    assert desk_of("wu").get(way).status_code == 404


def test_arrival_and_result_of_a_part_are_sent_once_with_when_they_were_written() -> None:
    case, dong = stories.called_in(at=timezone.now()), desk_of("dong")
    part = case.tasks.get(kind="call_in")
    page = dong.get(GRID).content.decode()
    assert f'data-step="attend" data-number="{case.number}"' in page
    assert part.note in page
    sent = step(case, "attend", "dong", task=str(part.pk), words="", written_at="2026-01-05T02:00:00.000Z")
    for _ in range(2):
        assert dong.post(OUTBOX, sent).json()["number"] == case.number
    told = timeline(f"case:{case.pk}").filter(kind="TaskAttended")
    assert [fact.data["note"] for fact in told] == [
        "(Written on the phone at 01-05 10:00, without a network.)"
    ]
    assert dong.get(OUTBOX, {"key": sent["key"]}).json()["state"] == "taken"
    done = step(case, "finish_task", "dong", task=str(part.pk), words="已到场拆除")
    assert dong.post(OUTBOX, done).status_code == 201  # seen is old, but only by the clerk's own step
    part.refresh_from_db()
    assert (part.state, part.result) == ("done", "已到场拆除")
    assert desk_of("wu").get(OUTBOX, {"key": sent["key"]}).json() == {"state": "unknown"}


def test_a_reply_takes_its_photos_with_it() -> None:
    case, lin = signed_case(), desk_of("lin")
    told = step(case, "reply", "lin", words="已打扫。", solved="yes", unsolved_reason="")
    photos = told | {"part": "photo", "kind": "evidence", "photos": photo()}
    assert lin.post(OUTBOX, photos).json() == {"state": "kept"}
    assert lin.post(OUTBOX, told | {"photo_count": 2}).json() == {"state": "photos_missing"}
    assert lin.post(OUTBOX, told | {"photo_count": 1}).status_code == 201
    assert case.replies.get().evidence.count() == 1


def test_what_others_did_meanwhile_is_told_and_nothing_is_done_over_it() -> None:
    case, lin = toilet_case(), desk_of("lin")
    mine = step(case, "sign", "lin")
    hao, cleaning = Account.objects.get(username="hao"), Unit.objects.get(code="cleaning")
    give_post(hao, unit=cleaning, role="handler", valid_from=FOUNDED_ON)
    move_case(case.pk, "note", by=staff("hao"), at=timezone.now(), note="先看看")
    move_case(case.pk, "sign", by=staff("hao"), at=timezone.now())
    told = lin.post(OUTBOX, mine).json()
    case.refresh_from_db()
    assert (told["state"], told["seen"]) == ("conflict", case.fact_seq)
    assert "郝正" in told["sentence"]
    assert told["url"] == f"/desk/cases/{case.number}/"
    # After a look it may be sent again; it is still not possible, and says why.
    again = lin.post(OUTBOX, mine | {"seen": told["seen"]}).json()
    assert again["state"] == "refused"
    assert "In progress" in again["sentence"]
    # A case that went elsewhere says only that.
    gone = step(stories.by_hand(at=timezone.now()), "sign", "lin")
    told = lin.post(OUTBOX, gone).json()
    assert told == {"state": "refused", "sentence": told["sentence"]}
    assert "no longer with your unit" in told["sentence"]


def test_a_note_of_somebody_else_is_no_conflict() -> None:
    case = toilet_case()
    move_case(case.pk, "note", by=staff("hao"), at=timezone.now(), note="先看看")
    assert desk_of("lin").post(OUTBOX, step(case, "sign", "lin")).status_code == 201


def test_who_is_signed_out_is_told_so_and_not_refused() -> None:
    case = toilet_case()
    answer = Client().post(OUTBOX, step(case, "sign", "lin"))
    assert (answer.status_code, answer.json()) == (401, {"state": "signed_out"})
    assert desk_of("mei").post(OUTBOX, step(case, "sign", "mei")).json()["state"] == "refused"
    case.refresh_from_db()
    assert case.status == Status.DISPATCHED


def test_keys_are_one_persons_and_forgotten_after_a_month() -> None:
    case = toilet_case()
    sent = step(case, "sign", "lin")
    desk_of("lin").post(OUTBOX, sent)
    other = desk_of("hao").post(OUTBOX, sent | hand("hao"))
    assert other.json()["state"] == "refused"
    assert forget_old_steps(at=timezone.now() + timedelta(days=29)) == 0
    assert forget_old_steps(at=timezone.now() + timedelta(days=31)) == 1


# --- what a phone keeps -----------------------------------------------------------------------------------


def test_what_a_phone_keeps_is_one_clerks_and_holds_no_token_menu_or_name() -> None:
    case, lin = toilet_case(), desk_of("lin")
    for way in ("/desk/grid/kept/", "/desk/grid/kept/found/"):
        answer = lin.get(way)
        page = answer.content.decode()
        assert answer.headers["X-Round-Of"] == hand("lin")["who"]
        assert "no-store" in answer.headers["Cache-Control"]
        assert "csrfmiddlewaretoken" not in page
        assert '"X-CSRFToken": ""' in page
        for words in ("林清", "/sign-out/", "李小花", "13800138000", "/desk/today/"):
            assert words not in page
        assert 'name="key" value="' not in page
    page = lin.get("/desk/grid/kept/").content.decode()
    assert case.title in page
    assert "data-kept-at" in page
    assert desk_of("wu").get("/desk/grid/kept/").content.decode().count("data-task-card=") == 0
    assert Client().get("/desk/grid/kept/").status_code == 302
    assert desk_of("mei").get("/desk/grid/kept/").status_code == 403


def test_the_worker_of_the_round_knows_nobody_and_is_not_sent_again_unchanged() -> None:
    answer = Client().get("/desk/grid/worker.js")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.content == desk_of("lin").get("/desk/grid/worker.js").content
    told = json.loads(answer.content.decode().partition(";\n")[0].removeprefix("self.ROUND = "))
    for way in (*told["pages"], *told["pages"].values(), told["send"], told["token"], told["outline"]):
        assert desk_of("lin").get(way).status_code == 200, way
    etag = answer.headers["ETag"]
    assert Client().get("/desk/grid/worker.js", headers={"if-none-match": etag}).status_code == 304


def test_the_round_takes_as_many_queries_for_many_tasks_as_for_few(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    lin = desk_of("lin")
    toilet_case()
    lin.get(GRID)
    with CaptureQueriesContext(connection) as few:
        lin.get(GRID)
    for _ in range(8):
        toilet_case()
    with django_assert_num_queries(len(few)):
        lin.get(GRID)
