"""The work of a post goes to its next holder on the first day: open cases, quick phrases, saved views."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from huying.cases.actions import move_case
from huying.cases.models import Application, AskState, Case, Task, TaskKind, TaskState
from huying.cases.moves import MOVE
from huying.kit.errors import Refusal
from huying.ledger.actor import SYSTEM
from huying.people.book import SHANGHAI, open_book
from huying.people.facts import WorkHandedOver
from huying.people.handover import pass_post
from huying.people.models import Post
from huying.people.permissions import Permission
from huying.people.queries import unit_book
from huying.workbench.models import HandOver
from huying.workbench.phrases import copy_phrases
from huying.workbench.saving import pass_views

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from huying.ledger.actor import Actor
    from huying.people.models import Account


# A hand-over tells so many things of a kind that wait in the units; the lists tell them all.
MOST_TOLD = 200


def hand_post_over(post_id: UUID, to: Account, *, from_on: date, by: Actor, at: datetime) -> HandOver:
    """Hand a post over, and its work at once when the first day has come.

    Refusals as `people.handover.pass_post`.
    """
    with transaction.atomic():
        new = pass_post(post_id, to, from_on=from_on, by=by, at=at)
        handover = HandOver.objects.create(
            post_id=post_id, new_post=new, from_on=from_on, decided_by_id=by.id, decided_at=at
        )
        if from_on <= at.astimezone(SHANGHAI).date():
            carry_out(handover.pk, at=at)
            handover.refresh_from_db()
        return handover


def hand_overs_of(by: Actor) -> QuerySet[HandOver]:
    """Return the hand-overs an actor may look at: given, received, or all for who keeps the posts."""
    found = HandOver.objects.select_related(
        "post__account", "post__unit", "post__role", "new_post__account", "decided_by"
    ).order_by("-decided_at")
    if by.holds(Permission.PEOPLE_EDIT):
        return found
    return found.filter(Q(post__account_id=by.id) | Q(new_post__account_id=by.id))


def carry_out(handover_id: UUID, *, at: datetime) -> None:
    """Give the next holder what the one before had in hand; once, whoever asks how often."""
    with transaction.atomic():
        handover = (
            HandOver.objects.select_for_update(of=("self",))
            .select_related("post__account", "post__unit", "new_post__account")
            .get(pk=handover_id)
        )
        if handover.done_at is not None:
            return
        given = [_give(case, handover, at=at) for case in _in_hand(handover, at)]
        moved = [number for number in given if number]
        old, new = handover.post.account, handover.new_post.account
        phrases = copy_phrases(old.pk, new.pk, at=at)
        units = _units_under(handover.post.unit.path)
        views = pass_views(old.pk, new.pk, unit_ids=units, at=at)
        parts = still_open(units, asked_by=old.pk)
        handover.cases, handover.phrases, handover.views, handover.parts = moved, phrases, views, parts
        handover.done_at = at
        handover.save(update_fields=["cases", "phrases", "views", "parts", "done_at"])
        with open_book(by=SYSTEM, at=at) as book:
            book.write(
                WorkHandedOver(
                    post=str(handover.post_id), username=old.username, to_username=new.username,
                    cases=tuple(moved), phrases=phrases, views=views, parts=tuple(parts),
                )
            )  # fmt: skip


def _in_hand(handover: HandOver, at: datetime) -> list[Case]:
    """Return the open cases of the post's units that are in its holder's hands.

    Whoever still works there by another post keeps what they have.
    """
    post = handover.post
    others = Post.objects.held_on(at.astimezone(SHANGHAI).date()).filter(
        account=post.account, role__on_unit__contains=[str(Permission.CASE_WORK)]
    )
    kept = list(others.values_list("unit__path", flat=True))
    cases = Case.objects.filter(handler=post.account, status__in=[str(one) for one in MOVE["hand_to"].from_])
    found = cases.select_related("unit").order_by("pk")
    return [
        case
        for case in found
        if case.unit is not None
        and _under(case.unit.path, post.unit.path)
        and not any(_under(case.unit.path, path) for path in kept)
    ]


def _units_under(path: str) -> set[UUID]:
    return {card.id for card in unit_book().all() if _under(card.path, path)}


def still_open(units: Collection[UUID], *, asked_by: UUID) -> list[str]:
    """Return what belongs to the units and no single hand, each as "number:kind", in order.

    These are the applications the holder made that nobody ruled on (extensions, suspensions, claims that a
    demand is unreasonable), and the units' open parts of cases: to assist, or called in. They stay where they
    are, for they are the unit's; the next holder is told of them. Who asked is not rewritten: nobody rules on
    an application of their own, before and after.
    """
    asked = Application.objects.filter(unit_id__in=units, asked_by_id=asked_by, state=AskState.OPEN)
    parts = Task.objects.filter(unit_id__in=units, state=TaskState.OPEN).exclude(kind=TaskKind.LEAD)
    found = [
        *asked.values_list("case__number", "kind")[:MOST_TOLD],
        *parts.values_list("case__number", "kind")[:MOST_TOLD],
    ]
    return sorted(f"{number}:{kind}" for number, kind in found)


def _under(path: str, top: str) -> bool:
    return path == top or path.startswith(f"{top}/")


def _give(case: Case, handover: HandOver, *, at: datetime) -> str:
    """Hand one case on and return its number; "" when the next holder may not work on it."""
    with translation.override(settings.LANGUAGE_CODE):
        note = _("The post was handed over by %(name)s.") % {"name": handover.post.account}
    try:
        with transaction.atomic():
            move_case(
                case.pk, "hand_to", by=SYSTEM, at=at, handler=str(handover.new_post.account_id), note=note
            )
    except Refusal:
        return ""
    return case.number


@app.periodic(cron="3 * * * *")
@app.task(name="journeys.hand_over_due", queue="clocks", queueing_lock="journeys.hand_over_due")
def hand_over_due(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives the planned time; we take the real one
    """Carry out the hand-overs whose first day has come."""
    at = timezone.now()
    today = at.astimezone(SHANGHAI).date()
    due = HandOver.objects.filter(done_at=None, from_on__lte=today).order_by("from_on", "pk")
    for key in due.values_list("pk", flat=True):
        carry_out(key, at=at)
