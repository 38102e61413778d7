"""A walk's findings before a meeting: with their cases, once, by those who may propose and see them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest

from huying.cases.models import Case
from huying.cases.tests.stories import AT
from huying.journeys.hotspot_to_topic import put_on_agenda
from huying.journeys.walk_to_topic import findings_to_propose, running_topics_of, topic_from_walk
from huying.ledger.queries import timeline, verify
from huying.supervision.models import Topic
from huying.supervision.states import TopicSource
from huying.supervision.tests.cast import EAST_PATH, called
from huying.supervision.topics import TopicDraft, move_topic
from huying.testing.cast import staff
from huying.testing.refusals import refused
from huying.testing.town import DISTRICT
from huying.walks.tests.stories import found, planned

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from huying.walks.models import Walk

pytestmark = pytest.mark.django_db
WORDS = ("菜市场后巷的垃圾桶满溢", "竹溪苑南门井盖翘起来绊人")


def walked() -> Walk:
    """Return a walk that found two things."""
    walk = planned()
    for words in WORDS:
        found(walk, text=words)
    return walk


def proposed(
    walk: Walk, *, by: str = "du", key: UUID | None = None, findings: list[UUID] | None = None
) -> Topic:
    """Let somebody propose findings of a walk, all of them unless named."""
    keys = list(walk.findings.values_list("pk", flat=True)) if findings is None else findings
    draft = TopicDraft("后巷环境", "行走发现", EAST_PATH)
    return topic_from_walk(
        walk.pk, draft, findings=keys, key=key or uuid4(), district=DISTRICT, by=staff(by), at=AT
    )


def test_what_a_walk_found_comes_before_a_meeting_with_its_cases() -> None:
    walk, key = walked(), uuid4()
    topic = proposed(walk, key=key)
    assert proposed(walk, key=key) == topic  # a second click
    assert (topic.source, topic.walk) == (TopicSource.WALK, walk.pk)
    cases = Case.objects.filter(memberships__appeal__in=walk.findings.values("appeal"))
    assert set(topic.members.values_list("case", flat=True)) == set(cases.values_list("pk", flat=True))
    fact = timeline(f"topic:{topic.pk}")[0]
    assert (fact.kind, fact.data["walk"]) == ("TopicProposed", str(walk.pk))
    item = put_on_agenda(called(at=AT).pk, topic.pk, by=staff("du"), at=AT)
    assert item.topic == topic
    assert verify().broken is None


def test_one_finding_may_be_proposed_and_says_so_until_its_topic_is_dropped() -> None:
    walk, du = walked(), staff("du")
    first = findings_to_propose(walk, by=du)[0]
    topic = proposed(walk, findings=[first.finding.pk])
    assert [one.topic for one in findings_to_propose(walk, by=du)] == [topic, None]
    move_topic(topic.pk, "drop", by=du, at=AT, reason="已由社区解决")
    assert running_topics_of([first.case.pk], by=du) == {}


def test_nobody_proposes_what_they_may_not_see_or_nothing_at_all() -> None:
    walk = walked()
    with refused("topic_no_findings", field="findings"):
        proposed(walk, findings=[uuid4()])
    with refused("supervision_not_yours"):
        proposed(walk, by="ge")  # she walks, and proposes nothing
    with refused("walk_not_found"):
        proposed(walk, by="wu")
    Case.objects.update(confidential=True)
    assert findings_to_propose(walk, by=staff("du")) == []
    with refused("topic_no_findings", field="findings"):
        proposed(walk)
    assert not Topic.objects.exists()


def test_many_findings_take_as_many_statements_as_few(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    walk, du = walked(), staff("du")
    with django_assert_max_num_queries(4):
        assert len(findings_to_propose(walk, by=du)) == len(WORDS)
