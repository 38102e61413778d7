"""Who sees and may do what: units and those below, areas, items, deputies, days; a neighbour nothing."""

from __future__ import annotations

from datetime import date, datetime
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from huying.cases.actions import move_case
from huying.cases.models import Case, Status
from huying.cases.moves import Hand
from huying.cases.queries import find_case
from huying.cases.rules import allowed_moves, lies_under, may, visible_to
from huying.cases.tests import stories
from huying.cases.tests.stories import AT, SHANGHAI, dispatched
from huying.ledger.actor import SYSTEM, Actor, ActorKind
from huying.ledger.snapshots import announce
from huying.people.actions import UnitDraft, give_post, set_up_units
from huying.people.models import Account, AccountKind, Post, Unit
from huying.people.permissions import Permission
from huying.people.queries import actor_of
from huying.places.models import Area
from huying.testing.cast import resident, staff
from huying.testing.refusals import refused
from huying.testing.town import CAST, DISTRICT, EAST, FOUNDED_ON, STREET, WEST

if TYPE_CHECKING:
    from collections.abc import Iterable

pytestmark = pytest.mark.django_db
_names = count(1)


def newcomer(unit: str, role: str, *, area: str = "", account: Account | None = None, **post: Any) -> Account:  # noqa: ANN401 - a post's
    """Give somebody, by default somebody new, a post."""
    who = account or Account.objects.create(username=f"new-{next(_names)}", kind=AccountKind.STAFF)
    give_post(
        who,
        unit=Unit.objects.get(code=unit),
        role=role,
        area=Area.objects.get(code=area, valid_until=None) if area else None,
        valid_from=post.pop("valid_from", FOUNDED_ON),
        **post,
    )
    return who


def sees(account: Account, cases: Iterable[Case], *, at: datetime = AT) -> list[bool]:
    """Return which of these cases somebody sees; lists and single cases must agree."""
    by = actor_of(account, at=at)
    listed = set(Case.objects.filter(visible_to(by)).values_list("pk", flat=True))
    told = [may(by, Permission.CASE_SEE, case) for case in cases]
    assert told == [case.pk in listed for case in cases]
    return told


def by_hand(unit: str, *, north: int = 0, east: int = 0, item: str = "010101") -> Case:
    """Return a case in some grid, given to this unit alone."""
    case = stories.waiting(north=north, east=east)
    given: dict[str, Any] = {"unit": unit, "item": item}
    return move_case(case.pk, "dispatch", by=staff("mei", at=AT), at=AT, **given)


@pytest.mark.parametrize(
    ("path", "top", "lies"),
    [
        ("a/b/c", "a/b/c", True),
        ("a/b/c", "a/b", True),
        ("a/b/c", "a", True),
        ("a/bc", "a/b", False),
        ("a/b", "a/b/c", False),
        ("a", "", False),
        ("", "", False),
    ],
)
def test_a_path_lies_under_whole_steps_only(path: str, top: str, lies: bool) -> None:  # noqa: FBT001 - a column of the table
    assert lies_under(path, top) is lies


def test_a_neighbour_unit_sees_nothing_and_is_told_nothing() -> None:
    case = by_hand("cleaning")
    wu = staff("wu", at=AT)
    assert not Case.objects.filter(visible_to(wu), pk=case.pk).exists()
    assert allowed_moves(case, by=wu, at=AT) == []
    with refused("case_not_found"):
        find_case(case.number, by=wu)
    with refused("case_not_found"):
        find_case("GD000000000000", by=wu)
    assert find_case(case.number, by=staff("lin", at=AT)) == case


def test_an_assisting_unit_sees_the_case_and_may_note_but_not_work_on_it() -> None:
    case = dispatched()
    assert case.tasks.filter(unit__code="city", kind="assist", state="open").exists()
    wu = staff("wu", at=AT)
    assert [move.key for move in allowed_moves(case, by=wu, at=AT)] == ["note"]
    assert case in Case.objects.filter(visible_to(wu))


def test_a_right_over_a_unit_holds_for_the_units_below_it_and_not_above_or_beside() -> None:
    set_up_units(
        [
            UnitDraft("team", "清扫一队", parent="cleaning", area=STREET),
            UnitDraft("cleaning2", "环卫二所", parent="street", area=STREET),
        ]
    )
    cases = [by_hand("team"), by_hand("cleaning"), by_hand("cleaning2")]
    assert sees(newcomer("team", "handler"), cases) == [True, False, False]
    assert sees(newcomer("cleaning", "handler"), cases) == [True, True, False]
    assert sees(newcomer("street", "handler"), cases) == [True, True, True]
    assert sees(newcomer("east", "handler"), cases) == [False, False, False]


def test_a_right_over_an_area_holds_for_every_case_whose_place_lies_in_it() -> None:
    cases = [by_hand("cleaning", north=north, east=east) for east in (0, 1) for north in (0, 1)]
    assert sees(newcomer("east", "grid_worker"), cases) == [True, True, False, False]
    assert sees(newcomer("west", "grid_worker"), cases) == [False, False, True, True]
    assert sees(newcomer("east", "grid_worker", area=f"{EAST}001"), cases) == [True, False, False, False]
    assert sees(newcomer("street", "leader"), cases) == [True] * 4
    dong = staff("dong", at=AT)
    assert not may(dong, Permission.CASE_WORK, cases[0]), "seeing an area is not working in it"


def test_what_has_no_place_yet_is_seen_by_who_answers_for_the_whole_town_only() -> None:
    case = by_hand("cleaning")
    Case.objects.filter(pk=case.pk).update(area_path=DISTRICT)
    case.refresh_from_db()
    assert sees(newcomer("east", "grid_worker"), [case]) == [False]
    assert sees(newcomer("dispatch", "dispatcher"), [case]) == [True]


def test_a_post_for_some_items_covers_no_others() -> None:
    cases = [by_hand("cleaning"), by_hand("cleaning", item="020302"), stories.waiting()]
    Case.objects.filter(pk=cases[2].pk).update(item=None, item_code="")
    cases[2].refresh_from_db()
    assert sees(newcomer("cleaning", "handler", items=["0101"]), cases) == [True, False, False]
    assert sees(newcomer("cleaning", "handler", items=["0203", "0101"]), cases) == [True, True, False]
    assert sees(newcomer("dispatch", "dispatcher", items=["02"]), cases) == [False, True, False]
    assert sees(newcomer("dispatch", "dispatcher"), cases) == [True, True, True]


def test_two_posts_add_up_and_never_mix() -> None:
    cases = [by_hand("cleaning", east=0), by_hand("city", east=1), by_hand("city", east=0)]
    both = newcomer("cleaning", "handler")
    newcomer("west", "leader", account=both)
    assert sees(both, cases) == [True, True, False]
    by = actor_of(both, at=AT)
    assert may(by, Permission.CASE_WORK, cases[0])
    assert not may(by, Permission.CASE_WORK, cases[1]), "a leader's post gives no handler's right"
    assert by.unit_ids == (
        Unit.objects.get(code="cleaning").pk,
        Unit.objects.get(code="west").pk,
    )


# --- from when to when -------------------------------------------------------------------------------
def test_a_post_is_held_from_its_first_day_until_its_last_in_shanghai() -> None:
    case = by_hand("cleaning")
    who = newcomer("cleaning", "handler", valid_from=date(2026, 9, 1), valid_until=date(2026, 10, 1))
    moments = {
        datetime(2026, 8, 31, 23, 59, tzinfo=SHANGHAI): False,
        datetime(2026, 9, 1, 0, 0, tzinfo=SHANGHAI): True,
        datetime(2026, 9, 30, 23, 59, tzinfo=SHANGHAI): True,
        datetime(2026, 10, 1, 0, 0, tzinfo=SHANGHAI): False,
    }
    assert {at: sees(who, [case], at=at)[0] for at in moments} == moments


def test_a_deputy_acts_while_the_deputyship_lasts() -> None:
    case = dispatched()
    post = Post.objects.get(account__username="hao")
    deputy = newcomer(
        "cleaning",
        "reviewer",
        deputy_of=post,
        valid_from=date(2026, 9, 21),
        valid_until=date(2026, 9, 26),
    )
    stories.reply(move_case(case.pk, "sign", by=staff("lin", at=AT), at=AT))
    before = actor_of(deputy, at=datetime(2026, 9, 20, 12, 0, tzinfo=SHANGHAI))
    with refused("not_yours"):
        move_case(case.pk, "pass_review", by=before, at=AT)
    after = actor_of(deputy, at=datetime(2026, 9, 26, 12, 0, tzinfo=SHANGHAI))
    with refused("not_yours"):
        move_case(case.pk, "pass_review", by=after, at=AT)
    meanwhile = actor_of(deputy, at=AT)
    assert move_case(case.pk, "pass_review", by=meanwhile, at=AT).status == Status.FOLLOW_UP
    assert list(post.deputies.values_list("account", flat=True)) == [deputy.pk]


def test_a_deputy_is_named_as_one_by_whichever_right_it_was_done() -> None:
    case = stories.signed()
    post = Post.objects.get(account__username="hao")
    deputy = newcomer("cleaning", "reviewer", deputy_of=post, valid_from=date(2026, 9, 21))
    colleague = newcomer("cleaning", "handler")
    move_case(case.pk, "hand_to", by=actor_of(deputy, at=AT), at=AT, handler=str(colleague.pk))
    assert "（代郝正）" in stories.facts_of(case)[-1].actor_name


def test_a_closed_unit_gives_no_rights() -> None:
    case = by_hand("cleaning")
    Unit.objects.filter(code="cleaning").update(is_active=False)
    announce("people")
    assert sees(Account.objects.get(username="lin"), [case]) == [False]


# --- everybody else ----------------------------------------------------------------------------------
def test_residents_and_machines_hold_no_right_over_cases() -> None:
    case = dispatched()
    someone = Account.objects.create(username="r-1", kind=AccountKind.RESIDENT, name="梁")
    for by in (resident(), actor_of(someone, at=AT), Actor(ActorKind.SERVICE, None, "城管系统")):
        assert not Case.objects.filter(visible_to(by)).exists()
        assert not any(may(by, permission, case) for permission in Permission)
        rights = {move.right for move in allowed_moves(case, by=by, at=AT)}
        assert rights <= ({Hand.APPELLANT} if by.kind == ActorKind.RESIDENT else set())


def test_huying_itself_sees_everything() -> None:
    case = dispatched()
    assert case in Case.objects.filter(visible_to(SYSTEM))
    assert all(may(SYSTEM, permission, case) for permission in Permission)


def test_lists_and_single_cases_agree_for_the_whole_cast() -> None:
    cases = [start() for start in stories.AT_STATUS.values()]
    cases += [by_hand("city", north=1, east=1), by_hand("east", north=1), by_hand("west", east=1)]
    seen = {username: sees(Account.objects.get(username=username), cases) for username, *_ in CAST}
    assert any(seen["lin"])
    assert not all(seen["lin"])
    assert all(seen["mei"]), "the dispatch centre sees the whole town"
    assert not any(seen["guan"]), "whoever configures works on no case"
    assert Area.objects.filter(code=WEST).exists()
