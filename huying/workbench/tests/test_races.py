"""Two requests at the same run: they share its cases, and no case is moved twice."""

from __future__ import annotations

from functools import partial

import pytest
from django.utils import timezone

from huying.ledger.models import Fact
from huying.testing.apart import race
from huying.testing.cast import staff
from huying.workbench.bulk import carry_on
from huying.workbench.tests.test_bulk import started, toilets, values

pytestmark = pytest.mark.usefixtures("apart")


def test_three_at_once_share_a_run_and_no_case_is_moved_twice() -> None:
    cases, lin = toilets(6), staff("lin")
    run = started("sign", lin, *cases)
    work = partial(carry_on, run, fill=values, by=lin, at=timezone.now())
    race(work, work, work)
    assert set(run.rows.values_list("state", flat=True)) == {"done"}
    signed = Fact.objects.filter(kind="CaseSigned", stream__in=[f"case:{case.pk}" for case in cases])
    assert signed.count() == len(cases)
