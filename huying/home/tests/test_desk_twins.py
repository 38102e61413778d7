"""Suspected twins: a person says whether it is the same matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from huying.cases.models import Case, Status
from huying.home.tests.desks import TOILET, desk_of
from huying.testing.cast import appeal_of, case_of
from huying.triage.core.likeness import SHOWN_TO_RESIDENTS
from huying.triage.models import TwinSuspect

if TYPE_CHECKING:
    from django.test import Client
    from django.test.client import _MonkeyPatchedWSGIResponse

pytestmark = pytest.mark.django_db


def twins() -> tuple[Case, Case, TwinSuspect]:
    """Return an older and a younger case that look alike, and the suspicion."""
    older, younger = case_of(appeal_of(TOILET)), case_of(appeal_of(f"{TOILET}，快来看看"))
    suspect = TwinSuspect.objects.get(appeal__memberships__case=younger, earlier__memberships__case=older)
    return older, younger, suspect


def say(
    client: Client, case: Case, suspect: TwinSuspect, same: str, **told: object
) -> _MonkeyPatchedWSGIResponse:
    """Say of a suspicion, on the page of a case, whether it is the same matter."""
    form = {"seen": case.fact_seq, "same": same} | told
    return client.post(f"/desk/cases/{case.number}/twins/{suspect.pk}/", form)


def test_both_pages_show_the_suspicion_and_the_younger_goes_into_the_older_from_either() -> None:
    for from_older in (True, False):
        older, younger, suspect = twins()
        mei = desk_of("mei")
        assert younger.number in mei.get(f"/desk/cases/{older.number}/").content.decode()
        assert older.number in mei.get(f"/desk/cases/{younger.number}/").content.decode()
        answer = say(mei, older if from_older else younger, suspect, "yes")
        assert answer.headers["Location"] == f"/desk/cases/{older.number}/"
        younger.refresh_from_db()
        older.refresh_from_db()
        suspect.refresh_from_db()
        assert (younger.status, younger.merged_into_id, older.appeal_count) == (Status.MERGED, older.pk, 2)
        assert (suspect.state, suspect.decided_by) == ("confirmed", "梅分")


def test_a_suspicion_residents_are_asked_about_too_is_marked() -> None:
    older, _, suspect = twins()
    assert suspect.score >= SHOWN_TO_RESIDENTS
    assert "very likely" in desk_of("mei").get(f"/desk/cases/{older.number}/").content.decode()
    TwinSuspect.objects.filter(pk=suspect.pk).update(score=SHOWN_TO_RESIDENTS - 0.01)
    assert "very likely" not in desk_of("mei").get(f"/desk/cases/{older.number}/").content.decode()


def test_what_is_not_the_same_stays_two_cases_and_is_not_asked_again() -> None:
    older, younger, suspect = twins()
    mei = desk_of("mei")
    assert say(mei, younger, suspect, "no").status_code == 302
    suspect.refresh_from_db()
    assert suspect.state == "refused"
    assert Case.objects.get(pk=younger.pk).status == Status.DISPATCHED
    assert "Perhaps the same matter" not in mei.get(f"/desk/cases/{older.number}/").content.decode()


@pytest.mark.parametrize("username", ["lin", "hao", "dong"])
def test_who_may_not_merge_sees_the_suspicion_without_buttons(username: str) -> None:
    _, younger, suspect = twins()
    client = desk_of(username)
    page = client.get(f"/desk/cases/{younger.number}/").content.decode()
    assert "Perhaps the same matter" in page
    assert f"/twins/{suspect.pk}/" not in page
    assert say(client, younger, suspect, "yes").status_code == 403
    suspect.refresh_from_db()
    assert suspect.state == "suspected"


def test_a_neighbour_unit_cannot_even_ask() -> None:
    _, younger, suspect = twins()
    assert say(desk_of("wu"), younger, suspect, "yes").status_code == 404


def test_a_suspicion_of_other_cases_an_old_screen_and_a_second_click_merge_nothing() -> None:
    older, younger, suspect = twins()
    other, mei = case_of(appeal_of("荷风雅居的路灯不亮", east=1)), desk_of("mei")
    assert say(mei, other, suspect, "yes").status_code == 409
    assert say(mei, younger, suspect, "yes", seen="1").status_code == 409
    assert say(mei, younger, suspect, "yes", seen="").status_code == 409
    assert say(mei, younger, suspect, "yes").status_code == 302
    assert say(mei, younger, suspect, "yes").status_code == 409
    older.refresh_from_db()
    assert older.appeal_count == 2
