"""The rarer moves are told to whom they concern: each resident of their own appeal, each unit of its part."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from huying.cases.keeping import keep_cases
from huying.cases.models import Deadline
from huying.cases.tests import stories
from huying.cases.tests.stories import AT, made, part_of, voices_of
from huying.journeys.reminding import remind_of_clocks
from huying.journeys.tests.test_telling import data_of, follow, units_told
from huying.journeys.withdrawing import take_back
from huying.notify.letters import LETTERS, said_of
from huying.notify.letters_codes import CODES
from huying.notify.models import Notice
from huying.site.wiring import HANDLERS
from huying.testing.cast import resident

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from huying.cases.models import Case

pytestmark = pytest.mark.django_db


def residents_told(kind: str) -> list[UUID | None]:
    return [one.to_appeal_id for one in Notice.objects.filter(kind=kind).order_by("id")]


def restarted() -> Case:
    case = stories.closed()
    return made(case, "restart", "resident", text="又堆满了", appeal=str(voices_of(case)[0]))


def urged() -> Case:
    case = stories.signed()
    return made(case, "urge", "resident", appeal=str(voices_of(case)[0]))


def unreported() -> Case:
    case = stories.supervised()
    made(case, "supervise", "du", colour="red", reason="再催")
    return made(case, "report_lapses", "")


def answered() -> Case:
    case = stories.need_info()
    return made(case, "give_info", "resident", text="三号楼", appeal=str(voices_of(case)[0]))


def objected() -> Case:
    case = stories.inadmissible()
    return made(case, "object", "resident", text="没有起诉", appeal=str(voices_of(case)[0]))


def resumed() -> Case:
    return made(stories.suspended(), "resume", "lin")


def review_came() -> Case:
    case = stories.suspended()
    day = Deadline.objects.get(case=case, clock="suspend").due_at
    keep_cases(at=day + timedelta(minutes=5))
    case.refresh_from_db()
    return case


def recalled() -> Case:
    return made(stories.by_hand(), "recall_dispatch", "mei")


def taken_back() -> Case:
    case = stories.signed()
    take_back(voices_of(case)[0], by=resident(), at=AT, reason="自己解决了")
    case.refresh_from_db()
    return case


def extended() -> Case:
    return made(stories.extension_asked(), "grant_extension", "hao")


def no_more_time() -> Case:
    return made(stories.extension_asked(), "refuse_extension", "hao", reason="无须延期")


def not_suspended() -> Case:
    return made(stories.suspension_asked(), "refuse_suspension", "du", reason="可以解决")


def ruled_to_stay() -> Case:
    return made(stories.disputed(), "adjudicate_stay", "mei", reason="属城管")


def part_done() -> Case:
    case = stories.helped()
    return made(case, "finish_task", "dong", task=part_of(case), note="已拆除")


def part_ended() -> Case:
    case = stories.helped()
    return made(case, "end_task", "lin", task=part_of(case), reason="不再需要")


def noted_by_leader() -> Case:
    return made(stories.signed(), "leader_note", "ling", note="抓紧办")


def major() -> Case:
    return made(stories.signed(), "mark_major", "mei", reason="影响面大")


# What was done → the letter, and the unit that is told; "" for the residents of the case.
TOLD: tuple[tuple[Callable[[], Case], str, str], ...] = (
    (stories.need_info, "need_info", ""),
    (answered, "info_received", ""),
    (answered, "unit_info_given", "dispatch"),
    (stories.lapsed, "lapsed", ""),
    (objected, "unit_reopened", "dispatch"),
    (stories.transferred, "transferred", ""),
    (stories.disputed, "unit_application", "dispatch"),
    (ruled_to_stay, "unit_ruled", "city"),
    (stories.extension_asked, "unit_extension_asked", "cleaning"),
    (extended, "extended", ""),
    (extended, "unit_extended", "cleaning"),
    (no_more_time, "unit_extension_refused", "cleaning"),
    (not_suspended, "unit_suspension_refused", "cleaning"),
    (stories.suspended, "suspended", ""),
    (stories.suspended, "unit_suspended", "cleaning"),
    (resumed, "resumed", ""),
    (review_came, "review_came", ""),
    (recalled, "unit_recalled", "city"),
    (taken_back, "unit_withdrawn", "cleaning"),
    (resumed, "unit_resumed", "cleaning"),
    (stories.helped, "unit_task", "east"),
    (stories.called_in, "unit_task", "east"),
    (part_done, "unit_task_done", "cleaning"),
    (part_ended, "unit_task_ended", "east"),
    (restarted, "reopened", ""),
    (restarted, "unit_reopened", "cleaning"),
    (urged, "urged", ""),
    (urged, "unit_urged", "cleaning"),
    (stories.supervised, "unit_supervised", "cleaning"),
    (noted_by_leader, "unit_noted_by_leader", "cleaning"),
    (major, "unit_major", "cleaning"),
)


def test_those_who_supervise_hear_that_no_report_came() -> None:
    unreported()
    follow()
    assert set(units_told("supervision_unreported")) == {"street", "dispatch"}
    told = [notice.data for notice in Notice.objects.filter(kind="supervision_unreported")]
    assert told[0] == told[1]
    said = said_of("supervision_unreported", told[0])
    assert "—" not in f"{said.subject}{said.happened}{said.next}", said


def test_those_who_supervise_hear_that_the_report_came() -> None:
    made(stories.supervised(), "report", "lin", note="三日内办结")
    follow()
    assert set(units_told("supervision_reported")) == {"street", "dispatch"}
    told = Notice.objects.filter(kind="supervision_reported").first()
    assert told is not None
    assert "三日内办结" not in str(told.data), "what it says is read at the desk"
    said = said_of("supervision_reported", told.data)
    assert "—" not in f"{said.subject}{said.happened}{said.next}", said


@pytest.mark.parametrize(("happen", "kind", "unit"), TOLD, ids=lambda one: getattr(one, "__name__", one))
def test_who_it_concerns_is_told_and_every_name_is_filled(
    happen: Callable[[], Case], kind: str, unit: str
) -> None:
    case = happen()
    follow()
    if unit:
        assert units_told(kind) == [unit]
    else:
        assert residents_told(kind) == voices_of(case)
    said = said_of(kind, data_of(kind))
    assert "—" not in f"{said.subject}{said.happened}{said.next}{said.brief}", said


def test_those_who_supervise_decide_on_suspensions() -> None:
    stories.suspension_asked()
    follow()
    assert set(units_told("unit_suspension_asked")) == {"dispatch", "street"}
    assert all(
        one.data["reason"] == "等待立项" for one in Notice.objects.filter(kind="unit_suspension_asked")
    )


def test_a_demand_that_one_found_unreasonable_goes_to_the_second() -> None:
    stories.seconded()
    follow()
    told = units_told("unit_application")
    assert told[0] == "cleaning"
    assert set(told[1:]) == {"dispatch", "street"}


def test_a_resident_is_reminded_once_of_what_is_asked() -> None:
    case = stories.need_info()
    follow()
    clock = Deadline.objects.get(case=case, clock="info")
    near: Any = clock.warn_at
    for _time in range(2):
        while remind_of_clocks(at=near):
            pass
    (told,) = Notice.objects.filter(kind="need_info_reminder")
    assert told.to_appeal_id == voices_of(case)[0]
    assert told.data["question"] == "请问是几号楼？"
    assert not Notice.objects.filter(kind="unit_near_due", data__clock="居民补充").exists()


def test_a_clock_that_stands_still_is_not_told_of() -> None:
    case = stories.suspended()
    follow()
    paused = Deadline.objects.filter(case=case, paused_at__isnull=False)
    assert paused.exists()
    last = max(clock.due_at for clock in Deadline.objects.filter(case=case))
    while remind_of_clocks(at=last):
        pass
    names = {str(one.data["clock"]) for one in Notice.objects.filter(kind="unit_overdue")}
    assert len(names) <= 1, "only the review of the suspension"


def test_every_letter_is_written_by_somebody() -> None:
    """No letter of the registry is left over: the telling code and the office's name each."""
    from pathlib import Path

    folder = Path(__file__).parents[1]
    told = (*folder.glob("*.py"), folder.parent / "notify" / "writing.py")
    code = "".join(path.read_text(encoding="utf-8") for path in told)
    made_up = {
        f"{stem}_{end}" for stem in ("unit_extension", "unit_suspension") for end in ("asked", "refused")
    }
    assert {kind for kind in LETTERS.keys() - CODES.keys() if f'"{kind}"' not in code} <= made_up
    assert HANDLERS
    assert AT
