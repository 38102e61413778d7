"""Facts become notices to staff: what came to a unit, what was ruled, and what its people do next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _

from huying.cases.models import Case, Clock, Deadline
from huying.cases.words import item_name
from huying.catalogue.models import Grade
from huying.journeys.moments import case_id_of, when
from huying.ledger.handlers import together
from huying.ledger.models import Fact
from huying.notify.actions import Told, tell_units
from huying.people.queries import unit_book

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

# The unit that dispatches what no rule gives to anybody, and rules on whose a case is.
CENTRE = "comprehensive-dispatch"
_SHOWN = ("number", "title", "item_code", "grade", "area_path", "unit", "next_due_at")


def cases_of(facts: Sequence[Fact]) -> dict[UUID, Case]:
    """Return what notices say of the cases of these facts, as they stand now."""
    return Case.objects.only(*_SHOWN).in_bulk([case_id_of(fact) for fact in facts])


def centre_of(case: Case) -> UUID | None:
    """Return the unit that dispatches for the place of a case."""
    centre = unit_book().answering(CENTRE, case.area_path)
    return centre.id if centre else None


def about(case: Case, **words: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever a letter is filled with
    """Return the data of a notice about a case; outside the house the item stands for the title."""
    matter = item_name(case.item_code).partition(" ")[2] if case.item_code else ""
    return {"number": case.number, "title": case.title, "matter": matter} | words


def tell(
    facts: Sequence[Fact],
    kind: str,
    words: Callable[[Fact, Case], dict[str, Any]],
    *,
    to: Callable[[Fact, Case], UUID | Iterable[UUID] | None] = lambda _fact, case: case.unit_id,
) -> None:
    """Tell a unit (or several) for each fact; grade A is urgent whatever it is about."""

    def told() -> Iterator[Told]:
        cases = cases_of(facts)
        for fact in facts:
            case = cases[case_id_of(fact)]
            asked = to(fact, case)
            for unit in (asked,) if isinstance(asked, UUID) else asked or ():
                urgent = case.grade == Grade.A
                yield Told(unit, kind, about(case, **words(fact, case)), fact.at, urgent=urgent)

    tell_units(told())


@together
def tell_dispatched(facts: Sequence[Fact]) -> None:
    """Tell units that they have something to sign, and those whose return was granted that it is gone."""
    due = running(facts, Clock.SIGN)
    tell(
        facts,
        "unit_dispatched",
        lambda fact, _case: {"due": when(due.get(case_id_of(fact)) or fact.data["due_at"])},
        to=lambda fact, _case: UUID(fact.data["unit"]),
    )
    moved = [fact for fact in facts if fact.data["before"] == "return_review"]
    before = {fact.pk: unit_before(fact) for fact in moved}
    tell(
        [fact for fact in moved if before[fact.pk] not in {None, UUID(fact.data["unit"])}],
        "unit_returned_away",
        lambda fact, _case: {"unit": fact.data["unit_name"]},
        to=lambda fact, _case: before[fact.pk],
    )


def running(facts: Sequence[Fact], clock: Clock) -> dict[UUID, datetime]:
    """Return when a running clock of each of these facts' cases is due."""
    rows = Deadline.objects.filter(
        case__in=[case_id_of(fact) for fact in facts], clock=clock, met_at=None, ended_at=None
    )
    return dict(rows.values_list("case", "due_at"))


def unit_before(fact: Fact) -> UUID | None:
    """Return the unit a case was with before this fact gave it to another."""
    given = Fact.objects.filter(stream=fact.stream, kind="CaseDispatched", seq__lt=fact.seq)
    unit = given.order_by("-seq").values_list("data__unit", flat=True).first()
    return UUID(unit) if unit else None


@together
def tell_waiting(facts: Sequence[Fact]) -> None:
    """Tell the dispatchers that a person is asked for."""
    tell(
        facts,
        "centre_waiting",
        lambda _fact, case: {"due": when(case.next_due_at)},
        to=lambda _fact, case: centre_of(case),
    )


@together
def tell_return_asked(facts: Sequence[Fact]) -> None:
    """Tell the dispatchers that a unit says it is not theirs."""
    tell(
        facts,
        "centre_return_asked",
        lambda fact, case: {"unit": name_of_unit(case), "reason": fact.data["reason"]},
        to=lambda _fact, case: centre_of(case),
    )


@together
def tell_return_refused(facts: Sequence[Fact]) -> None:
    """Tell the unit that it stays theirs, and why."""
    tell(facts, "unit_return_refused", lambda fact, _case: {"reason": fact.data["reason"]})


@together
def tell_to_review(facts: Sequence[Fact]) -> None:
    """Tell the unit's reviewers that a reply waits."""
    tell(facts, "unit_to_review", lambda _fact, case: {"due": when(case.next_due_at)})


@together
def tell_review_failed(facts: Sequence[Fact]) -> None:
    """Tell the unit why its reply was sent back."""
    tell(facts, "unit_review_failed", lambda fact, _case: {"reason": fact.data["reason"]})


@together
def tell_reworked(facts: Sequence[Fact]) -> None:
    """Tell the unit that it is not over, and at the second time that it is supervised."""
    tell(facts, "unit_reworked", lambda fact, _case: {"round": fact.data["round"]})
    tell(
        [fact for fact in facts if fact.data["supervised"]],
        "unit_supervised",
        lambda _fact, _case: {"reason": _("it came back a second time")},
    )


def name_of_unit(case: Case) -> str:
    """Return the name of the unit that has a case, a dash for none."""
    card = unit_book().by_id.get(case.unit_id) if case.unit_id else None
    return card.name if card else "—"
