"""The page of a case: what it tells, to whom, at what cost, and what hostile words do to it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huying.cases.actions import join_case, move_case
from huying.cases.models import Case, Deadline, Membership, Reply
from huying.home.tests.desks import (
    HOSTILE,
    TOILET,
    asked_case,
    desk_of,
    replied_case,
    signed_case,
    toilet_case,
    waiting_case,
)
from huying.intake.photos import keep_photo
from huying.intake.tests.photos import lamp, written
from huying.people.models import Account, Post, Role
from huying.testing.cast import appeal_of, case_of, staff

if TYPE_CHECKING:
    from uuid import UUID

pytestmark = pytest.mark.django_db
MOST_QUERIES = 22


def page_of(username: str, number: str, more: str = "") -> str:
    """Return the page of a case as somebody sees it."""
    answer = desk_of(username).get(f"/desk/cases/{number}/{more}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_tells_the_matter_why_it_came_here_and_what_the_item_asks_for() -> None:
    case = toilet_case()
    page = page_of("lin", case.number)
    assert TOILET in page
    assert "010201" in page
    assert "环卫所" in page
    assert "Legal basis" in page
    assert "boundaries.json?within=440399001001&amp;most=16" in page
    assert all(kind in page for kind in ("Signing", "First contact", "Handling"))


def test_what_decided_is_told_with_versions_and_rivals() -> None:
    case = toilet_case()
    page = page_of("lin", case.number)
    assert "<mark>" in page or "「" in page
    assert "catalogue 1" in page
    assert "automatic" in page


@pytest.mark.parametrize("username", ["wu", "guan"])
def test_who_has_no_right_to_a_case_is_told_there_is_none(username: str) -> None:
    case, client = toilet_case(), desk_of(username)
    for address in ("", "moves/sign/", "moves/note/"):
        assert client.get(f"/desk/cases/{case.number}/{address}").status_code == 404
    assert client.get("/desk/cases/GD000000000000/").status_code == 404


def test_an_assisting_unit_sees_the_case_and_may_only_add_a_note() -> None:
    case = case_of(appeal_of())
    page = page_of("wu", case.number)
    assert 'id="act-note"' in page
    assert "moves/sign/" not in page


def test_what_happened_is_told_newest_first_without_the_resident_s_name() -> None:
    case = asked_case()
    page = page_of("lin", case.number)
    story = page[page.index('<ol class="timeline">') :]
    assert story.index("passed review") < story.index("A reply was written") < story.index("signed for it")
    assert "李小花" not in story


def test_the_moves_offered_are_those_the_clerk_may_make() -> None:
    fresh, signed, replied = toilet_case(), signed_case(), replied_case()
    lin = [page_of("lin", case.number) for case in (fresh, signed, replied)]
    assert [f"moves/{key}/" in lin[0] for key in ("sign", "return", "reply")] == [True, True, False]
    assert [f"moves/{key}/" in lin[1] for key in ("sign", "first_contact", "reply")] == [False, True, True]
    assert [f"moves/{key}/" in lin[2] for key in ("reply", "pass_review", "note")] == [False, False, True]
    hao = page_of("hao", replied.number)
    assert [f"moves/{key}/" in hao for key in ("pass_review", "fail_review")] == [True, True]


def test_a_move_that_is_nearly_possible_says_why_not() -> None:
    case = toilet_case()
    Deadline.objects.filter(case=case, clock="sign").update(
        due_at=timezone.now() - timedelta(minutes=1), started_at=timezone.now() - timedelta(hours=3)
    )
    page = page_of("lin", case.number)
    assert "The time to sign is over" in page
    assert "moves/return/" not in page


def test_a_reviewer_is_told_that_own_work_is_not_theirs_to_review() -> None:
    case = replied_case()
    Reply.objects.filter(case=case).update(by=staff("hao").id)
    page = page_of("hao", case.number)
    assert "Whoever wrote the reply may not review it." in page
    assert "moves/pass_review/" not in page


def test_photos_are_shown_to_those_who_see_the_case_only() -> None:
    photo = keep_photo(written(lamp(), "JPEG"), name="a.jpg", upload_key="some-form", at=timezone.now())
    case = case_of(appeal_of(TOILET, photo_ids=(photo.pk,)))
    address = f"/desk/cases/{case.number}/photos/{photo.pk}/"
    assert address in page_of("lin", case.number)
    shown = desk_of("lin").get(f"{address}?small")
    assert (shown.status_code, shown.headers["Content-Type"]) == (200, "image/jpeg")
    assert desk_of("wu").get(address).status_code == 404
    other = toilet_case()
    assert desk_of("lin").get(f"/desk/cases/{other.number}/photos/{photo.pk}/").status_code == 404


def test_hostile_words_stay_words_everywhere_on_the_page() -> None:
    taken = appeal_of(HOSTILE, name="<b>李</b>", place_words="<i>x</i>", phone="13800138000")
    case = case_of(taken)
    move_case(case.pk, "note", by=staff("lin"), at=timezone.now(), note="<script>alert(2)</script>{% now %}")
    page = page_of("lin", case.number)
    for wicked in ("<script>alert", "<img src=x", "<b>李", "<i>x</i>"):
        assert wicked not in page
    assert "&lt;script&gt;alert(2)" in page
    assert "{{ 7|add:7 }}" in page
    assert "<script>alert" not in drawer_of("lin", case.number)


def test_the_cost_of_the_page_does_not_grow_with_the_voices_on_the_case() -> None:
    case, lin, at = asked_case(), desk_of("lin"), timezone.now()
    address = f"/desk/cases/{case.number}/"
    lin.get(address)
    with CaptureQueriesContext(connection) as few:
        lin.get(address)
    for number in range(30):
        other = appeal_of(f"公厕{number}天没有人打扫", name=f"邻居{number}")
        join_case(case.pk, _alone(other.appeal_id), grade="C", by=staff("lin"), at=at)
    with CaptureQueriesContext(connection) as many:
        page = lin.get(address).content.decode()
    assert len(many) <= len(few) + 2
    assert len(many) <= MOST_QUERIES
    assert "31 appeals on this case" in page
    shown = '<article class="voice" aria-labelledby="voice-'
    assert page.count(shown) == 20
    assert "1–20 of 31" in page
    assert f'href="{address}?voices=2#voices-title"' in page
    assert lin.get(f"{address}?voices=2").content.decode().count(shown) == 11
    assert lin.get(f"{address}?voices=all").content.decode().count(shown) == 20
    assert lin.get(f"{address}?voices=77").content.decode().count(shown) == 0


def test_words_are_looked_for_among_the_voices_as_far_as_they_may_be_read() -> None:
    case, lin, at = asked_case(), desk_of("lin"), timezone.now()
    for number in range(3):
        other = appeal_of(f"公厕{number}门口积水，电话13800138{number:03}", name=f"陈小邻{number}")
        join_case(case.pk, _alone(other.appeal_id), grade="C", by=staff("lin"), at=at)

    def found(words: str) -> int:
        page = lin.get(f"/desk/cases/{case.number}/", {"among": words}).content.decode()
        return page.count('<article class="voice" aria-labelledby="voice-')

    assert (found("口积水"), found("公厕2门"), found("没有这样的话")) == (3, 1, 0)
    assert (found("13800138001"), found("80013")) == (0, 0)  # masked on the page, so not found either


def test_many_voices_are_split_off_by_the_words_they_hold() -> None:
    case, at = signed_case(), timezone.now()
    for number in range(3):
        other = appeal_of(f"楼道灯{number}不亮", name=f"邻居{number}")
        join_case(case.pk, _alone(other.appeal_id), grade="C", by=staff("lin"), at=at)
    form = {
        "every": "1",
        "among": "楼道灯",
        "reason": "灯是另一回事",
        "seen": Case.objects.get(pk=case.pk).fact_seq,
    }
    answer = desk_of("mei").post(f"/desk/cases/{case.number}/split/", form)
    assert answer.status_code == 302
    case.refresh_from_db()
    fresh = Case.objects.get(number=answer["Location"].split("/")[-2])
    assert (case.appeal_count, fresh.appeal_count) == (1, 3)


def _alone(appeal_id: UUID) -> UUID:
    """Take an appeal out of the case it opened, so that it can join another."""
    Membership.objects.filter(appeal_id=appeal_id).update(until_at=timezone.now())
    return appeal_id


def test_a_waiting_case_says_why_a_person_decides() -> None:
    case = waiting_case()
    page = page_of("mei", case.number)
    assert "Nothing in the text points to an item" in page
    assert 'list="items"' not in page  # the form is fetched when it is asked for
    client, address = desk_of("mei"), f"/desk/cases/{case.number}/moves/dispatch/"
    unfolded = client.get(f"{address}?seen=1", headers={"HX-Target": "form-dispatch"}).content.decode()
    for form in (page_of("mei", case.number, "moves/dispatch/"), unfolded):
        assert 'list="items"' in form
        assert '<datalist id="units">' in form
    assert '<input type="hidden" name="seen" value="1">' in unfolded
    assert "<html" not in unfolded
    assert desk_of("lin").get(f"/desk/cases/{case.number}/").status_code == 404


def test_the_form_of_a_move_that_cannot_be_made_any_more_says_so() -> None:
    case = signed_case()
    client, address = desk_of("lin"), f"/desk/cases/{case.number}/moves/sign/"
    unfolded = client.get(f"{address}?seen=1", headers={"HX-Target": "form-sign"}).content.decode()
    assert 'role="alert"' in unfolded
    assert "<form" not in unfolded


def test_only_what_lies_open_is_made_and_each_act_has_a_link_without_scripts() -> None:
    case = signed_case()
    page = page_of("lin", case.number)
    assert f'href="/desk/cases/{case.number}/moves/reply/#act-reply"' in page
    assert 'name="public_text"' not in page
    assert 'name="public_text"' in page_of("lin", case.number, "moves/reply/")


def drawer_of(username: str, number: str) -> str:
    """Return the case as the drawer of a list asks for it."""
    answer = desk_of(username).get(f"/desk/cases/{number}/", headers={"HX-Target": "drawer-body"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_drawer_of_a_list_shows_the_whole_case_without_the_page_around_it() -> None:
    case = toilet_case()
    part = drawer_of("lin", case.number)
    assert TOILET in part
    assert all(
        words in part for words in ("Why it came here", "What has happened", "Who works on it", "Clocks")
    )
    assert "moves/sign/" in part
    assert "<html" not in part
    # What is found there leads on in the drawer; only photos and the catalogue open by themselves.
    assert 'hx-boost="true" hx-target="#drawer-body"' in part
    assert 'hx-get="/desk/items/' not in part


def test_an_act_in_the_drawer_is_answered_there() -> None:
    case, lin = toilet_case(), desk_of("lin")
    address = f"/desk/cases/{case.number}/moves/sign/"
    answer = lin.post(address, {"seen": case.fact_seq}, headers={"HX-Target": "drawer-body"}, follow=True)
    part = answer.content.decode()
    case.refresh_from_db()
    assert "<html" not in part
    assert "You have signed for" in part
    assert "moves/reply/" in part
    wrong = lin.post(
        f"/desk/cases/{case.number}/moves/reply/",
        {"seen": case.fact_seq},
        headers={"HX-Target": "drawer-body"},
    )
    assert (wrong.status_code, "<html" in wrong.content.decode()) == (422, False)
    stale = lin.post(address, {"seen": 1}, headers={"HX-Target": "drawer-body"})
    assert (stale.status_code, "<html" in stale.content.decode()) == (409, False)


def test_a_case_given_out_of_my_hands_leaves_the_drawer_with_a_word() -> None:
    case = toilet_case()
    other = Account.objects.get(username="lin")
    hands = desk_of("lin")
    move_case(case.pk, "return", by=staff("lin"), at=timezone.now(), reason="不归我们", unit="city")
    # Lin also dispatches in this town, but sees the work of the own unit only.
    Post.objects.filter(account=other).update(role="handler")
    Role.objects.filter(key="handler").update(on_unit=["case:see", "case:work", "case:dispatch"])
    case.refresh_from_db()
    answer = hands.post(
        f"/desk/cases/{case.number}/moves/redispatch/",
        {"seen": case.fact_seq, "unit": "city", "reason": "归城管"},
        headers={"HX-Target": "drawer-body"},
    )
    assert answer.status_code == 200
    assert "no longer with you" in answer.content.decode()
