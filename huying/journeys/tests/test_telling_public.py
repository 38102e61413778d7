"""Residents hear when what they reported is published, once, and when the page goes."""

from __future__ import annotations

import pytest
from django.utils import timezone

from huying.cases.tests.stories import voices_of
from huying.journeys.tests.test_telling import follow
from huying.notify.letters import said_of
from huying.notify.models import Notice
from huying.publicity.actions import Words, publish_case, withdraw_publication
from huying.testing.cast import appeal_of, case_of, staff

pytestmark = pytest.mark.django_db
WORDS = Words("垃圾堆了三天", "听澜花园门口的垃圾堆了三天没人清。")


def test_a_page_is_told_of_once_and_again_when_it_goes() -> None:
    case = case_of(appeal_of())
    first = publish_case(case.pk, WORDS, by=staff("mei"), at=timezone.now(), seen=0)
    publish_case(case.pk, WORDS, by=staff("mei"), at=timezone.now(), seen=first.edition)
    follow()
    (told,) = Notice.objects.filter(kind="published")
    assert [told.to_appeal_id] == voices_of(case)
    withdraw_publication(case.pk, reason="照片上有车牌", by=staff("mei"), at=timezone.now())
    follow()
    (gone,) = Notice.objects.filter(kind="unpublished")
    assert "车牌" not in str(gone.data), "why is for the clerks"
    assert "—" not in str(said_of("published", told.data))
