"""While appeals come in, parts of the town are killed: nothing acknowledged is lost or there twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.clients import Clients
from tests.faults.looking import look_for_losses, rows_of
from tests.town import alive, until

if TYPE_CHECKING:
    from tests.town import Town

pytestmark = pytest.mark.fault
BEFORE, AFTER = 40, 40
MOST_KILLS = 5


def test_killing_a_web_process_loses_no_appeal_and_doubles_none(town: Town) -> None:
    with Clients(town, "web") as clients:
        clients.wait_for(BEFORE)
        for _ in range(MOST_KILLS):
            victim = town.web_process()
            victim.kill()
            until(lambda gone=victim: not alive(gone), "the process survived being killed")  # type: ignore[misc]
            clients.wait_for(AFTER)
            if clients.tries_failed:
                break
    assert clients.tries_failed > 0, "no client was in the middle of sending when a process died"
    assert clients.given_up == []
    assert clients.send_again() == []
    look_for_losses(town, "api", clients.answered, prefix="web-")


def test_killing_the_whole_web_server_loses_no_appeal_and_doubles_none(town: Town) -> None:
    with Clients(town, "server") as clients:
        clients.wait_for(BEFORE)
        town.kill_web_server()
        clients.wait_for(AFTER)
    assert clients.tries_failed > 0
    assert clients.given_up == []
    assert clients.send_again() == []
    look_for_losses(town, "api", clients.answered, prefix="server-")


def test_killing_the_worker_is_not_noticed_by_residents_and_every_job_runs_once_in_its_effect(
    town: Town,
) -> None:
    with Clients(town, "worker") as clients:
        for _ in range(3):
            clients.wait_for(BEFORE)
            town.part("worker").kill()
    assert clients.tries_failed == 0
    assert clients.send_again() == []
    look_for_losses(town, "api", clients.answered, prefix="worker-")


def test_killing_the_database_loses_no_acknowledged_appeal_and_doubles_none(town: Town) -> None:
    with Clients(town, "postmaster") as clients:
        clients.wait_for(BEFORE)
        town.postmaster().kill()
        clients.wait_for(AFTER)
    assert clients.tries_failed > 0
    assert clients.given_up == []
    assert clients.send_again() == []
    look_for_losses(town, "api", clients.answered, prefix="postmaster-")


def test_a_power_cut_in_the_middle_of_intake_loses_no_acknowledged_appeal(town: Town) -> None:
    with Clients(town, "power") as clients:
        clients.wait_for(BEFORE)
        town.cut_the_power()
        town.start()
        clients.wait_for(AFTER)
    assert clients.tries_failed > 0
    assert clients.given_up == []
    assert clients.send_again() == []
    look_for_losses(town, "api", clients.answered, prefix="power-")


def test_the_looking_itself_would_notice_a_loss(town: Town) -> None:
    with Clients(town, "checked") as clients:
        clients.wait_for(5)
    look_for_losses(town, "api", clients.answered, prefix="checked-")
    lost = dict(clients.answered)
    key, answer = lost.popitem()
    with pytest.raises(AssertionError):
        look_for_losses(town, "api", lost, prefix="checked-")
    with pytest.raises(AssertionError):
        look_for_losses(town, "api", clients.answered | {"checked-lost": answer}, prefix="checked-")
    assert rows_of(town, "SELECT count(*) FROM intake_inbound WHERE key = %s", (key,)) == [(1,)]
