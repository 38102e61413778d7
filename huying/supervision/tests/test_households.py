"""A matter that is settled door by door: labels without persons, moved many at once, counted truly."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from huying.cases.tests.stories import AT
from huying.supervision.households import labels_in, list_households, move_households, progress_of
from huying.supervision.models import Household
from huying.supervision.states import HouseholdState
from huying.supervision.tests.cast import decided, proposed
from huying.testing.cast import staff
from huying.testing.refusals import refused

if TYPE_CHECKING:
    from huying.supervision.models import Topic

pytestmark = pytest.mark.django_db
FLATS = [f"{block}栋{flat}" for block in range(1, 12) for flat in range(101, 118)]


def with_flats(count: int = 187) -> Topic:
    topic = proposed()
    assert list_households(topic.pk, FLATS[:count], by=staff("du", at=AT), at=AT) == count
    return topic


def test_a_hundred_and_eighty_seven_flats_are_settled_one_by_one() -> None:
    topic, du = with_flats(), staff("du", at=AT)
    assert move_households(topic.pk, FLATS[:100], "done", note="已补漏", by=du, at=AT) == 100
    assert move_households(topic.pk, FLATS[:100], "done", by=du, at=AT) == 0
    assert move_households(topic.pk, FLATS[:2], "at_work", by=du, at=AT) == 2
    found = progress_of(topic)
    assert (found.open, found.at_work, found.done, found.total) == (87, 2, 98, 187)
    assert list_households(topic.pk, FLATS[:187], by=du, at=AT) == 0


@pytest.mark.parametrize(
    "label", ["张三先生", "3栋501 13800138000", "业主：李四 502", "楼", "3" * 31, "户主501"]
)
def test_a_label_names_a_flat_and_never_a_person(label: str) -> None:
    topic = proposed()
    with refused("label_wrong", field="labels"):
        list_households(topic.pk, ["3栋501", label], by=staff("du", at=AT), at=AT)
    assert Household.objects.count() == 0


def test_a_list_is_pasted_as_people_have_it() -> None:
    assert labels_in("3栋501\r\n3栋502，3栋503\t3栋 504；3栋501\n\n") == [
        "3栋501",
        "3栋502",
        "3栋503",
        "3栋 504",
    ]


def test_only_units_that_work_on_the_topic_keep_its_households() -> None:
    topic = with_flats(3)
    with refused("households_elsewhere"):
        move_households(topic.pk, FLATS[:1], "done", by=staff("lin", at=AT), at=AT)
    decided(topic=topic, assists=("city",))
    for who, flat in (("lin", FLATS[0]), ("wu", FLATS[1])):
        assert move_households(topic.pk, [flat], "done", by=staff(who, at=AT), at=AT) == 1
    with refused("label_unknown", field="labels"):
        move_households(topic.pk, [FLATS[0], "9栋9"], "open", by=staff("lin", at=AT), at=AT)
    with refused("note_personal", field="note"):
        move_households(topic.pk, FLATS[:1], "open", note="电话13800138000", by=staff("du", at=AT), at=AT)


@settings(max_examples=8)
@for_all(st.lists(st.tuples(st.sets(st.sampled_from(FLATS[:9])), st.sampled_from(HouseholdState.values))))
def test_progress_counts_what_the_rows_say(moves: list[tuple[set[str], str]]) -> None:
    topic, du = with_flats(9), staff("du", at=AT)
    told = dict.fromkeys(FLATS[:9], "open")
    for labels, state in moves:
        if labels:
            move_households(topic.pk, sorted(labels), state, by=du, at=AT)
            told |= dict.fromkeys(labels, state)
    found, counted = progress_of(topic), Counter(told.values())
    assert [found.open, found.at_work, found.done] == [counted[state] for state in HouseholdState.values]
