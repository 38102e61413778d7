"""The people of the small town as actors, and the things they do in nearly every story."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from huying.cases.models import Case
from huying.intake.actions import Draft
from huying.journeys.appeal import Taken, submit_appeal
from huying.ledger.actor import Actor, ActorKind
from huying.people.models import Account
from huying.people.queries import actor_of
from huying.testing.town import middle

if TYPE_CHECKING:
    from datetime import datetime

_keys = count(1)
RUBBISH = "听澜花园门口的垃圾堆了三天没人清，苍蝇到处飞，臭得要捂鼻子"


def staff(username: str, *, at: datetime | None = None) -> Actor:
    """Return a member of the cast as an actor with the posts held at this moment."""
    return actor_of(Account.objects.get(username=username), at=at or timezone.now())


def resident(name: str = "") -> Actor:
    """Return a resident without an account."""
    return Actor(ActorKind.RESIDENT, None, name)


def appeal_of(
    text: str = RUBBISH,
    *,
    north: int = 0,
    east: int = 0,
    at: datetime | None = None,
    channel: str = "web",
    **more: Any,  # noqa: ANN401 - whatever else a draft takes
) -> Taken:
    """Send an appeal from the middle of a grid (north, east: 0 or 1) and return the answer."""
    lat, lon = middle(north, east)
    point = {"lat": lat, "lon": lon} | {name: more.pop(name) for name in ("lat", "lon") if name in more}
    draft = Draft(channel, more.pop("key", f"test-{next(_keys)}"), text, b"{}", **point, **more)
    return submit_appeal(draft, by=resident(), at=at or timezone.now())


def case_of(taken: Taken) -> Case:
    """Return the case an appeal is in now, fresh from the database."""
    return Case.objects.get(memberships__appeal=taken.appeal_id, memberships__until_at=None)
