"""A released weekly bulletin with promises, this week's draft, and one reminder letter on its way."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from huying.bulletin.bulletins import add_promise, draft_bulletin, judge_promise, release_bulletin
from huying.bulletin.models import Span
from huying.bulletin.reminders import draft_reminder, sets_of, sign_reminder
from huying.bulletin.sources import late
from huying.catalogue.core.calendar import local_day
from huying.insight.rolling import roll
from huying.kit.errors import Refusal
from huying.people.models import Account
from huying.people.permissions import Permission
from huying.people.queries import actor_of
from huying.places.queries import town_map

if TYPE_CHECKING:
    from datetime import datetime

    from huying.ledger.actor import Actor

# A bulletin of the week before last lets last week's tell what came of its promises.
WEEKS = (2, 1)
PROMISES = ("对反复投诉的夜间施工噪声点位开展联合巡查", "清理背街小巷积存垃圾并公示清运时间")
NAMED = 6


def issue_papers(end: datetime) -> None:
    """Issue what a street office would have on its desk, from the cases the demo played."""
    street = next((card for card in town_map().areas.values() if card.level == "street"), None)
    writer = _holder(Permission.REMINDER_WRITE, end)
    leader = _holder(Permission.BULLETIN_RELEASE, end)
    if street is None or writer is None or leader is None:
        return
    while roll(at=end):
        pass
    for weeks in WEEKS:
        day = local_day(end) - timedelta(days=7 * weeks)
        draft = draft_bulletin(street.code, Span.WEEK, day, by=leader, at=end)
        units = [unit for unit, _cases in sets_of(late(street.path, at=end))]
        for place, text in enumerate(PROMISES):
            unit = units[place % len(units)].id if units else None
            due = draft.ends_on + timedelta(days=7)
            promise = add_promise(draft.pk, text=text, unit=unit, due_on=due, by=leader, at=end)
        draft.refresh_from_db()
        released = release_bulletin(draft.pk, seen=draft.revision, by=leader, at=end)
        if weeks == WEEKS[0]:
            first = released.promises.first() or promise
            judge_promise(
                first.pk, outcome="kept", told="已开展两次联合巡查，责令整改三处", by=leader, at=end
            )
    _remind(street.path, writer, end)


def _remind(street: str, writer: Actor, end: datetime) -> None:
    """Remind the unit with most late cases, signed by somebody else who may."""
    signer = _holder(Permission.REMINDER_SIGN, end, other_than=writer)
    for unit, cases in sets_of(late(street, at=end)):
        try:
            letter = draft_reminder(
                unit.id, [one.number for one in cases[:NAMED]], reason="overdue", by=writer, at=end
            )
        except Refusal:
            continue  # a unit of another area: the next one
        if signer is not None:
            sign_reminder(letter.pk, seen=letter.fact_seq, by=signer, at=end)
        return


def _holder(right: Permission, at: datetime, *, other_than: Actor | None = None) -> Actor | None:
    """Return somebody of the demo's staff who holds a right over an area."""
    accounts = Account.objects.filter(
        posts__role__on_area__contains=[str(right)],
        is_active=True,
        posts__unit__area__level_id__in=["street", "district"],
    )
    for account in accounts.distinct().order_by("username"):
        actor = actor_of(account, at=at)
        if actor.holds(right) and (other_than is None or account.pk != other_than.id):
            return actor
    return None
