"""Two workers at once: each letter goes out once, and no limit is counted past."""

from __future__ import annotations

from threading import Thread
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from huying.ledger.snapshots import announce
from huying.notify.models import Delivery, Sending, TownRules
from huying.notify.tests.letters import AT, appellant, approve, run, tell

if TYPE_CHECKING:
    from huying.testing.gateways import AliyunGateway

pytestmark = [pytest.mark.usefixtures("apart"), pytest.mark.slow]
WORKERS, LETTERS, A_DAY = 4, 60, 25


def test_racing_workers_send_each_letter_once_and_keep_the_limit(aliyun: AliyunGateway) -> None:
    TownRules.objects.create(texts_a_day=A_DAY)
    approve()
    announce("notify")
    aliyun.now = AT
    for _letter in range(LETTERS):
        tell(appellant("sms"))

    def work() -> None:
        try:
            run("sms")
        finally:
            connection.close()

    threads = [Thread(target=work) for _worker in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    keys = [taken["OutId"] for taken in aliyun.taken]
    assert len(keys) == len(set(keys)) == A_DAY
    assert Sending.objects.count() == A_DAY
    assert Delivery.objects.filter(state="sent").count() == A_DAY
    assert Delivery.objects.filter(state="suppressed", error="daily_limit").count() == LETTERS - A_DAY
