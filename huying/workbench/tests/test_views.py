"""Saved views: each person's own, shared without showing anybody more, read strictly, renamed and dropped."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from huying.cases.lists import Order, Tab, inbox
from huying.cases.models import Status
from huying.cases.narrowing import HANDLERS, Narrow
from huying.catalogue.models import Grade
from huying.people.models import Unit
from huying.testing.cast import appeal_of, case_of, staff
from huying.testing.refusals import refused
from huying.workbench.columns import COLUMN, USUAL
from huying.workbench.lens import Lens, read_lens
from huying.workbench.models import Listed, SharedWith
from huying.workbench.saving import (
    change_view,
    copy_view,
    drop_view,
    find_view,
    habit_of,
    keep_habit,
    pin_view,
    save_view,
    start_view,
    start_with,
    views_of,
)

AT = timezone.now()
LATE = Lens(Listed.INBOX, "overdue", narrow=Narrow(grade="A", area="440399001001"), order=Order.GRADE)
CODES = st.text("0123456789abcdefz_-", min_size=1, max_size=12)
DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))
NARROWS = st.builds(
    Narrow,
    item=st.sampled_from(["", "01", "010101"]), grade=st.sampled_from(["", *Grade.values]),
    unit=st.just("") | CODES, area=st.just("") | CODES, handler=st.sampled_from(["", *HANDLERS]),
    opened_from=st.none() | DAYS, opened_to=st.none() | DAYS, supervised=st.booleans(), rework=st.booleans(),
    many=st.booleans(),
)  # fmt: skip
LENSES = st.builds(
    Lens, st.sampled_from(Listed), st.sampled_from(["", *map(str, Tab)]), st.sampled_from(["", "电梯"]),
    st.sampled_from(["", "open", *Status.values]), NARROWS,
    st.lists(st.sampled_from(sorted(COLUMN)), min_size=1, unique=True).map(tuple), st.sampled_from(Order),
)  # fmt: skip


@given(LENSES)
def test_a_lens_is_the_same_after_it_was_kept(lens: Lens) -> None:
    assert read_lens(lens.listed, lens.told, columns=lens.columns, order=lens.order) == lens


@pytest.mark.parametrize(
    "told",
    [{"nonsense": "1"}, {"grade": "Z"}, {"item": "1' OR 1"}, {"opened_from": "2026-13-01"},
     {"handler": "boss"}, {"tab": "all"}, {"status": "gone"}, {"unit": "a b"}, {"supervised": "yes"},
     {"q": "长" * 201}, {"grade": ["A"]}],
)  # fmt: skip
def test_a_filter_that_makes_no_sense_is_refused(told: dict[str, object]) -> None:
    with refused("filter_unreadable"):
        read_lens("inbox", told)


@pytest.mark.django_db
def test_a_view_is_its_owner_s_alone_until_it_is_shared_with_the_unit_or_with_everyone() -> None:
    lin, hao, wu = staff("lin"), staff("hao"), staff("wu")
    view = save_view("我的急件", LATE, shared_with="nobody", by=lin, at=AT)
    assert [card.name for card in views_of(lin)] == ["我的急件"]
    assert views_of(hao) == views_of(wu) == []
    with refused("view_not_found"):
        find_view(view.pk, by=hao)
    # Hao works in Lin's unit, Wu in the next one.
    change_view(view.pk, shared_with="unit", by=lin, at=AT)
    assert (len(views_of(hao)), len(views_of(wu))) == (1, 0)
    change_view(view.pk, shared_with="everyone", by=lin, at=AT)
    card = find_view(view.pk, by=wu)
    assert (card.lens, card.mine, card.owner) == (LATE, False, "林清")


@pytest.mark.django_db
def test_a_shared_view_shows_nobody_a_case_that_is_not_theirs() -> None:
    case, lin, wu = case_of(appeal_of("听澜花园旁边的公厕很脏很臭，没有人打扫")), staff("lin"), staff("wu")
    lens = Lens(Listed.INBOX, "to_sign", narrow=Narrow(unit="cleaning"))
    view = save_view("环卫待签收", lens, shared_with="everyone", by=lin, at=AT)
    narrow = find_view(view.pk, by=wu).lens.narrow
    assert [one.pk for one in inbox(Tab.TO_SIGN, by=lin, at=AT, narrow=narrow).cases] == [case.pk]
    assert inbox(Tab.TO_SIGN, by=wu, at=AT, narrow=narrow).cases == []


@pytest.mark.django_db
def test_only_the_owner_changes_or_drops_a_view_and_others_copy_it() -> None:
    lin, wu = staff("lin"), staff("wu")
    view = save_view("急件", LATE, shared_with="everyone", by=lin, at=AT)
    with refused("view_not_yours"):
        change_view(view.pk, name="别的", by=wu, at=AT)
    with refused("view_not_yours"):
        drop_view(view.pk, by=wu)
    copies = [copy_view(view.pk, by=wu, at=AT).name for _ in range(2)]
    assert copies == ["急件", "急件 (2)"]
    drop_view(view.pk, by=lin)
    assert sorted(card.name for card in views_of(wu)) == sorted(copies)


@pytest.mark.django_db
def test_a_name_is_needed_and_taken_once_and_the_unit_must_be_one_s_own() -> None:
    lin = staff("lin")
    save_view("急件", LATE, shared_with="nobody", by=lin, at=AT)
    save_view("急件", LATE, shared_with="nobody", by=staff("wu"), at=AT)
    with refused("view_name_taken"):
        save_view(" 急件 ", LATE, shared_with="nobody", by=lin, at=AT)
    with refused("view_name_missing"):
        save_view(" \n", LATE, shared_with="nobody", by=lin, at=AT)
    foreign = Unit.objects.get(code="city").pk
    with refused("unit_not_yours"):
        save_view("给邻居", LATE, shared_with="unit", unit_id=foreign, by=lin, at=AT)
    with refused("filter_unreadable"):
        save_view("给谁", LATE, shared_with="the world", by=lin, at=AT)
    with refused("view_not_found"):
        find_view(uuid4(), by=lin)


@pytest.mark.django_db
def test_each_pins_and_starts_with_what_they_like_as_long_as_they_may_see_it() -> None:
    lin, wu = staff("lin"), staff("wu")
    late = save_view("急件", LATE, shared_with="everyone", by=lin, at=AT)
    new = save_view("新件", replace(LATE, tab="to_sign"), shared_with="nobody", by=wu, at=AT)
    pin_view(late.pk, pinned=True, by=wu)
    start_with(new.pk, by=wu)
    start_with(late.pk, by=wu)
    start_with(late.pk, by=wu)
    assert [(card.name, card.pinned, card.at_start) for card in views_of(wu)] == [
        ("急件", True, True), ("新件", False, False)
    ]  # fmt: skip
    assert start_view(wu) == find_view(late.pk, by=wu)
    assert start_view(lin) is None
    change_view(late.pk, shared_with="nobody", by=lin, at=AT)
    assert start_view(wu) is None
    start_with(None, by=wu)
    assert start_view(wu) is None


@pytest.mark.django_db
def test_a_view_kept_under_rules_of_an_earlier_time_is_left_out_and_breaks_nothing() -> None:
    lin = staff("lin")
    view = save_view("旧", LATE, shared_with="nobody", by=lin, at=AT)
    type(view).objects.filter(pk=view.pk).update(filters={"colour": "red"})
    assert views_of(lin) == []
    with refused("view_not_found"):
        find_view(view.pk, by=lin)


@pytest.mark.django_db
def test_columns_and_order_are_remembered_for_each_list_and_person() -> None:
    lin, wu = staff("lin"), staff("wu")
    assert habit_of(lin, "inbox") == ((), "")
    keep_habit("inbox", columns=("unit", "due", "nonsense"), order="newest", by=lin)
    assert habit_of(lin, "inbox") == (("unit", "due"), "newest")
    assert habit_of(lin, "area") == habit_of(wu, "inbox") == ((), "")
    assert SharedWith.NOBODY in SharedWith.values
    assert set(USUAL) <= set(COLUMN)
