"""Jobs of feedback: asking after a reply, and closing questions nobody answered."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from huying.feedback.actions import ask_appellants, drop_questions, lapse_questions, take_verdicts_along

if TYPE_CHECKING:
    from huying.ledger.models import Fact


def ask_after_reply(fact: Fact) -> None:
    """Ask every appellant of the case whose reply passed review; the window counts from the reply."""
    ask_appellants(UUID(fact.stream.partition(":")[2]), at=fact.at, window_days=settings.RATING_WINDOW_DAYS)


def drop_who_left(fact: Fact) -> None:
    """Stop asking those who left a case, and settle what the others said."""
    case_id = UUID(fact.stream.partition(":")[2])
    left = [UUID(appeal) for appeal in str(fact.data["appeal"]).split(",")]
    drop_questions(left, case_id=case_id, at=fact.at)


def bring_verdicts(fact: Fact) -> None:
    """Give a case that was split off what its voices said of the replies it took along."""
    voices = [UUID(appeal) for appeal in fact.data["appeals"]]
    case_id = UUID(fact.stream.partition(":")[2])
    take_verdicts_along(voices, from_case=UUID(str(fact.data["from_case"])), case_id=case_id)


@app.periodic(cron="*/10 * * * *")
@app.task(name="feedback.lapse", queue="clocks", queueing_lock="feedback.lapse")
def lapse(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives the planned time; we take the real one
    """Close the questions whose window is over."""
    while lapse_questions(at=timezone.now()):
        pass
