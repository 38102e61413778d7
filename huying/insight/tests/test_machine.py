"""A walk through all that may be done with hot spots: nothing in two, counts that add up, alerts once."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from huying.cases.tests.stories import AT
from huying.insight import deciding, rearranging
from huying.insight.live import take_in, take_out
from huying.insight.models import HotAlert, HotMark, HotRearrangement, HotSpot
from huying.insight.nightly import pass_over_all
from huying.insight.stages import State
from huying.insight.tests.hotstories import OTHER, PIT, told
from huying.kit.errors import Refusal
from huying.ledger.actor import SYSTEM
from huying.ledger.models import Fact
from huying.ledger.queries import verify

if TYPE_CHECKING:
    from datetime import datetime

pytestmark = pytest.mark.django_db


class HotSpots(RuleBasedStateMachine):
    """Appeals come, people decide, nights pass; after every step the promises hold."""

    def __init__(self) -> None:
        super().__init__()
        self.at: datetime = AT
        self.mark = transaction.atomic()
        self.mark.__enter__()

    def teardown(self) -> None:
        """Go back to the town as it was founded."""
        transaction.set_rollback(True)
        self.mark.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        self.appeals: list[UUID] = []
        for place in range(4):
            self.come(place, 0, place)

    @rule(text=some.integers(0, 8), place=some.integers(0, 1), who=some.integers(0, 12))
    def come(self, text: int, place: int, who: int) -> None:
        self.at += timedelta(hours=5)
        said = (*PIT, *OTHER)[text]
        self.appeals.append(told(said, who=who, at=self.at, north=place).appeal_id)

    @rule(pick=some.integers(0, 99), what=some.sampled_from(["confirm", "dismiss", "reopen", "rename"]))
    def decide(self, pick: int, what: str) -> None:
        spot = self._one(pick)
        with suppress(Refusal):
            if what == "confirm":
                deciding.confirm_spot(spot, seen=None, by=SYSTEM, at=self.at)
            elif what == "dismiss":
                deciding.dismiss_spot(spot, reason="不是", seen=None, by=SYSTEM, at=self.at)
            elif what == "reopen":
                deciding.reopen_spot(spot, seen=None, by=SYSTEM, at=self.at)
            else:
                deciding.rename_spot(spot, title=f"第{pick}件事", seen=None, by=SYSTEM, at=self.at)

    @rule(one=some.integers(0, 99), other=some.integers(0, 99), undo=some.booleans())
    def merge(self, one: int, other: int, undo: bool) -> None:  # noqa: FBT001 - hypothesis names it
        before = membership()
        with suppress(Refusal):
            rearranging.merge_spots(self._one(one), self._one(other), seen=None, by=SYSTEM, at=self.at)
            if undo:
                self._undo_last()
                assert membership() == before

    @rule(pick=some.integers(0, 99), few=some.integers(1, 4), undo=some.booleans())
    def split(self, pick: int, few: int, undo: bool) -> None:  # noqa: FBT001 - likewise
        spot, before = self._one(pick), membership()
        chosen = [appeal for appeal, inside in sorted(before.items()) if inside == spot][:few]
        with suppress(Refusal):
            rearranging.split_spot(spot, chosen, seen=None, by=SYSTEM, at=self.at)
            if undo:
                self._undo_last()
                assert membership() == before

    @rule(pick=some.integers(0, 99))
    def undo_any(self, pick: int) -> None:
        done = list(HotRearrangement.objects.order_by("pk"))
        with suppress(Refusal):
            if done:
                rearranging.undo_rearrangement(done[pick % len(done)].pk, by=SYSTEM, at=self.at)

    @rule(pick=some.integers(0, 99), again=some.booleans())
    def hide(self, pick: int, again: bool) -> None:  # noqa: FBT001 - likewise
        appeal = self.appeals[pick % len(self.appeals)]
        take_out([appeal], at=self.at)
        if again:
            take_in([appeal], at=self.at)

    @rule(days=some.integers(1, 40))
    def night(self, days: int) -> None:
        self.at += timedelta(days=days)
        decided = {
            key: inside for key, inside in membership().items()
            if HotSpot.objects.filter(pk=inside).exclude(state=State.OPEN).exists()
        }  # fmt: skip
        pass_over_all(at=self.at)
        after = membership()
        assert all(after.get(key) == inside for key, inside in decided.items()), "what people decided stays"

    def _one(self, pick: int) -> UUID:
        keys = list(HotSpot.objects.order_by("pk").values_list("pk", flat=True))
        return keys[pick % len(keys)] if keys else UUID(int=pick)

    def _undo_last(self) -> None:
        last = HotRearrangement.objects.order_by("-pk").first()
        assert last is not None
        rearranging.undo_rearrangement(last.pk, by=SYSTEM, at=self.at)

    @invariant()
    def the_counts_are_those_of_the_members(self) -> None:
        for spot in HotSpot.objects.all():
            marks = list(HotMark.objects.filter(spot=spot).values_list("who", "me_too"))
            assert spot.count == sum(not me_too for _who, me_too in marks)
            assert spot.appellants == len({bytes(who) for who, me_too in marks if not me_too and who})

    @invariant()
    def nothing_is_in_what_was_merged_away(self) -> None:
        assert not HotMark.objects.filter(spot__state=State.MERGED).exists()
        assert not HotMark.objects.filter(spot=None, who__isnull=False).exists()

    @invariant()
    def an_alert_is_raised_once_for_each_stage_of_an_episode(self) -> None:
        raised = list(HotAlert.objects.values_list("spot", "episode", "stage"))
        assert len(raised) == len(set(raised))
        assert Fact.objects.filter(kind="HotAlertRaised").count() == len(raised)

    @invariant()
    def the_ledger_agrees(self) -> None:
        assert verify().broken is None


def membership() -> dict[UUID, UUID]:
    """Return the matter each appeal is in, those in none left out."""
    rows = HotMark.objects.exclude(spot=None).values_list("pk", "spot")
    return {appeal: spot for appeal, spot in rows if spot is not None}


@pytest.mark.slow
def test_whatever_is_done_the_promises_hold() -> None:
    assert connection.in_atomic_block
    run = settings(
        max_examples=12, stateful_step_count=12, deadline=None,
        suppress_health_check=list(HealthCheck), derandomize=True,
    )  # fmt: skip
    HotSpots.TestCase.settings = run
    HotSpots.TestCase("runTest").runTest()
