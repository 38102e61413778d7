"""Working guides: drafted from a matter, commented on by units, published in editions that never change."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from huying.catalogue.core.calendar import local_day
from huying.kit.errors import Refusal
from huying.kit.redact import find
from huying.kit.text import clean, on_one_line
from huying.ledger.actions import record
from huying.people.permissions import Permission
from huying.people.queries import unit_book
from huying.supervision import facts, reasons
from huying.supervision.models import Guide, GuideComment, GuideEdition
from huying.supervision.orders import check_due
from huying.supervision.rules import SUPERVISING, over_area, within
from huying.supervision.rules import areas_of as areas_with
from huying.supervision.states import GuideState

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from huying.ledger.actor import Actor
    from huying.ledger.chain import FactBody
    from huying.supervision.models import Topic

LONGEST_TITLE, LONGEST_TEXT, LONGEST_COMMENT, LONGEST_WHY = 120, 20_000, 2_000, 300
# Read by everybody who has to do with supervision, once they are out of the drawer.
OUT = (GuideState.COMMENTS, GuideState.PUBLISHED, GuideState.WITHDRAWN)


@dataclass(frozen=True)
class GuideDraft:
    """A guide as its writers have it: where it is to hold, its title and its text."""

    area_path: str
    title: str
    text: str


def guides_visible_to(by: Actor) -> Q:
    """Return the filter for the guides an actor may see: drafts of their areas, and all that are out."""
    own = within(areas_with(by, Permission.ORDER_APPROVE))
    return own | Q(state__in=OUT) if any(map(by.holds, SUPERVISING)) else own


def may_write(by: Actor, area_path: str) -> bool:
    """Return whether an actor writes, answers and publishes guides for an area."""
    return over_area(by, Permission.ORDER_APPROVE, area_path)


def outline_of(topic: Topic) -> str:
    """Return what a guide drawn from a matter begins with: the cause, what was ordered, what is to fill."""
    book = unit_book().by_id
    orders = [
        f"{place}. {order.text}（{book[order.unit_id].name if order.unit_id in book else ''}）"
        for place, order in enumerate(topic.orders.order_by("year", "number"), 1)
    ]
    measures = "\n".join(orders) or "（请填写）"
    return (
        f"一、共性问题\n{topic.why}\n\n二、已采取的措施\n{measures}\n\n"
        "三、工作要求\n（请填写：由谁、在什么情况下、多长时间内、做到什么程度）\n\n四、监督检查\n（请填写）"
    )


def draft_guide(
    draft: GuideDraft,
    *,
    key: UUID,
    district: str,
    by: Actor,
    at: datetime,
    topic: Topic | None = None,
) -> Guide:
    """Begin a guide; the same key again is the same guide.

    Refusals `supervision_not_yours`, `supervision_missing`, `note_personal`.
    """
    _may(by, draft.area_path)
    title, text = _checked(draft.title, draft.text)
    with transaction.atomic():
        known = Guide.objects.filter(pk=key).first()
        if known is not None:
            return known
        guide = Guide(
            id=key, district=district, area_path=draft.area_path, topic=topic, title=title, text=text,
            made_at=at, changed_at=at, changed_by_name=by.name[:80],
        )  # fmt: skip
        body = facts.GuideDrafted(title, guide.edition, str(topic.pk) if topic else "")
        record(guide, body, district=district, by=by, at=at)
        guide.save(force_insert=True)
        return guide


def edit_guide(key: UUID, *, title: str, text: str, seen: int, by: Actor, at: datetime) -> Guide:
    """Word a guide anew that is not in force. `seen` is the number of its last fact on the screen.

    Refusals also `order_changed_meanwhile`, `guide_not_now`.
    """
    told = _checked(title, text)
    with transaction.atomic():
        guide = _locked(key, by, GuideState.DRAFT, GuideState.COMMENTS)
        if guide.fact_seq != seen:
            raise Refusal(reasons.CHANGED_MEANWHILE)
        if (guide.title, guide.text) == told:
            return guide
        guide.title, guide.text = told
        return _told(guide, facts.GuideEdited(guide.title, guide.edition, _digest(guide)), by=by, at=at)


def ask_comments(key: UUID, *, until: date, by: Actor, at: datetime) -> Guide:
    """Send a draft out for comments until a day (征求意见稿), or give more time."""
    check_due(until, at=at)
    with transaction.atomic():
        guide = _locked(key, by, GuideState.DRAFT, GuideState.COMMENTS)
        guide.state, guide.comments_until = GuideState.COMMENTS, until
        body = facts.GuideOutForComments(guide.title, guide.edition, until.isoformat())
        return _told(guide, body, by=by, at=at)


def comment_guide(guide_id: UUID, *, text: str, key: UUID, by: Actor, at: datetime) -> GuideComment:
    """Say what one's unit thinks of a guide that is out for comments; the same key again is one comment.

    Refusals `supervision_not_yours`, `guide_not_now` (also after the last day), `supervision_missing`,
    `note_personal`.
    """
    words = clean(text)[:LONGEST_COMMENT]
    if not words:
        raise Refusal(reasons.MISSING, field="text")
    _no_personal(words)
    unit = next(iter(by.unit_ids), None)
    if unit is None or not any(map(by.holds, SUPERVISING)):
        raise Refusal(reasons.NOT_YOURS)
    with transaction.atomic():
        guide = Guide.objects.select_for_update().filter(pk=guide_id, state=GuideState.COMMENTS).first()
        known = GuideComment.objects.filter(pk=key).first()
        if known is not None:
            return known
        if guide is None or guide.comments_until is None or guide.comments_until < local_day(at):
            raise Refusal(reasons.GUIDE_NOT_NOW)
        comment = GuideComment(
            id=key, guide=guide, edition=guide.edition, unit_id=unit, text=words, by_name=by.name[:80], at=at
        )
        comment.save(force_insert=True)
        card = unit_book().by_id.get(unit)
        _told(guide, facts.GuideCommented(card.name if card else "", words), by=by, at=at)
        return comment


def answer_comment(comment_id: UUID, *, answer: str, by: Actor, at: datetime) -> GuideComment:
    """Say what became of a comment: taken up, or why not."""
    words = on_one_line(answer)[:LONGEST_WHY]
    if not words:
        raise Refusal(reasons.MISSING, field="answer")
    with transaction.atomic():
        comment = GuideComment.objects.select_for_update().filter(pk=comment_id).first()
        if comment is None:
            raise Refusal(reasons.GUIDE_NOT_FOUND)
        guide = _locked(comment.guide_id, by, GuideState.COMMENTS)
        comment.answer, comment.answered_at = words, at
        comment.save()
        card = unit_book().by_id.get(comment.unit_id)
        _told(guide, facts.GuideCommentAnswered(card.name if card else "", words), by=by, at=at)
        return comment


def publish_guide(key: UUID, *, seen: int, by: Actor, at: datetime) -> GuideEdition:
    """Publish a guide: its words are frozen as an edition, and hold until the next one or its withdrawal.

    Refusals also `order_changed_meanwhile`, `comments_open` while a comment has no answer.
    """
    with transaction.atomic():
        guide = _locked(key, by, GuideState.DRAFT, GuideState.COMMENTS)
        if guide.fact_seq != seen:
            raise Refusal(reasons.CHANGED_MEANWHILE)
        waiting = guide.comments.filter(edition=guide.edition, answered_at=None).count()
        if waiting:
            raise Refusal(reasons.COMMENTS_OPEN, number=waiting)
        edition = GuideEdition(
            guide=guide, number=guide.edition, title=guide.title, text=guide.text, sha256=_digest(guide),
            published_at=at, published_by_name=by.name[:80],
        )  # fmt: skip
        edition.save(force_insert=True)
        guide.state, guide.comments_until = GuideState.PUBLISHED, None
        _told(guide, facts.GuidePublished(guide.title, guide.edition, edition.sha256), by=by, at=at)
        return edition


def revise_guide(key: UUID, *, by: Actor, at: datetime) -> Guide:
    """Begin the next edition of a guide; the published one holds until that is published."""
    with transaction.atomic():
        guide = _locked(key, by, GuideState.PUBLISHED, GuideState.WITHDRAWN)
        guide.state, guide.edition, guide.said = GuideState.DRAFT, guide.edition + 1, ""
        topic = str(guide.topic_id) if guide.topic_id else ""
        return _told(guide, facts.GuideDrafted(guide.title, guide.edition, topic), by=by, at=at)


def withdraw_guide(key: UUID, *, reason: str, by: Actor, at: datetime) -> Guide:
    """Take a guide out of force, with a reason; its editions stay to be read."""
    words = on_one_line(reason)[:LONGEST_WHY]
    if not words:
        raise Refusal(reasons.MISSING, field="reason")
    with transaction.atomic():
        guide = _locked(key, by, GuideState.PUBLISHED)
        guide.state, guide.said = GuideState.WITHDRAWN, words
        return _told(guide, facts.GuideWithdrawn(guide.title, guide.edition, words), by=by, at=at)


def _may(by: Actor, area_path: str) -> None:
    if not may_write(by, area_path):
        raise Refusal(reasons.NOT_YOURS)


def _locked(key: UUID, by: Actor, *states: GuideState) -> Guide:
    guide = Guide.objects.select_for_update().filter(pk=key).first()
    if guide is None:
        raise Refusal(reasons.GUIDE_NOT_FOUND)
    _may(by, guide.area_path)
    if guide.state not in states:
        raise Refusal(reasons.GUIDE_NOT_NOW)
    return guide


def _checked(title: str, text: str) -> tuple[str, str]:
    told = on_one_line(title)[:LONGEST_TITLE], clean(text)[:LONGEST_TEXT]
    for name, words in zip(("title", "text"), told, strict=True):
        if not words:
            raise Refusal(reasons.MISSING, field=name)
        _no_personal(words, field=name)
    return told


def _no_personal(words: str, *, field: str = "text") -> None:
    left = [words[span.start : span.end] for span in find(words)]
    if left:
        raise Refusal(reasons.NOTE_PERSONAL, field=field, what="、".join(left[:3]))


def _digest(guide: Guide) -> str:
    return hashlib.sha256(f"{guide.title}\n{guide.text}".encode()).hexdigest()


def _told(guide: Guide, body: FactBody, *, by: Actor, at: datetime) -> Guide:
    guide.changed_at, guide.changed_by_name = at, by.name[:80]
    record(guide, body, district=guide.district, by=by, at=at)
    guide.save()
    return guide
