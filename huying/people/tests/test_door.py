"""Door of the desk: idle staff go out, passwords for once are changed, administrators show two keys."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from huying.people.models import Account, SignInEntry
from huying.testing.town import PASSWORD

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django.fixtures import Settings

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(settings: Settings) -> None:
    settings.LANGUAGE_CODE = "en"


def come_in(client: Client, username: str = "lin", password: str = PASSWORD, **headers: str) -> str:
    told = {"username": username, "password": password}
    return client.post("/desk/sign-in/", told, follow=True, headers=headers).content.decode()


def outcomes() -> list[tuple[str, str]]:
    return list(SignInEntry.objects.order_by("at").values_list("account_name", "outcome"))


def test_every_coming_and_going_of_staff_is_written_down_for_good(client: Client) -> None:
    come_in(client, password="wrong")
    come_in(client, username="nobody-has-this")
    come_in(client)
    client.post("/sign-out/")
    assert outcomes() == [("林清", "wrong"), ("", "wrong"), ("林清", "in"), ("林清", "out")]
    with pytest.raises(IntegrityError), transaction.atomic():
        SignInEntry.objects.update(account_name="")


def test_who_comes_in_reads_when_the_account_was_used_last_and_what_failed_since(client: Client) -> None:
    come_in(client)
    client.post("/sign-out/")
    come_in(client, password="wrong")
    page = come_in(client)
    assert "127.0.0.1" in page
    SignInEntry.objects.all()
    elsewhere = come_in(client, **{"User-Agent": "a browser not seen before"})
    assert elsewhere != page
    assert ("新" in elsewhere) or ("new place" in elsewhere)


def test_staff_who_did_nothing_for_long_are_signed_out(client: Client, settings: Settings) -> None:
    come_in(client)
    assert client.get("/desk/").status_code == 200
    session = client.session
    session["seen_at"] = (timezone.now() - timedelta(minutes=settings.IDLE_MINUTES, seconds=1)).isoformat()
    session.save()
    answer = client.get("/desk/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/desk/sign-in/?next=/desk/")
    assert "_auth_user_id" not in client.session
    assert outcomes()[-1] == ("林清", "idle")


def test_a_password_given_for_once_is_changed_first(client: Client) -> None:
    Account.objects.filter(username="lin").update(must_change_password=True)
    come_in(client)
    assert client.get("/desk/")["Location"] == "/desk/password/"
    for new in (PASSWORD, "short", "password123"):
        client.post("/desk/password/", {"password": PASSWORD, "new": new})
        assert client.get("/desk/").status_code == 302
    client.post("/desk/password/", {"password": "wrong", "new": "a really new password"})
    assert client.get("/desk/").status_code == 302
    client.post("/desk/password/", {"password": PASSWORD, "new": "a really new password"})
    assert client.get("/desk/").status_code == 200
    assert Account.objects.get(username="lin").check_password("a really new password")


@pytest.mark.parametrize("username", ["guan", "an", "shen"])
def test_an_administrator_sets_up_a_second_step_before_anything_else(client: Client, username: str) -> None:
    account = Account.objects.get(username=username)
    client.force_login(account)
    assert client.get("/desk/notices/").status_code == 200
    Account.objects.filter(pk=account.pk).update(totp_secret="")
    assert client.get("/desk/notices/")["Location"] == "/desk/second-step/"
    assert client.get("/desk/config/").status_code != 200
    assert client.get("/api/v1/cases/GD1").status_code in {401, 404}


def test_an_administrator_cannot_take_the_second_step_away(client: Client) -> None:
    client.force_login(Account.objects.get(username="guan"))
    client.post("/desk/second-step/", {"password": PASSWORD, "code": "123456"})
    assert Account.objects.get(username="guan").totp_secret


def test_a_locked_account_is_out_at_the_next_click(client: Client) -> None:
    come_in(client)
    Account.objects.filter(username="lin").update(is_active=False)
    assert client.get("/desk/").status_code == 302
