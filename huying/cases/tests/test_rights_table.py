"""Every right in every state, generated from the tables: no move can be added that nobody must be allowed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import pytest

from huying.cases import reasons
from huying.cases.models import Status, Task, TaskKind, TaskState
from huying.cases.moves import MOVES, Hand, Move
from huying.cases.rules import allowed_moves, lies_under, why_not
from huying.cases.tests import stories
from huying.cases.tests.stories import AT
from huying.kit.ids import new_id
from huying.ledger.actor import SYSTEM, Actor, ActorKind, Grant
from huying.people.models import Unit
from huying.people.permissions import STARTER_ROLES, Permission, StarterRole
from huying.people.queries import unit_book
from huying.testing.cast import resident
from huying.testing.town import DISTRICT, EAST, STREET, WEST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from huying.cases.models import Case
    from huying.kit.errors import Reason

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# What `why_not` says of rights; whatever else it says is about the case.
OF_RIGHTS = {reasons.NOT_YOURS, reasons.NOT_BY_HAND}
STARTS: dict[str, Callable[[], Case]] = {
    **{str(status): start for status, start in stories.AT_STATUS.items()},
    "in_progress, with a part": stories.helped,
    "in_progress, confidential": lambda: stories.made(
        stories.signed(), "keep_confidential", "mei", reason="涉及举报"
    ),
}
UNITS = ("cleaning", "street", "city", "east")
AREAS = (f"{DISTRICT}/{STREET}/{EAST}", DISTRICT, f"{DISTRICT}/{STREET}/{WEST}", "")
# A right over parts of the work holds over the unit that has the part, to see and to be called.
ALSO_BY_A_PART = (Permission.CASE_SEE, Permission.CONTACT_SEE)


@dataclass(frozen=True)
class Around:
    """What the case is, beside its state, that rights hang on."""

    lead: str
    parts: tuple[str, ...]
    area: str
    confidential: bool


def _around(case: Case) -> Around:
    paths = {unit.pk: unit.path for unit in Unit.objects.all()}
    parts = Task.objects.filter(case=case, state=TaskState.OPEN).exclude(kind=TaskKind.LEAD)
    return Around(
        lead=paths.get(case.unit_id, "") if case.unit_id else "",
        parts=tuple(paths[part] for part in parts.values_list("unit_id", flat=True)),
        area=case.area_path,
        confidential=case.confidential,
    )


def _posts(role: StarterRole) -> Iterator[Actor]:
    """Yield who holds this role over the unit of the case, over one above, another one; likewise of areas."""
    paths = {card.code: card.path for card in unit_book().all()}
    for unit, area, items in product(UNITS, AREAS, ((), ("99",))):
        grant = Grant(
            new_id(), paths[unit], area, frozenset(role.on_unit), frozenset(role.on_area), items=items
        )
        yield Actor(ActorKind.STAFF, new_id(), role.name, (grant,))


def _gives(grant: Grant, right: Permission, around: Around) -> bool:
    """Return whether one post gives a right over a case, as the guide to rights tells it."""
    if grant.items:
        return False  # no case of these stories is about such an item
    units = [around.lead, *(around.parts if right in ALSO_BY_A_PART else ())]
    by_unit = right in grant.on_unit and any(lies_under(unit, grant.unit_path) for unit in units if unit)
    in_area = right in grant.on_area and lies_under(around.area, grant.area_path)
    kept_from = around.confidential and Permission.CASE_CONFIDENTIAL not in grant.on_area
    return by_unit or (in_area and not kept_from)


def _expected(move: Move, status: Status, grant: Grant, around: Around) -> Reason | None:
    """Return what the table says of the right alone: None when the post may make the move."""
    if status not in move.from_:
        return reasons.NOT_FROM_HERE
    if any(_gives(grant, right, around) for right in move.also):
        return None
    if isinstance(move.right, Hand):
        return reasons.NOT_BY_HAND if move.right == Hand.SYSTEM else reasons.NOT_YOURS
    if move.over_task:
        theirs = move.right in grant.on_unit and not grant.items
        mine = theirs and any(lies_under(part, grant.unit_path) for part in around.parts)
        return None if mine else reasons.NOT_YOURS
    return None if _gives(grant, move.right, around) else reasons.NOT_YOURS


def _told(case: Case, move: Move, by: Actor) -> Reason | None:
    """Return what is said of state and right; None also where something else stands against the move."""
    reason = why_not(case, move, by=by, at=AT)
    return reason if reason in OF_RIGHTS or reason == reasons.NOT_FROM_HERE else None


@pytest.mark.parametrize("start", STARTS)
def test_every_role_over_every_unit_and_area_may_what_the_table_says_and_no_more(start: str) -> None:
    case = STARTS[start]()
    status, around = Status(case.status), _around(case)
    allowed = 0
    for role in STARTER_ROLES:
        for by in _posts(role):
            for move in MOVES:
                expected = _expected(move, status, by.grants[0], around)
                told = _told(case, move, by)
                assert told == expected, (start, move.key, role.key, by.grants[0])
                allowed += expected is None
    assert allowed, "somebody may do something in every state, if only write a note"


@pytest.mark.parametrize("start", STARTS)
def test_residents_make_their_own_moves_machines_none_and_huying_all(start: str) -> None:
    case = STARTS[start]()
    service = Actor(ActorKind.SERVICE, new_id(), "接口")
    nobody = Actor(ActorKind.STAFF, new_id(), "无岗")
    for move in (move for move in MOVES if Status(case.status) in move.from_):
        own = move.right == Hand.APPELLANT
        assert (_told(case, move, resident()) is None) == own, move.key
        assert _told(case, move, service) in OF_RIGHTS, move.key
        assert _told(case, move, nobody) in OF_RIGHTS, move.key
        assert _told(case, move, SYSTEM) is None, move.key
    assert allowed_moves(case, by=nobody, at=AT) == []
    assert allowed_moves(case, by=service, at=AT) == []


def test_every_move_names_a_right_that_some_starter_role_gives_or_a_hand_that_needs_none() -> None:
    given = {right for role in STARTER_ROLES for right in (*role.on_unit, *role.on_area)}
    for move in MOVES:
        named = {right for right in (move.right, *move.also) if isinstance(right, Permission)}
        assert named or isinstance(move.right, Hand), move.key
        assert named <= given, move.key
        assert move.from_, move.key
        if move.over_task:
            assert isinstance(move.right, Permission), move.key
