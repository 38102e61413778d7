"""My data: a resident sees, corrects, copies and has forgotten what is held; a neighbour sees none of it."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.utils import timezone

from huying.cases.actions import move_case
from huying.feedback.actions import Answer, rate_reply
from huying.home.tests.desks import TOILET, desk_of
from huying.home.tests.residents import account, answered, link, page_of
from huying.home.tests.test_pages_following import kept
from huying.intake.masking import set_hold
from huying.intake.models import Appeal, Party
from huying.intake.photos import store
from huying.journeys import erasing, jobs
from huying.ledger.actor import SYSTEM
from huying.ledger.models import Fact
from huying.ledger.queries import verify
from huying.mydata.actions import delete_copies
from huying.mydata.models import DataCopy, ErasureRequest
from huying.people.access import Look, open_contacts
from huying.people.models import Account
from huying.publicity.actions import Words, publish_case
from huying.publicity.models import Publication
from huying.testing.cast import RUBBISH, appeal_of, case_of, resident, staff

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django.fixtures import DjangoAssertNumQueries

    from huying.journeys.appeal import Taken

pytestmark = pytest.mark.django_db


def signed_in(own: Account) -> Client:
    """Return a browser this resident is signed in with."""
    client = Client()
    client.force_login(own)
    client.cookies["django_language"] = "en"
    return client


def own_appeal(own: Account, text: str = RUBBISH, **more: Any) -> Taken:  # noqa: ANN401 - whatever a draft takes
    """File an appeal while signed in."""
    return appeal_of(text, account_id=own.pk, name="李小花", phone="13800138000", **more)


def close(taken: Taken) -> None:
    """Bring an appeal to its end, confirmed by its resident."""
    answered(taken)
    rate_reply(taken.appeal_id, Answer("yes", comment="谢谢"), by=resident(), at=timezone.now())


def copied(client: Client) -> zipfile.ZipFile:
    """Ask for a copy, let it be put together, and fetch it."""
    client.post("/my/data/copy/")
    asked = DataCopy.objects.latest("asked_at")
    jobs.copy_data(copy=str(asked.pk))
    return zipfile.ZipFile(io.BytesIO(client.get(f"/my/data/copy/{asked.pk}/my-data.zip").content))


# --- seeing -------------------------------------------------------------------------------------------


def test_it_is_shown_to_the_resident_who_is_signed_in_and_to_nobody_else(client: Client) -> None:
    own, neighbour = account(), account("13900139000")
    taken = own_appeal(own)
    open_contacts(
        [taken.appeal_id], Look("first_contact"), subject=taken.case_number, page="case",
        by=staff("lin"), at=timezone.now(),
    )  # fmt: skip
    page = page_of(signed_in(own).get("/my/data/"))
    for held in ("13800138000", taken.number, "李小花", taken.case_number, "To contact the resident"):
        assert held in page
    assert "林清" not in page
    assert taken.number not in page_of(signed_in(neighbour).get("/my/data/"))
    for asker in (client, desk_of("lin")):
        assert asker.get("/my/data/").status_code == 302


def test_looking_costs_the_same_however_much_was_filed(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    own = account()
    for _ in range(4):
        own_appeal(own)
    client = signed_in(own)
    client.get("/my/data/")
    with django_assert_max_num_queries(22):
        client.get("/my/data/")


# --- correcting ---------------------------------------------------------------------------------------


def test_name_and_language_are_corrected_and_an_unknown_language_is_none() -> None:
    own = account()
    client = signed_in(own)
    client.post("/my/data/correct/", {"name": " 李\n小花 ", "language": "en"})
    own.refresh_from_db()
    assert (own.name, own.language) == ("李 小花", "en")
    assert client.post("/my/data/correct/", {"name": "x", "language": "xx"}).status_code == 400


def test_the_contact_of_an_appeal_is_corrected_on_its_page_and_hidden_from_a_link(client: Client) -> None:
    own = account()
    taken = own_appeal(own)
    by_link = page_of(client.get(link(taken)))
    assert "13800138000" not in by_link
    assert "138****8000" in by_link
    assert "13800138000" in page_of(signed_in(own).get(f"/a/{taken.number}/"))
    wrong = client.post(f"{link(taken)}contact/", {"name": "x", "phone": "not a phone"})
    assert wrong.status_code == 400
    client.post(f"{link(taken)}contact/", {"name": "小花", "phone": "13700137000"})
    party = Party.objects.get(appeal=taken.appeal_id)
    assert (party.name, party.phone) == ("小花", "13700137000")
    fact = Fact.objects.get(stream=f"appeal:{taken.appeal_id}", kind="ContactCorrected")
    assert "137" not in str(fact.data)
    assert "You changed how we reach you" in page_of(client.get(link(taken)))
    assert desk_of("lin").post(f"{link(taken)}contact/", {"name": "", "phone": ""}).status_code == 403


def test_no_name_of_a_resident_goes_into_the_ledger() -> None:
    own = account()
    Account.objects.filter(pk=own.pk).update(name="李小花")
    own.refresh_from_db()
    taken = own_appeal(own)
    signed_in(own).post(f"/a/{taken.number}/withdraw/", {"reason": ""})
    assert not Fact.objects.filter(actor_name__contains="李小花").exists()


# --- a copy -------------------------------------------------------------------------------------------


def test_a_copy_holds_everything_of_the_resident_and_nothing_of_a_neighbour() -> None:
    own = account()
    photo = kept()
    taken = own_appeal(own, photo_ids=(photo.pk,))
    neighbour = appeal_of("隔壁的事情，垃圾堆", name="王邻居", phone="13900139000")
    close(taken)
    file = copied(signed_in(own))
    data = json.loads(file.read("data.json"))
    [appeal] = data["appeals"]
    assert appeal["number"] == taken.number
    assert appeal["contact"]["phone"] == "13800138000"
    assert [reply["text"] for reply in appeal["replies"]] == ["垃圾已清走，地面已冲洗。"]
    assert [rating["comment"] for rating in appeal["ratings"]] == ["谢谢"]
    assert file.read(f"photos/{taken.number}-1.jpg") == store().get(photo.stored_as)
    page = file.read("index.html").decode()
    assert taken.number in page
    assert neighbour.number not in json.dumps(data)
    assert "王邻居" not in page


def test_hostile_words_stay_words_in_the_page_of_a_copy() -> None:
    own = account()
    own_appeal(own, "<script>alert(1)</script>垃圾堆了三天")
    page = copied(signed_in(own)).read("index.html").decode()
    assert "<script>" not in page


def test_a_copy_is_for_its_own_resident_and_for_a_day(
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    own, neighbour = account(), account("13900139000")
    own_appeal(own)
    client = signed_in(own)
    copied(client)
    ready = DataCopy.objects.get()
    address = f"/my/data/copy/{ready.pk}/my-data.zip"
    assert signed_in(neighbour).get(address).status_code == 404
    assert Client().get(address).status_code == 302
    assert "Fetch it" in page_of(client.get("/my/data/"))
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        assert delete_copies(at=timezone.now() + timedelta(hours=25)) == 1
    assert client.get(address).status_code == 404
    assert not store().exists(ready.stored_as)


def test_copies_are_asked_for_one_at_a_time_and_three_a_day() -> None:
    client = signed_in(account())
    client.post("/my/data/copy/")
    client.post("/my/data/copy/")
    assert DataCopy.objects.count() == 1
    for _ in range(3):
        DataCopy.objects.update(state="failed")
        client.post("/my/data/copy/")
    assert DataCopy.objects.count() == 3


# --- to be forgotten ----------------------------------------------------------------------------------


def ask(own: Account) -> ErasureRequest:
    """Ask to be forgotten and return the request."""
    signed_in(own).post("/my/data/erase/", {"words": "搬走了", "sure": "on"})
    return ErasureRequest.objects.get(account=own)


def test_what_has_ended_is_forgotten_at_once_and_the_rest_when_it_ends() -> None:
    own = account()
    ended, at_work = own_appeal(own), own_appeal(own, TOILET)
    close(ended)
    publish_case(case_of(ended).pk, Words("垃圾", "没人清"), by=staff("mei"), at=timezone.now(), seen=0)
    request = ask(own)
    desk = desk_of("du")
    assert "138****8000" in page_of(desk.get("/desk/office/forget/"))
    assert desk.post(f"/desk/office/forget/{request.pk}/", {"decision": "agree"}).status_code == 302
    assert Party.objects.get(appeal=ended.appeal_id).phone == ""
    assert Party.objects.get(appeal=at_work.appeal_id).phone == "13800138000"
    assert Publication.objects.get().withdrawn_at
    request.refresh_from_db()
    assert (request.state, request.masked) == ("agreed", 1)
    assert signed_in(own).get("/my/data/").status_code == 200
    move_case(case_of(at_work).pk, "withdraw", by=resident(), at=timezone.now(), reason="")
    assert erasing.go_on(at=timezone.now()) == 1
    own.refresh_from_db()
    request.refresh_from_db()
    assert (request.state, request.masked, request.words) == ("done", 2, "")
    assert (own.name, own.phone, own.is_active) == ("", None, False)
    assert not Appeal.objects.filter(account=own).exists()
    assert verify().broken is None


def test_a_closed_account_signs_nobody_in_and_the_phone_is_free_again() -> None:
    own = account()
    client = signed_in(own)
    request = ask(own)
    erasing.decide(request.pk, agreed=True, reason="", by=staff("du"), at=timezone.now())
    assert client.get("/my/data/").status_code == 302
    assert account("13800138000").pk != own.pk


def test_an_appeal_under_a_legal_hold_stays_whole() -> None:
    own = account()
    taken = own_appeal(own)
    close(taken)
    set_hold(taken.appeal_id, reason="复议", by=SYSTEM, at=timezone.now())
    [left] = erasing.decide(ask(own).pk, agreed=True, reason="", by=staff("du"), at=timezone.now())
    assert (left.number, left.why) == (taken.number, "appeal_on_hold")
    assert Party.objects.get(appeal=taken.appeal_id).phone == "13800138000"


def test_a_refusal_needs_a_reason_and_the_resident_reads_it() -> None:
    own = account()
    request, desk = ask(own), desk_of("du")
    address = f"/desk/office/forget/{request.pk}/"
    assert desk.post(address, {"decision": "refuse", "reason": ""}).status_code == 400
    assert desk.post(address, {"decision": "refuse", "reason": "法定保存期未满"}).status_code == 302
    assert desk.post(address, {"decision": "agree"}).status_code == 409
    assert "法定保存期未满" in page_of(signed_in(own).get("/my/data/"))
    own.refresh_from_db()
    assert own.is_active


def test_it_is_asked_once_knowingly_and_can_be_taken_back() -> None:
    own = account()
    client = signed_in(own)
    assert client.post("/my/data/erase/", {"words": ""}).status_code == 400
    ask(own)
    assert client.post("/my/data/erase/", {"sure": "on"}).status_code == 409
    client.post("/my/data/keep/")
    assert ErasureRequest.objects.get().state == "dropped"
    client.post("/my/data/erase/", {"sure": "on"})
    assert ErasureRequest.objects.count() == 2


@pytest.mark.parametrize("who", ["lin", "mei", "dian"])
def test_only_those_with_the_right_decide(who: str) -> None:
    request = ask(account())
    desk = desk_of(who)
    assert desk.get("/desk/office/forget/").status_code == 403
    assert desk.post(f"/desk/office/forget/{request.pk}/", {"decision": "agree"}).status_code == 403
    request.refresh_from_db()
    assert request.state == "asked"
