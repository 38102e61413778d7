"""Asking every appellant, taking the answer, and what follows: rework, closure, or honest silence."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from huying.cases.actions import lock_case, move_case
from huying.cases.models import Case, Closure, Solved, Status
from huying.cases.restating import restate_closure
from huying.cases.voices import nobody_to_ask, voices_to_ask
from huying.feedback import reasons
from huying.feedback.facts import RatingAsked, RatingLapsed, ReplyRated
from huying.feedback.models import Outcome, Rating, RatingRequest
from huying.intake.actions import lock_appeal, lock_appeals
from huying.kit.errors import Refusal
from huying.kit.personal import strip_words
from huying.kit.text import clean
from huying.ledger.actions import record, record_in_each
from huying.ledger.actor import SYSTEM, Actor

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from huying.cases.models import Membership
    from huying.ledger.chain import FactBody

# Who gave a verdict on an appeal that one resident typed for another.
SPOKE_AS = ("self", "proxy")
AXES = ("speed", "result", "service", "process")
# Fewer stars than this for the result means "not satisfied", also where the resident says it is solved.
CONTENT_FROM_STARS = 3


@dataclass(frozen=True)
class Answer:
    """What an appellant says: solved (yes, partly, no) and one to five stars on four axes, all optional."""

    solved: str
    speed: int | None = None
    result: int | None = None
    service: int | None = None
    process: int | None = None
    comment: str = ""
    spoke_as: str = ""

    @property
    def content(self) -> bool:
        """Return whether this closes the matter for this appellant: solved, and nothing rated poor."""
        stars = [star for star in (self.speed, self.result, self.service, self.process) if star is not None]
        poor = (self.result is not None and self.result < CONTENT_FROM_STARS) or (
            bool(stars) and sum(stars) / len(stars) < CONTENT_FROM_STARS
        )
        return self.solved == Solved.YES and not poor


def ask_appellants(case_id: UUID, *, at: datetime, window_days: int) -> int:
    """Ask every appellant of a case that waits for them, each once a round; return how many were asked.

    With nobody to ask, for staff found it on their way, the case closes: its reply passed the review.
    """
    with transaction.atomic():
        case = lock_case(case_id)
        if case.status != Status.FOLLOW_UP:
            return 0
        closes_at = at + timedelta(days=window_days)
        wanted = sorted(_unasked(case).values_list("appeal_id", flat=True))
        if not wanted:
            settle(case, at=at)
            return 0
        _open_questions(case, wanted, at=at, closes_at=closes_at)
        body = RatingAsked(case=str(case.pk), round=case.round, closes_at=closes_at.isoformat())
        return _record_on(wanted, body, at=at)


def _record_on(appeal_ids: Collection[UUID], body: FactBody, *, at: datetime) -> int:
    """Record the same on each of these appeals, each in its own chain; return how many."""
    appeals = lock_appeals(appeal_ids)
    return record_in_each(((appeal, appeal.district) for appeal in appeals), body, by=SYSTEM, at=at)


def _open_questions(case: Case, wanted: Sequence[UUID], *, at: datetime, closes_at: datetime) -> None:
    """Write one open question each; one that left the case and came back has a dropped one, opened anew."""
    RatingRequest.objects.bulk_create(
        [
            RatingRequest(case=case, appeal_id=appeal_id, round=case.round, asked_at=at, closes_at=closes_at)
            for appeal_id in wanted
        ],
        update_conflicts=True,
        unique_fields=["case", "appeal", "round"],
        update_fields=["asked_at", "closes_at", "outcome"],
    )


def rate_reply(appeal_id: UUID, answer: Answer, *, by: Actor, at: datetime) -> Rating:
    """Take an appellant's answer to the open question; one who is not content sends the case back to work.

    The door checks that the appeal is the caller's (or that the telephone desk may). Raises Refusal
    `not_asked`, `answered_already`, `window_closed`, `solved_missing`, `stars_impossible`.
    """
    _check(answer)
    with transaction.atomic():
        newest = RatingRequest.objects.filter(appeal_id=appeal_id).order_by("-asked_at", "-id").first()
        if newest is None:
            raise Refusal(reasons.NOT_ASKED)
        # The case first, then the question: the same order as everywhere, so nobody waits in a circle.
        case = lock_case(newest.case_id)
        request = RatingRequest.objects.select_for_update().get(pk=newest.pk)
        _check_open(request, case, at)
        outcome = Outcome.SATISFIED if answer.content else Outcome.UNSATISFIED
        rating = Rating.objects.create(
            request=request,
            solved=answer.solved,
            **{axis: getattr(answer, axis) for axis in AXES},
            comment=clean(answer.comment)[:2000],
            spoke_as=answer.spoke_as if answer.spoke_as in SPOKE_AS else "",
            by_kind=str(by.kind),
            at=at,
        )
        request.outcome, request.answered_at = outcome, at
        request.save(update_fields=["outcome", "answered_at"])
        appeal = lock_appeal(appeal_id)
        body = ReplyRated(
            case=str(case.pk),
            round=request.round,
            solved=answer.solved,
            outcome=str(outcome),
            **{axis: getattr(answer, axis) for axis in AXES},
        )
        record(appeal, body, district=appeal.district, by=by, at=at)
        appeal.save(update_fields=["fact_seq", "fact_hash"])
        settle(case, at=at)
        return rating


def _check(answer: Answer) -> None:
    if answer.solved not in Solved.values:
        raise Refusal(reasons.SOLVED_MISSING, field="solved")
    for axis in AXES:
        star = getattr(answer, axis)
        if star is not None and star not in range(1, 6):
            raise Refusal(reasons.STARS_IMPOSSIBLE, field=axis)


def _check_open(request: RatingRequest, case: Case, at: datetime) -> None:
    if request.outcome in (Outcome.SATISFIED, Outcome.UNSATISFIED):
        raise Refusal(reasons.ANSWERED_ALREADY)
    if request.outcome == Outcome.UNCONFIRMED or at > request.closes_at:
        raise Refusal(reasons.WINDOW_CLOSED)
    if request.outcome != Outcome.WAITING or case.status != Status.FOLLOW_UP or request.round != case.round:
        raise Refusal(reasons.NOT_ASKED)
    if not case.memberships.filter(appeal_id=request.appeal_id, until_at=None).exists():
        raise Refusal(reasons.NOT_ASKED)


def _unasked(case: Case) -> QuerySet[Membership]:
    """Return the voices of a case that nobody asks this round; whose question was dropped is among them.

    The asked are read once and hashed: row by row, thousands that were just written (and are not counted by
    the planner yet) would be gone through for each voice, and the last answer never be taken.
    """
    asked = RatingRequest.objects.filter(case_id=case.pk, round=case.round).exclude(outcome=Outcome.DROPPED)
    return voices_to_ask(case).exclude(appeal_id__in=asked.values("appeal_id"))


def settle(case: Case, *, at: datetime) -> None:
    """Draw the consequence of the answers so far: rework at the first no, closure with nobody left to ask.

    A voice that has just come to the case is asked in a moment (handler): until then it is not closed.
    """
    requests, outcomes = RatingRequest.objects.filter(case_id=case.pk, round=case.round), _outcomes(case)
    if Outcome.UNSATISFIED in outcomes:
        requests.filter(outcome=Outcome.WAITING).update(outcome=Outcome.DROPPED)
        # What was answered at once was with no unit: it goes back to the dispatchers.
        back = "rework" if case.unit_id else "reopen"
        move_case(case.pk, back, by=SYSTEM, at=at, reason="resident_not_satisfied")
    elif Outcome.WAITING not in outcomes and not _unasked(case).exists():
        move_case(case.pk, "close", by=SYSTEM, at=at, closure=_closure(case, outcomes))


def _outcomes(case: Case) -> set[str]:
    """Return what became of this round's questions, of voices that are still with the case.

    Each appellant speaks for themselves: what somebody said who left with another case decides nothing here.
    """
    here = case.memberships.filter(until_at=None).values("appeal_id")
    requests = RatingRequest.objects.filter(case_id=case.pk, round=case.round, appeal_id__in=here)
    return set(requests.order_by().values_list("outcome", flat=True).distinct())


def _closure(case: Case, outcomes: Collection[str]) -> Closure:
    if Outcome.SATISFIED in outcomes:
        return Closure.CONFIRMED
    return Closure.CHECKED if nobody_to_ask(case) else Closure.UNCONFIRMED


def take_verdicts_along(appeal_ids: Iterable[UUID], *, from_case: UUID, case_id: UUID) -> int:
    """Give a case that was split off the questions and verdicts of its voices; return how many came.

    It took copies of the replies along, which they are about; the old case rests on those who stayed. A merge
    moves nothing: what was said of a case's own replies stays with it, and in the other each voice is asked
    for itself.
    """
    with transaction.atomic():
        for one in sorted((from_case, case_id)):
            lock_case(one)
        asked = RatingRequest.objects.filter(case_id=from_case, appeal_id__in=list(appeal_ids))
        return asked.update(case_id=case_id)


def lapse_questions(*, at: datetime, limit: int = 500) -> int:
    """Close the questions whose time is over as unconfirmed; return how many. Run again until that is 0."""
    overdue = RatingRequest.objects.filter(outcome=Outcome.WAITING, closes_at__lt=at).order_by("closes_at")
    asked: dict[tuple[UUID, int], list[UUID]] = defaultdict(list)
    for request_id, case_id, round_ in overdue.values_list("pk", "case_id", "round")[:limit]:
        asked[case_id, round_].append(request_id)
    return sum(_lapse(case_id, round_, keys, at=at) for (case_id, round_), keys in asked.items())


def _lapse(case_id: UUID, round_: int, request_ids: list[UUID], *, at: datetime) -> int:
    """Let questions about one reply lapse, those not answered between our look and our lock."""
    with transaction.atomic():
        case = lock_case(case_id)
        found = RatingRequest.objects.select_for_update().filter(pk__in=request_ids, outcome=Outcome.WAITING)
        waiting = dict(found.order_by("pk").values_list("pk", "appeal_id"))
        if not waiting:
            return 0
        RatingRequest.objects.filter(pk__in=waiting).update(outcome=Outcome.UNCONFIRMED)
        lapsed = _record_on(waiting.values(), RatingLapsed(case=str(case.pk), round=round_), at=at)
        if case.status == Status.FOLLOW_UP:
            settle(case, at=at)
        return lapsed


def drop_questions(appeal_ids: Iterable[UUID], *, case_id: UUID, at: datetime) -> None:
    """Stop asking appellants who are no longer with a case, and settle what the others said.

    A case that had closed on the word of who left rests on what those say who stayed.
    """
    with transaction.atomic():
        case = lock_case(case_id)
        requests = RatingRequest.objects.filter(case=case, round=case.round, appeal_id__in=list(appeal_ids))
        requests.filter(outcome=Outcome.WAITING).update(outcome=Outcome.DROPPED)
        if case.status == Status.FOLLOW_UP:
            settle(case, at=at)
        elif case.status == Status.CLOSED and case.appeal_count:
            restate_closure(case, _closure(case, _outcomes(case)), at=at)


def mask_comments(appeal_id: UUID) -> None:
    """Take what points at a person out of what an appellant wrote with a rating; follows a masked appeal."""
    for rating in Rating.objects.filter(request__appeal_id=appeal_id).exclude(comment=""):
        rating.comment = strip_words(rating.comment)
        rating.save(update_fields=["comment"])
