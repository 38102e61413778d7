"""Staff type for residents: who told, who typed, one appeal however often it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from huying.intake.models import Appeal, Inbound
from huying.people.models import Account
from huying.testing.cast import RUBBISH
from huying.testing.town import middle

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


def _as(client: Client, username: str) -> Client:
    client.force_login(Account.objects.get(username=username))
    return client


def _form(**more: object) -> dict[str, object]:
    lat, lon = middle(0, 0)
    told = {
        "key": str(uuid4()),
        "channel": "phone",
        "told_how": "phone",
        "name": "陈姨",
        "phone": "199 0000 1234",
    }
    return told | {"text": RUBBISH, "place_words": "", "lat": lat, "lon": lon} | more


def test_the_telephone_desk_types_what_a_resident_tells(client: Client) -> None:
    desk = _as(client, "dian")
    assert desk.get("/desk/enter/").status_code == 200
    answer = desk.post("/desk/enter/", _form())
    appeal = Appeal.objects.latest("received_at")
    assert answer.headers["Location"] == f"/desk/enter/{appeal.number}/"
    assert appeal.channel_id == "phone"
    assert appeal.typed_by == Account.objects.get(username="dian")
    assert (appeal.party.name, appeal.party.told_how) == ("陈姨", "phone")
    page = desk.get(f"/desk/enter/{appeal.number}/").content.decode()
    assert appeal.number in page
    assert "环卫所" in page


def test_a_double_click_is_one_appeal_and_the_same_number(client: Client) -> None:
    desk, form = _as(client, "dian"), _form()
    first, second = (desk.post("/desk/enter/", form) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert Inbound.objects.filter(key=form["key"]).count() == 1


def test_what_is_missing_or_impossible_is_told_and_nothing_is_taken(client: Client) -> None:
    desk, before = _as(client, "dian"), Appeal.objects.count()
    for wrong in ({"text": ""}, {"channel": "web"}, {"phone": "call me"}, {"lat": 99, "lon": 999}):
        answer = desk.post("/desk/enter/", _form(**wrong))
        assert 400 <= answer.status_code < 500, wrong
        assert "陈姨" in answer.content.decode(), "what was typed is kept"
    assert Appeal.objects.count() == before


def test_only_those_who_may_enter_and_only_their_own_link(client: Client) -> None:
    assert client.get("/desk/enter/").status_code == 302
    assert _as(client, "hao").get("/desk/enter/").status_code == 403
    _as(client, "dian").post("/desk/enter/", _form())
    number = Appeal.objects.latest("received_at").number
    assert _as(client, "ge").get(f"/desk/enter/{number}/").status_code == 404
