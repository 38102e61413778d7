"""What a text asks for by when, and whom it concerns: kept, shown to clerks, marked in lists."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localdate, now

from huying.cases.lists import Tab
from huying.cases.models import Case
from huying.cases.narrowing import Narrow
from huying.home.desk.asked import asked_of
from huying.home.tests.desks import TOILET, desk_of
from huying.kit.errors import Refusal
from huying.testing.cast import appeal_of, case_of
from huying.triage import actions
from huying.triage.models import Verdict

pytestmark = pytest.mark.django_db
MANY = f"{TOILET}，影响我们187户居民，业主准备集体上访，请明天上午10点前处理"


def page(address: str, username: str = "lin") -> str:
    answer = desk_of(username).get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_is_asked_for_is_kept_with_the_verdict_and_marks_the_case() -> None:
    appeal = appeal_of(MANY)
    asks = Verdict.objects.get(appeal=appeal.appeal_id).asks
    tomorrow = (localdate() + timedelta(days=1)).isoformat()
    assert [(day["on"], day["by"]) for day in asks["days"]] == [(tomorrow, "10:00")]
    assert (asks["count"], asks["unit"], asks["words"]) == (187, "户", ["集体上访"])
    assert case_of(appeal).concerns_many


def test_a_plain_appeal_asks_for_nothing_and_bears_no_mark() -> None:
    appeal = appeal_of(TOILET)
    case = case_of(appeal)
    assert Verdict.objects.get(appeal=appeal.appeal_id).asks == {}
    assert not case.concerns_many
    shown = page(f"/desk/cases/{case.number}/")
    assert "Asks for:" not in shown
    assert "Many people" not in shown


def test_the_case_page_tells_it_and_warns_where_the_clock_ends_later() -> None:
    case = case_of(appeal_of(MANY))
    shown = page(f"/desk/cases/{case.number}/")
    assert "187 households" in shown
    assert "words of gathering: 集体上访" in shown
    assert f"{localdate() + timedelta(days=1):%m-%d} before 10:00" in shown
    assert "ends later than the day the resident asks for" in shown
    assert case.due_at is not None
    Case.objects.filter(pk=case.pk).update(due_at=now())
    assert "ends later" not in page(f"/desk/cases/{case.number}/")


def test_the_console_and_the_queue_tell_it_while_a_person_decides() -> None:
    appeal_of("嗯嗯好的，我们187户都等着")
    for address in ("/desk/console/", "/desk/queue/"):
        assert "187 households" in page(address, "mei"), address


def test_lists_bear_the_mark_and_are_narrowed_to_it() -> None:
    many, plain = case_of(appeal_of(MANY)), case_of(appeal_of("公厕堵了，水漫出来"))
    shown = page(f"{reverse('desk:inbox')}?tab={Tab.TO_SIGN}&concerns_many=on")
    assert many.number in shown
    assert plain.number not in shown
    assert "Many people" in shown
    assert Narrow(concerns_many=True)


def test_a_reader_that_fails_keeps_no_appeal_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_told: object, **_more: object) -> None:
        raise ValueError

    monkeypatch.setattr(actions, "read", broken)
    try:
        appeal = appeal_of(MANY)
    except Refusal as refusal:  # pragma: no cover - what must not happen
        pytest.fail(str(refusal))
    assert Verdict.objects.get(appeal=appeal.appeal_id).asks == {}


def test_the_earliest_day_of_all_voices_counts_and_an_ended_case_is_never_late() -> None:
    case = case_of(appeal_of(TOILET))
    case.due_at = now() + timedelta(days=3)
    days = [{"days": [{"on": (localdate() + timedelta(days=add)).isoformat(), "by": ""}]} for add in (9, 1)]
    told = asked_of(case, [{}, *days])
    assert told is not None
    assert told["late"]
    assert len(told["lines"]) == 2
    case.status = "closed"
    ended = asked_of(case, days)
    assert ended is not None
    assert not ended["late"]
    assert asked_of(case, [{}]) is None
