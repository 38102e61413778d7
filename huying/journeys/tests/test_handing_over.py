"""A post goes to the next holder with all its open work, written down, and a deputy's acts say for whom."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from huying.cases.actions import move_case
from huying.cases.models import Application, Case, Task
from huying.home.tests.desks import TOILET, desk_of, waiting_case
from huying.journeys.handing_over import carry_out, hand_over_due, hand_overs_of, hand_post_over
from huying.ledger.queries import timeline
from huying.people.actions import give_post
from huying.people.handover import name_deputy
from huying.people.models import Account, Post, Unit
from huying.testing.cast import appeal_of, case_of, staff
from huying.testing.town import FOUNDED_ON
from huying.workbench.lens import read_lens
from huying.workbench.models import HandOver, QuickPhrase, SavedView, ViewUse
from huying.workbench.phrases import keep_phrase
from huying.workbench.saving import pin_view, save_view

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def signed() -> Case:
    case = case_of(appeal_of(TOILET))
    return move_case(case.pk, "sign", by=staff("lin"), at=timezone.now())


def handed_over(*, days: int = 0) -> HandOver:
    at = timezone.now()
    return hand_post_over(
        Post.objects.get(account__username="lin").pk, Account.objects.get(username="wu"),
        from_on=timezone.localdate(at) + days * DAY, by=staff("an"), at=at,
    )  # fmt: skip


def test_open_cases_and_phrases_go_along_and_both_see_the_list() -> None:
    working, replied = signed(), signed()
    move_case(replied.pk, "reply", by=staff("lin"), at=timezone.now(), public_text="已清运。", solved="yes")
    unsigned = case_of(appeal_of(TOILET))
    keep_phrase(title="已清运", text="已清运。", by=staff("lin"), at=timezone.now())
    handover = handed_over()
    assert sorted(handover.cases) == sorted([working.number, replied.number])
    for case in (working, replied):
        case.refresh_from_db()
        assert case.handler is not None
        assert case.handler.username == "wu"
    unsigned.refresh_from_db()
    assert unsigned.handler is None
    assert QuickPhrase.objects.get(owner__username="wu").title == "已清运"
    assert handover in hand_overs_of(staff("lin"))
    assert handover in hand_overs_of(staff("wu"))
    assert handover not in hand_overs_of(staff("hao"))
    told = timeline(f"case:{working.pk}").get(kind="CaseHandedTo")
    assert "林清" in told.data["note"]
    written = timeline("rightsbook:rights").get(kind="WorkHandedOver")
    assert sorted(written.data["cases"]) == sorted(handover.cases)


def test_before_the_day_nothing_moves_and_on_it_everything_once() -> None:
    case = signed()
    handover = handed_over(days=1)
    hand_over_due(0)
    case.refresh_from_db()
    assert case.handler is not None
    assert case.handler.username == "lin"
    tomorrow = timezone.now() + DAY
    carry_out(handover.pk, at=tomorrow)
    facts = Case.objects.get(pk=case.pk).fact_seq
    carry_out(handover.pk, at=tomorrow)
    case.refresh_from_db()
    assert case.handler.username == "wu"
    assert case.fact_seq == facts


def test_who_works_on_in_the_unit_by_another_post_keeps_what_they_have() -> None:
    case = signed()
    lin = Account.objects.get(username="lin")
    old = Post.objects.get(account=lin)
    give_post(lin, unit=Unit.objects.get(code="cleaning"), role="unit_lead", valid_from=FOUNDED_ON)
    at = timezone.now()
    handover = hand_post_over(
        old.pk, Account.objects.get(username="wu"), from_on=timezone.localdate(at), by=staff("an"), at=at
    )
    assert handover.cases == []
    case.refresh_from_db()
    assert case.handler == lin


def test_a_deputy_s_acts_say_for_whom_and_the_own_ones_do_not() -> None:
    case, at = case_of(appeal_of(TOILET)), timezone.now()
    today = timezone.localdate(at)
    name_deputy(
        Post.objects.get(account__username="lin").pk, Account.objects.get(username="wu"), from_on=today,
        until_on=today + 3 * DAY, by=staff("an"), at=at,
    )  # fmt: skip
    move_case(case.pk, "sign", by=staff("wu"), at=timezone.now())
    signed_fact = timeline(f"case:{case.pk}").get(kind="CaseSigned")
    assert signed_fact.actor_name == "吴邻（代林清）"
    assert signed_fact.actor_id == staff("wu").id
    own = case_of(appeal_of(held_for="filing_often"))
    move_case(own.pk, "dispatch", by=staff("mei"), at=timezone.now(), unit="city", item="010201")
    move_case(own.pk, "sign", by=staff("wu"), at=timezone.now())
    assert timeline(f"case:{own.pk}").get(kind="CaseSigned").actor_name == "吴邻"


def test_saved_views_go_along_those_of_the_unit_with_their_keeping() -> None:
    lin, wu, at = staff("lin"), staff("wu"), timezone.now()
    cleaning = Unit.objects.get(code="cleaning").pk
    shared = save_view(
        "全所在办",
        read_lens("inbox", {"tab": "working"}),
        shared_with="unit",
        unit_id=cleaning,
        by=lin,
        at=at,
    )
    own = save_view("我的重办", read_lens("inbox", {"rework": "on"}), shared_with="nobody", by=lin, at=at)
    save_view("我的重办", read_lens("inbox", {}), shared_with="nobody", by=wu, at=at)
    pin_view(own.pk, pinned=True, by=lin)
    handover = handed_over()
    assert handover.views == 2
    shared.refresh_from_db()
    assert (shared.owner_id, shared.shared_with) == (wu.id, "unit")
    copy = SavedView.objects.get(owner_id=wu.id, name="我的重办 (2)")
    assert (copy.filters, copy.shared_with) == ({"rework": "on"}, "nobody")
    assert ViewUse.objects.get(account__username="wu", view=copy).pinned
    own.refresh_from_db()
    assert own.owner_id == lin.id


def test_what_waits_in_the_unit_is_told_and_stays_the_unit_s() -> None:
    asked, at = signed(), timezone.now()
    move_case(
        asked.pk, "ask_extension", by=staff("lin"), at=at, reason="等配件", days=3,
    )  # fmt: skip
    part = Task.objects.create(
        case=waiting_case(),
        unit=Unit.objects.get(code="cleaning"),
        kind="assist",
        opened_at=at,
        note="运走垃圾",
    )
    handover = handed_over()
    assert {f"{asked.number}:extension", f"{part.case.number}:assist"} <= set(handover.parts)
    page = desk_of("wu").get(f"/desk/posts/{handover.pk}/").content.decode()
    assert asked.number in page
    assert part.case.number in page
    application = Application.objects.get(case=asked)
    assert application.asked_by is not None
    assert application.asked_by.username == "lin"  # who asked is not rewritten
    told = timeline("rightsbook:rights").get(kind="WorkHandedOver").data
    assert (told["views"], told["parts"]) == (handover.views, handover.parts)
