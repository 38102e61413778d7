"""Codes go out over the town's gateway at once, from a template of their own, and nothing of them is kept."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from huying.kit.ids import new_id
from huying.ledger.actor import SYSTEM
from huying.ledger.snapshots import announce
from huying.notify.models import Delivery, ProviderTemplate
from huying.notify.settling import set_template
from huying.notify.wordings import EDITION
from huying.people.actions import forget_codes
from huying.people.models import Account, PhoneCode

if TYPE_CHECKING:
    from pathlib import Path

    from django.http import HttpResponse
    from django.test import Client
    from pytest_django.fixtures import Settings

    from huying.testing.gateways import AliyunGateway

pytestmark = pytest.mark.django_db
PHONE, CODE = "13800138000", "SMS_CODE"


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def approved(aliyun: AliyunGateway) -> AliyunGateway:
    """Enter a template for sign-in codes that the provider approved."""
    aliyun.templates.add(CODE)
    set_template("sms", "sign_in_code", CODE, ["code"], by=SYSTEM, at=timezone.now())
    announce(EDITION)
    return aliyun


def ask(client: Client) -> HttpResponse:
    return client.post("/sign-in/", {"phone": PHONE, "next": "/my/"}, headers={"accept-language": "en"})  # type: ignore[return-value]


def test_a_code_comes_over_the_gateway_and_lets_its_phone_in(
    client: Client, approved: AliyunGateway, tmp_path: Path
) -> None:
    assert (
        "cannot send text messages"
        not in client.get("/sign-in/", headers={"accept-language": "en"}).content.decode()
    )
    assert ask(client).status_code == 302
    (text,) = approved.taken
    assert (text["PhoneNumbers"], text["TemplateCode"]) == (PHONE, CODE)
    code = json.loads(text["TemplateParam"])["code"]
    assert code not in PhoneCode.objects.get().code_hash
    assert not Delivery.objects.exists(), "nothing of it is written down"
    assert not (tmp_path / "outbox").exists()
    assert client.post("/sign-in/code/", {"code": code}).headers["Location"] == "/my/"


def test_who_has_an_account_and_who_has_none_get_the_same_answer(
    client: Client, approved: AliyunGateway
) -> None:
    Account.objects.create_user("r-known", phone=PHONE, kind="resident")
    known = ask(client)
    unknown = client.post("/sign-in/", {"phone": "13900139000", "next": "/my/"})
    assert (known.status_code, known.headers["Location"]) == (302, unknown.headers["Location"])
    assert len(approved.taken) == 2
    assert Account.objects.filter(kind="resident").count() == 1, "an account comes with the right code only"


def test_a_gateway_that_fails_says_so_and_a_number_it_will_never_take_too(
    client: Client, approved: AliyunGateway
) -> None:
    approved.script.append((503, {"Code": "ServiceUnavailable", "Message": "busy"}))
    refused = ask(client)
    assert refused.status_code == 503
    assert refused.headers["Retry-After"] == "60"
    assert "could not be sent just now" in refused.content.decode()
    approved.script.append((200, {"Code": "isv.MOBILE_NUMBER_ILLEGAL", "Message": "无效号码"}))
    assert ask(client).status_code == 422
    assert ask(client).status_code == 302, "the next try is as good as any"


@pytest.mark.usefixtures("aliyun")
def test_without_a_template_of_its_own_no_code_pretends_to_go_out(client: Client) -> None:
    ProviderTemplate.objects.create(channel="sms", kind="", code="SMS_15305****", blanks=["number"])
    announce(EDITION)
    assert (
        "cannot send text messages"
        in client.get("/sign-in/", headers={"accept-language": "en"}).content.decode()
    )


@pytest.mark.usefixtures("approved")
def test_ten_codes_a_day_are_enough_for_a_phone_and_old_ones_are_forgotten(client: Client) -> None:
    now = timezone.now()
    for hours in range(10):
        sent = now - timedelta(hours=2 * hours + 2)
        PhoneCode.objects.create(phone=PHONE, code_hash="x", sent_at=sent, expires_at=sent)
    refused = ask(client)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "86400")
    PhoneCode.objects.update(sent_at=now - timedelta(hours=47))
    assert forget_codes(at=now) == 0
    assert ask(client).status_code == 302
    assert forget_codes(at=now + timedelta(hours=2)) == 10


def test_a_channel_that_does_not_take_letters_is_named_with_what_it_says() -> None:
    from huying.notify.models import Notice
    from huying.notify.queries import Trouble, troubles_of_channels

    now = timezone.now()
    notice = Notice.objects.create(to_appeal_id=new_id(), kind="closed", at=now)
    for number, (state, error) in enumerate(
        [
            ("queued", "smtp_535"),
            ("given_up", "smtp_535"),
            ("queued", "unreachable"),
            ("suppressed", "unsubscribed"),
        ]
    ):
        ended = None if state == "queued" else now
        Delivery.objects.create(
            notice=notice, channel="email", reader=f"appeal:{number}", state=state, error=error,
            not_before=now, made_at=now, ended_at=ended,
        )  # fmt: skip
    assert troubles_of_channels(at=now) == [Trouble("email", "smtp_535", 2)]
    assert troubles_of_channels(at=now + timedelta(days=2)) == []
