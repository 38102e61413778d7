"""One inbox over all modules, and modules a town switched off."""

from __future__ import annotations

import pytest
from django.utils import timezone

from huying.home.inbox_sources import SOURCES
from huying.home.tests.desks import desk_of, replied_case, toilet_case, waiting_case
from huying.ledger.queries import timeline
from huying.people.reasons import NOT_ALLOWED
from huying.testing.cast import staff
from huying.testing.refusals import refused
from huying.workbench.modules import MODULE, MODULES, is_open, switch_module
from huying.workbench.reasons import MODULE_UNKNOWN

pytestmark = pytest.mark.django_db
TODAY, MODULES_PAGE = "/desk/today/", "/desk/modules/"


def waiting(username: str) -> dict[str, str]:
    page = desk_of(username).get(TODAY)
    return {one["source"].key: one["count"] for one in page.context["waiting"]}


def test_what_waits_is_counted_for_each_by_what_they_do() -> None:
    case, queued = toilet_case(), waiting_case()
    replied_case()
    assert waiting("lin")["to_sign"] == "1"
    assert "queue" not in waiting("lin")
    assert waiting("hao")["to_review"] == "1"
    assert waiting("mei")["queue"] == "1"
    assert "to_sign" not in waiting("wu")
    lin = desk_of("lin").get(TODAY).content.decode()
    assert f'data-case-row="{case.number}"' in lin
    assert queued.number not in lin


def test_every_source_has_a_name_of_its_own_and_names_a_module_there_is() -> None:
    assert len({source.key for source in SOURCES}) == len(SOURCES)
    assert {source.module for source in SOURCES} <= {"", *MODULE}
    assert all(source.url.startswith("/desk/") for source in SOURCES)


def test_a_module_switched_off_has_no_pages_no_menu_entry_and_says_why() -> None:
    mei, guan = desk_of("mei"), desk_of("guan")
    assert mei.get("/desk/console/").status_code == 200
    guan.post(MODULES_PAGE, {"module": "console", "on": "0"})
    answer = mei.get("/desk/console/")
    assert answer.status_code == 404
    assert "This town does not use “Dispatch console”" in answer.content.decode()
    assert 'href="/desk/console/"' not in mei.get("/desk/items/").content.decode()
    assert desk_of("mei").get("/desk/queue/").status_code == 200
    guan.post(MODULES_PAGE, {"module": "console", "on": "1"})
    assert mei.get("/desk/console/").status_code == 200
    told = [fact.data["is_on"] for fact in timeline("townmodule:console")]
    assert told == [False, True]


def test_residents_pages_of_a_module_close_as_well() -> None:
    switch_module("near", on=False, by=staff("guan"), at=timezone.now())
    answer = desk_of("lin").get("/near/")
    assert answer.status_code == 404
    assert "Near me" in answer.content.decode()
    assert is_open("/file/")
    front = desk_of("lin").get("/file/").content.decode()
    assert 'href="/near/"' not in front


def test_who_sets_up_no_systems_switches_nothing() -> None:
    for username in ("lin", "mei", "an"):
        assert desk_of(username).post(MODULES_PAGE, {"module": "grid", "on": "0"}).status_code == 403
    with refused(NOT_ALLOWED.key):
        switch_module("grid", on=False, by=staff("lin"), at=timezone.now())
    with refused(MODULE_UNKNOWN.key):
        switch_module("cases", on=False, by=staff("guan"), at=timezone.now())
    assert len({path for module in MODULES for path in module.paths}) >= len(MODULES)
