"""Power in an emergency: an administrator looks into cases for a stated reason, for an hour at most."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q

from huying.kit.errors import Refusal
from huying.kit.text import clean
from huying.ledger.actor import SYSTEM
from huying.people import reasons
from huying.people.actions import check_totp
from huying.people.book import open_book
from huying.people.facts import PowerEnded, PowerTaken
from huying.people.models import Account, PowerEnd, PowerSession
from huying.people.permissions import Permission
from huying.people.queries import POWER_IDLE

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from huying.ledger.actor import Actor

SHORTEST_MINUTES, LONGEST_MINUTES = 5, 60
SEEN_EVERY = timedelta(seconds=60)
FEWEST_LETTERS = 8


def may_take_power(by: Actor) -> bool:
    """Return whether an actor is an administrator of the system or of security; auditors only look on."""
    return by.holds(Permission.SYSTEM_EDIT) or by.holds(Permission.PEOPLE_EDIT)


def take_power(*, minutes: int, reason: str, code: str, by: Actor, at: datetime) -> PowerSession:
    """Take power to look into cases; the one-time password is asked for anew.

    Refusal `power_not_for_you`, `power_too_long`, `power_without_reason`, `second_step_first`, `wrong_totp`
    or `power_running`.
    """
    if by.id is None or not may_take_power(by):
        raise Refusal(reasons.POWER_NOT_FOR_YOU)
    if not SHORTEST_MINUTES <= minutes <= LONGEST_MINUTES:
        raise Refusal(reasons.POWER_TOO_LONG, field="minutes", most=LONGEST_MINUTES)
    words = clean(reason)[:300]
    if len(words) < FEWEST_LETTERS:
        raise Refusal(reasons.POWER_WITHOUT_REASON, field="reason")
    account = Account.objects.get(pk=by.id)
    if not account.totp_secret:
        raise Refusal(reasons.SECOND_STEP_FIRST)
    if not check_totp(account, code, at=at):
        raise Refusal(reasons.WRONG_TOTP, field="code")
    end_stale_powers(at=at)
    with open_book(by=by, at=at) as book:
        if PowerSession.objects.filter(account=account, ended_at=None).exists():
            raise Refusal(reasons.POWER_RUNNING)
        session = PowerSession.objects.create(
            account=account, reason=words, started_at=at, seen_at=at, ends_at=at + timedelta(minutes=minutes)
        )
        ends_at = session.ends_at.isoformat()
        book.write(
            PowerTaken(power=str(session.pk), username=account.username, reason=words, ends_at=ends_at)
        )
        return session


def end_power(*, by: Actor, at: datetime) -> None:
    """End one's power by hand; without one nothing happens."""
    for session in PowerSession.objects.filter(account=by.id, ended_at=None):
        _end(session.pk, how=PowerEnd.HAND, ended_at=at, by=by, at=at)


def end_stale_powers(*, at: datetime) -> int:
    """Write down the end of every session whose time is over or that was left alone; return how many."""
    over = Q(ends_at__lte=at) | Q(seen_at__lte=at - POWER_IDLE)
    stale = list(PowerSession.objects.filter(over, ended_at=None))
    for session in stale:
        idle_at = session.seen_at + POWER_IDLE
        how = PowerEnd.TIME if session.ends_at <= idle_at else PowerEnd.IDLE
        ended_at = min(session.ends_at, idle_at)
        _end(session.pk, how=how, ended_at=ended_at, by=SYSTEM, at=at)
    return len(stale)


def _end(session_id: UUID, *, how: PowerEnd, ended_at: datetime, by: Actor, at: datetime) -> None:
    with open_book(by=by, at=at) as book:
        session = PowerSession.objects.select_related("account").get(pk=session_id)
        if session.ended_at is not None:
            return
        session.ended_at, session.how = ended_at, how
        session.save(update_fields=["ended_at", "how"])
        book.write(PowerEnded(power=str(session.pk), username=session.account.username, how=str(how)))


def running_power(account_id: UUID, *, at: datetime) -> PowerSession | None:
    """Return the session of power an account is in at this moment, None when it is over or was left alone."""
    return PowerSession.objects.filter(
        account_id=account_id, ended_at=None, ends_at__gt=at, seen_at__gt=at - POWER_IDLE
    ).first()


def note_seen(session_id: UUID, *, at: datetime) -> None:
    """Note that something was done in a session, at most once a minute; its end never moves."""
    PowerSession.objects.filter(pk=session_id, seen_at__lt=at - SEEN_EVERY).update(seen_at=at)
