"""Screens on walls: a link that shows the numbers of an area to whoever stands before it, and no person."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from huying.board import reasons
from huying.board.facts import WallScreenRevoked, WallScreenSet
from huying.board.models import WallScreen
from huying.board.rules import areas_of, check_over, holds_over
from huying.kit.errors import Refusal
from huying.kit.text import on_one_line
from huying.ledger.actions import record
from huying.people.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from huying.ledger.actor import Actor
    from huying.places.queries import AreaCard

LASTS = timedelta(days=365)


def set_screen(name: str, *, area: AreaCard, by: Actor, at: datetime) -> tuple[WallScreen, str]:
    """Make a link for a screen; return it with its secret word, which is shown once and kept nowhere.

    Refusal `not_allowed` outside one's area, `words_needed`.
    """
    check_over(by, Permission.BOARD_WATCH, area.path)
    told = on_one_line(name)[:60]
    if not told:
        raise Refusal(reasons.WORDS_NEEDED, field="name")
    word = secrets.token_urlsafe(32)
    with transaction.atomic():
        screen = WallScreen(
            name=told, area_id=area.id, link_hash=_hash(word), made_at=at, made_by_name=by.name[:80],
            ends_at=at + LASTS,
        )  # fmt: skip
        body = WallScreenSet(name=told, area=area.path, ends_at=screen.ends_at.isoformat())
        screen.save(force_insert=True)
        record(screen, body, district=settings.DISTRICT, by=by, at=at)
        screen.save()
    return screen, word


def revoke_screen(screen_id: UUID, *, by: Actor, at: datetime) -> WallScreen:
    """Take the link of a screen back; twice is once. Refusal `screen_not_found` outside one's area."""
    with transaction.atomic():
        screen = WallScreen.objects.select_for_update().select_related(None).filter(pk=screen_id).first()
        if screen is None or not holds_over(by, Permission.BOARD_WATCH, screen.area.path):
            raise Refusal(reasons.SCREEN_NOT_FOUND)
        if screen.revoked_at is None:
            screen.revoked_at = at
            record(screen, WallScreenRevoked(name=screen.name), district=settings.DISTRICT, by=by, at=at)
            screen.save()
        return screen


def find_screen(word: str, *, at: datetime) -> WallScreen:
    """Return the screen a link belongs to. Refusal `screen_not_found` when it ended or never was."""
    screen = WallScreen.objects.select_related("area").filter(link_hash=_hash(word)).first()
    if screen is None or screen.revoked_at is not None or screen.ends_at <= at:
        raise Refusal(reasons.SCREEN_NOT_FOUND)
    return screen


def screens_of(by: Actor, *, at: datetime) -> Iterable[WallScreen]:
    """Return the screens that still show something, of the areas an actor watches."""
    tops = areas_of(by, Permission.BOARD_WATCH)
    held = WallScreen.objects.filter(revoked_at=None, ends_at__gt=at).select_related("area").order_by("name")
    return [one for one in held if any(f"{one.area.path}/".startswith(f"{top}/") for top in tops)]


def _hash(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()
