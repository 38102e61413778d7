"""What a walk found, proposed at the desk: offered to those who may, ticked, and shown with its topic."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.utils import timezone

from huying.home.tests.desks import desk_of
from huying.supervision.models import Topic
from huying.supervision.tests.cast import EAST_PATH
from huying.walks.tests.stories import found, planned

pytestmark = pytest.mark.django_db


def test_dong_proposes_one_finding_and_the_walk_says_so_and_ge_is_offered_nothing() -> None:
    at = timezone.now()
    walk = planned(at=at)
    first, second = (found(walk, at=at, text=words) for words in ("后巷垃圾桶满溢", "南门井盖翘起"))
    here, desk = f"/desk/walks/{walk.pk}/", desk_of("dong")
    finding = walk.findings.get(appeal__memberships__case=first.case)
    page = desk.get(f"{here}topic/?finding={finding.pk}")
    assert page.context["form"]["findings"].value() == [str(finding.pk)]
    assert second.case.number in page.content.decode()
    sent = {
        "key": uuid4(), "findings": [finding.pk], "title": "后巷环境", "why": "行走发现",
        "area_path": EAST_PATH,
    }  # fmt: skip
    for _click in range(2):
        assert desk.post(f"{here}topic/", sent).status_code == 302
    topic = Topic.objects.get()
    assert (topic.walk, [one.case_id for one in topic.members.all()]) == (walk.pk, [first.case.pk])
    shown = desk.get(here).content.decode()
    assert f"/desk/supervision/topics/{topic.pk}/" in shown
    other = walk.findings.get(appeal__memberships__case=second.case)
    assert f"topic/?finding={other.pk}" in shown
    assert "topic/?finding=" not in desk_of("ge").get(here).content.decode()
    assert desk_of("ge").get(f"{here}topic/").status_code == 403


def test_a_topic_of_nothing_is_refused_and_keeps_what_was_written() -> None:
    walk = planned(at=timezone.now())
    found(walk, at=timezone.now())
    sent = {"key": uuid4(), "title": "后巷环境", "why": "行走发现", "area_path": EAST_PATH}
    answer = desk_of("dong").post(f"/desk/walks/{walk.pk}/topic/", sent)
    assert answer.status_code == 422
    assert "后巷环境" in answer.content.decode()
    assert not Topic.objects.exists()


def test_a_walk_without_findings_offers_no_form() -> None:
    walk = planned(at=timezone.now())
    page = desk_of("dong").get(f"/desk/walks/{walk.pk}/topic/").content.decode()
    assert "<textarea" not in page
