"""Filed for a parent: with consent, for one appeal, followed by both, ended by either, forgotten with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.conf import settings as town
from django.test import Client
from django.utils import timezone

from huying.feedback.models import Rating
from huying.home.tests.desks import desk_of
from huying.home.tests.residents import account, answered, link, page_of
from huying.intake.links import link_of
from huying.intake.masking import ASKED_FOR, mask_appeal
from huying.intake.models import Appeal, Party, Proxy
from huying.ledger.actor import SYSTEM
from huying.ledger.models import Fact
from huying.ledger.queries import verify
from huying.testing.cast import appeal_of, case_of

if TYPE_CHECKING:
    from pathlib import Path

    from huying.journeys.appeal import Taken
    from huying.people.models import Account

pytestmark = pytest.mark.django_db
MOTHER = {"relation": "parent", "name": "王桂英", "phone": "13600136000", "consent": "on"}


def signed_in(own: Account) -> Client:
    """Return a browser this resident is signed in with."""
    client = Client()
    client.force_login(own)
    client.cookies["django_language"] = "en"
    return client


def typed(own: Account) -> Taken:
    """File an appeal as the child does."""
    return appeal_of(account_id=own.pk, name="李小花", phone="13800138000")


def test_a_child_says_for_whom_and_both_follow_it(tmp_path: Path, client: Client) -> None:
    child = account()
    taken, browser = typed(child), signed_in(child)
    address = f"/a/{taken.number}/for/"
    assert "Typed for a parent" in page_of(browser.get(f"/a/{taken.number}/"))
    without = {key: value for key, value in MOTHER.items() if key != "consent"}
    assert browser.post(address, without).status_code == 400
    assert not Proxy.objects.exists()
    assert browser.post(address, MOTHER).status_code == 302
    party, proxy = Party.objects.get(appeal=taken.appeal_id), Proxy.objects.get()
    assert (party.name, party.phone) == ("王桂英", "13600136000")
    assert (proxy.filer_name, proxy.filer_phone, proxy.filed_by) == ("李小花", "13800138000", child)
    sent = (tmp_path / "outbox" / "texts.jsonl").read_text()
    assert "13600136000" in sent
    assert f"{town.SITE_URL}{link(taken)}" in sent
    assert "for My father or mother" in page_of(browser.get("/my/"))
    assert "Filed for another" in page_of(client.get(link(taken)))
    facts = Fact.objects.filter(stream=f"appeal:{taken.appeal_id}", kind="ProxyNamed")
    assert "王桂英" not in str(facts.get().data)
    # Sent twice, nothing changes.
    assert browser.post(address, MOTHER | {"name": "x"}).status_code == 302
    assert Party.objects.get(appeal=taken.appeal_id).name == "王桂英"


def test_the_mother_finds_it_by_its_number_and_her_phone() -> None:
    child = account()
    taken = typed(child)
    signed_in(child).post(f"/a/{taken.number}/for/", MOTHER)
    mother = signed_in(account("13600136000"))
    found = mother.get("/find/", {"number": taken.number})
    assert found.headers["Location"] == link(taken)


def test_either_gives_the_verdict_once_and_the_page_says_who() -> None:
    child = account()
    taken = typed(child)
    browser = signed_in(child)
    browser.post(f"/a/{taken.number}/for/", MOTHER)
    answered(taken)
    page = page_of(browser.get(f"/a/{taken.number}/"))
    assert "Who says so?" in page
    told = {"solved": "yes", "spoke_as": "proxy"}
    assert browser.post(f"/a/{taken.number}/rate/", told).status_code == 302
    assert Rating.objects.get().spoke_as == "proxy"
    assert "said for the person concerned" in page_of(browser.get(f"/a/{taken.number}/"))
    assert Client().post(f"{link(taken)}rate/", {"solved": "no", "spoke_as": "self"}).status_code == 409


def test_nobody_is_asked_who_speaks_where_nobody_typed_for_another(client: Client) -> None:
    taken = appeal_of()
    answered(taken)
    assert "Who says so?" not in page_of(client.get(link(taken)))
    client.post(f"{link(taken)}rate/", {"solved": "yes", "spoke_as": "proxy"})
    assert Rating.objects.get().spoke_as == ""


def test_the_mother_ends_it_and_goes_on_by_a_new_link(client: Client) -> None:
    child = account()
    taken, browser = typed(child), signed_in(child)
    browser.post(f"/a/{taken.number}/for/", MOTHER)
    done = client.post(f"{link(taken)}for/end/", {"as": "self"})
    appeal = Appeal.objects.get(pk=taken.appeal_id)
    assert done.headers["Location"] == link_of(appeal.pk, appeal.number, edition=2)
    assert client.get(done.headers["Location"]).status_code == 200
    assert client.get(link(taken)).status_code == 404
    assert browser.get(f"/a/{taken.number}/").status_code == 404
    assert taken.number not in page_of(browser.get("/my/"))
    proxy = Proxy.objects.get()
    assert (proxy.filer_name, proxy.filer_phone, proxy.filed_by) == ("", "", None)
    assert client.post(f"{done.headers['Location']}for/end/", {"as": "self"}).status_code == 409
    assert verify().broken is None


def test_the_child_stops_following_and_the_appeal_goes_on() -> None:
    child = account()
    taken, browser = typed(child), signed_in(child)
    browser.post(f"/a/{taken.number}/for/", MOTHER)
    assert browser.post(f"/a/{taken.number}/for/end/").headers["Location"] == "/my/"
    assert case_of(taken).status == "dispatched"
    assert Party.objects.get(appeal=taken.appeal_id).name == "王桂英"


def test_staff_and_strangers_name_and_end_nobody(client: Client) -> None:
    child = account()
    taken = typed(child)
    assert desk_of("lin").post(f"{link(taken)}for/", MOTHER).status_code == 403
    assert signed_in(account("13900139000")).post(f"/a/{taken.number}/for/", MOTHER).status_code == 404
    assert client.get(f"/a/{taken.number}/for/").status_code == 302
    assert client.post(f"{link(taken)}for/end/", {"as": "self"}).status_code == 409
    assert not Proxy.objects.exists()


def test_the_desk_sees_that_another_typed_it_and_it_is_forgotten_with_the_appeal() -> None:
    child = account()
    taken = typed(child)
    signed_in(child).post(f"/a/{taken.number}/for/", MOTHER)
    page = page_of(desk_of("lin").get(f"/desk/cases/{taken.case_number}/"))
    assert "Typed by a relative or neighbour" in page
    assert "李小花" not in page
    mask_appeal(taken.appeal_id, why=ASKED_FOR, by=SYSTEM, at=timezone.now())
    proxy = Proxy.objects.get()
    assert (proxy.filer_name, proxy.filer_phone, proxy.filed_by) == ("", "", None)
