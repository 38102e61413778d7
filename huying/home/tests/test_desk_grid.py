"""The grid worker's desk: today's work, the form on the spot, and what a phone sends when the net is back."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from huying.cases.models import Case, Status
from huying.home.tests.desks import TOILET, desk_of, toilet_case
from huying.intake.models import Photo
from huying.intake.tests.photos import lamp, written
from huying.people.models import Account
from huying.testing.town import middle

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
