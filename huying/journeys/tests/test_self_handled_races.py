"""A phone that sends what was found twice at once: one case comes of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from huying.cases.models import Case
from huying.journeys.self_handled import record_self_handled
from huying.journeys.tests.test_self_handled import finding
from huying.testing.cast import staff

pytestmark = pytest.mark.usefixtures("apart")


def test_a_phone_that_sends_twice_at_once_makes_one_case() -> None:
    worker, at, before = staff("ge"), timezone.now(), Case.objects.count()

    def send(_number: int) -> str:
        try:
            return record_self_handled(finding("race"), by=worker, at=at).number
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as hands:
        numbers = set(hands.map(send, range(4)))
    assert len(numbers) == 1
    assert Case.objects.count() == before + 1
