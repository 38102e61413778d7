"""What everybody may read of a matter: released word for word by a person with the right, and taken back."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction

from huying.kit.errors import Refusal
from huying.kit.redact import find
from huying.kit.text import clean, on_one_line
from huying.ledger.actions import record
from huying.people.permissions import Permission
from huying.publicity.reasons import PERSONAL_LEFT, REASON_MISSING
from huying.supervision import facts, reasons
from huying.supervision.models import Order, Release, Topic
from huying.supervision.rules import over_area
from huying.supervision.states import OrderKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from huying.ledger.actor import Actor

LONGEST_TITLE, LONGEST_TEXT, LONGEST_VOICE, MOST_VOICES = 120, 4_000, 400, 8


@dataclass(frozen=True)
class PublicWords:
    """What the public is to read of a matter; `looked` says that what seems personal was found not to be."""

    title: str
    text: str
    voices: Sequence[str] = field(default=())
    looked: bool = False


def release_progress(
    matter: Topic | Order, words: PublicWords, *, seen: int, by: Actor, at: datetime
) -> Release:
    """Release these words of a topic, or of an order without one; a page that is there gets them instead.

    `seen` is the edition on the screen, 0 for none. Refusals: `supervision_not_yours`, `release_meanwhile`,
    `supervision_missing`, `personal_left`.
    """
    if not over_area(by, Permission.CASE_PUBLISH, matter.area_path):
        raise Refusal(reasons.NOT_YOURS)
    title, text = on_one_line(words.title)[:LONGEST_TITLE], clean(words.text)[:LONGEST_TEXT]
    voices = [told for voice in words.voices if (told := on_one_line(voice)[:LONGEST_VOICE])][:MOST_VOICES]
    _check(title, text, voices, looked=words.looked)
    with transaction.atomic():
        matter = type(matter).objects.select_for_update(of=("self",)).get(pk=matter.pk)
        page = Release.objects.select_for_update().filter(**_about(matter)).first()
        if (page.edition if page else 0) != seen:
            raise Refusal(reasons.RELEASE_MEANWHILE)
        page = page or Release(**_about(matter), district=matter.district, edition=0)
        page.title, page.text, page.voices, page.edition = title, text, voices, page.edition + 1
        page.area_path, page.released_at, page.released_by_name = matter.area_path, at, by.name[:80]
        page.is_livelihood = _is_livelihood(matter)
        page.withdrawn_at, page.withdraw_reason = None, ""
        digest = hashlib.sha256(json.dumps([title, text, voices], ensure_ascii=False).encode()).hexdigest()
        body = facts.ProgressReleased(str(matter.pk), page.edition, digest, len(voices))
        record(page, body, district=page.district, by=by, at=at)
        page.save()
        return page


def _about(matter: Topic | Order) -> dict[str, Topic | Order]:
    return {"topic": matter} if isinstance(matter, Topic) else {"order": matter}


def _is_livelihood(matter: Topic | Order) -> bool:
    if isinstance(matter, Order):
        return matter.kind == OrderKind.LIVELIHOOD
    return matter.orders.filter(kind=OrderKind.LIVELIHOOD).exists()


def _check(title: str, text: str, voices: Sequence[str], *, looked: bool) -> None:
    if not title or not text:
        raise Refusal(reasons.MISSING, field="text" if title else "title")
    if looked:
        return
    for name, told in (("title", title), ("text", text), *(("voices", voice) for voice in voices)):
        left = [told[span.start : span.end] for span in find(told)]
        if left:
            raise Refusal(PERSONAL_LEFT, field=name, what="、".join(left[:5]))


def withdraw_progress(release_id: UUID, *, reason: str, by: Actor, at: datetime) -> Release:
    """Take back what is public of a matter; its words are forgotten, that it was public is not."""
    words = clean(reason)[:300]
    if not words:
        raise Refusal(REASON_MISSING, field="reason")
    with transaction.atomic():
        page = Release.objects.select_for_update().filter(pk=release_id, withdrawn_at=None).first()
        if page is None:
            raise Refusal(reasons.NOT_RELEASED)
        if not over_area(by, Permission.CASE_PUBLISH, page.area_path):
            raise Refusal(reasons.NOT_YOURS)
        page.title, page.text, page.voices = "", "", []
        page.withdrawn_at, page.withdraw_reason, page.edition = at, words, page.edition + 1
        body = facts.ProgressWithdrawn(str(page.topic_id or page.order_id), words)
        record(page, body, district=page.district, by=by, at=at)
        page.save()
        return page
