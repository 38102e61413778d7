"""A move being made: what was given with it, and the readings of it that many moves share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from huying.cases import reasons
from huying.cases.models import Case, Clock, Reply, Task, TaskKind, TaskState
from huying.cases.words import FIELDS
from huying.catalogue.queries import ItemCard, find_route, item_card, published
from huying.kit.errors import Refusal
from huying.kit.text import clean
from huying.people.queries import UnitCard, unit_book

if TYPE_CHECKING:
    from datetime import date, datetime

    from huying.catalogue.models import StatutoryRoute
    from huying.ledger.actor import Actor

LONGEST_TEXT = 20_000


class Making:
    """A move being made: the case, what was given with it, by whom and when, and the states around it."""

    def __init__(
        self, case: Case, given: dict[str, Any], *, by: Actor, at: datetime, before: str, after: str
    ) -> None:
        self.case = case
        self.given = given
        self.by = by
        self.at = at
        self.states = {"before": before, "after": after}
        # Days somebody chose for clocks that start with this move.
        self.until: dict[Clock, date] = {}
        # Clocks of the table that this time do not start after all.
        self.unstarted: set[Clock] = set()

    def text(self, name: str) -> str:
        """Return a given text, cleaned and cut to what a column holds."""
        return clean(str(self.given.get(name) or ""))[:LONGEST_TEXT]

    @property
    def account_id(self) -> Any:  # noqa: ANN401 - a key as Django takes it
        """Return the key of the member of staff, None when the system moves."""
        return self.by.id if self.by.kind == "staff" else None


def unit_of(making: Making, name: str = "unit") -> UnitCard:
    """Return the unit that was named; Refusal `unknown_unit`."""
    given = making.given[name]
    book = unit_book()
    card = book.by_code.get(str(given)) or book.by_id.get(given)
    if card is None:
        raise Refusal(reasons.UNKNOWN_UNIT, field=name)
    return card


def item_of(making: Making) -> ItemCard:
    """Return the item that was named, else the one the case has; Refusal `missing`, `unknown_item`."""
    given = making.given.get("item")
    if given in (None, ""):
        kept = item_card(making.case.item_id)
        if kept is None:
            raise Refusal(reasons.MISSING, field="item", what=FIELDS["item"])
        return kept
    item = published().by_code.get(str(given))
    if item is None or not item.is_leaf:
        raise Refusal(reasons.UNKNOWN_ITEM, field="item")
    return item


def assists_of(making: Making, lead: UnitCard) -> list[UnitCard]:
    """Return the assisting units that were named, each once, without the lead; Refusal `unknown_unit`."""
    book = unit_book()
    cards = []
    for given in making.given.get("assists") or ():
        card = book.by_code.get(str(given)) or book.by_id.get(given)
        if card is None:
            raise Refusal(reasons.UNKNOWN_UNIT, field="assists")
        if card.id != lead.id and card not in cards:
            cards.append(card)
    return cards


def route_of(making: Making) -> StatutoryRoute:
    """Return the statutory route that was named; Refusal `unknown_route`."""
    route = find_route(str(making.given["route"]))
    if route is None:
        raise Refusal(reasons.UNKNOWN_ROUTE, field="route")
    return route


def voice_of(making: Making) -> UUID | None:
    """Return the appeal that was named, None when none was; Refusal `not_in_case`."""
    named = making.given.get("appeal")
    if named in (None, ""):
        return None
    try:
        appeal = UUID(str(named))
    except ValueError:
        raise Refusal(reasons.NOT_IN_CASE, field="appeal") from None
    if not making.case.memberships.filter(appeal_id=appeal, until_at=None).exists():
        raise Refusal(reasons.NOT_IN_CASE, field="appeal")
    return appeal


def latest_reply(case: Case) -> Reply:
    """Return the newest reply of a case."""
    return Reply.objects.filter(case=case).latest("at", "id")


def end_tasks(making: Making, *, lead_done: bool = False) -> None:
    """End every open part of a case; the lead's is done when the case is."""
    tasks = Task.objects.filter(case=making.case, state=TaskState.OPEN)
    if lead_done:
        tasks.filter(kind=TaskKind.LEAD).update(state=TaskState.DONE, ended_at=making.at)
    tasks.update(state=TaskState.ENDED, ended_at=making.at)


def unit_name(case: Case) -> str:
    """Return the name of the unit a case is with, as it stands now."""
    card = unit_book().by_id.get(case.unit_id) if case.unit_id else None
    return card.name if card else ""
