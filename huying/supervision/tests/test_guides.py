"""Working guides: drawn from a matter, commented on by units, answered, published once and for all."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from huying.cases.tests.stories import AT
from huying.ledger.queries import timeline, verify
from huying.supervision.guides import (
    GuideDraft,
    answer_comment,
    ask_comments,
    comment_guide,
    draft_guide,
    edit_guide,
    guides_visible_to,
    outline_of,
    publish_guide,
    revise_guide,
    withdraw_guide,
)
from huying.supervision.models import Guide
from huying.supervision.tests.cast import EAST_PATH, WHY, day, decided
from huying.testing.cast import staff
from huying.testing.refusals import refused
from huying.testing.town import DISTRICT

if TYPE_CHECKING:
    from uuid import UUID

pytestmark = pytest.mark.django_db


def begun(text: str = "一、共性问题\n清运不及时", *, key: UUID | None = None) -> Guide:
    """Return a guide Du begins for the east."""
    draft = GuideDraft(EAST_PATH, "垃圾清运工作指引", text)
    return draft_guide(draft, key=key or uuid4(), district=DISTRICT, by=staff("du", at=AT), at=AT)


def out(guide: Guide | None = None) -> Guide:
    """Return a guide that is out for comments for ten days."""
    return ask_comments((guide or begun()).pk, until=day(10), by=staff("du", at=AT), at=AT)


def published(guide: Guide) -> Guide:
    """Return a guide Du published."""
    publish_guide(guide.pk, seen=guide.fact_seq, by=staff("du", at=AT), at=AT)
    return Guide.objects.get(pk=guide.pk)


def seen_by(name: str) -> set[UUID]:
    return set(Guide.objects.filter(guides_visible_to(staff(name, at=AT))).values_list("pk", flat=True))


def test_a_guide_drawn_from_a_matter_begins_with_its_cause_and_what_was_ordered() -> None:
    order = decided()
    assert order.topic is not None
    text = outline_of(order.topic)
    assert WHY in text
    assert order.text in text
    assert "环卫所" in text


def test_a_guide_is_commented_on_answered_and_published_and_then_never_changes() -> None:
    du, guide = staff("du", at=AT), out()
    comment = comment_guide(guide.pk, text="两清改为三清", key=uuid4(), by=staff("lin", at=AT), at=AT)
    guide.refresh_from_db()
    with refused("comments_open"):
        publish_guide(guide.pk, seen=guide.fact_seq, by=du, at=AT)
    answer_comment(comment.pk, answer="采纳", by=du, at=AT)
    guide.refresh_from_db()
    guide = edit_guide(guide.pk, title=guide.title, text="每日三清", seen=guide.fact_seq, by=du, at=AT)
    guide = published(guide)
    with refused("guide_not_now"):
        edit_guide(guide.pk, title=guide.title, text="别的", seen=guide.fact_seq, by=du, at=AT)
    guide = revise_guide(guide.pk, by=du, at=AT)
    guide = edit_guide(guide.pk, title=guide.title, text="每日四清", seen=guide.fact_seq, by=du, at=AT)
    assert guide.editions.get().text == "每日三清", "what was published holds while the next is written"
    guide = published(guide)
    assert list(guide.editions.order_by("number").values_list("text", flat=True)) == ["每日三清", "每日四清"]
    guide = withdraw_guide(guide.pk, reason="并入市级标准", by=du, at=AT)
    assert (guide.state, guide.editions.count()) == ("withdrawn", 2)
    assert [fact.kind for fact in timeline(f"guide:{guide.pk}")][:3] == [
        "GuideDrafted", "GuideOutForComments", "GuideCommented",
    ]  # fmt: skip
    assert verify().broken is None


def test_a_form_sent_twice_is_one_guide_and_one_comment() -> None:
    key, said, lin = uuid4(), uuid4(), staff("lin", at=AT)
    guide = begun(key=key)
    assert begun(key=key).pk == guide.pk
    out(guide)
    for _ in range(2):
        comment_guide(guide.pk, text="同意", key=said, by=lin, at=AT)
    assert guide.comments.count() == 1


def test_two_who_word_it_at_once_are_told() -> None:
    guide, du = begun(), staff("du", at=AT)
    edit_guide(guide.pk, title=guide.title, text="甲", seen=guide.fact_seq, by=du, at=AT)
    with refused("order_changed_meanwhile"):
        edit_guide(guide.pk, title=guide.title, text="乙", seen=guide.fact_seq, by=du, at=AT)
    assert Guide.objects.get().text == "甲"


def test_comments_end_with_their_last_day() -> None:
    guide, lin = out(), staff("lin", at=AT)
    last, after = AT + timedelta(days=10), AT + timedelta(days=11)
    comment_guide(guide.pk, text="最后一天", key=uuid4(), by=lin, at=last)
    with refused("guide_not_now"):
        comment_guide(guide.pk, text="迟了", key=uuid4(), by=lin, at=after)
    with refused("day_passed"):
        ask_comments(guide.pk, until=day(-1), by=staff("du", at=AT), at=AT)
    assert [one.text for one in guide.comments.all()] == ["最后一天"]
    assert Guide.objects.get().comments_until == day(10)


def test_who_writes_who_reads_and_who_is_kept_out() -> None:
    guide = begun()
    assert seen_by("du") == {guide.pk}
    assert seen_by("lin") == set(), "a draft is its writers'"
    for act in (
        lambda by: publish_guide(guide.pk, seen=guide.fact_seq, by=by, at=AT),
        lambda by: ask_comments(guide.pk, until=day(3), by=by, at=AT),
        lambda by: draft_guide(
            GuideDraft(EAST_PATH, "题", "文"), key=uuid4(), district=DISTRICT, by=by, at=AT
        ),
    ):
        with refused("supervision_not_yours"):
            act(staff("lin", at=AT))
    out(guide)
    assert seen_by("lin") == {guide.pk}


def test_a_guide_names_nobody_and_says_something() -> None:
    with refused("note_personal"):
        begun("联系13800138000")
    with refused("supervision_missing"):
        begun("  ")
    assert not Guide.objects.exists()
    guide = out()
    with refused("note_personal"):
        comment_guide(guide.pk, text="找13800138000", key=uuid4(), by=staff("lin", at=AT), at=AT)
    assert not guide.comments.exists()
    published(guide)
    with refused("supervision_missing"):
        withdraw_guide(guide.pk, reason=" ", by=staff("du", at=AT), at=AT)
    assert Guide.objects.get().state == "published"
