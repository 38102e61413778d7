"""Handing a post over from a day on, and naming a deputy for its holder; the book of rights tells both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huying.kit.errors import Refusal
from huying.people import reasons
from huying.people.actions import give_post
from huying.people.book import SHANGHAI, open_book
from huying.people.facts import DeputyNamed, PostHandedOver
from huying.people.models import AccountKind, Post
from huying.people.permissions import Permission

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from huying.ledger.actor import Actor
    from huying.people.models import Account


def pass_post(post_id: UUID, to: Account, *, from_on: date, by: Actor, at: datetime) -> Post:
    """Give a post to somebody else from a day on and return theirs; the one before holds it until then.

    The work itself follows on that day (`journeys.handing_over`). Refusal `post_not_found`, `same_holder`,
    `not_staff`, `own_rights`, `post_dates_wrong`, `handed_over_already` or
    `admin_by_appointment`.
    """
    with open_book(Permission.PEOPLE_EDIT, by=by, at=at) as book:
        post = _held(post_id, on=from_on)
        _check(post, to, by)
        if post.valid_until is not None and _followed(post, post.valid_until):
            raise Refusal(reasons.HANDED_OVER_ALREADY)
        if from_on <= post.valid_from or from_on < at.astimezone(SHANGHAI).date():
            raise Refusal(reasons.POST_DATES_WRONG, field="from_on")
        new = give_post(
            to, unit=post.unit, role=post.role_id, valid_from=from_on, area=post.area, items=post.items,
            valid_until=post.valid_until,
        )  # fmt: skip
        post.valid_until = from_on
        post.save(update_fields=["valid_until"])
        book.write(
            PostHandedOver(
                post=str(post.pk), new_post=str(new.pk), username=post.account.username,
                to_username=to.username, unit=post.unit.code, role=post.role_id, from_on=from_on.isoformat(),
            )
        )  # fmt: skip
        return new


def name_deputy(
    post_id: UUID, deputy: Account, *, from_on: date, until_on: date | None, by: Actor, at: datetime
) -> Post:
    """Let somebody act for the holder of a post until a day (not included), never longer than the post.

    What is done by it is recorded as done for the holder. Refusals as `pass_post`, and `deputy_needs_an_end`.
    """
    with open_book(Permission.PEOPLE_EDIT, by=by, at=at) as book:
        post = _held(post_id, on=from_on)
        _check(post, deputy, by)
        if until_on is None:
            raise Refusal(reasons.DEPUTY_NEEDS_AN_END, field="until_on")
        last = min(until_on, post.valid_until) if post.valid_until else until_on
        if last <= from_on or from_on < at.astimezone(SHANGHAI).date():
            raise Refusal(reasons.POST_DATES_WRONG, field="until_on")
        named = give_post(
            deputy, unit=post.unit, role=post.role_id, valid_from=from_on, area=post.area, items=post.items,
            valid_until=last, deputy_of=post,
        )  # fmt: skip
        book.write(
            DeputyNamed(
                post=str(post.pk), deputy_post=str(named.pk), username=deputy.username,
                for_username=post.account.username, valid_from=from_on.isoformat(),
                valid_until=last.isoformat(),
            )
        )  # fmt: skip
        return named


def _held(post_id: UUID, *, on: date) -> Post:
    """Return a post held on a day, locked; Refusal `post_not_found`."""
    posts = Post.objects.held_on(on).select_for_update(of=("self",)).select_related("account", "unit", "area")
    post = posts.filter(pk=post_id).first()
    if post is None:
        raise Refusal(reasons.POST_NOT_FOUND)
    return post


def _followed(post: Post, day: date) -> bool:
    """Return whether somebody takes the post over on the day it ends."""
    return Post.objects.filter(unit=post.unit, role=post.role_id, valid_from=day).exists()


def _check(post: Post, to: Account, by: Actor) -> None:
    if post.admin_of:
        raise Refusal(reasons.ADMIN_BY_APPOINTMENT)
    if to.kind != AccountKind.STAFF or not to.is_active:
        raise Refusal(reasons.NOT_STAFF)
    if to.pk == post.account_id:
        raise Refusal(reasons.SAME_HOLDER)
    if by.id == to.pk:
        raise Refusal(reasons.OWN_RIGHTS)
