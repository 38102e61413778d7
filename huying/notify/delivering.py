"""Taking letters out: claimed, sent, written down; at least once, and never twice knowingly.

A delivery is claimed in one transaction, sent outside of any, and its outcome written in another. A worker
killed between the last two leaves it claimed: nobody knows whether the channel took it, so after a while it
is sent again under the same key (Message-ID, OutId, SessionContext).
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection, transaction

from huying.kit.ids import new_id
from huying.notify.channels.open import port_of
from huying.notify.channels.port import ChannelTrouble, MisconfiguredError, RefusedError, TryLaterError
from huying.notify.channels.wecom import A_MINUTE
from huying.notify.models import Channel, Delivery, DeliveryState, Reach, Sending
from huying.notify.planning import queue
from huying.notify.rules import midnight, town_rules
from huying.notify.writing import message_of, template_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from typing import TypeAlias

    from django.db.models import QuerySet

    from huying.notify.channels.port import Port
    from huying.notify.writing import Envelope

    LookUp: TypeAlias = Callable[[Sequence[Delivery], datetime], Mapping[UUID, Envelope]]

logger = logging.getLogger("huying.notify")

AT_ONCE = 20  # deliveries claimed together
MOST_IN_A_LETTER = 50
MOST_TRIES = 6  # the waits between them: 1, 4, 16, 64 and 256 minutes
FIRST_WAIT = timedelta(minutes=1)
LONGEST_TURN_SECONDS = 60.0
# Longer than any turn, so that nothing is taken up again while somebody still sends it.
SILENT = timedelta(minutes=10)
PAUSE = timedelta(minutes=5)
S = DeliveryState


@dataclass(frozen=True)
class Letter:
    """Deliveries of one reader that go out as one message, claimed under one key."""

    batch: UUID
    deliveries: list[Delivery]


def deliver(channel: str, look_up: LookUp, *, at: datetime) -> int:
    """Take out some of what is due for a channel; return how many deliveries were dealt with, 0 for none.

    `look_up` gives the envelope of each delivery that has an address at this moment. Call again until
    it returns 0.
    """
    port = port_of(channel)
    if port is None:
        return 0
    letters, envelopes, dealt = _claim(port, look_up, at=at)
    began = time.monotonic()
    for place, letter in enumerate(letters):
        if time.monotonic() - began > LONGEST_TURN_SECONDS:
            _give_back(letters[place:])
            break
        if not _send(port, letter, envelopes, at=at):
            _give_back(letters[place + 1 :])
            _due(channel, at).update(not_before=at + PAUSE)
            break
    return dealt


def _due(channel: str, at: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(channel=channel, state=S.QUEUED, not_before__lte=at)


def _claim(port: Port, look_up: LookUp, *, at: datetime) -> tuple[list[Letter], Mapping[UUID, Envelope], int]:
    """Claim what may go now; put off what may not, end what nobody wants any more."""
    with transaction.atomic():
        if town_rules().is_quiet(at):
            _due(port.key, at).filter(urgent=False).update(not_before=town_rules().after_quiet(at))
        due = _with_companions(port, at)
        wanted = _still_wanted(due)
        envelopes = look_up(wanted, at)
        ready: list[Delivery] = []
        for one in due:
            if one not in wanted:
                _end([one], S.SUPPRESSED, at=at, error="unsubscribed")
            elif one.pk not in envelopes:
                _end([one], S.SUPPRESSED, at=at, error="no_address")
            elif port.needs_template and template_of(port.key, one.notice.kind) is None:
                _end([one], S.SUPPRESSED, at=at, error="no_template")
            else:
                ready.append(one)
        letters = _within_limits(_letters(port, ready), envelopes, at=at)
        for letter in letters:
            masked = envelopes[letter.deliveries[-1].pk].masked
            for one in letter.deliveries:
                one.state, one.claimed_at, one.batch = S.SENDING, at, letter.batch
                one.attempts, one.address = one.attempts + 1, masked[:80]
        Delivery.objects.bulk_update(
            [one for letter in letters for one in letter.deliveries],
            ["state", "claimed_at", "batch", "attempts", "address"],
        )
    return letters, envelopes, len(due)


def _with_companions(port: Port, at: datetime) -> list[Delivery]:
    """Lock the most pressing deliveries, and what else is due for their readers where it can go along."""
    locked = _due(port.key, at).select_for_update(skip_locked=True, of=("self",)).select_related("notice")
    first = list(locked.order_by("-urgent", "not_before", "id")[:AT_ONCE])
    readers = {one.reader for one in first if port.combines or one.together}
    if not readers:
        return first
    others = locked.filter(reader__in=readers).exclude(pk__in=[one.pk for one in first])
    return sorted([*first, *others[: AT_ONCE * MOST_IN_A_LETTER]], key=lambda one: (one.made_at, one.pk))


def _still_wanted(due: Sequence[Delivery]) -> list[Delivery]:
    """Return the deliveries whose readers have not ended them meanwhile."""
    appeals = [one.reader.removeprefix("appeal:") for one in due if one.reader.startswith("appeal:")]
    accounts = [UUID(one.reader.removeprefix("account:")) for one in due if one.reader.startswith("account:")]
    stopped = {
        *_stopped(Reach.objects.filter(appeal_id__in=appeals), "appeal"),
        *_stopped(Reach.objects.filter(account__in=accounts), "account"),
    }
    return [one for one in due if (one.reader, one.channel) not in stopped]


def _stopped(rows: QuerySet[Reach], what: str) -> list[tuple[str, str]]:
    ended = rows.filter(stopped_at__isnull=False).values_list(f"{what}_id", "channel")
    return [(f"{what}:{key}", channel) for key, channel in ended]


def _letters(port: Port, ready: Sequence[Delivery]) -> list[Letter]:
    """Return the letters these deliveries go out as: one a reader where channel or reader want it so."""
    by_reader: dict[str, list[Delivery]] = defaultdict(list)
    for one in ready:
        alone = not (port.combines or one.together)
        by_reader[str(one.pk) if alone else one.reader].append(one)
    return [
        Letter(new_id(), mine[start : start + MOST_IN_A_LETTER])
        for mine in by_reader.values()
        for start in range(0, len(mine), MOST_IN_A_LETTER)
    ]


def _within_limits(
    letters: Sequence[Letter], envelopes: Mapping[UUID, Envelope], *, at: datetime
) -> list[Letter]:
    """Return the letters their limits still allow now, each counted; put off or end the others.

    The buckets are locked in one order, so that two workers count neither past each other nor in a circle.
    """
    buckets = sorted({envelopes[letter.deliveries[-1].pk].bucket for letter in letters})
    with connection.cursor() as cursor:
        for bucket in buckets:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"notify:{bucket}"])
    allowed = []
    for letter in letters:
        envelope = envelopes[letter.deliveries[-1].pk]
        if _has_room(letter, envelope.bucket, at=at):
            Sending.objects.create(bucket=envelope.bucket, at=at)
            allowed.append(letter)
    return allowed


def _has_room(letter: Letter, bucket: str, *, at: datetime) -> bool:
    channel = letter.deliveries[0].channel
    if channel == Channel.WECOM:
        since = at - timedelta(minutes=1)
        sent = list(
            Sending.objects.filter(bucket=bucket, at__gt=since).order_by("at").values_list("at", flat=True)
        )
        if len(sent) >= A_MINUTE:
            _put_off(letter.deliveries, sent[-A_MINUTE] + timedelta(minutes=1))
            return False
    if channel == Channel.SMS:
        today = Sending.objects.filter(bucket=bucket, at__gte=midnight(at)).count()
        if today >= town_rules().texts_a_day:
            _end(letter.deliveries, S.SUPPRESSED, at=at, error="daily_limit")
            return False
    return True


def _send(port: Port, letter: Letter, envelopes: Mapping[UUID, Envelope], *, at: datetime) -> bool:
    """Hand a letter to its channel and write down what came of it; return whether the next may follow."""
    newest = letter.deliveries[-1]
    try:
        message = message_of(letter.deliveries, envelopes, combines=port.combines)
        provider_id = port.send(envelopes[newest.pk].address, message, at=at)
    except ChannelTrouble as trouble:
        _write_down(letter, trouble, at=at)
        blocked = isinstance(trouble, MisconfiguredError) or trouble.code == "unreachable"
        if blocked:
            logger.warning("a channel is out of order", extra={"channel": port.key, "code": trouble.code})
        return not blocked
    _claimed(letter).update(state=S.SENT, ended_at=at, provider_id=provider_id[:120], error="", error_text="")
    return True


def _claimed(letter: Letter) -> QuerySet[Delivery]:
    return Delivery.objects.filter(batch=letter.batch, state=S.SENDING)


def _write_down(letter: Letter, trouble: ChannelTrouble, *, at: datetime) -> None:
    told = {"error": trouble.code[:60], "error_text": trouble.text[:300]}
    tries = max(one.attempts for one in letter.deliveries)
    with transaction.atomic():
        if isinstance(trouble, RefusedError):
            _end(letter.deliveries, S.FAILED, at=at, **told)
            if trouble.for_good:
                stop_reach(letter.deliveries[-1].reader, letter.deliveries[-1].channel, by="channel", at=at)
        elif tries >= MOST_TRIES:
            _end(letter.deliveries, S.GIVEN_UP, at=at, **told)
        else:
            wait = FIRST_WAIT * 4 ** (tries - 1)
            if isinstance(trouble, TryLaterError):
                wait = max(wait, timedelta(seconds=trouble.after_seconds))
            _claimed(letter).update(state=S.QUEUED, claimed_at=None, not_before=at + wait, **told)


def _give_back(letters: Sequence[Letter]) -> None:
    """Queue letters again that were claimed and not sent; the try does not count."""
    for letter in letters:
        for one in letter.deliveries:
            one.state, one.claimed_at, one.attempts = S.QUEUED, None, one.attempts - 1
            one.save(update_fields=["state", "claimed_at", "attempts"])


def _put_off(deliveries: Sequence[Delivery], until: datetime) -> None:
    Delivery.objects.filter(pk__in=[one.pk for one in deliveries]).update(not_before=until)


def _end(
    deliveries: Sequence[Delivery], state: DeliveryState, *, at: datetime, error: str, error_text: str = ""
) -> None:
    """End deliveries that did not go out, and try the next channel their reader agreed to."""
    Delivery.objects.filter(pk__in=[one.pk for one in deliveries]).update(
        state=state, ended_at=at, claimed_at=None, error=error, error_text=error_text
    )
    queue(
        Delivery(
            notice=one.notice,
            channel=one.then[0],
            then=one.then[1:],
            reader=one.reader,
            language=one.language,
            urgent=one.urgent,
            together=one.together,
            not_before=at if one.urgent else town_rules().after_quiet(at),
            made_at=at,
        )
        for one in deliveries
        if one.then
    )


def stop_reach(reader: str, channel: str, *, by: str, at: datetime) -> bool:
    """Note that a reader wants, or can have, nothing more over a channel; return whether that is new."""
    what, _colon, key = reader.partition(":")
    if what not in {"appeal", "account"}:
        return False
    rows = Reach.objects.filter(**{f"{what}_id": key}, channel=channel)
    if not rows.exists() and what == "appeal":
        # What was agreed to for the whole account is ended for this appeal alone.
        Reach.objects.create(appeal_id=key, channel=channel, agreed_at=at, stopped_at=at, stopped_by=by[:20])
        return True
    return rows.filter(stopped_at=None).update(stopped_at=at, stopped_by=by[:20]) > 0


def take_up_abandoned(*, at: datetime) -> int:
    """Queue again what a worker claimed and never came back from; return how many deliveries."""
    lost = Delivery.objects.filter(state=S.SENDING, claimed_at__lt=at - SILENT)
    return lost.update(state=S.QUEUED, claimed_at=None, not_before=at, error="worker_lost")


def channels_due(*, at: datetime) -> list[str]:
    """Return the channels something is due for."""
    return list(
        Delivery.objects.filter(state=S.QUEUED, not_before__lte=at)
        .order_by("channel")
        .values_list("channel", flat=True)
        .distinct()
    )


def forget_sendings(*, at: datetime, after: timedelta = timedelta(days=2)) -> int:
    """Delete what rate limits no longer need; return how many rows."""
    return Sending.objects.filter(at__lt=at - after).delete()[0]
