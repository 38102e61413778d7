"""Posts that change hands and duty rosters, through the browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from huying.cases.models import Case
from huying.home.tests.desks import desk_of, signed_case, toilet_case
from huying.people.models import Post, Unit
from huying.testing.cast import staff
from huying.workbench.models import HandOver, Roster, Shift
from huying.workbench.rosters import set_roster

pytestmark = pytest.mark.django_db
POSTS, ROSTERS = "/desk/posts/", "/desk/rosters/"


def test_who_keeps_the_posts_hands_one_over_and_both_holders_see_the_list() -> None:
    case = signed_case()
    form = {"what": "hand_over", "post": "lin", "to": "wu", "from_on": timezone.localdate().isoformat()}
    answer = desk_of("an").post(POSTS, form, follow=True)
    assert "The post is handed over." in answer.content.decode()
    handover = HandOver.objects.get()
    for username in ("lin", "wu", "an"):
        page = desk_of(username).get(f"{POSTS}{handover.pk}/").content.decode()
        assert case.number in page
    assert desk_of("hao").get(f"{POSTS}{handover.pk}/").status_code == 404
    assert desk_of("wu").get(f"/desk/cases/{case.number}/").status_code == 200
    assert desk_of("lin").get(f"/desk/cases/{case.number}/").status_code == 404


def test_others_hand_nothing_over() -> None:
    form = {"what": "hand_over", "post": "lin", "to": "wu", "from_on": timezone.localdate().isoformat()}
    for username in ("lin", "hao", "guan"):
        assert desk_of(username).post(POSTS, form).status_code == 403
    assert not HandOver.objects.exists()


def test_a_deputy_is_named_told_in_the_frame_and_a_wrong_form_keeps_what_was_typed() -> None:
    today = timezone.localdate()
    form = {"what": "deputy", "post": "lin", "to": "wu", "from_on": today.isoformat()}
    wrong = desk_of("an").post(POSTS, form)
    assert wrong.status_code == 400
    assert 'value="lin"' in wrong.content.decode()
    desk_of("an").post(POSTS, form | {"until_on": (today + timedelta(days=3)).isoformat()})
    assert Post.objects.get(deputy_of__account__username="lin").account.username == "wu"
    assert "acting for 林清" in desk_of("wu").get("/desk/items/").content.decode()
    assert "吴邻 for 林清" in desk_of("lin").get(POSTS).content.decode()


def test_a_table_of_shifts_is_taken_in_and_lines_that_are_wrong_are_told() -> None:
    hao = desk_of("hao")
    hao.post(f"{ROSTERS}new/", {"unit": "cleaning", "name": "夜间值班", "phone": "8888"})
    roster = Roster.objects.get()
    today = timezone.localdate().isoformat()
    table = f"日期,开始,结束,姓名,电话\n{today},00:00,23:59,林清,13800000001\n昨天,,,谁,\n"
    file = SimpleUploadedFile("值班表.csv", table.encode(), "text/csv")
    page = hao.post(f"{ROSTERS}{roster.pk}/upload/", {"file": file}, follow=True).content.decode()
    assert "1 shift was written." in page
    assert "Line 3" in page
    assert "林清" in page
    for username, status in (("lin", 404), ("wu", 404)):
        again = SimpleUploadedFile("a.csv", table.encode(), "text/csv")
        assert desk_of(username).post(f"{ROSTERS}{roster.pk}/upload/", {"file": again}).status_code == status
    wrong = SimpleUploadedFile("a.csv", b"a,b\n1,2\n", "text/csv")
    assert hao.post(f"{ROSTERS}{roster.pk}/upload/", {"file": wrong}).status_code == 400
    assert Shift.objects.count() == 1


def test_what_cannot_wait_says_whom_to_call_and_other_cases_do_not() -> None:
    case, at = toilet_case(), timezone.now()
    roster = set_roster(Unit.objects.get(code="cleaning").pk, name="夜间值班", by=staff("hao"))
    Shift.objects.create(
        roster=roster, name="值班的人", phone="13800000001", starts_at=at - timedelta(hours=1),
        ends_at=at + timedelta(hours=1),
    )  # fmt: skip
    lin = desk_of("lin")
    assert "值班的人" not in lin.get(f"/desk/cases/{case.number}/").content.decode()
    Case.objects.filter(pk=case.pk).update(grade="A")
    page = lin.get(f"/desk/cases/{case.number}/").content.decode()
    assert "On duty now" in page
    assert 'href="tel:13800000001"' in page
