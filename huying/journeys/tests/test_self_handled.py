"""Found and solved on the spot: one act, all of it or nothing, and never reviewed by the finder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from huying.cases import reasons as case_reasons
from huying.cases.actions import move_case, withdraw_appeal
from huying.cases.history import tell_fact
from huying.cases.models import Case, Closure, Status
from huying.cases.voices import nobody_to_ask
from huying.feedback.actions import ask_appellants, drop_questions
from huying.feedback.models import RatingRequest
from huying.intake.models import Appeal
from huying.intake.photos import keep_photo
from huying.intake.tests.photos import lamp, written
from huying.journeys.self_handled import SelfHandled, record_self_handled
from huying.ledger.queries import timeline
from huying.people import reasons as people_reasons
from huying.people.models import Role
from huying.testing.cast import appeal_of, case_of, resident, staff
from huying.testing.refusals import refused
from huying.testing.town import middle

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django.fixtures import Settings

pytestmark = pytest.mark.django_db
TEXT, DONE = "听澜花园旁边的公厕门口有垃圾", "已当场清理干净。"


def finding(key: str = "a", **more: object) -> SelfHandled:
    lat, lon = middle(0, 0)
    told: dict[str, object] = {"item": "010201", "lat": lat, "lon": lon} | more
    return SelfHandled(key=key, text=TEXT, done=DONE, **told)  # type: ignore[arg-type] # a test's shorthand


def test_one_form_is_a_case_of_the_finder_s_unit_handled_and_waiting_for_review() -> None:
    case = record_self_handled(finding(), by=staff("ge"), at=timezone.now())
    assert (case.status, case.unit and case.unit.code) == (Status.REPLIED, "east")
    appeal = Appeal.objects.get(memberships__case=case)
    assert (appeal.channel_id, appeal.typed_by and appeal.typed_by.username) == ("self-found", "ge")
    assert not hasattr(appeal, "party") or not appeal.party.phone
    kinds = [fact.kind for fact in timeline(f"case:{case.pk}").order_by("seq")]
    assert kinds == ["CaseOpened", "CaseWaits", "CaseDispatched", "CaseSigned", "CaseReplied"]
    dispatched = timeline(f"case:{case.pk}").get(kind="CaseDispatched")
    assert "自行处置" in tell_fact(dispatched).text


def test_photos_before_are_the_appeal_s_and_photos_after_the_reply_s(
    settings: Settings, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    at = timezone.now()
    for key in ("before", "after"):
        keep_photo(written(lamp(), "JPEG"), name="a.jpg", upload_key=key, at=at)
    case = record_self_handled(finding(before="before", after="after"), by=staff("ge"), at=at)
    assert Appeal.objects.get(memberships__case=case).photos.count() == 1
    assert case.replies.get().evidence.count() == 1


def test_sent_twice_it_is_one_case() -> None:
    first = record_self_handled(finding(), by=staff("ge"), at=timezone.now())
    second = record_self_handled(finding(), by=staff("ge"), at=timezone.now())
    assert first.pk == second.pk
    assert Case.objects.count() == 1


def test_the_finder_never_reviews_the_own_work_and_a_colleague_does() -> None:
    Role.objects.filter(key="grid_worker").update(on_unit=["case:see", "case:work", "case:review"])
    case = record_self_handled(finding(), by=staff("ge"), at=timezone.now())
    with refused(case_reasons.OWN_WORK.key):
        move_case(case.pk, "pass_review", by=staff("ge"), at=timezone.now())
    passed = move_case(case.pk, "pass_review", by=staff("dong"), at=timezone.now(), note="已到现场核对")
    assert passed.status == Status.FOLLOW_UP


def test_nobody_is_asked_and_the_case_closes_by_its_evidence() -> None:
    case, at = record_self_handled(finding(), by=staff("ge"), at=timezone.now()), timezone.now()
    with refused(case_reasons.NOTHING_CHECKED.key):
        move_case(case.pk, "pass_review", by=staff("dong"), at=at)
    move_case(case.pk, "pass_review", by=staff("dong"), at=at, note="已到现场核对")
    assert ask_appellants(case.pk, at=at, window_days=7) == 0
    case.refresh_from_db()
    assert (case.status, case.closure, case.resolution) == (Status.CLOSED, Closure.CHECKED, "yes")
    assert not RatingRequest.objects.exists()
    assert ask_appellants(case.pk, at=at, window_days=7) == 0


def test_a_photo_of_what_was_done_is_evidence_enough(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    at = timezone.now()
    keep_photo(written(lamp(), "JPEG"), name="a.jpg", upload_key="after", at=at)
    case = record_self_handled(finding(after="after"), by=staff("ge"), at=at)
    assert move_case(case.pk, "pass_review", by=staff("dong"), at=at).status == Status.FOLLOW_UP


def test_a_neighbour_who_joined_is_asked_and_when_they_leave_the_evidence_counts_again() -> None:
    case, at = record_self_handled(finding(), by=staff("ge"), at=timezone.now()), timezone.now()
    hers = appeal_of(joins=case.pk, at=at).appeal_id
    move_case(case.pk, "pass_review", by=staff("dong"), at=at)
    assert ask_appellants(case.pk, at=at, window_days=7) == 1
    assert list(RatingRequest.objects.values_list("appeal", flat=True)) == [hers]
    withdraw_appeal(hers, by=resident(), at=at)
    drop_questions([hers], case_id=case.pk, at=at)
    case.refresh_from_db()
    assert (case.status, case.closure) == (Status.CLOSED, Closure.CHECKED)


def test_what_a_resident_told_a_grid_worker_is_asked_of_the_resident() -> None:
    told = appeal_of("听澜花园旁边的公厕很脏", channel="grid", name="李小花", phone="13800138000")
    seen = appeal_of("竹溪苑门口的路灯不亮", channel="grid")
    asked = [nobody_to_ask(case_of(one)) for one in (told, seen)]
    assert asked == [False, True]


@pytest.mark.parametrize("username", ["hao", "mei", "ling", "guan"])
def test_who_does_not_handle_cases_records_none(username: str) -> None:
    with refused(people_reasons.NOT_ALLOWED.key):
        record_self_handled(finding(), by=staff(username), at=timezone.now())
    assert not Case.objects.exists()


def test_what_fails_on_the_way_leaves_nothing_behind() -> None:
    with refused(case_reasons.UNKNOWN_ITEM.key):
        record_self_handled(finding(item="999999"), by=staff("ge"), at=timezone.now())
    with refused(case_reasons.MISSING.key):
        record_self_handled(
            SelfHandled(key="b", text="嗯嗯好的", done=DONE), by=staff("ge"), at=timezone.now()
        )
    assert not Case.objects.exists()
    assert not Appeal.objects.exists()
