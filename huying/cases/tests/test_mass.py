"""A mass complaint of 5,000 appeals takes as many SQL statements as one of five, and each is asked apart."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huying.cases.actions import join_case, move_case, withdraw_appeal
from huying.cases.models import Case, Status
from huying.cases.tests import stories
from huying.cases.tests.masses import crowd
from huying.cases.tests.stories import AT, fresh, voices_of
from huying.feedback.actions import Answer, ask_appellants, lapse_questions, rate_reply
from huying.feedback.models import Outcome, RatingRequest
from huying.home.tests.desks import desk_of
from huying.intake.links import link_of
from huying.intake.models import Appeal
from huying.ledger.actor import SYSTEM
from huying.ledger.handlers import handlers_of, react
from huying.ledger.models import Fact
from huying.ledger.queries import verify
from huying.testing.cast import resident, staff
from huying.triage.models import TwinSuspect, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from huying.cases.models import Case

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


FEW, MANY = 5, 5_000
AT_WORK: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("ask_info", "shou", {"question": "几号楼？"}),
    ("give_info", "dian", {"text": "三号楼"}),
    ("dispatch", "mei", {"unit": "cleaning", "item": "010101"}),
    ("return", "lin", {"reason": "不归我们", "unit": "city"}),
    ("redispatch", "mei", {"unit": "city", "item": "020302", "reason": "应归城管"}),
    ("dispute", "wu", {"reason": "属环卫保洁", "unit": "cleaning"}),
    ("adjudicate_move", "mei", {"unit": "cleaning", "reason": "属环卫"}),
    ("sign", "lin", {}),
    ("first_contact", "lin", {"note": "已通话"}),
    ("add_assist", "lin", {"unit": "east", "note": "请拆围挡"}),
    ("ask_extension", "lin", {"reason": "等设备", "days": "3"}),
    ("grant_extension", "hao", {}),
    ("ask_suspension", "lin", {"reason": "等立项", "plan": "明年改造", "review_on": "2026-12-01"}),
    ("suspend", "du", {}),
    ("resume", "lin", {}),
    ("urge", "dian", {}),
    ("supervise", "du", {"colour": "red", "reason": "久拖"}),
    ("leader_note", "ling", {"note": "尽快解决"}),
    ("mark_major", "mei", {"reason": "多人投诉"}),
    ("reply", "lin", {"public_text": "已清运。", "solved": "yes"}),
    ("fail_review", "hao", {"reason": "没有照片"}),
    ("reply", "lin", {"public_text": "已清运。", "solved": "yes"}),
    ("pass_review", "hao", {}),
)


def _counted(asked: CaptureQueriesContext) -> int:
    """Return how many statements there were, without the looks at editions there are at times."""
    return sum("ledger_edition" not in query["sql"] for query in asked.captured_queries)


@dataclass
class Meter:
    """Counts the SQL statements of each step, and notes how long it took."""

    counts: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    def run(self, name: str, act: Callable[[], Any]) -> Any:  # noqa: ANN401 - what the act returns
        """Do a step, count what it asked of the database, and return what it returned."""
        key = f"{len(self.counts)} {name}"
        began = time.monotonic()
        with CaptureQueriesContext(connection) as asked:
            answer = act()
        self.counts[key], self.seconds[key] = _counted(asked), time.monotonic() - began
        return answer

    def move(self, case: Case, key: str, who: str, **given: Any) -> Case:  # noqa: ANN401 - as move_case
        """Make a move and let everything follow from it, each a step."""
        last = list(Fact.objects.values_list("pk", flat=True))
        by = staff(who, at=AT) if who else SYSTEM
        moved: Case = self.run(key, lambda: move_case(case.pk, key, by=by, at=AT, **given))
        for fact in Fact.objects.exclude(pk__in=last).order_by("stream", "seq"):
            for handler in handlers_of(fact.kind):
                name = f"{key}: {handler.rpartition('.')[2]}"
                self.run(name, partial(react, handler, [fact.pk]))
        return moved


def _whole_way(count: int) -> tuple[Meter, Case]:
    """Take a case of so many appeals through all that can happen at work, to the residents' word."""
    meter, case = Meter(), crowd(stories.waiting(), count - 1)
    for key, who, given in AT_WORK:
        meter.move(case, key, who, **given)
    voices = voices_of(case)
    assert RatingRequest.objects.filter(case=case, outcome=Outcome.WAITING).count() == count
    told = Fact.objects.filter(kind="RatingAsked", stream__in=[f"appeal:{voice}" for voice in voices])
    assert told.values("stream").distinct().count() == count
    for voice in voices[:3]:
        answer = Answer("yes", result=5)
        meter.run("rate", partial(rate_reply, voice, answer, by=resident(), at=AT))
    meter.run("call", lambda: move_case(
        case.pk, "follow_up", by=staff("dian", at=AT), at=AT, appeal=voices[4], reached=False
    ))  # fmt: skip
    meter.run("leave", lambda: withdraw_appeal(voices[4], by=resident(), at=AT))
    meter.run("join", lambda: join_case(case.pk, voices[4], grade="C", by=resident(), at=AT))
    meter.run("ask the late", lambda: ask_appellants(case.pk, at=AT, window_days=7))
    return meter, fresh(case)


def _pages(meter: Meter, case: Case) -> None:
    lin = desk_of("lin")
    voice = Appeal.objects.get(pk=voices_of(case)[0])
    page = meter.run("page", lambda: lin.get(f"/desk/cases/{case.number}/"))
    assert len(page.context["voices"]) == min(case.appeal_count, 20)
    assert page.context["heard"]["total"] == case.appeal_count
    assert meter.run("list", lambda: lin.get("/desk/")).status_code == 200
    link = link_of(voice.pk, voice.number)
    assert meter.run("own page", lambda: Client().get(link)).status_code == 200


def _same(few: Meter, many: Meter) -> None:
    assert many.counts == few.counts
    ranked = sorted(many.seconds.items(), key=lambda step: -step[1])[:8]
    print("slowest:", *(f"{step} {seconds:.2f} s" for step, seconds in ranked), sep="\n  ")  # noqa: T201 - shown with -s


def test_every_move_takes_as_many_statements_for_5000_appeals_as_for_5() -> None:
    _whole_way(FEW)  # what is read once and kept
    (few, _), (many, case) = _whole_way(FEW), _whole_way(MANY)
    voices = voices_of(case)
    assert Verdict.objects.filter(appeal__in=voices, by_name="梅分").count() == 2 * MANY
    _same(few, many)
    assert verify().broken is None


def test_merging_taking_apart_and_lapsing_take_as_many_statements_for_5000_appeals_as_for_5() -> None:
    meters = []
    for count in (FEW, FEW, MANY):  # the first reads what is read once and kept
        meter, case, into = Meter(), crowd(stories.signed(), count - 1), stories.signed()
        meter.move(case, "merge", "mei", into=into.pk)
        assert fresh(into).appeal_count == count + 1
        meter.move(case, "unmerge", "mei")
        assert len(voices_of(case)) == count
        going = voices_of(case)[2:]
        apart = meter.move(case, "split", "mei", appeals=going, reason="两回事")
        assert (fresh(case).appeal_count, fresh(apart).appeal_count) == (2, count - 2)
        meter.move(case, "merge", "mei", into=apart.pk)
        meter.move(apart, "reply", "lin", public_text="已清运。", solved="yes")
        meter.move(apart, "pass_review", "hao")
        late = AT + timedelta(days=60)
        lapsed = meter.run("lapse", partial(lapse_questions, at=late, limit=MANY))
        assert lapsed == count
        end = fresh(apart)
        assert (end.status, end.closure) == (Status.CLOSED, "unconfirmed")
        meters.append(meter)
    _same(*meters[1:])
    assert verify().broken is None


def test_pages_of_a_mass_complaint_show_twenty_and_take_no_more_statements() -> None:
    few, many = crowd(stories.signed(), 30), crowd(stories.signed(), MANY - 1)
    TwinSuspect.objects.all().delete()  # one of the two would show the other
    _pages(Meter(), few)  # what is read once and kept
    less, more = Meter(), Meter()
    _pages(less, few)
    _pages(more, many)
    _same(less, more)
