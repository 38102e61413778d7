"""Merging matters that are one, and splitting what is not one; each is kept so that it can be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huying.insight import reasons
from huying.insight.deciding import decided_on
from huying.insight.facts import HotSpotJoinedAgain, HotSpotMerged, HotSpotSplit, HotSpotUnmerged
from huying.insight.hot_counting import lock_spots, one_at_a_time, recount
from huying.insight.live import title_from
from huying.insight.models import HotMark, HotRearrangement, HotSpot, Rearranging
from huying.insight.rules import may
from huying.insight.stages import STANDING, State
from huying.kit.errors import Refusal
from huying.ledger.actions import record
from huying.people.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from huying.ledger.actor import Actor
    from huying.ledger.chain import FactBody


def merge_spots(source: UUID, target: UUID, *, seen: int | None, by: Actor, at: datetime) -> HotSpot:
    """Let one matter go into another, which keeps its title; return that. `seen` is the source's edition.

    Refusals as `decided_on` for both, `hot_spot_same`, and `hot_spot_already_so` for one dismissed.
    """
    if source == target:
        raise Refusal(reasons.SAME_SPOT, field="target")
    with one_at_a_time():
        # In the order of their keys, as everything locks matters.
        lock_spots([source, target])
        with decided_on(source, seen=seen, by=by) as gone, decided_on(target, seen=None, by=by) as kept:
            if gone.state not in STANDING or kept.state not in STANDING:
                raise Refusal(reasons.ALREADY_SO)
            moved = list(HotMark.objects.filter(spot=gone).values_list("pk", flat=True))
            _note(Rearranging.MERGE, gone, kept, moved, by=by, at=at)
            HotMark.objects.filter(pk__in=moved).update(spot=kept, pinned=True)
            gone.state, gone.merged_into = State.MERGED, kept
            body = HotSpotMerged(source=str(gone.pk), target=str(kept.pk), appeals=len(moved))
            _end(body, gone, kept, by=by, at=at)
            return kept


def split_spot(key: UUID, appeals: Iterable[UUID], *, seen: int | None, by: Actor, at: datetime) -> HotSpot:
    """Make some appeals of a matter one of their own; return the new one.

    What is no member any more is passed over. Refusals as `decided_on`, `hot_spot_nothing_chosen`,
    `hot_spot_nothing_left`.
    """
    with decided_on(key, seen=seen, by=by) as whole:
        chosen = list(
            HotMark.objects.filter(spot=whole, pk__in=list(appeals))
            .order_by("at", "pk")
            .values_list("pk", flat=True)
        )
        if not chosen:
            raise Refusal(reasons.NOTHING_CHOSEN, field="appeals")
        if not HotMark.objects.filter(spot=whole).exclude(pk__in=chosen).exists():
            raise Refusal(reasons.NOTHING_LEFT, field="appeals")
        part = HotSpot.objects.create(
            district=whole.district, title=title_from(chosen[0], whole.item_code), area_path=whole.area_path,
            item_code=whole.item_code, first_at=whole.first_at, last_at=whole.last_at,
        )  # fmt: skip
        _note(Rearranging.SPLIT, whole, part, chosen, by=by, at=at)
        HotMark.objects.filter(pk__in=chosen).update(spot=part, pinned=True)
        # What stays was looked at, too: no pass brings the two together again.
        HotMark.objects.filter(spot=whole).update(pinned=True)
        body = HotSpotSplit(source=str(whole.pk), target=str(part.pk), appeals=len(chosen))
        _end(body, whole, part, by=by, at=at)
        return part


def undo_rearrangement(rearrangement: UUID, *, by: Actor, at: datetime) -> HotSpot:
    """Take a merge or a split back; return the matter it started from.

    After a merge the appeals that came with it go back, whatever came later stays; after a split all of the
    part goes back. Refusals `hot_spot_not_found`, `hot_spot_not_yours`, `hot_spot_already_undone`,
    `hot_spot_later_first` where one of the two was rearranged again afterwards.
    """
    with one_at_a_time():
        done = HotRearrangement.objects.select_for_update().filter(pk=rearrangement).first()
        if done is None:
            raise Refusal(reasons.NOT_FOUND)
        spots = lock_spots([done.source_id, done.target_id])
        source, target = spots[done.source_id], spots[done.target_id]
        _check_may_undo(done, source, target, by)
        done.undone_at, done.undone_by_name = at, by.name[:80]
        done.save()
        if done.kind == Rearranging.MERGE:
            back = list(HotMark.objects.filter(spot=target, pk__in=done.appeals).values_list("pk", flat=True))
            source.state, source.merged_into = done.source_state, None
            body: FactBody = HotSpotUnmerged(source=str(source.pk), target=str(target.pk), appeals=len(back))
        else:
            back = list(HotMark.objects.filter(spot=target).values_list("pk", flat=True))
            HotMark.objects.filter(spot=source).update(pinned=False)
            target.state, target.merged_into = State.MERGED, source
            body = HotSpotJoinedAgain(source=str(source.pk), target=str(target.pk), appeals=len(back))
        HotMark.objects.filter(pk__in=back).update(spot=source, pinned=False)
        HotMark.objects.filter(pk__in=done.pinned).update(pinned=True)
        source.edition, target.edition = source.edition + 1, target.edition + 1
        _end(body, source, target, by=by, at=at)
        return source


def undoable(spot: HotSpot) -> Sequence[HotRearrangement]:
    """Return what was rearranged about a matter and can be taken back now, the latest first."""
    rows = HotRearrangement.objects.filter(undone_at=None).select_related("source", "target")
    about = [*rows.filter(source=spot), *rows.filter(target=spot)]
    return sorted(
        (row for row in about if not _later(row).exists()), key=lambda row: (row.at, row.pk), reverse=True
    )


def _check_may_undo(done: HotRearrangement, source: HotSpot, target: HotSpot, by: Actor) -> None:
    if not may(by, Permission.HOTSPOT_SEE, source) or not may(by, Permission.HOTSPOT_SEE, target):
        raise Refusal(reasons.NOT_FOUND)
    if not may(by, Permission.HOTSPOT_DECIDE, source) or not may(by, Permission.HOTSPOT_DECIDE, target):
        raise Refusal(reasons.NOT_YOURS)
    if done.undone_at is not None:
        raise Refusal(reasons.ALREADY_UNDONE)
    if _later(done).exists():
        raise Refusal(reasons.LATER_FIRST)


def _later(done: HotRearrangement) -> QuerySet[HotRearrangement]:
    """Return what was rearranged about the same matters later and still stands."""
    both = [done.source_id, done.target_id]
    later = HotRearrangement.objects.filter(undone_at=None, pk__gt=done.pk)
    return later.filter(source__in=both) | later.filter(target__in=both)


def _note(
    kind: Rearranging, source: HotSpot, target: HotSpot, appeals: list[UUID], *, by: Actor, at: datetime
) -> None:
    pinned = HotMark.objects.filter(spot=source, pinned=True).values_list("pk", flat=True)
    HotRearrangement.objects.create(
        kind=kind, source=source, target=target, appeals=appeals, pinned=list(pinned),
        source_state=source.state, at=at, by_name=by.name[:80],
    )  # fmt: skip


def _end(body: FactBody, one: HotSpot, other: HotSpot, *, by: Actor, at: datetime) -> None:
    """Record what was done on both matters and count both anew."""
    for spot in (one, other):
        record(spot, body, district=spot.district, by=by, at=at)
        recount(spot, at=at, whole=True)
