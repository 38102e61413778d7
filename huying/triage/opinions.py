"""Second opinions: a large model's choice among known items, kept beside a verdict and never acted on."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

from huying.catalogue.queries import published
from huying.kit.personal import strip_words
from huying.triage.largemodel import LargeModelError, failing, large_model, note_answer
from huying.triage.models import SecondOpinion, Verdict
from huying.triage.queries import judge

if TYPE_CHECKING:
    from datetime import datetime

AT_ONCE, CHOICES, YOUNG = 10, 20, timedelta(hours=2)
LONGEST_TEXT = 2000
ROUND_SECONDS = 10.0
"""A server that answers slowly holds the worker no longer a minute: letters and clocks go before opinions."""


def ask_for_opinions(*, at: datetime) -> int:
    """Ask about young appeals a person has to decide; return how many were answered.

    Without a server, or while it rests after failures, nothing is done. The first failure ends the round.
    """
    server, trouble = large_model(), failing()
    if server is None or (trouble is not None and trouble.rests(at)):
        return 0
    waiting = Verdict.objects.filter(
        decided=False, at__gt=at - YOUNG, at__lte=at, opinion=None, by_name="Huying"
    ).exclude(appeal__verdicts__confidence=1)
    answered, until = 0, time.monotonic() + ROUND_SECONDS
    for verdict in waiting.select_related("appeal__party").order_by("-at")[:AT_ONCE]:
        text = _without_people(verdict)[:LONGEST_TEXT]
        items = _items(text)
        if not items:
            continue
        try:
            code = server.choose(text, items)
        except LargeModelError as error:
            note_answer(str(error), at=at)
            break
        note_answer("", at=at)
        # Two workers at once keep one opinion.
        SecondOpinion.objects.get_or_create(
            verdict=verdict, defaults={"item_code": code, "model": server.name[:80], "at": at}
        )
        answered += 1
        if time.monotonic() > until:
            break
    return answered


def _without_people(verdict: Verdict) -> str:
    """Return the words of a verdict's appeal with nothing that points at a person, nor its sender's name."""
    appeal = verdict.appeal
    party = getattr(appeal, "party", None)
    return strip_words(f"{appeal.title}\n{appeal.text}", names=[party.name] if party else ())


def _items(text: str) -> dict[str, str]:
    """Return the items that fit best, code → name with the names above."""
    model, book = judge().model, published()
    best = model.predict(text, limit=CHOICES) if model else ()
    return {
        one.code: " / ".join(part.name for part in book.line(one.code))
        for one in best
        if one.code in book.by_code
    }
