"""From a walk to a meeting: what a walk found is proposed as a topic, with the cases it became.

The way, top to bottom:

1. `findings_to_propose`: the findings of a walk whose cases the proposer may see, and the topic each is in.
2. `topic_from_walk`: some of them, or all, are proposed; from there it is a topic like any other
   (`hotspot_to_topic.put_on_agenda`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from huying.cases.models import Case
from huying.cases.rules import visible_to
from huying.kit.errors import Refusal
from huying.supervision import reasons
from huying.supervision.models import Topic, TopicCase
from huying.supervision.rules import topics_visible_to
from huying.supervision.states import TopicSource, TopicState
from huying.supervision.topics import TopicDraft, propose_topic
from huying.walks.queries import find_walk

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from huying.ledger.actor import Actor
    from huying.walks.models import Finding, Walk

OVER = (TopicState.ENDED, TopicState.DROPPED)


@dataclass(frozen=True)
class Proposable:
    """A finding, the case it is in now, and the running topic of that case, where the reader sees it."""

    finding: Finding
    case: Case
    topic: Topic | None


def findings_to_propose(walk: Walk, *, by: Actor) -> list[Proposable]:
    """Return what a walk found and one may propose, in the order it was found; no confidential case.

    Four statements, however much was found.
    """
    findings = walk.findings.filter(appeal__memberships__until_at=None).order_by("at", "pk")
    case_of = dict(findings.values_list("pk", "appeal__memberships__case"))
    cases = _cases(case_of.values(), by).in_bulk()
    running = running_topics_of(cases, by=by)
    return [
        Proposable(finding, cases[case_of[finding.pk]], running.get(case_of[finding.pk]))
        for finding in findings.select_related("line", "stop")
        if case_of[finding.pk] in cases
    ]


def _cases(keys: Collection[UUID], by: Actor) -> QuerySet[Case]:
    return Case.objects.filter(visible_to(by), pk__in=set(keys), confidential=False).defer("search")


def running_topics_of(cases: Collection[UUID], *, by: Actor) -> dict[UUID, Topic]:
    """Return the running topic of each of these cases, the newest; of topics an actor may see."""
    rows = TopicCase.objects.filter(case__in=cases, topic__in=Topic.objects.filter(topics_visible_to(by)))
    rows = rows.exclude(topic__state__in=OVER).select_related("topic").order_by("topic__number")
    return {row.case_id: row.topic for row in rows}


def topic_from_walk(
    walk_id: UUID,
    draft: TopicDraft,
    *,
    findings: Collection[UUID],
    key: UUID,
    district: str,
    by: Actor,
    at: datetime,
) -> Topic:
    """Propose what a walk found as a topic, with the cases of these findings; the same key is the same topic.

    Of the draft its words, place and unit are taken. Refusals: `walk_not_found` where the actor may not read
    the walk; `topic_no_findings` without a finding whose case they see; those of `propose_topic`.
    """
    walk = find_walk(walk_id, by=by)
    wanted = set(findings)
    cases = [one.case.pk for one in findings_to_propose(walk, by=by) if one.finding.pk in wanted]
    if not cases and not Topic.objects.filter(pk=key).exists():
        raise Refusal(reasons.NO_FINDINGS, field="findings")
    whole = replace(draft, source=TopicSource.WALK, walk=walk.pk, cases=tuple(dict.fromkeys(cases)))
    return propose_topic(whole, key=key, district=district, by=by, at=at)
