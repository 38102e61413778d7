"""How shall we reach you: the pages of residents and staff, ending by link, and the office of letters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from huying.home.tests.desks import desk_of
from huying.home.tests.residents import account, link
from huying.intake.models import Appeal
from huying.ledger.snapshots import announce
from huying.notify.actions import Told, tell_appeals
from huying.notify.letters import LETTERS, said_of
from huying.notify.models import Delivery, ProviderTemplate, Reach, StaffPace, TownRules, Wording
from huying.notify.unsubscribing import unsubscribe_path
from huying.testing.cast import appeal_of

if TYPE_CHECKING:
    from uuid import UUID

    from pytest_django.fixtures import Settings

    from huying.journeys.appeal import Taken

pytestmark = pytest.mark.django_db
PHONE, MAIL = "13800138000", "li@mail.example"
WORDS = {
    "subject": "You have an answer", "happened": "{unit} has answered {number}.", "next": "Please rate it.",
    "brief": "Please rate",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _channels(settings: Settings) -> None:
    settings.CHANNELS = settings.CHANNELS | {
        "smtp_host": "127.0.0.1", "smtp_port": 9, "mail_from": "a@b.example", "sms_provider": "aliyun",
        "sms_key_id": "a", "sms_key_secret": "b", "sms_sign": "c", "sms_url": "http://127.0.0.1:9",
    }  # fmt: skip


def mine(email: str = MAIL) -> Taken:
    return appeal_of(name="李小花", phone=PHONE, email=email)


def wanted(appeal_id: UUID) -> set[str]:
    return set(Reach.objects.filter(appeal_id=appeal_id, stopped_at=None).values_list("channel", flat=True))


# --- residents ---------------------------------------------------------------------------------------
def test_a_resident_agrees_to_channels_and_takes_it_back(client: Client) -> None:
    taken = mine()
    page = client.get(link(taken)).content.decode()
    assert f"{link(taken)}reach/" in page
    asked = client.get(f"{link(taken)}reach/").content.decode()
    assert "138****8000" in asked
    assert "l***@mail.example" in asked
    assert PHONE not in asked
    client.post(f"{link(taken)}reach/", {"channels": ["sms", "email"]})
    assert wanted(taken.appeal_id) == {"sms", "email"}
    assert 'value="sms" id="id_channels_0" checked' in client.get(f"{link(taken)}reach/").content.decode()
    client.post(f"{link(taken)}reach/", {"channels": ["email"]})
    assert wanted(taken.appeal_id) == {"email"}
    stopped = Reach.objects.get(appeal_id=taken.appeal_id, channel="sms")
    assert (stopped.stopped_at is not None, stopped.stopped_by) == (True, "page")
    client.post(f"{link(taken)}reach/", {"channels": ["email", "sms"]})
    assert wanted(taken.appeal_id) == {"sms", "email"}


def test_only_channels_with_an_address_are_offered(client: Client, settings: Settings) -> None:
    taken = mine(email="")
    answer = client.post(f"{link(taken)}reach/", {"channels": ["email"]})
    assert answer.status_code == 422
    assert wanted(taken.appeal_id) == set()
    settings.CHANNELS = settings.CHANNELS | {"sms_provider": ""}
    assert "There is no other way yet" in client.get(f"{link(taken)}reach/").content.decode()


def test_nobody_else_chooses_for_a_resident(client: Client) -> None:
    taken = mine()
    wrong = f"/a/{taken.number}/{'A' * 20}/reach/"
    assert client.get(wrong).status_code == 404
    assert client.post(wrong, {"channels": ["sms"]}).status_code == 404
    assert desk_of("lin").post(f"{link(taken)}reach/", {"channels": ["sms"]}).status_code == 403
    other = Client()
    other.force_login(account("13700137000"))
    assert other.post(f"/a/{taken.number}/reach/", {"channels": ["sms"]}).status_code == 404
    assert wanted(taken.appeal_id) == set()


def test_a_resident_with_an_account_chooses_for_everything(client: Client) -> None:
    assert client.get("/my/reach/").status_code == 302
    who = account(PHONE)
    client.force_login(who)
    assert "138****8000" in client.get("/my/reach/").content.decode()
    client.post("/my/reach/", {"channels": ["sms"]})
    assert Reach.objects.get(account=who).channel == "sms"
    assert "/my/reach/" in client.get("/my/").content.decode()


def test_a_link_ends_letters_without_signing_in(client: Client) -> None:
    taken = mine()
    client.post(f"{link(taken)}reach/", {"channels": ["email", "sms"]})
    path = unsubscribe_path(f"appeal:{taken.appeal_id}", "email")
    fresh = Client(enforce_csrf_checks=True)
    assert fresh.get(path).status_code == 200
    assert wanted(taken.appeal_id) == {"sms", "email"}, "looking, as virus scanners do, ends nothing"
    answer = fresh.post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert wanted(taken.appeal_id) == {"sms"}
    assert fresh.post(path).status_code == 200
    tell_appeals(
        [Told(Appeal.objects.get(number=taken.number).pk, "closed", {"number": "1"}, timezone.now())]
    )
    assert {row.channel for row in Delivery.objects.all()} == {"sms"}


def test_a_link_that_was_tampered_with_ends_nothing(client: Client) -> None:
    path = unsubscribe_path("appeal:1", "email")
    for wrong in (path[:-2] + "x/", "/stop/nothing/"):
        assert client.get(wrong).status_code == 404
        assert client.post(wrong).status_code == 404


# --- staff -------------------------------------------------------------------------------------------
def test_staff_choose_where_and_how_soon() -> None:
    lin = desk_of("lin")
    page = lin.get("/desk/reach/").content.decode()
    assert "Where" in page
    assert "unit_overdue" not in page, "what is urgent has no pace"
    paces = dict.fromkeys(re.findall(r'<select name="((?!language)\w+)"', page), "hourly")
    assert len(paces) > 15
    told = paces | {"email": "lin@town.example", "unit_task": "never"}
    assert lin.post("/desk/reach/", told).status_code == 302
    reach = Reach.objects.get(account__username="lin")
    assert (reach.channel, reach.address) == ("email", "lin@town.example")
    assert StaffPace.objects.get(account__username="lin", kind="unit_task").pace == "never"
    assert 'value="lin@town.example"' in lin.get("/desk/reach/").content.decode()
    assert lin.post("/desk/reach/", paces | {"email": "no address"}).status_code == 422
    assert lin.post("/desk/reach/", paces | {"email": "", "unit_task": "soon"}).status_code == 422
    lin.post("/desk/reach/", paces | {"email": ""})
    assert Reach.objects.get(account__username="lin").stopped_at is not None
    assert lin.post("/desk/reach/", told).status_code == 302
    assert Reach.objects.get(account__username="lin").stopped_at is None


def test_residents_do_not_come_to_the_desks_page(client: Client) -> None:
    assert client.get("/desk/reach/").status_code == 302
    client.force_login(account(PHONE))
    assert client.get("/desk/reach/").status_code == 403


# --- the office --------------------------------------------------------------------------------------
OFFICE = ("letters/", "letters/words/", "letters/words/replied/en/", "letters/rules/")


def test_only_who_edits_letters_sees_them() -> None:
    for path in OFFICE:
        assert desk_of("guan").get(f"/desk/office/{path}").status_code == 200, path
        assert desk_of("lin").get(f"/desk/office/{path}").status_code == 403, path
    assert desk_of("lin").post("/desk/office/letters/words/replied/en/", WORDS).status_code == 403
    assert desk_of("lin").post("/desk/office/letters/again/").status_code == 403
    assert Wording.objects.count() == 0


def said(language: str = "en") -> str:
    with translation.override(language):
        return said_of("replied", {"number": "SQ1", "unit": "环卫所"}).happened


def test_a_town_puts_a_letter_into_its_own_words_and_back() -> None:
    guan, path = desk_of("guan"), "/desk/office/letters/words/replied/en/"
    default = said()
    preview = guan.post(path, WORDS | {"seen": "0", "act": "preview"}).content.decode()
    assert "环卫所 has answered SQ260922000018." in preview
    assert said() == default
    assert guan.post(path, WORDS | {"seen": "0", "act": "keep"}).status_code == 302
    assert said() == "环卫所 has answered SQ1."
    assert said("zh-hans") != said()
    assert "own words" in guan.get("/desk/office/letters/words/").content.decode()
    late = guan.post(path, WORDS | {"seen": "0", "act": "keep"})
    assert late.status_code == 422
    assert "Somebody changed these words" in late.content.decode()
    assert guan.post(path, {"seen": "1", "act": "default"}).status_code == 302
    assert said() == default
    made = [(one.version, one.is_default, one.by_name) for one in Wording.objects.order_by("version")]
    assert made == [(1, False, "管理"), (2, True, "管理")]


@pytest.mark.parametrize(
    "text",
    ["{due} {secret}", "{number.__class__}", "{number!r}", "{0}", "{", "}", "{number:>9999999}", "{}"],
)
def test_words_take_only_the_names_a_letter_knows(text: str) -> None:
    path = "/desk/office/letters/words/replied/en/"
    answer = desk_of("guan").post(path, WORDS | {"happened": text, "seen": "0", "act": "keep"})
    assert answer.status_code == 422
    assert Wording.objects.count() == 0


def test_a_letter_nobody_knows_has_no_page() -> None:
    for path in ("nothing/en/", "replied/fr/"):
        assert desk_of("guan").get(f"/desk/office/letters/words/{path}").status_code == 404


def test_the_rules_are_set_and_each_change_is_kept() -> None:
    guan, path = desk_of("guan"), "/desk/office/letters/rules/"
    told = {
        "quiet_from": "21:00", "quiet_until": "07:30", "first": "sms", "second": "wechat", "third": "email",
        "texts_a_day": "3", "daily_at": "09:00",
    }  # fmt: skip
    assert guan.post(path, told).status_code == 302
    assert guan.post(path, told | {"texts_a_day": "4"}).status_code == 302
    assert guan.post(path, told | {"second": "sms"}).status_code == 422
    assert guan.post(path, told | {"texts_a_day": "0"}).status_code == 422
    rows = [(one.pk, one.texts_a_day, one.order, one.by_name) for one in TownRules.objects.order_by("id")]
    assert rows == [(1, 3, ["sms", "wechat", "email"], "管理"), (2, 4, ["sms", "wechat", "email"], "管理")]
    assert 'value="21:00"' in guan.get(path).content.decode()


def test_a_providers_template_is_entered_and_replaced() -> None:
    guan, path = desk_of("guan"), "/desk/office/letters/templates/"
    told = {"channel": "sms", "kind": "replied", "code": "SMS_1", "blanks": "who = unit\nnumber"}
    assert guan.post(path, told).status_code == 302
    assert guan.post(path, told | {"code": "SMS_2"}).status_code == 302
    rows = ProviderTemplate.objects.order_by("id")
    assert [(one.code, one.is_active, one.blanks) for one in rows] == [
        ("SMS_1", False, ["who=unit", "number"]),
        ("SMS_2", True, ["who=unit", "number"]),
    ]
    assert guan.post(path, told | {"blanks": "secret"}).status_code == 422
    assert guan.post(path, told | {"code": ""}).status_code == 302
    assert not rows.filter(is_active=True).exists()


def failed(count: int = 1) -> Taken:
    taken = mine()
    Reach.objects.get_or_create(
        appeal_id=taken.appeal_id, channel="email", defaults={"agreed_at": timezone.now()}
    )
    for _one in range(count):
        tell_appeals([Told(taken.appeal_id, "closed", {"number": taken.number}, timezone.now())])
    Delivery.objects.update(
        state="failed",
        ended_at=timezone.now(),
        error="recipient_550",
        error_text="No such user",
        address="l***@m",
    )
    return taken


def test_what_went_wrong_is_listed_found_and_sent_again() -> None:
    guan, taken = desk_of("guan"), failed()
    page = guan.get("/desk/office/letters/").content.decode()
    assert "recipient_550 No such user" in page
    assert "l***@m" in page
    assert MAIL not in page
    assert "recipient_550" not in guan.get("/desk/office/letters/?state=sent").content.decode()
    assert "recipient_550" in guan.get(f"/desk/office/letters/?number={taken.number}").content.decode()
    assert "recipient_550" not in guan.get("/desk/office/letters/?number=GD1").content.decode()
    row = Delivery.objects.get()
    assert guan.post("/desk/office/letters/again/", {"delivery": [str(row.pk)]}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.attempts, row.ended_at) == ("queued", 0, None)
    answer = guan.post("/desk/office/letters/again/", {"delivery": [str(row.pk), "junk"]}, follow=True)
    assert "Only what was refused" in answer.content.decode()


def test_everything_listed_can_be_sent_again_at_once() -> None:
    failed(3)
    told = {"all": "1", "state": "failed", "query": "state=failed"}
    answer = desk_of("guan").post("/desk/office/letters/again/", told)
    assert urlsplit(answer.headers["Location"]).query == "state=failed"
    assert Delivery.objects.filter(state="queued").count() == 3


def test_the_list_asks_no_more_for_more_letters() -> None:
    guan = desk_of("guan")
    failed()
    guan.get("/desk/office/letters/")
    with CaptureQueriesContext(connection) as few:
        guan.get("/desk/office/letters/")
    failed(60)
    with CaptureQueriesContext(connection) as many:
        page = guan.get("/desk/office/letters/").content.decode()
    assert len(many) == len(few)
    assert "before=" in page


def test_a_channel_half_set_up_is_named(settings: Settings) -> None:
    settings.CHANNELS = settings.CHANNELS | {"wechat_app_id": "wx1"}
    page = desk_of("guan").get("/desk/office/letters/").content.decode()
    assert "HUYING_WECHAT_APP_SECRET" in page


def test_every_letter_has_samples_for_its_preview() -> None:
    announce("notify")
    page = desk_of("guan").get("/desk/office/letters/words/").content.decode()
    assert page.count("/en/") == len(LETTERS)
    assert not re.search(r"\{\w+\}", page)
