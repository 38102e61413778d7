"""What people decide on hot spots: confirm, dismiss, rename, take back, acknowledge an alert.

Each is one transaction with its fact, asks for the edition that was on the screen, and can be taken back.
Merging and splitting stand in `rearranging`.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.conf import settings

from huying.insight import reasons
from huying.insight.core.heat import START_THRESHOLD
from huying.insight.core.threshold import Decision, learn_threshold
from huying.insight.facts import (
    HotAlertSeen,
    HotSpotConfirmed,
    HotSpotDismissed,
    HotSpotRenamed,
    HotSpotReopened,
    HotStageChanged,
    ThresholdLearnt,
)
from huying.insight.hot_counting import one_at_a_time, threshold
from huying.insight.models import HotAlert, HotSpot, HotThreshold
from huying.insight.rules import may
from huying.insight.stages import STANDING, Stage, State
from huying.kit.errors import Refusal
from huying.kit.personal import mask_words
from huying.kit.redact import find
from huying.kit.text import clean, on_one_line
from huying.ledger.actions import record
from huying.ledger.actor import SYSTEM
from huying.people.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from uuid import UUID

    from huying.ledger.actor import Actor

LONGEST_TITLE, LONGEST_REASON = 120, 500
# The threshold is learnt from the latest so many decisions: a town changes.
MOST_DECISIONS = 300


@contextmanager
def decided_on(key: UUID, *, seen: int | None, by: Actor) -> Iterator[HotSpot]:
    """Open the transaction of an act: the matter locked, whoever may decide on it, nothing changed meanwhile.

    Refusals `hot_spot_not_found`, `hot_spot_not_yours`, `hot_spot_changed_meanwhile`,
    `hot_spot_merged_away`. The act saves the row; its edition is raised here.
    """
    with one_at_a_time():
        spot = HotSpot.objects.select_for_update().filter(pk=key).first()
        if spot is None or not may(by, Permission.HOTSPOT_SEE, spot):
            raise Refusal(reasons.NOT_FOUND)
        if not may(by, Permission.HOTSPOT_DECIDE, spot):
            raise Refusal(reasons.NOT_YOURS)
        if seen is not None and seen != spot.edition:
            raise Refusal(reasons.CHANGED_MEANWHILE)
        if spot.state == State.MERGED:
            raise Refusal(reasons.MERGED_AWAY)
        spot.edition += 1
        yield spot


def confirm_spot(key: UUID, *, seen: int | None, by: Actor, at: datetime) -> HotSpot:
    """Say that it is a hot spot; one that was below the threshold is an early sign from now on.

    Refusals as `decided_on`, and `hot_spot_already_so`.
    """
    with decided_on(key, seen=seen, by=by) as spot:
        if spot.state == State.CONFIRMED:
            raise Refusal(reasons.ALREADY_SO)
        _decide(spot, State.CONFIRMED, "", by=by, at=at)
        record(spot, HotSpotConfirmed(heat=_heat(spot)), district=spot.district, by=by, at=at)
        if spot.stage == Stage.QUIET:
            _show_early(spot, by=by, at=at)
        spot.save()
        _learn(at=at)
        return spot


def dismiss_spot(key: UUID, *, reason: str, seen: int | None, by: Actor, at: datetime) -> HotSpot:
    """Say that it is none, and why: it is shown and alerted no more, whatever else comes to it.

    Refusals as `decided_on`, `hot_spot_reason_missing`, `hot_spot_already_so`.
    """
    said = clean(mask_words(reason))[:LONGEST_REASON]
    if not said:
        raise Refusal(reasons.REASON_MISSING, field="reason")
    with decided_on(key, seen=seen, by=by) as spot:
        if spot.state == State.DISMISSED:
            raise Refusal(reasons.ALREADY_SO)
        _decide(spot, State.DISMISSED, said, by=by, at=at)
        record(spot, HotSpotDismissed(heat=_heat(spot), reason=said), district=spot.district, by=by, at=at)
        spot.save()
        _learn(at=at)
        return spot


def reopen_spot(key: UUID, *, seen: int | None, by: Actor, at: datetime) -> HotSpot:
    """Take back what was decided. Refusals as `decided_on`, and `hot_spot_nothing_decided`."""
    with decided_on(key, seen=seen, by=by) as spot:
        if spot.state == State.OPEN:
            raise Refusal(reasons.NOTHING_DECIDED)
        record(spot, HotSpotReopened(was=spot.state), district=spot.district, by=by, at=at)
        spot.state, spot.decided_reason, spot.seen_heat = State.OPEN, "", None
        spot.decided_at, spot.decided_by_name = None, ""
        spot.save()
        _learn(at=at)
        return spot


def rename_spot(key: UUID, *, title: str, seen: int | None, by: Actor, at: datetime) -> HotSpot:
    """Give a matter a title; no pass changes it any more.

    Refusals as `decided_on`, `hot_spot_title_missing`, `hot_spot_title_personal`, `hot_spot_already_so`.
    """
    said = on_one_line(title)[:LONGEST_TITLE]
    if not said:
        raise Refusal(reasons.TITLE_MISSING, field="title")
    personal = [said[span.start : span.end] for span in find(said)]
    if personal:
        raise Refusal(reasons.TITLE_PERSONAL, field="title", what="、".join(personal[:3]))
    with decided_on(key, seen=seen, by=by) as spot:
        if spot.title == said:
            raise Refusal(reasons.ALREADY_SO)
        record(spot, HotSpotRenamed(before=spot.title, after=said), district=spot.district, by=by, at=at)
        spot.title, spot.named_by = said, by.name[:80]
        spot.save()
        return spot


def acknowledge_alert(alert_id: UUID, *, by: Actor, at: datetime) -> HotAlert:
    """Say that an alert was seen; a second time changes nothing. Refusal `hot_alert_not_found`.

    Whoever sees a matter may acknowledge its alerts; deciding on it is something else.
    """
    with one_at_a_time():
        alert = HotAlert.objects.select_for_update(of=("self",)).filter(pk=alert_id).first()
        spot = HotSpot.objects.select_for_update().get(pk=alert.spot_id) if alert is not None else None
        if alert is None or spot is None or not may(by, Permission.HOTSPOT_SEE, spot):
            raise Refusal(reasons.ALERT_NOT_FOUND)
        if alert.acknowledged_at is None:
            alert.acknowledged_at, alert.acknowledged_by_id = at, by.id
            alert.acknowledged_by_name = by.name[:80]
            alert.save()
            body = HotAlertSeen(alert=str(alert.pk), stage=alert.stage)
            record(spot, body, district=spot.district, by=by, at=at)
            spot.save(update_fields=["fact_seq", "fact_hash"])
        return alert


def _decide(spot: HotSpot, state: State, reason: str, *, by: Actor, at: datetime) -> None:
    spot.state, spot.decided_reason = state, reason
    spot.decided_at, spot.decided_by_name, spot.seen_heat = at, by.name[:80], _heat(spot)


def _heat(spot: HotSpot) -> float:
    """Return how hot a matter was when people were asked to look at it, or is now if that is more."""
    alerted = HotAlert.objects.filter(spot=spot, episode=spot.episode).values_list("heat", flat=True)
    return round(max([spot.heat, *alerted]), 3)


def _show_early(spot: HotSpot, *, by: Actor, at: datetime) -> None:
    body = HotStageChanged(
        before=spot.stage, after=Stage.EARLY, heat=round(spot.heat, 3), threshold=threshold(),
        expected=round(spot.expected, 3), count=spot.count, appellants=spot.appellants,
    )  # fmt: skip
    record(spot, body, district=spot.district, by=by, at=at)
    # Who confirms it knows of it: the first alert is for what comes after.
    spot.stage, spot.staged_at, spot.highest = Stage.EARLY, at, max(spot.highest, 1)


def _learn(*, at: datetime) -> None:
    """Learn the town's threshold from what people decided of late; a fact where it moves."""
    rows = (
        HotSpot.objects.filter(state__in=[State.CONFIRMED, State.DISMISSED], seen_heat__isnull=False)
        .order_by("-decided_at")
        .values_list("seen_heat", "state")[:MOST_DECISIONS]
    )
    decisions = [Decision(heat or 0.0, state == State.CONFIRMED) for heat, state in rows]
    learnt, _new = HotThreshold.objects.select_for_update().get_or_create(
        district=settings.DISTRICT, defaults={"heat": START_THRESHOLD}
    )
    before, after = learnt.heat, learn_threshold(decisions)
    learnt.confirmed = sum(one.confirmed for one in decisions)
    learnt.dismissed = len(decisions) - learnt.confirmed
    learnt.learnt_at, learnt.heat = at, after
    if before != after:
        body = ThresholdLearnt(
            before=before, after=after, confirmed=learnt.confirmed, dismissed=learnt.dismissed
        )
        record(learnt, body, district=settings.DISTRICT, by=SYSTEM, at=at)
    learnt.save()


def can_be_decided(spot: HotSpot) -> bool:
    """Return whether a matter is still one of its own."""
    return spot.state in (*STANDING, State.DISMISSED)
