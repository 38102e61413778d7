"""The gate over all small worlds: nothing gated passes without an admission, and a lapse shuts it again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from huying.admission.gate import Gate, GateCard, RulingCard
from huying.catalogue.queries import published
from huying.people.queries import unit_book

pytestmark = pytest.mark.django_db
PATHS = ("d", "d/s", "d/s/c", "d/s/c/g", "d/s/e", "d/t", "d/t/f")
RANKS = {path: path.count("/") for path in PATHS}
LEVELS = ("district", "street", "community", "grid")
DAY = date(2026, 9, 22)


@some.composite
def _worlds(draw: some.DrawFn) -> tuple[list[GateCard], list[RulingCard]]:
    codes = some.sampled_from(("16", "1601", "160103", "01"))
    gates = draw(
        some.lists(
            some.builds(
                lambda items, rank: GateCard(items, LEVELS[rank], rank, LEVELS[rank], "x"),
                codes,
                some.integers(1, 2),
            ),
            max_size=4,
        )
    )
    rulings = draw(
        some.lists(
            some.builds(
                RulingCard,
                application=some.integers(1, 4),
                items=codes,
                level=some.sampled_from(("street", "community")),
                area_path=some.sampled_from(PATHS),
                is_admitted=some.booleans(),
                starts_on=some.just(DAY),
                ends_on=some.just(DAY),
            ),
            max_size=8,
        )
    )
    return gates, rulings


@given(_worlds(), some.sampled_from(PATHS))
def test_nothing_gated_passes_without_an_admission_and_a_lapse_shuts_what_was_open(
    world: tuple[list[GateCard], list[RulingCard]], path: str
) -> None:
    gates, rulings = world
    whole = Gate(gates, rulings, RANKS.get)
    to, card = replace(unit_book().by_code["east"], area_path=path), published().by_code["160103"]
    closed = whole.closed_for(card, to, on=DAY)
    gated = [one for one in gates if one.rank <= RANKS[path] and card.code.startswith(one.items)]
    above = [one for one in rulings if f"{path}/".startswith(f"{one.area_path}/")]
    if not gated:
        assert closed is None
    elif not any(one.is_admitted for one in above):
        assert closed is not None
        assert closed.gate.rank == max(one.rank for one in gated), "the nearest gate is named"
    lapsed = whole.closed_for(card, to, on=DAY + timedelta(days=1))
    assert (lapsed is not None) is bool(gated)
    assert Gate(gates, [], RANKS.get).closed_for(card, to, on=DAY) == lapsed
