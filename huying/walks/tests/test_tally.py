"""The tally is what one counts oneself: whatever became of the findings, every one is counted once."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huying.cases.models import Case, Evidence, Reply, Status
from huying.cases.tests.stories import AT, made
from huying.testing.cast import staff
from huying.testing.town import EAST, FOUNDED_ON, STREET
from huying.walks.actions import call_off, plan_walk
from huying.walks.going import end_walk
from huying.walks.models import Finding, Walk
from huying.walks.tally import Found, Outcome, Row, outcome_of, walk_tally
from huying.walks.tests.stories import DAY, drafted, found, planned, theme

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db
SINCE, UNTIL = date(2026, 9, 1), date(2026, 10, 1)
TOWN_PATH = f"440399/{STREET}"


@pytest.mark.parametrize(
    ("status", "resolution", "photos", "outcome"),
    [
        ("closed", "yes", 1, Outcome.SOLVED), ("archived", "yes", 2, Outcome.SOLVED),
        ("closed", "yes", 0, Outcome.BARE), ("closed", "partly", 3, Outcome.BARE),
        ("suspended", "", 0, Outcome.SUSPENDED), ("in_progress", "", 1, Outcome.OPEN),
        ("follow_up", "yes", 1, Outcome.OPEN), ("transferred", "", 0, Outcome.ELSEWHERE),
    ],
)  # fmt: skip
def test_closed_is_not_solved_without_a_photo_that_shows_it(
    status: str, resolution: str, photos: int, outcome: Outcome
) -> None:
    assert outcome_of(status, resolution, photos) == outcome


def test_every_state_of_a_case_has_one_outcome() -> None:
    assert {outcome_of(status, "yes", 1) for status in Status} == set(Outcome) - {Outcome.BARE}


def test_walks_are_counted_by_what_became_of_them_and_areas_by_what_lies_in_them(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    of = theme()
    gone, quiet, off = planned(of=of), planned(of=of), planned(of=of)
    planned(of=of, on=AT.date() + DAY)
    found(gone)
    for walk in (gone, quiet):
        end_walk(walk.pk, seen=[walk.stops.all()[0].pk], by=staff("ge"), at=AT)
    call_off(off.pk, reason="暴雨", by=staff("dong"), at=AT)
    with django_assert_num_queries(3):
        tally = walk_tally(since=SINCE, until=UNTIL, areas=[TOWN_PATH])
    assert (tally.walks, tally.planned, tally.called_off, tally.without_findings, tally.places) == (
        2, 1, 1, 1, 2,
    )  # fmt: skip
    assert tally.found == Found(findings=1, open=1)
    assert [(row.name, row.walks, row.found.findings) for row in tally.by_area] == [("竹影社区", 2, 1)]
    assert walk_tally(since=SINCE, until=UNTIL, areas=["440399/440399002"]) == walk_tally(
        since=UNTIL, until=date(2026, 11, 1)
    )


def test_a_finding_merged_into_another_case_follows_it() -> None:
    walk = planned()
    first, second = found(walk), found(walk, text="竹影社区垃圾桶旁边堆满垃圾没人清")
    made(second.case, "merge", "mei", at=AT, into=first.case.pk)
    assert walk_tally(since=SINCE, until=UNTIL).found == Found(findings=2, open=2)


FATES = st.tuples(st.sampled_from(list(Status)), st.sampled_from(["", "yes", "partly"]), st.booleans())


@pytest.fixture
def findings() -> list[Finding]:
    """Give three walks of two themes in two months, with four findings."""
    one, other = theme("市容环境"), theme("安全隐患")
    walks = [planned(of=one), planned(of=other), planned(of=other, on=date(2026, 10, 3))]
    told = [found(walks[index]).finding for index in (0, 0, 1, 2)]
    for walk in walks:
        end_walk(walk.pk, by=staff("ge"), at=AT)
    return told


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fates=st.lists(FATES, min_size=4, max_size=4))
def test_the_tally_equals_a_recount(findings: list[Finding], fates: list[tuple[Status, str, bool]]) -> None:
    for finding, fate in zip(findings, fates, strict=True):
        befall(finding, *fate)
    tally = walk_tally(since=SINCE, until=date(2026, 11, 1))
    outcomes = [outcome_of(status, solved, int(proven)) for status, solved, proven in fates]
    assert tally.found == recount(outcomes)
    months = {row.key: row for row in tally.by_month}
    assert months["2026-09"] == Row("2026-09", "2026-09", 2, recount(outcomes[:3]))
    assert months["2026-10"] == Row("2026-10", "2026-10", 1, recount(outcomes[3:]))
    for cut in (tally.by_theme, tally.by_area, tally.by_month):
        assert sum(row.walks for row in cut) == tally.walks == 3
        assert sum(row.found.findings for row in cut) == tally.found.findings == 4


def recount(outcomes: list[Outcome]) -> Found:
    """Count by hand."""
    return Found(
        findings=len(outcomes), solved=outcomes.count(Outcome.SOLVED), bare=outcomes.count(Outcome.BARE),
        open=outcomes.count(Outcome.OPEN), suspended=outcomes.count(Outcome.SUSPENDED),
        elsewhere=outcomes.count(Outcome.ELSEWHERE),
    )  # fmt: skip


def befall(finding: Finding, status: Status, solved: str, proven: bool) -> None:  # noqa: FBT001 - a fate
    """Bring the case of a finding where a fate says, past every action: the tally only reads."""
    case = Case.objects.get(memberships__appeal=finding.appeal_id, memberships__until_at=None)
    Evidence.objects.filter(reply__case=case).delete()
    Reply.objects.filter(case=case).delete()
    route = {"route_id": "litigation", "receipt": "1"} if status in ("inadmissible", "transferred") else {}
    closed_at = AT if status in ("closed", "archived") else None
    into = Case.objects.exclude(pk=case.pk).first() if status == "merged" else None
    Case.objects.filter(pk=case.pk).update(
        status=status, resolution=solved, closed_at=closed_at, closure="", merged_into=into, **route
    )
    if proven:
        reply = Reply.objects.create(
            case=case, round=0, public_text="好", solved="yes", by_name="林清", at=timezone.now(), passed=True
        )
        Evidence.objects.create(reply=reply, stored_as="a", thumb_as="a")


def test_a_walk_planned_twice_is_counted_once() -> None:
    of, key = theme(), uuid4()
    for _click in range(2):
        plan_walk(drafted(of), key=key, by=staff("dong"), at=AT)
    assert walk_tally(since=SINCE, until=UNTIL, areas=[f"{TOWN_PATH}/{EAST}"]).planned == 1
    assert Walk.objects.count() == 1
    assert FOUNDED_ON < SINCE
