"""Following an appeal: its way, the answer, the verdict, taking it back, and who may see it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.utils import timezone

from huying.cases.actions import move_case
from huying.cases.models import Deadline, Evidence, Status
from huying.cases.tests import stories
from huying.feedback.models import Rating, RatingRequest
from huying.home.tests.residents import account, answered, link, page_of
from huying.home.tests.test_pages_filing import HOSTILE, photo
from huying.intake.actions import renew_link
from huying.intake.links import link_of, token_of
from huying.intake.models import Appeal
from huying.intake.photos import keep_photo
from huying.ledger.queries import verify
from huying.notify.actions import Told, tell_appeals
from huying.notify.models import Notice
from huying.testing.cast import RUBBISH, appeal_of, case_of, resident, staff

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django.fixtures import DjangoAssertNumQueries

    from huying.intake.models import Photo

pytestmark = pytest.mark.django_db
STARS = {"speed": "5", "result": "4", "service": "5", "process": "3"}


def kept(key: str = "form", size: int = 64) -> Photo:
    """Keep a photo under a form's key."""
    data = photo(size).read()
    return keep_photo(data, name="lamp.jpg", upload_key=key, at=timezone.now())


# --- the way ------------------------------------------------------------------------------------------


def test_every_state_is_told_with_the_unit_and_what_comes_next(client: Client) -> None:
    taken, at = appeal_of(), timezone.now()
    case, own = case_of(taken), link(taken)

    def told() -> str:
        page = page_of(client.get(own))
        assert page.count('aria-current="step"') == 2  # one on the steps, one on the timeline
        return page

    page = told()
    assert "<h1>Sent to the unit</h1>" in page
    assert "Given to 环卫所" in page
    assert "by the duty catalogue, at once" in page
    assert "Next: 环卫所 takes it on" in page
    assert "left" in page
    move_case(case.pk, "sign", by=staff("lin"), at=at)
    assert "环卫所 took it on" in told()
    move_case(case.pk, "first_contact", by=staff("lin"), at=at, note="电话里骂人")
    page = told()
    assert "The unit got in touch" in page
    assert "电话里骂人" not in page
    move_case(case.pk, "reply", by=staff("lin"), at=at, public_text="已经清走。", solved="yes")
    page = told()
    assert "a second person checks the answer" in page
    assert "已经清走。" not in page
    assert "林清" not in page


def test_a_released_answer_is_shown_with_its_photos_and_the_resident_is_asked(client: Client) -> None:
    taken = appeal_of()
    answered(taken, "已经清走。", evidence=[kept()])
    page = page_of(client.get(link(taken)))
    assert "已经清走。" in page
    assert "The unit says: solved" in page
    evidence = Evidence.objects.get()
    assert f"{link(taken)}evidence/{evidence.pk}/" in page
    assert client.get(f"{link(taken)}evidence/{evidence.pk}/").status_code == 200
    assert 'name="solved"' in page
    assert "Without your word it counts as unconfirmed" in page


def test_what_is_partly_solved_says_why(client: Client) -> None:
    taken = appeal_of()
    answered(taken, "清了一半。", solved="partly", unsolved_reason="另一半等钩机，周五来")
    page = page_of(client.get(link(taken)))
    assert "partly solved" in page
    assert "另一半等钩机，周五来" in page


def test_hostile_words_of_an_answer_come_out_escaped(client: Client) -> None:
    taken = appeal_of()
    answered(taken, f"已清走 {HOSTILE}")
    page = page_of(client.get(link(taken)))
    assert HOSTILE not in page
    assert "&lt;script&gt;" in page


def test_a_matter_for_another_route_is_explained_with_its_route(client: Client) -> None:
    taken = appeal_of(held_for="filing_often")
    case = case_of(taken)
    assert case.status == Status.SUBMITTED
    assert "a person reads it" in page_of(client.get(link(taken)))
    from huying.catalogue.models import StatutoryRoute

    route = StatutoryRoute.objects.order_by("pk")[0]
    move_case(
        case.pk,
        "find_inadmissible",
        by=staff("shou"),
        at=timezone.now(),
        reason="法院已经受理",
        route=route.pk,
    )
    move_case(case.pk, "inadmissible", by=staff("mei"), at=timezone.now())
    page = page_of(client.get(link(taken)))
    assert "Where this belongs" in page
    assert (route.name_en or route.name) in page
    assert "法院已经受理" in page
    assert "Take it back" not in page


def test_a_merged_neighbour_reads_kind_words_and_the_same_answer(client: Client) -> None:
    first, second = appeal_of(), appeal_of(f"{RUBBISH}！")
    move_case(
        case_of(second).pk, "merge", by=staff("mei"), at=timezone.now(), into=case_of(first).pk
    )  # fmt: skip
    page = page_of(client.get(link(second)))
    assert "Put together with the same matter" in page
    assert "Nothing of yours is lost" in page
    assert first.number not in page
    answered(first, "一起清走了。")
    for taken in (first, second):
        page = page_of(client.get(link(taken)))
        assert "一起清走了。" in page
        assert 'name="solved"' in page


def test_reading_the_page_marks_its_notices_as_seen(client: Client) -> None:
    mine, hers = appeal_of(), appeal_of("荷风雅居门口路灯不亮", east=1)
    for taken in (mine, hers):
        tell_appeals([Told(taken.appeal_id, "signed", {"number": taken.number}, timezone.now())])
    client.get(link(mine))
    assert list(Notice.objects.filter(read_at=None).values_list("to_appeal_id", flat=True)) == [
        hers.appeal_id
    ]


def test_the_page_is_kept_by_no_cache_and_found_by_no_search_engine(client: Client) -> None:
    answer = client.get(link(appeal_of()))
    assert "no-store" in answer.headers["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in page_of(answer)
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_a_longer_way_costs_no_more_queries(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    short, long_ = appeal_of(), appeal_of("荷风雅居门口的垃圾堆成山", east=1)
    for _ in range(3):
        case = answered(long_, evidence=[kept(uuid4().hex)])
        client.post(f"{link(long_)}rate/", {"solved": "no"})
    case = answered(long_)
    assert case.round == 3
    for taken in (short, long_):
        with django_assert_max_num_queries(16):
            client.get(link(taken))


# --- the verdict --------------------------------------------------------------------------------------


def test_a_resident_who_is_content_closes_the_case(client: Client) -> None:
    taken = appeal_of()
    answered(taken)
    answer = client.post(f"{link(taken)}rate/", {"solved": "yes", **STARS, "comment": f"谢谢 {HOSTILE}"})
    assert answer.headers["Location"] == link(taken)
    rating = Rating.objects.get()
    assert (rating.solved, rating.speed, rating.result, rating.service, rating.process) == ("yes", 5, 4, 5, 3)
    assert rating.by_kind == "resident"
    case = case_of(taken)
    assert (case.status, case.closure) == (Status.CLOSED, "confirmed")
    page = page_of(client.get(link(taken)))
    assert "Your verdict has been received" in page
    assert "You said: solved" in page
    assert 'name="solved"' not in page
    assert HOSTILE not in page
    assert verify().broken is None


def test_a_resident_who_is_not_content_sends_it_back_and_is_told(client: Client) -> None:
    taken = appeal_of()
    answered(taken)
    client.post(f"{link(taken)}rate/", {"solved": "no"})
    assert (case_of(taken).status, case_of(taken).round) == (Status.IN_PROGRESS, 1)
    page = page_of(client.get(link(taken)))
    assert "goes back to the unit" in page
    assert "Back to work" in page
    assert "An earlier answer" not in page
    answered_again = case_of(taken)
    move_case(
        answered_again.pk, "reply", by=staff("lin"), at=timezone.now(), public_text="再清一次。", solved="yes"
    )
    assert "再清一次。" not in page_of(client.get(link(taken)))


@pytest.mark.parametrize(
    "told", [{}, {"solved": "maybe"}, {"solved": "yes", "speed": "6"}, {"solved": "yes", "result": "x"}]
)
def test_a_verdict_that_says_nothing_is_refused_and_nothing_is_written(
    client: Client, told: dict[str, str]
) -> None:
    taken = appeal_of()
    answered(taken)
    assert client.post(f"{link(taken)}rate/", told).status_code == 400
    assert not Rating.objects.exists()


def test_a_verdict_nobody_asked_for_a_second_one_and_a_late_one_are_refused_in_words(client: Client) -> None:
    taken = appeal_of()
    early = client.post(f"{link(taken)}rate/", {"solved": "yes"})
    assert (early.status_code, "no reply to rate" in page_of(early)) == (409, True)
    answered(taken)
    RatingRequest.objects.update(closes_at=timezone.now() - timedelta(minutes=1))
    assert 'name="solved"' not in page_of(client.get(link(taken)))
    late = client.post(f"{link(taken)}rate/", {"solved": "yes"})
    assert (late.status_code, "time to rate this reply is over" in page_of(late)) == (409, True)
    RatingRequest.objects.update(closes_at=timezone.now() + timedelta(days=1))
    assert client.post(f"{link(taken)}rate/", {"solved": "yes"}).status_code == 302
    twice = client.post(f"{link(taken)}rate/", {"solved": "no"})
    assert (twice.status_code, "rated this reply already" in page_of(twice)) == (409, True)


# --- taking it back -----------------------------------------------------------------------------------


def test_a_resident_takes_an_appeal_back_once(client: Client) -> None:
    taken = appeal_of()
    assert "Yes, take it back" in page_of(client.get(link(taken)))
    assert client.post(f"{link(taken)}withdraw/", {"reason": f"已经好了 {HOSTILE}"}).status_code == 302
    page = page_of(client.get(link(taken)))
    assert "<h1>Withdrawn</h1>" in page
    assert page.count("You took it back") == 1
    assert HOSTILE not in page
    assert Appeal.objects.get(pk=taken.appeal_id).withdrawn_at is not None
    assert case_of(taken).status == Status.WITHDRAWN
    assert client.post(f"{link(taken)}withdraw/").status_code == 409
    assert client.get(f"{link(taken)}withdraw/").status_code == 405
    assert verify().broken is None


def test_one_of_two_neighbours_takes_hers_back_and_the_other_goes_on(client: Client) -> None:
    first, second = appeal_of(), appeal_of(f"{RUBBISH}！")
    move_case(case_of(second).pk, "merge", by=staff("mei"), at=timezone.now(), into=case_of(first).pk)
    client.post(f"{link(second)}withdraw/")
    assert "<h1>Withdrawn</h1>" in page_of(client.get(link(second)))
    assert "<h1>Sent to the unit</h1>" in page_of(client.get(link(first)))
    answered(first, "清走了。")
    assert "清走了。" not in page_of(client.get(link(second)))


def test_one_of_two_takes_hers_back_while_both_are_asked_and_the_others_word_closes_it(
    client: Client,
) -> None:
    first, second = appeal_of(), appeal_of(f"{RUBBISH}！")
    move_case(case_of(second).pk, "merge", by=staff("mei"), at=timezone.now(), into=case_of(first).pk)
    answered(first)
    client.post(f"{link(first)}rate/", {"solved": "yes"})
    case = case_of(first)
    assert case.status == Status.FOLLOW_UP
    assert client.post(f"{link(second)}withdraw/").status_code == 302
    case.refresh_from_db()
    assert (case.status, case.closure) == (Status.CLOSED, "confirmed")


def test_a_closed_matter_cannot_be_taken_back(client: Client) -> None:
    taken = appeal_of()
    answered(taken)
    client.post(f"{link(taken)}rate/", {"solved": "yes"})
    assert "Take it back" not in page_of(client.get(link(taken)))
    assert client.post(f"{link(taken)}withdraw/").status_code == 409
    assert Appeal.objects.get(pk=taken.appeal_id).withdrawn_at is None


# --- who may see it -----------------------------------------------------------------------------------


def test_a_wrong_number_a_wrong_token_and_a_renewed_link_are_refused_alike(client: Client) -> None:
    mine, hers = appeal_of(), appeal_of("荷风雅居门口路灯不亮", east=1)
    old = link(hers)
    renew_link(hers.appeal_id, by=resident(), at=timezone.now())
    wrong = [
        f"/a/{mine.number}/{token_of(hers.appeal_id)}/",
        f"/a/SQ000/{token_of(mine.appeal_id)}/",
        f"/a/{mine.number}/{'a' * 20}/",
        f"/a/{mine.number}/short/",
        f"/a/{mine.number}/{'a' * 300}/",
        old,
    ]
    for way in wrong:
        answer = client.get(way)
        assert answer.status_code == 404
        assert "appeal_not_found" in page_of(answer)
        assert RUBBISH not in page_of(answer)
        for act in ("rate", "withdraw"):
            assert client.post(f"{way}{act}/", {"solved": "no"}).status_code == 404
    assert case_of(mine).status == case_of(hers).status == Status.DISPATCHED


def test_an_account_sees_its_own_appeals_and_nobody_elses(client: Client) -> None:
    anna, bob = account(), account("13900139000")
    mine = appeal_of(account_id=anna.pk)
    way = f"/a/{mine.number}/"
    assert client.get(way).headers["Location"].startswith("/sign-in/?next=%2Fa%2F")
    client.force_login(bob)
    assert client.get(way).status_code == 404
    assert client.post(f"{way}rate/", {"solved": "no"}).status_code == 404
    assert client.post(f"{way}withdraw/").status_code == 404
    client.force_login(anna)
    assert RUBBISH in page_of(client.get(way))
    answered(mine)
    assert f"{way}rate/" in page_of(client.get(way))
    assert client.post(f"{way}rate/", {"solved": "yes"}).headers["Location"] == way
    assert case_of(mine).status == Status.CLOSED


def test_a_member_of_staff_does_not_come_in_by_the_residents_door(client: Client) -> None:
    from huying.people.models import Account

    taken = appeal_of()
    client.force_login(Account.objects.get(username="lin"))
    assert client.get(f"/a/{taken.number}/").status_code == 302
    assert client.post(f"/a/{taken.number}/rate/", {"solved": "yes"}).status_code == 404


def test_photos_are_shown_with_their_own_appeal_only(client: Client) -> None:
    anna = account()
    row, other = kept("a"), kept("b", 65)
    mine = appeal_of(photo_ids=(row.pk,), account_id=anna.pk)
    hers = appeal_of("荷风雅居门口路灯不亮", east=1, photo_ids=(other.pk,))
    way = f"{link(mine)}photo/{row.pk}/"
    assert way in page_of(client.get(link(mine)))
    shown, small = client.get(way), client.get(f"{way}?small=1")
    assert shown.headers["Content-Type"] == small.headers["Content-Type"] == "image/jpeg"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.headers["Cache-Control"].startswith("private")
    assert client.get(f"{link(mine)}photo/{other.pk}/").status_code == 404
    assert client.get(f"{link(hers)}photo/{row.pk}/").status_code == 404
    assert client.get(f"/a/{mine.number}/{'a' * 20}/photo/{row.pk}/").status_code == 404
    assert client.get(f"/a/{mine.number}/photo/{row.pk}/").status_code == 404
    client.force_login(anna)
    assert client.get(f"/a/{mine.number}/photo/{row.pk}/").status_code == 200


def test_evidence_is_shown_once_the_answer_is_released_and_to_its_residents_only(client: Client) -> None:
    mine, hers = appeal_of(), appeal_of("荷风雅居门口路灯不亮", east=1)
    answered(mine, passed=False, evidence=[kept()])
    evidence = Evidence.objects.get()
    assert client.get(f"{link(mine)}evidence/{evidence.pk}/").status_code == 404
    move_case(case_of(mine).pk, "pass_review", by=staff("hao"), at=timezone.now())
    assert client.get(f"{link(mine)}evidence/{evidence.pk}/").status_code == 200
    assert client.get(f"{link(hers)}evidence/{evidence.pk}/").status_code == 404
    assert client.get(f"{link(mine)}evidence/{uuid4()}/").status_code == 404


def test_the_head_of_the_page_says_when_the_stage_that_runs_is_due(client: Client) -> None:
    case = stories.staged(at=timezone.now())
    appeal = Appeal.objects.get(memberships__case=case)
    page = " ".join(page_of(client.get(link_of(appeal.pk, appeal.number))).split())
    assert "Now: 停工, by" in page
    assert "the whole by" in page
    Deadline.objects.filter(case=case).update(stages=None)
    assert "the whole by" not in page_of(client.get(link_of(appeal.pk, appeal.number)))
