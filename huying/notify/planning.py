"""From notices to deliveries: who wants to be told over which channel, and how soon; in few statements."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from huying.notify.channels.open import open_channels, robot_of
from huying.notify.letters import LETTERS
from huying.notify.letters_residents import GROUP_OF
from huying.notify.models import Channel, Delivery, Pace, Reach, StaffPace
from huying.notify.rules import town_rules
from huying.people.queries import unit_book, who_sees_cases_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from huying.notify.actions import Told
    from huying.notify.models import Notice
    from huying.people.queries import Colleague

# The job that takes deliveries to a channel; it lives above, where addresses are known.
TASK, QUEUE = "journeys.deliver", "letters"
# Facts are dealt with first: a slow mail server must not hold up the house.
PRIORITY = -10
# Staff are reached over one channel: the first of these they gave an address for.
STAFF_ORDER = (Channel.EMAIL, Channel.SMS)


def plan_for_residents(notices: Sequence[Notice], told: Sequence[Told]) -> None:
    """Queue what residents agreed to, over the first channel of the town's order; the rest are fall-backs."""
    opened = open_channels()
    order = [channel for channel in town_rules().order if channel in opened]
    if not order:
        return
    agreed = _agreed(told)
    rows = []
    for notice, one in zip(notices, told, strict=True):
        said = agreed.get(one.to, {})
        ways = [channel for channel in order if _wants(said.get(channel), one.kind)]
        if ways:
            rows.append(
                Delivery(
                    notice=notice,
                    channel=ways[0],
                    then=ways[1:],
                    reader=f"appeal:{one.to}",
                    language=one.language,
                    not_before=town_rules().after_quiet(one.at),
                    made_at=one.at,
                )
            )
    queue(rows)


def _agreed(told: Iterable[Told]) -> dict[UUID, dict[str, Reach]]:
    """Return what was said of each channel for each appeal; what an appeal says goes before its account."""
    accounts = {one.to: one.account for one in told}
    rows = Reach.objects.filter(
        Q(appeal_id__in=accounts) | Q(account__in={account for account in accounts.values() if account})
    )
    of_appeal: dict[UUID, dict[str, Reach]] = defaultdict(dict)
    of_account: dict[UUID, dict[str, Reach]] = defaultdict(dict)
    for row in rows:
        if row.appeal_id:
            of_appeal[row.appeal_id][row.channel] = row
        elif row.account_id:
            of_account[row.account_id][row.channel] = row
    return {
        appeal: (of_account.get(account, {}) if account else {}) | of_appeal.get(appeal, {})
        for appeal, account in accounts.items()
    }


def _wants(row: Reach | None, kind: str) -> bool:
    """Return whether somebody wants letters of a kind this way."""
    return row is not None and row.stopped_at is None and GROUP_OF.get(kind) not in row.leave_out


def plan_for_units(notices: Sequence[Notice], told: Sequence[Told]) -> None:
    """Queue what the robots of units and their people are told outside the desk, at the pace each chose."""
    opened = open_channels()
    if not opened:
        return
    units = {one.to for one in told}
    rows = list(_robots(notices, told)) if Channel.WECOM in opened else []
    ways = {channel for channel in STAFF_ORDER if channel in opened}
    if ways:
        rows += _colleagues(notices, told, list(who_sees_cases_of(units, at=told[0].at)), ways)
    queue(rows)


def _robots(notices: Sequence[Notice], told: Sequence[Told]) -> Iterator[Delivery]:
    book = unit_book().by_id
    for notice, one in zip(notices, told, strict=True):
        robot = robot_of(book[one.to].path) if one.to in book else ""
        if robot:
            yield _to_staff(notice, one, channel=Channel.WECOM, reader=f"robot:{robot}", when=one.at)


def _colleagues(
    notices: Sequence[Notice], told: Sequence[Told], people: Sequence[Colleague], ways: set[Channel]
) -> Iterator[Delivery]:
    accounts = {person.account for person in people}
    reach: dict[UUID, list[str]] = defaultdict(list)
    agreed = Reach.objects.filter(account__in=accounts, stopped_at=None, channel__in=ways)
    for account, channel in agreed.values_list("account_id", "channel"):
        if account:
            reach[account].append(channel)
    paces: Mapping[tuple[UUID, str], str] = {
        (one.account_id, one.kind): one.pace for one in StaffPace.objects.filter(account__in=reach)
    }
    by_unit: dict[UUID, list[Colleague]] = defaultdict(list)
    for person in people:
        if person.account in reach:
            by_unit[person.unit].append(person)
    for notice, one in zip(notices, told, strict=True):
        for person in by_unit[one.to]:
            pace = paces.get((person.account, one.kind), Pace.AT_ONCE)
            if pace != Pace.NEVER:
                channel = next(way for way in STAFF_ORDER if way in reach[person.account])
                when = town_rules().of_pace(pace, one.at)
                yield _to_staff(
                    notice,
                    one,
                    channel=channel,
                    reader=f"account:{person.account}",
                    language=person.language,
                    when=when,
                    together=pace != Pace.AT_ONCE,
                )


def _to_staff(
    notice: Notice,
    one: Told,
    *,
    channel: str,
    reader: str,
    when: datetime,
    language: str = "",
    together: bool = False,
) -> Delivery:
    urgent = one.urgent or LETTERS[one.kind].urgent
    return Delivery(
        notice=notice,
        channel=channel,
        reader=reader,
        language=language,
        urgent=urgent,
        together=together and not urgent,
        not_before=one.at if urgent else town_rules().after_quiet(when),
        made_at=one.at,
    )


def queue(rows: Iterable[Delivery]) -> None:
    """Write deliveries and see that somebody takes them out once this transaction is through."""
    made = Delivery.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2000)
    for channel in sorted({row.channel for row in made}):
        wake(channel)


def wake(channel: str) -> None:
    """Defer the job that takes out what is due for a channel, unless one waits already."""
    lock = f"{TASK}.{channel}"
    try:
        with transaction.atomic():
            app.configure_task(TASK, queue=QUEUE, queueing_lock=lock, priority=PRIORITY).defer(
                channel=channel
            )
    except AlreadyEnqueued:
        pass
