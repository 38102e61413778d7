"""A resident's ways to be reached: e-mail proved by a code, WeChat by its sign-in, chosen and removed."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from huying.home.tests.residents import account
from huying.kit.ids import new_id
from huying.notify.actions import Told, tell_appeals
from huying.notify.channels.wechat_sign_in import authorize_address
from huying.notify.contacts import forget_codes
from huying.notify.letters_residents import GROUP_OF, RESIDENTS
from huying.notify.models import Contact, ContactCode, Delivery, Reach
from huying.notify.preferences import forget_reach
from huying.notify.tests.conftest import change, post, wechat

if TYPE_CHECKING:
    from django.http import HttpResponse
    from pytest_django.fixtures import Settings

    from huying.people.models import Account
    from huying.testing.gateways import WechatGateway
    from huying.testing.postoffice import PostOffice

__all__ = ["post", "wechat"]
pytestmark = pytest.mark.django_db
PHONE, MAIL = "13800138000", "li@mail.example"


@pytest.fixture
def li() -> Account:
    """Return a resident with an account."""
    return account(PHONE)


@pytest.fixture
def browser(client: Client, li: Account) -> Client:
    """Return her browser."""
    client.force_login(li)
    return client


def ask(browser: Client, address: str = MAIL) -> HttpResponse:
    return browser.post("/my/reach/email/", {"email": address})  # type: ignore[return-value]


def code_of(office: PostOffice) -> str:
    body = office.taken[-1][2].get_body(("plain",))
    found = re.search(r"\d{6}", body.get_content() if body else "")
    assert found
    return found[0]


def test_an_address_is_kept_when_its_code_is_entered_and_removed_at_will(
    browser: Client, li: Account, post: PostOffice
) -> None:
    assert ask(browser, "Li@MAIL.example").status_code == 302
    assert not Contact.objects.exists(), "an address somebody typed is nobody's yet"
    assert not Reach.objects.exists()
    code = code_of(post)
    assert code not in ContactCode.objects.get().code_hash
    wrong = "000000" if code != "000000" else "111111"
    assert browser.post("/my/reach/email/code/", {"code": wrong}).status_code == 400
    assert browser.post("/my/reach/email/code/", {"code": code}).status_code == 302
    assert Contact.objects.get(account=li).address == "Li@mail.example"
    assert Reach.objects.get(account=li, channel="email").stopped_at is None
    page = browser.get("/my/reach/").content.decode()
    assert "L***@mail.example" in page
    assert "Li@mail.example" not in page
    assert browser.post("/my/reach/email/code/", {"code": code}).status_code == 400, "a code works once"
    browser.post("/my/reach/remove/email/")
    assert not Contact.objects.exists()
    assert not Reach.objects.exists()
    assert not ContactCode.objects.exists()


def test_guessing_and_flooding_come_to_an_end(browser: Client, post: PostOffice) -> None:
    for _time in range(3):
        assert ask(browser).status_code == 302
    refused = ask(browser)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "3600")
    assert ask(browser, "other@mail.example").status_code == 302, "another address has limits of its own"
    assert ask(browser, "third@mail.example").status_code == 302
    assert ask(browser, "fourth@mail.example").status_code == 429, "and so has an account"
    code = code_of(post)
    for _try in range(5):
        browser.post("/my/reach/email/code/", {"code": "999999" if code != "999999" else "1"})
    assert browser.post("/my/reach/email/code/", {"code": code}).status_code == 400
    assert forget_codes(at=timezone.now() + timedelta(days=2)) == 5


def test_an_old_code_and_a_strangers_code_open_nothing(browser: Client, post: PostOffice) -> None:
    ask(browser)
    other = Client()
    other.force_login(account("13700137000"))
    assert other.post("/my/reach/email/code/", {"code": code_of(post)}).status_code == 400
    ContactCode.objects.update(expires_at=timezone.now())
    assert browser.post("/my/reach/email/code/", {"code": code_of(post)}).status_code == 400
    assert not Contact.objects.exists()


@pytest.mark.parametrize("wrong", ["", "li", "li@", "li@mail.example\nBcc: x@y.example", f"{'a' * 120}@b.cn"])
def test_what_is_no_address_gets_no_letter(browser: Client, post: PostOffice, wrong: str) -> None:
    assert ask(browser, wrong).status_code in {400, 422}
    assert post.taken == []


def test_without_an_account_or_a_mail_server_nothing_is_offered(client: Client, li: Account) -> None:
    for path in ("email/", "email/code/", "remove/email/"):
        assert client.post(f"/my/reach/{path}").headers["Location"].startswith("/sign-in/")
    assert client.get("/my/reach/wechat/").headers["Location"].startswith("/sign-in/")
    client.force_login(li)
    page = client.get("/my/reach/").content.decode()
    assert 'id="email"' not in page
    assert 'id="wechat"' not in page
    assert ask(client).status_code == 409
    assert client.get("/my/reach/wechat/").headers["Location"] == "/my/reach/"


# --- WeChat ------------------------------------------------------------------------------------------
def test_the_documented_address_of_the_web_authorization_comes_out(settings: Settings) -> None:
    change(settings, wechat_app_id="wx520c15f417810387", wechat_app_secret="s")
    back = (
        "https://chong.qq.com/php/index.php?d=&c=wxAdapter&m=mobileDeal&showwxpaytitle=1"
        "&vb2ctag=4_2030_5_1194_60"
    )
    assert authorize_address(back, "123") == (
        "https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx520c15f417810387"
        "&redirect_uri=https%3A%2F%2Fchong.qq.com%2Fphp%2Findex.php%3Fd%3D%26c%3DwxAdapter%26m%3DmobileDeal"
        "%26showwxpaytitle%3D1%26vb2ctag%3D4_2030_5_1194_60&response_type=code&scope=snsapi_base"
        "&state=123#wechat_redirect"
    )


def leave(browser: Client) -> str:
    """Set out for WeChat and return the state to come back with."""
    there = urlsplit(browser.get("/my/reach/wechat/").headers["Location"])
    assert there.fragment == "wechat_redirect"
    return parse_qs(there.query)["state"][0]


def test_wechat_is_bound_by_who_left_for_it_and_once(
    browser: Client, li: Account, wechat: WechatGateway
) -> None:
    state = leave(browser)
    browser.get("/my/reach/wechat/back/", {"code": "CODE", "state": "guessed"})
    assert not Contact.objects.exists()
    browser.get("/my/reach/wechat/back/", {"code": "CODE", "state": state})
    assert not Contact.objects.exists(), "a state is good once, also when it was not the right one"
    assert wechat.asked == []
    browser.get("/my/reach/wechat/back/", {"code": "CODE", "state": leave(browser)})
    assert Contact.objects.get(account=li, channel="wechat").address == "OPENID"
    assert "OPENID" not in browser.get("/my/reach/").content.decode()
    browser.post("/my/reach/remove/wechat/")
    browser.get("/my/reach/wechat/back/", {"code": "CODE", "state": leave(browser)})
    assert not Contact.objects.exists(), "and so is a code"


@pytest.mark.parametrize("code", ["", "WRONG", "PREVIEW", "x" * 600])
def test_what_wechat_does_not_vouch_for_binds_nothing(
    browser: Client, wechat: WechatGateway, code: str
) -> None:
    assert wechat.url
    answer = browser.get("/my/reach/wechat/back/", {"code": code, "state": leave(browser)})
    assert answer.headers["Location"] == "/my/reach/"
    assert not Contact.objects.exists()


@pytest.mark.usefixtures("wechat")
def test_outside_wechat_the_page_shows_a_code_to_scan_and_a_mini_program_none(
    browser: Client, settings: Settings
) -> None:
    assert "data:image/svg+xml" in browser.get("/my/reach/").content.decode()
    inside = browser.get("/my/reach/", headers={"user-agent": "MicroMessenger/8.0"}).content.decode()
    assert "/my/reach/wechat/" in inside
    change(settings, wechat_kind="mini")
    assert 'id="wechat"' not in browser.get("/my/reach/").content.decode()


# --- what for ----------------------------------------------------------------------------------------
def tell(kind: str, li: Account) -> int:
    """Tell her of something and return how many letters go out."""
    before = Delivery.objects.count()
    tell_appeals([Told(new_id(), kind, {"number": "1"}, timezone.now(), account=li.pk)])
    return Delivery.objects.count() - before


@pytest.mark.usefixtures("post")
def test_each_way_is_used_for_what_was_chosen(browser: Client, li: Account) -> None:
    Contact.objects.create(account=li, channel="email", address=MAIL, proved_at=timezone.now())
    Reach.objects.create(account=li, channel="email", address=MAIL, agreed_at=timezone.now())
    assert tell("signed", li) == tell("closed", li) == tell("replied", li) == 1
    browser.post("/my/reach/", {"channels": ["email"], "about_email": "turns"})
    assert (tell("signed", li), tell("closed", li), tell("replied", li)) == (0, 1, 1)
    browser.post("/my/reach/", {"channels": ["email"], "about_email": "asks"})
    assert (tell("signed", li), tell("closed", li), tell("replied", li)) == (0, 0, 1)
    browser.post("/my/reach/", {"channels": []})
    assert tell("replied", li) == 0
    assert Contact.objects.filter(account=li).exists(), "the address stays until it is removed"
    assert forget_reach(account=li.pk) == 1
    assert not Contact.objects.exists()


def test_every_letter_to_residents_is_in_one_group() -> None:
    assert set(GROUP_OF) == set(RESIDENTS)


def test_the_database_keeps_one_proved_address_a_channel(li: Account) -> None:
    Contact.objects.create(account=li, channel="email", address=MAIL, proved_at=timezone.now())
    for wrong in ({"channel": "email"}, {"channel": "sms"}, {"channel": "wechat", "address": ""}):
        told = {"channel": "wechat", "address": "x"} | wrong
        with pytest.raises(IntegrityError), transaction.atomic():
            Contact.objects.create(account=li, proved_at=timezone.now(), **told)
