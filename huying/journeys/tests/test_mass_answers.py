"""A mass complaint answered one by one: a letter each, a question each, an answer each, and none twice."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.utils import timezone

from huying.cases.actions import move_case
from huying.cases.tests import stories
from huying.cases.tests.masses import crowd
from huying.feedback.actions import Answer, rate_reply
from huying.feedback.models import Outcome, Rating, RatingRequest
from huying.intake.links import link_of
from huying.intake.models import Appeal
from huying.journeys.delivering import look_up
from huying.journeys.tests.test_telling import follow
from huying.ledger.models import Fact
from huying.ledger.queries import verify
from huying.notify.delivering import deliver
from huying.notify.models import Delivery
from huying.notify.tests.letters import text_of
from huying.testing.cast import resident, staff
from huying.testing.postoffice import PostOffice, open_post_office

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from uuid import UUID

    from pytest_django.fixtures import Settings

    from huying.cases.models import Case

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MANY, FEWER = 5_000, 1_000
# So many answer through the action; the other questions are marked as answered, so that the test stays short.
BY_HAND = 200
# So many letters go out over SMTP, then as many of the rest; all are planned.
TAKEN_OUT = 200
# Each agreed to e-mail, with an address of their own.
MAILBOXES = """
WITH voices AS (
    SELECT a.id, a.number FROM intake_appeal a JOIN cases_membership m ON m.appeal_id = a.id
    WHERE m.case_id = %(case)s AND m.until_at IS NULL
), told AS (
    UPDATE intake_party p SET email = lower(v.number) || '@mail.example'
    FROM voices v WHERE p.appeal_id = v.id
)
INSERT INTO notify_reach (id, appeal_id, channel, address, agreed_at, stopped_by)
SELECT gen_random_uuid(), v.id, 'email', '', %(at)s, '' FROM voices v
"""


@pytest.fixture
def post(settings: Settings) -> Iterator[PostOffice]:
    """Send e-mail by a mail server on this machine."""
    with open_post_office(PostOffice()) as office:
        settings.CHANNELS = settings.CHANNELS | {
            "smtp_host": "127.0.0.1", "smtp_port": office.port, "smtp_security": "none",
            "mail_from": "呼应 <letters@lanwan.example>",
        }  # fmt: skip
        yield office


def _answered(count: int, at: datetime) -> Case:
    """Return a case of so many voices whose reply waits for review, each reached by a mailbox of its own."""
    case = crowd(stories.signed(at=at), count - 1)
    with connection.cursor() as cursor:
        cursor.execute(MAILBOXES, {"case": case.pk, "at": at})
    stories.reply(case, at=at)
    follow()
    return case


def _answer_in_bulk(case: Case, voices: list[UUID], at: datetime) -> None:
    """Mark the questions of these as answered; the case is settled with the answers that follow."""
    asked = RatingRequest.objects.filter(case=case, appeal_id__in=voices)
    assert asked.update(outcome=Outcome.SATISFIED, answered_at=at) == len(voices)


def _count_rows() -> None:
    """Let PostgreSQL count what was written in this transaction, as autovacuum does in a living town."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _send(post: PostOffice, letters: int, at: datetime) -> None:
    """Take out letters until so many have come."""
    _count_rows()
    while len(post.taken) < letters:
        assert deliver("email", look_up, at=at) > 0


def test_each_of_5000_gets_one_letter_and_one_question_and_the_last_answer_closes_the_case(
    post: PostOffice,
) -> None:
    at = stories.AT
    case = _answered(MANY, at)
    voices = stories.voices_of(case)
    move_case(case.pk, "pass_review", by=staff("hao", at=at), at=at)
    follow()
    requests = RatingRequest.objects.filter(case=case)
    assert requests.filter(outcome=Outcome.WAITING).count() == len(voices) == MANY
    _send(post, TAKEN_OUT, at)
    planned = _each_has_one_letter(post)
    follow()  # a worker that comes back asks and writes nobody a second time
    _send(post, 2 * TAKEN_OUT, at)
    assert _each_has_one_letter(post) == planned
    stars = Counter[int]()
    silent = voices[BY_HAND:]
    _answer_in_bulk(case, silent, at)
    for place, voice in enumerate(voices[: BY_HAND - 1]):
        star = 3 + place % 3
        stars[star] += 1
        rate_reply(voice, Answer("yes", result=star), by=resident(), at=at)
    case.refresh_from_db()
    assert case.status == "follow_up", "one has not answered yet, and is waited for"
    rate_reply(voices[BY_HAND - 1], Answer("yes", result=5), by=resident(), at=at)
    stars[5] += 1
    case.refresh_from_db()
    assert (case.status, case.closure) == ("closed", "confirmed")
    told = Rating.objects.filter(request__case=case).values_list("result").annotate(n=Count("pk"))
    assert Counter(dict(told)) == stars
    assert requests.filter(outcome=Outcome.SATISFIED).count() == MANY
    said = Fact.objects.filter(kind="ReplyRated", stream__in=[f"appeal:{voice}" for voice in voices])
    assert said.values("stream").distinct().count() == said.count() == BY_HAND
    mine = Appeal.objects.get(pk=voices[17])
    assert Client().get(link_of(mine.pk, mine.number)).status_code == 200
    assert verify().broken is None


def _each_has_one_letter(post: PostOffice) -> int:
    """Expect a letter planned for each voice, and at most one in a mailbox, with a link of its own.

    Returns how many deliveries there are.
    """
    mail = Delivery.objects.filter(channel="email", reader__startswith="appeal:")
    assert mail.values("reader").distinct().count() == MANY
    boxes = Counter(to for _sender, readers, _letter in post.taken for to in readers)
    assert set(boxes.values()) == {1}
    assert mail.filter(state="sent").values("reader").distinct().count() == len(boxes)
    texts = [text_of(letter) for *_, letter in post.taken]
    assert len({text.partition("/a/")[2].split()[0] for text in texts}) == len(boxes)
    return mail.count()


def test_one_of_many_who_is_not_content_is_counted_and_the_others_are_asked_anew() -> None:
    at = timezone.now()
    case = _answered(FEWER, at)
    voices = stories.voices_of(case)
    move_case(case.pk, "pass_review", by=staff("hao", at=at), at=at)
    follow()
    for voice in voices[:3]:
        rate_reply(voice, Answer("yes"), by=resident(), at=at)
    rate_reply(voices[3], Answer("no", comment="还是脏"), by=resident(), at=at)
    case.refresh_from_db()
    assert (case.status, case.round) == ("in_progress", 1)
    told = dict(
        RatingRequest.objects.filter(case=case, round=0).values_list("outcome").annotate(n=Count("pk"))
    )
    assert told == {Outcome.SATISFIED: 3, Outcome.UNSATISFIED: 1, Outcome.DROPPED: FEWER - 4}
    stories.reply(case, at=at)
    move_case(case.pk, "pass_review", by=staff("hao", at=at), at=at)
    follow()
    asked = RatingRequest.objects.filter(case=case, round=1, outcome=Outcome.WAITING)
    assert asked.count() == FEWER, "also who was content: the reply is another"
