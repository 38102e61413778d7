"""Coming in: a resident by a code to the phone, staff by password and second step, nobody by guessing."""

from __future__ import annotations

import json
import stat
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pyotp
import pytest
from django.utils import timezone

from huying.kit.errors import Refusal
from huying.people.models import Account, AccountKind, PhoneCode
from huying.people.phones import fold_phone, is_same_phone
from huying.people.second_step import drop_second_step, new_secret, set_second_step
from huying.people.tries import WRONG_MOST
from huying.testing.town import PASSWORD

if TYPE_CHECKING:
    from pathlib import Path

    from django.http import HttpResponse
    from django.test import Client
    from pytest_django.fixtures import Settings

PHONE = "13800138000"


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    """Give each test a data folder of its own."""
    settings.DATA_DIR = tmp_path


def sent(folder: Path) -> list[dict[str, str]]:
    """Return the text messages in the outbox."""
    lines = (folder / "outbox" / "texts.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def code_in(message: dict[str, str]) -> str:
    """Return the six digits of a message."""
    return "".join(filter(str.isdigit, message["text"]))[:6]


def ask_code(client: Client, phone: str = PHONE, target: str = "") -> HttpResponse:
    """Ask for a sign-in code."""
    return client.post("/sign-in/", {"phone": phone, "next": target})  # type: ignore[return-value]


# --- residents ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_resident_signs_in_with_the_code_sent_to_the_phone(client: Client, tmp_path: Path) -> None:
    assert client.get("/sign-in/").status_code == 200
    assert ask_code(client, "138 0013-8000", "/my/").headers["Location"] == "/sign-in/code/"
    (message,) = sent(tmp_path)
    assert message["phone"] == PHONE
    page = client.get("/sign-in/code/").content.decode()
    assert "138****8000" in page
    assert PHONE not in page
    assert code_in(message) not in page
    answer = client.post("/sign-in/code/", {"code": f" {code_in(message)[:3]} {code_in(message)[3:]}"})
    assert answer.headers["Location"] == "/my/"
    account = Account.objects.get(phone=PHONE)
    assert (account.kind, str(account.pk)) == (AccountKind.RESIDENT, client.session["_auth_user_id"])
    assert not account.check_password("")


@pytest.mark.django_db
def test_the_second_sign_in_finds_the_same_account_and_a_code_works_once(
    client: Client, tmp_path: Path
) -> None:
    for _ in range(2):
        ask_code(client)
        code = code_in(sent(tmp_path)[-1])
        client.post("/sign-in/code/", {"code": code})
        client.post("/sign-out/")
    assert Account.objects.filter(phone=PHONE).count() == 1
    ask_code(client)
    assert client.post("/sign-in/code/", {"code": code}).status_code == 400
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_a_wrong_code_is_refused_and_so_is_the_right_one_after_five_wrong_ones(
    client: Client, tmp_path: Path
) -> None:
    ask_code(client)
    right = code_in(sent(tmp_path)[0])
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(5):
        assert client.post("/sign-in/code/", {"code": wrong}).status_code == 400
    assert client.post("/sign-in/code/", {"code": right}).status_code == 400
    assert not Account.objects.filter(phone=PHONE).exists()


@pytest.mark.django_db
def test_an_old_code_is_refused(client: Client, tmp_path: Path) -> None:
    ask_code(client)
    PhoneCode.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.post("/sign-in/code/", {"code": code_in(sent(tmp_path)[0])}).status_code == 400


@pytest.mark.django_db
def test_a_sixth_code_in_an_hour_is_refused_with_the_time_to_wait(client: Client, tmp_path: Path) -> None:
    for _ in range(5):
        assert ask_code(client).status_code == 302
    refused = ask_code(client)
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "3600"
    assert len(sent(tmp_path)) == 5


@pytest.mark.django_db
def test_one_network_cannot_have_codes_sent_to_phones_without_end(client: Client) -> None:
    for number in range(60):
        assert ask_code(client, f"139000000{number:02d}").status_code == 302
    assert ask_code(client, "13900000099").status_code == 429
    client.defaults["REMOTE_ADDR"] = "203.0.113.9"
    assert ask_code(client, "13900000099").status_code == 302


@pytest.mark.parametrize("phone", ["", "12345", "0755-12345678", "<script>", "1380013800\x00", "+", "9" * 31])
@pytest.mark.django_db
def test_what_is_no_mobile_number_gets_no_code(client: Client, phone: str) -> None:
    assert ask_code(client, phone).status_code == 400
    assert not PhoneCode.objects.exists()


@pytest.mark.django_db
def test_only_a_demo_town_shows_the_code_and_only_a_town_without_gateway_says_so(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    client.cookies["django_language"] = "en"
    assert "cannot send text messages" in client.get("/sign-in/").content.decode()
    settings.DEMO = True
    assert "cannot send text messages" not in client.get("/sign-in/").content.decode()
    ask_code(client)
    assert code_in(sent(tmp_path)[0]) in client.get("/sign-in/code/").content.decode()


@pytest.mark.django_db
def test_without_having_asked_there_is_no_code_to_enter(client: Client) -> None:
    assert client.get("/sign-in/code/").headers["Location"] == "/sign-in/"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
@pytest.mark.django_db
def test_signing_in_sends_nobody_away_from_the_site(client: Client, tmp_path: Path, target: str) -> None:
    ask_code(client, PHONE, target)
    answer = client.post("/sign-in/code/", {"code": code_in(sent(tmp_path)[0])})
    assert answer.headers["Location"] == "/"
    signed = client.post("/desk/sign-in/", {"username": "lin", "password": PASSWORD, "next": target})
    assert "evil" not in signed.headers["Location"]
    assert "javascript" not in signed.headers["Location"]


@pytest.mark.django_db
def test_an_account_that_was_closed_is_not_let_in(client: Client, tmp_path: Path) -> None:
    Account.objects.create_user("r-x", phone=PHONE, kind=AccountKind.RESIDENT, is_active=False)
    ask_code(client)
    assert client.post("/sign-in/code/", {"code": code_in(sent(tmp_path)[0])}).status_code == 403
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_the_outbox_is_for_its_owner_only(client: Client, tmp_path: Path) -> None:
    ask_code(client)
    assert stat.S_IMODE((tmp_path / "outbox" / "texts.jsonl").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("13800138000", "13800138000"),
        ("+86 138 0013 8000", "13800138000"),
        ("0086-138-0013-8000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("+852 9123 4567", "+85291234567"),
        ("00852 9123 4567", "+85291234567"),
    ],
)
def test_a_number_is_known_however_it_is_typed(typed: str, known: str) -> None:
    assert fold_phone(typed) == known
    assert is_same_phone(typed, known)


def test_numbers_that_cannot_be_read_are_nobodys() -> None:
    assert not is_same_phone("", "")
    assert not is_same_phone("0755-1", "0755-1")
    with pytest.raises(Refusal):
        fold_phone("23800138000")


# --- staff -------------------------------------------------------------------------------------------


def knock(client: Client, username: str = "lin", password: str = PASSWORD, code: str = "") -> HttpResponse:
    """Try to sign in as staff."""
    told = {"username": username, "password": password, "code": code}
    return client.post("/desk/sign-in/", told)  # type: ignore[return-value]


def enrolled(username: str = "lin", *, at: datetime | None = None) -> str:
    """Set up the second step for a member of the cast, some time ago; return the secret."""
    secret = new_secret()
    then = at or timezone.now() - timedelta(minutes=10)
    set_second_step(Account.objects.get(username=username), secret, code=pyotp.TOTP(secret).at(then), at=then)
    return secret


@pytest.mark.django_db
def test_staff_sign_in_with_a_password_and_out_again(client: Client) -> None:
    assert client.get("/desk/sign-in/").status_code == 200
    assert knock(client).status_code == 302
    assert client.session["_auth_user_id"] == str(Account.objects.get(username="lin").pk)
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").headers["Location"] == "/desk/sign-in/"
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_whatever_is_wrong_the_answer_is_the_same(client: Client) -> None:
    enrolled("hao")
    client.cookies["django_language"] = "en"
    wrong = [
        ("lin", "wrong", ""),
        ("nobody", PASSWORD, ""),
        ("hao", PASSWORD, ""),
        ("hao", PASSWORD, "000000"),
    ]
    told = set()
    for username, password, code in wrong:
        answer = knock(client, username, password, code)
        page = answer.content.decode()
        told.add((answer.status_code, page.count("User name, password or one-time code is wrong.")))
        assert PASSWORD not in page
    assert told == {(400, 1)}
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_the_second_step_is_asked_for_and_each_code_counts_once(client: Client) -> None:
    code = pyotp.TOTP(enrolled()).now()
    assert knock(client).status_code == 400
    assert knock(client, code=code).status_code == 302
    client.post("/sign-out/")
    assert knock(client, code=code).status_code == 400


@pytest.mark.django_db
def test_after_eight_wrong_tries_even_the_right_password_waits_but_not_elsewhere(client: Client) -> None:
    for _ in range(WRONG_MOST):
        assert knock(client, password="wrong").status_code == 400
    locked = knock(client)
    assert locked.status_code == 429
    assert int(locked.headers["Retry-After"]) > 0
    assert knock(client, "LIN").status_code == 429
    assert knock(client, "wu").status_code == 302
    client.post("/sign-out/")
    client.defaults["REMOTE_ADDR"] = "203.0.113.9"
    assert knock(client).status_code == 302


@pytest.mark.django_db
def test_a_right_password_forgets_the_wrong_tries_before_it(client: Client) -> None:
    for _ in range(3):
        for _ in range(WRONG_MOST - 1):
            assert knock(client, password="wrong").status_code == 400
        assert knock(client).status_code == 302
        client.post("/sign-out/")


@pytest.mark.django_db
def test_a_resident_does_not_come_in_by_the_staff_door(client: Client) -> None:
    Account.objects.create_user("r-1", "a password of some length", kind=AccountKind.RESIDENT)
    assert knock(client, "r-1", "a password of some length").status_code == 400


@pytest.mark.django_db
def test_demo_accounts_are_listed_and_open_in_demo_mode_only(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    row = {
        "username": "lin",
        "password": PASSWORD,
        "name": "林清",
        "role": "经办",
        "role_en": "Handler",
        "unit": "x",
    }
    (tmp_path / "demo_accounts.json").write_text(json.dumps([row | {"more": 1}]), encoding="utf-8")
    assert "林清" not in client.get("/desk/sign-in/").content.decode()
    assert client.post("/desk/sign-in/", {"demo": "lin"}).status_code == 400
    settings.DEMO = True
    page = client.get("/desk/sign-in/").content.decode()
    assert "林清" in page
    assert PASSWORD in page
    assert client.post("/desk/sign-in/", {"demo": "guan"}).status_code == 400
    assert client.post("/desk/sign-in/", {"demo": "lin"}).status_code == 302


@pytest.mark.django_db
def test_a_demo_without_its_file_or_with_a_broken_one_shows_the_plain_page(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.DEMO = True
    assert client.get("/desk/sign-in/").status_code == 200
    (tmp_path / "demo_accounts.json").write_text("{broken", encoding="utf-8")
    assert client.get("/desk/sign-in/").status_code == 200


@pytest.mark.django_db
def test_the_second_step_is_set_up_on_its_page_and_taken_away_there(client: Client) -> None:
    assert client.get("/desk/second-step/").status_code == 302
    knock(client)
    page = client.get("/desk/second-step/").content.decode()
    secret = client.session["second_step_secret"]
    assert secret in page
    assert "data:image/svg+xml" in page
    lin = Account.objects.get(username="lin")

    def answer(code: str, password: str = PASSWORD) -> int:
        status: int = client.post("/desk/second-step/", {"code": code, "password": password}).status_code
        lin.refresh_from_db()
        return status

    code = pyotp.TOTP(secret).now()
    assert (answer("000000" if code != "000000" else "111111"), lin.totp_secret) == (400, "")
    assert (answer(code, "wrong"), lin.totp_secret) == (400, "")
    assert (answer(code), lin.totp_secret) == (302, secret)
    assert secret not in client.get("/desk/second-step/").content.decode()
    assert (answer(code), lin.totp_secret) == (400, secret)
    Account.objects.update(totp_last_step=0)
    assert (answer(pyotp.TOTP(secret).now()), lin.totp_secret) == (302, "")


@pytest.mark.django_db
def test_a_resident_has_no_second_step_to_set_up(client: Client) -> None:
    client.force_login(Account.objects.create_user("r-1", kind=AccountKind.RESIDENT))
    assert client.get("/desk/second-step/").status_code == 403


@pytest.mark.django_db
def test_a_second_step_that_is_not_set_cannot_be_dropped() -> None:
    with pytest.raises(Refusal):
        drop_second_step(Account.objects.get(username="lin"), code="000000", at=timezone.now())


@pytest.mark.django_db
def test_what_is_typed_comes_back_escaped(client: Client) -> None:
    page = knock(client, "<script>alert(1)</script>", "x").content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;" in page
