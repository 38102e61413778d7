"""My appeals: what is new, what waits for me, what a resident may do when it is late, missing or closed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from huying.cases.actions import move_case
from huying.cases.models import Case
from huying.feedback.actions import Answer, rate_reply
from huying.home.tests.desks import TOILET, desk_of
from huying.home.tests.residents import account, answered, link, page_of
from huying.home.tests.test_pages_filing import photo
from huying.intake.models import Photo
from huying.ledger.queries import timeline
from huying.notify.actions import Told, tell_appeals
from huying.testing.cast import RUBBISH, appeal_of, case_of, resident, staff

if TYPE_CHECKING:
    from typing import Any

    from django.test import Client
    from pytest_django.fixtures import DjangoAssertNumQueries

    from huying.journeys.appeal import Taken
    from huying.people.models import Account

pytestmark = pytest.mark.django_db


@pytest.fixture
def own(client: Client) -> Account:
    """Return a resident who is signed in."""
    found = account()
    client.force_login(found)
    return found


def filed(own: Account, text: str = RUBBISH, **more: Any) -> Taken:  # noqa: ANN401 - whatever a draft takes
    """File an appeal while signed in."""
    return appeal_of(text, account_id=own.pk, **more)


def listed(client: Client, show: str = "") -> str:
    """Return the list, narrowed."""
    return page_of(client.get("/my/", {"show": show} if show else {})).split("<main")[1]


# --- the list -----------------------------------------------------------------------------------------


def test_the_list_is_narrowed_to_what_waits_is_new_open_or_over(client: Client, own: Account) -> None:
    rated, at_work, over = filed(own), filed(own, TOILET), filed(own, "听澜花园的楼道堆了杂物没人管")
    answered(rated)
    move_case(case_of(over).pk, "withdraw", by=resident(), at=timezone.now(), reason="")
    tell_appeals(
        [Told(at_work.appeal_id, "signed", {"number": at_work.number, "unit": "环卫所"}, timezone.now())]
    )
    every = listed(client)
    assert all(taken.number in every for taken in (rated, at_work, over))
    assert "1 appeal waits for you" in every
    for show, shown, hidden in (
        ("mine", [rated], [at_work, over]), ("new", [at_work], [over]),
        ("open", [rated, at_work], [over]), ("ended", [over], [rated, at_work]),
    ):  # fmt: skip
        page = listed(client, show)
        assert all(f"/a/{taken.number}/" in page for taken in shown), show
        assert not any(f"/a/{taken.number}/" in page for taken in hidden), show
    assert "Please rate the answer" in listed(client, "mine")
    assert all(taken.number in listed(client, "odd") for taken in (rated, at_work, over))


def test_a_notice_is_new_until_its_appeal_was_looked_at(client: Client, own: Account) -> None:
    taken = filed(own)
    tell_appeals(
        [Told(taken.appeal_id, "signed", {"number": taken.number, "unit": "环卫所"}, timezone.now())]
    )
    assert "1 new" in listed(client)
    client.get(f"/a/{taken.number}/")
    assert "1 new" not in listed(client)
    assert "There is none of this kind" in listed(client, "new")


def test_a_neighbour_sees_none_of_them(client: Client, own: Account) -> None:
    taken = filed(own)
    client.force_login(account("13900139000"))
    for show in ("", "open", "mine"):
        assert taken.number not in listed(client, show)
    assert client.get(f"/a/{taken.number}/").status_code == 404


def test_the_list_costs_the_same_however_many_there_are(
    client: Client, own: Account, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(5):
        filed(own)
    client.get("/my/")
    with django_assert_max_num_queries(10):
        client.get("/my/")


# --- late ---------------------------------------------------------------------------------------------


def test_a_date_that_has_passed_is_owned_up_to(client: Client) -> None:
    taken = appeal_of()
    assert "has passed" not in page_of(client.get(link(taken)))
    Case.objects.filter(pk=case_of(taken).pk).update(due_at=timezone.now() - timedelta(days=2))
    page = page_of(client.get(link(taken)))
    assert "The date promised has passed" in page
    assert "due-over" in page


# --- what a resident may do ---------------------------------------------------------------------------


def test_details_are_supplied_with_a_photo_and_the_appeal_goes_on(client: Client) -> None:
    taken = appeal_of(held_for="filing_often")
    case = case_of(taken)
    move_case(case.pk, "ask_info", by=staff("shou"), at=timezone.now(), question="请问是几号楼？")
    page = page_of(client.get(link(taken)))
    assert "请问是几号楼？" in page
    assert "Please tell us more" in page
    assert client.post(f"{link(taken)}do/give_info/", {"text": ""}).status_code == 400
    done = client.post(f"{link(taken)}do/give_info/", {"text": "是3号楼。", "photos": [photo()]})
    assert done.status_code == 302
    assert case_of(taken).status == "submitted"
    assert Photo.objects.filter(appeal=taken.appeal_id).count() == 1
    assert "You told us more" in page_of(client.get(link(taken)))
    # Sent twice, the second is told that it is not asked any more.
    assert client.post(f"{link(taken)}do/give_info/", {"text": "是3号楼。"}).status_code == 409


def test_a_resident_urges_once_a_day(client: Client) -> None:
    taken = appeal_of()
    assert "Urge the unit" in page_of(client.get(link(taken)))
    assert client.post(f"{link(taken)}do/urge/").status_code == 302
    page = page_of(client.get(link(taken)))
    assert "You urged the unit" in page
    assert f"{link(taken)}do/urge/" not in page
    assert client.post(f"{link(taken)}do/urge/").status_code in {409, 429}


def test_what_was_closed_is_opened_again_with_a_reason(client: Client) -> None:
    taken = appeal_of()
    answered(taken)
    rate_reply(taken.appeal_id, Answer("yes"), by=resident(), at=timezone.now())
    assert case_of(taken).status == "closed"
    address = f"{link(taken)}do/restart/"
    assert address in page_of(client.get(link(taken)))
    assert client.post(address, {"text": " "}).status_code == 400
    assert client.post(address, {"text": "又堆起来了"}).status_code == 302
    assert case_of(taken).status == "in_progress"
    assert "You opened it again" in page_of(client.get(link(taken)))
    assert all("又堆起来了" not in str(fact.data) for fact in timeline(f"case:{case_of(taken).pk}"))


def test_staff_and_strangers_do_none_of_it(client: Client) -> None:
    taken = appeal_of()
    for key in ("give_info", "urge", "restart", "sign", "withdraw", "nonsense"):
        assert client.post(f"/a/{taken.number}/{'x' * 20}/do/{key}/", {"text": "x"}).status_code == 404
        assert desk_of("lin").post(f"{link(taken)}do/{key}/", {"text": "x"}).status_code in {403, 404}
    for key in ("sign", "nonsense", "reply"):
        assert client.post(f"{link(taken)}do/{key}/", {"text": "x"}).status_code == 404
