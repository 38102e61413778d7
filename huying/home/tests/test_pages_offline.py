"""Filing without a network: shells with nobody's data, a worker with a version, an outbox taken once."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import timezone

from huying.home.pages.drafting import mark_of
from huying.home.pages.offline import worker_of
from huying.home.tests.residents import MIDDLE, account, filed, page_of
from huying.home.tests.test_pages_filing import photo
from huying.intake.limits import check_limits
from huying.intake.limits_core import APPEALS
from huying.intake.models import Appeal, Photo
from huying.testing.cast import RUBBISH

if TYPE_CHECKING:
    from pytest_django.fixtures import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db
SHELLS = [
    f"/offline/{page}/{language}/{look}/"
    for page in ("file", "away")
    for language in ("zh-hans", "zh-hant", "en")
    for look in ("standard", "care")
]


def draft(**fields: object) -> dict[str, Any]:
    """Return the fields of a draft as a phone sends them."""
    told = {
        "key": str(uuid4()),
        "text": RUBBISH,
        "place_words": "",
        "lat": "",
        "lon": "",
        "name": "",
        "phone": "",
    }
    return told | {"who": "", "part": "whole", "photo_count": 0} | MIDDLE | fields  # fmt: skip


def said(answer: Any) -> dict[str, Any]:  # noqa: ANN401 - the test client's answer
    """Return what the outbox said."""
    found: dict[str, Any] = json.loads(answer.content)
    return found


# --- shells and worker ------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", SHELLS)
def test_a_shell_is_the_same_for_everybody_and_holds_nobodys_data(client: Client, way: str) -> None:
    stranger = client.get(way)
    anna = account()
    client.force_login(anna)
    client.cookies["care"], client.cookies["mine"] = "1", "SQ1.x"
    hers = client.get(way)
    assert stranger.status_code == 200
    assert hers.content == stranger.content
    page = page_of(hers)
    assert anna.phone
    assert anna.phone not in page
    assert "csrfmiddlewaretoken" not in page
    assert ("data-care" in page.split("<head>")[0]) == ("/care/" in way)
    assert 'href="tel:110"' in page or "110" in page
    if "/file/" in way:
        assert 'name="key"' in page
        assert re.findall(r'name="key"[^>]*value="[^"]+"', page) == []


@pytest.mark.parametrize(
    "way", ["/offline/my/en/standard/", "/offline/file/fr/standard/", "/offline/file/en/x/"]
)
def test_there_are_no_other_shells(client: Client, way: str) -> None:
    assert client.get(way).status_code == 404


def test_the_worker_names_files_that_exist_and_is_not_sent_again_unchanged(client: Client) -> None:
    answer = client.get("/sw.js")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    kept = json.loads(page_of(answer).partition(";\n")[0].removeprefix("self.KEPT = "))
    assert {"file", "away"} == set(kept["shells"])
    assert len(kept["statics"]) > 10
    for address in kept["statics"]:
        name, _, version = address.removeprefix("/static/").partition("?v=")
        assert finders.find(name), name
        assert version, name
    again = client.get("/sw.js", headers={"if-none-match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_worker_has_another_version_when_anything_it_keeps_is_another(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker_of.cache_clear()
    before = client.get("/sw.js").headers["ETag"]
    monkeypatch.setattr(
        "huying.home.pages.offline.SHELLS", {"file": "home/file.html", "away": "home/front.html"}
    )
    worker_of.cache_clear()
    assert client.get("/sw.js").headers["ETag"] != before
    worker_of.cache_clear()


# --- the outbox -------------------------------------------------------------------------------------------


def test_a_draft_goes_out_photo_by_photo_and_is_one_appeal(client: Client) -> None:
    told = draft(written_at="2026-11-27T06:00:00.000Z")
    for size in (64, 65, 65):  # the second came twice: its answer was lost on the way
        sent = client.post("/file/outbox/", told | {"part": "photo", "photos": [photo(size)]})
        assert said(sent)["state"] == "kept"
    answer = client.post("/file/outbox/", told | {"photo_count": 2})
    assert answer.status_code == 201
    appeal = Appeal.objects.select_related("inbound").get()
    assert said(answer) == {"state": "taken", "number": appeal.number, "url": said(answer)["url"]}
    assert appeal.photos.count() == 2
    assert "2026-11-27T06:00:00.000Z" in bytes(appeal.inbound.body).decode()
    page = page_of(client.get(said(answer)["url"]))
    assert appeal.number in page
    assert f'data-filed="{told["key"]}"' in page
    # Remembered like one filed on the page.
    assert appeal.number in page_of(client.get("/my/"))


def test_a_draft_that_was_sent_twice_is_one_appeal_whatever_way_it_came_first(client: Client) -> None:
    told = draft()
    first, second = (said(client.post("/file/outbox/", told)) for _ in range(2))
    assert first == second
    by_form = filed(client, "另一件事：路灯不亮", key=str(uuid4()), step="check", **MIDDLE)
    again = said(client.post("/file/outbox/", draft(key=by_form.inbound.key, text="改过的字")))
    assert again["number"] == by_form.number
    assert Appeal.objects.count() == 2


def test_one_may_ask_whether_a_form_arrived(client: Client) -> None:
    told = draft()
    assert said(client.get("/file/outbox/", {"key": told["key"]})) == {"state": "unknown"}
    number = said(client.post("/file/outbox/", told))["number"]
    assert said(client.get("/file/outbox/", {"key": told["key"]}))["number"] == number
    for key in ("", "x", "../.."):
        assert client.get("/file/outbox/", {"key": key}).status_code == 400


def test_photos_that_were_forgotten_meanwhile_are_asked_for_again(client: Client) -> None:
    told = draft(photo_count=1)
    client.post("/file/outbox/", told | {"part": "photo", "photos": [photo()]})
    Photo.objects.all().delete()
    answer = client.post("/file/outbox/", told)
    assert (answer.status_code, said(answer)) == (409, {"state": "photos_missing"})
    assert not Appeal.objects.exists()
    client.post("/file/outbox/", told | {"part": "photo", "photos": [photo()]})
    assert client.post("/file/outbox/", told).status_code == 201


def test_what_cannot_be_taken_is_told_in_a_sentence(client: Client) -> None:
    empty = client.post("/file/outbox/", draft(text=""))
    assert empty.status_code == 422
    assert "add a photo" in said(empty)["sentence"]
    told = draft(part="photo", photos=[photo()])
    told["photos"][0].file.seek(0)
    told["photos"][0].file.write(b"no photo at all")
    broken = client.post("/file/outbox/", told)
    assert (broken.status_code, said(broken)["state"]) == (422, "refused")


def test_whoever_sends_too_often_is_told_when_to_come_again(client: Client) -> None:
    while True:
        try:
            check_limits("127.0.0.1", None, timezone.now(), policy=APPEALS)
        except Exception:  # noqa: BLE001 - whichever refusal it is, the window is full
            break
    answer = client.post("/file/outbox/", draft())
    assert answer.status_code == 429
    assert said(answer)["state"] == "later"
    assert said(answer)["seconds"] > 0
    assert not Appeal.objects.exists()


def test_a_draft_of_one_person_is_never_filed_under_anothers_account(client: Client) -> None:
    anna, berta = account(), account("13900139000")
    client.force_login(anna)
    page = page_of(client.get("/file/"))
    assert f'data-who="{mark_of(anna)}"' in page
    client.post("/file/outbox/", draft(who=mark_of(anna)))
    client.force_login(berta)
    answer = client.post("/file/outbox/", draft(who=mark_of(anna), text="安娜写的：路灯不亮", lat="", lon=""))
    assert answer.status_code == 201
    assert answer.cookies["mine"].value.startswith(said(answer)["number"])
    owners = dict(Appeal.objects.values_list("number", "account"))
    assert sorted(map(str, owners.values())) == sorted([str(anna.pk), "None"])


def test_other_sites_cannot_send_and_the_token_is_never_kept(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/file/outbox/", draft()).status_code == 403
    answer = strict.get("/file/token/")
    assert "no-store" in answer.headers["Cache-Control"]
    token = said(answer)["token"]
    assert strict.post("/file/outbox/", draft(), headers={"x-csrftoken": token}).status_code == 201
    assert client.get("/file/token/").status_code == 200


def test_asking_costs_few_queries(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    told = draft()
    with django_assert_max_num_queries(2):
        client.get("/file/outbox/", {"key": told["key"]})
    with django_assert_max_num_queries(2):
        client.get("/sw.js")
