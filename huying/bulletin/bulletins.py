"""Every write to bulletins: drafted, edited, released, corrected; and what came of their promises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction

from huying.bulletin import facts, reasons
from huying.bulletin.composing import compose
from huying.bulletin.document import bulletin_paper, bulletin_workbook, issue_of
from huying.bulletin.letters import digest
from huying.bulletin.models import Bulletin, BulletinState, Kept, Promise, Span
from huying.bulletin.numbering import head_of, next_number
from huying.bulletin.numbers import Days, days_of
from huying.bulletin.pledges import from_order, from_orders, unpromised
from huying.bulletin.printing import keep_prints
from huying.bulletin.rules import PAPER_LEVELS, need
from huying.catalogue.core.calendar import local_day
from huying.insight.tally import catch_up
from huying.kit.errors import Refusal
from huying.kit.paper import to_plain
from huying.kit.redact import find
from huying.kit.text import clean, on_one_line
from huying.ledger.actions import record
from huying.people.permissions import Permission
from huying.people.queries import unit_book
from huying.places.queries import town_map

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from uuid import UUID

    from huying.ledger.actor import Actor
    from huying.ledger.chain import FactBody

LONGEST_TITLE, LONGEST_TEXT, LONGEST_WHY, MOST_PROMISES = 40, 3_000, 300, 20


@dataclass(frozen=True)
class SectionEdit:
    """A section as an editor wants it: its title, its words, and whether it is printed."""

    key: str
    title: str
    text: str
    on: bool = True


def draft_bulletin(area: str, span: str, day: date, *, by: Actor, at: datetime) -> Bulletin:
    """Draft the bulletin of an area (code) about the day, week or month this day lies in.

    One that is there already, a draft or released, is returned as it is: drafting twice makes one. It
    promises the area's most urgent orders, until its writers take one out. Refusals
    `not_your_paper`, `paper_not_found`, `span_runs` while these days are not over.
    """
    card = town_map().by_code(area)
    if card is None or card.level not in PAPER_LEVELS or span not in Span.values:
        raise Refusal(reasons.PAPER_NOT_FOUND)
    need(by, Permission.BULLETIN_WRITE, card.path)
    days = days_of(span, day)
    if days.last >= local_day(at):
        raise Refusal(reasons.SPAN_RUNS, field="day")
    there = standing_edition(card.id, span, days)
    if there is not None:
        return there
    bulletin = Bulletin(
        district=settings.DISTRICT, area_id=card.id, area_path=card.path, span=span, starts_on=days.first,
        ends_on=days.last, made_at=at, edited_by=by.name[:80],
    )  # fmt: skip
    catch_up(at=at)
    compose(bulletin, at=at)
    try:
        with transaction.atomic():
            _told(bulletin, _drafted(bulletin), by=by, at=at)
            promised = from_orders(bulletin, at=at)
            Promise.objects.bulk_create(promised)
            if promised:
                _told(bulletin, *map(_promised, promised), by=by, at=at)
    except IntegrityError:
        # Somebody was a moment faster.
        there = standing_edition(card.id, span, days)
        if there is None:
            raise
        return there
    return bulletin


def standing_edition(area_id: UUID, span: str, days: Days) -> Bulletin | None:
    """Return the newest edition about these days that was not dropped."""
    found = Bulletin.objects.filter(area_id=area_id, span=span, starts_on=days.first)
    return found.exclude(state=BulletinState.DROPPED).order_by("-edition").first()


def _drafted(bulletin: Bulletin) -> facts.BulletinDrafted:
    return facts.BulletinDrafted(
        bulletin.area_path, bulletin.span, bulletin.starts_on.isoformat(), bulletin.ends_on.isoformat(),
        bulletin.edition, bulletin.correction,
    )  # fmt: skip


def recount_bulletin(key: UUID, *, seen: int, by: Actor, at: datetime) -> Bulletin:
    """Fill a draft anew from what is known now; words somebody changed are lost, promises stay."""
    catch_up(at=at)
    with transaction.atomic():
        bulletin = _draft(key, seen, by)
        compose(bulletin, at=at)
        return _changed(bulletin, [section["key"] for section in bulletin.sections], by=by, at=at)


def edit_bulletin(key: UUID, edits: Sequence[SectionEdit], *, seen: int, by: Actor, at: datetime) -> Bulletin:
    """Put a draft's sections into this order with these words; what is not named stays at its end.

    `seen` is the revision on the screen. Refusals `draft_moved`, `no_draft`, `personal_in_paper`.
    """
    with transaction.atomic():
        bulletin = _draft(key, seen, by)
        known = {section["key"]: section for section in bulletin.sections}
        sections, changed = [], []
        for edit in edits:
            section = known.pop(edit.key, None)
            if section is None:
                continue
            title, text = on_one_line(edit.title)[:LONGEST_TITLE], clean(edit.text)[:LONGEST_TEXT]
            _no_personal(f"{title}\n{text}")
            wanted = section | {"title": title or section["title"], "text": text, "on": edit.on}
            if wanted != section:
                changed.append(edit.key)
            sections.append(wanted)
        sections += known.values()
        if [one["key"] for one in sections] != [one["key"] for one in bulletin.sections]:
            changed.append("order")
        if not changed:
            return bulletin
        bulletin.sections = sections
        return _changed(bulletin, changed, by=by, at=at)


def remove_row(
    key: UUID, section: str, row: str, *, reason: str, seen: int, by: Actor, at: datetime
) -> Bulletin:
    """Take a row out of a draft with a reason; an empty reason puts one that was taken out back."""
    with transaction.atomic():
        bulletin = _draft(key, seen, by)
        found = next(
            (
                one
                for part in bulletin.sections
                if part["key"] == section
                for one in part["rows"]
                if one["key"] == row
            ),
            None,
        )
        if found is None:
            raise Refusal(reasons.ROW_UNKNOWN)
        why = on_one_line(reason)[:LONGEST_WHY]
        if not why and not found["removed"]:
            raise Refusal(reasons.SAY_WHY_GONE, field="reason")
        found["removed"] = why
        body = facts.BulletinRowRemoved(section, " / ".join(found["cells"])[:300], why)
        return _changed(bulletin, [section], body, by=by, at=at)


def add_promise(
    key: UUID,
    *,
    text: str,
    unit: UUID | None,
    due_on: date | None,
    by: Actor,
    at: datetime,
) -> Promise:
    """Write what is promised for the time after into a draft. Refusals `promise_words`, `no_draft`."""
    told = on_one_line(text)[:LONGEST_WHY]
    with transaction.atomic():
        bulletin = _draft(key, None, by)
        places = list(bulletin.promises.values_list("place", flat=True))
        if not told or len(places) >= MOST_PROMISES:
            raise Refusal(reasons.PROMISE_WORDS, field="text")
        _no_personal(told)
        card = unit_book().by_id.get(unit) if unit else None
        promise = Promise(
            bulletin=bulletin, place=max(places, default=0) + 1, text=told, unit_id=card.id if card else None,
            owner=card.name if card else "", due_on=due_on,
        )  # fmt: skip
        promise.save(force_insert=True)
        _changed(bulletin, ["next"], _promised(promise), by=by, at=at)
        return promise


def promise_order(key: UUID, order: UUID, *, by: Actor, at: datetime) -> Promise:
    """Write an open order of the area into a draft as a promise; twice is once.

    Refusals `row_unknown` for an order that is over or of another area, `promise_words`
    when the draft holds as many promises as it may, `no_draft`.
    """
    with transaction.atomic():
        bulletin = _draft(key, None, by)
        there = list(bulletin.promises.all())
        known = next((one for one in there if one.order_key == str(order)), None)
        if known is not None:
            return known
        found = next((one for one in unpromised(bulletin, at=at) if one.id == order), None)
        if found is None:
            raise Refusal(reasons.ROW_UNKNOWN)
        if len(there) >= MOST_PROMISES:
            raise Refusal(reasons.PROMISE_WORDS, field="order")
        promise = from_order(bulletin, max((one.place for one in there), default=0) + 1, found)
        promise.save(force_insert=True)
        _changed(bulletin, ["next"], _promised(promise), by=by, at=at)
        return promise


def _promised(promise: Promise) -> facts.BulletinPromised:
    due_on = promise.due_on.isoformat() if promise.due_on else ""
    return facts.BulletinPromised(promise.place, promise.text, promise.owner, due_on, promise.order_key)


def drop_promise(key: UUID, place: int, *, by: Actor, at: datetime) -> Bulletin:
    """Take a promise out of a draft; what was released stays promised."""
    with transaction.atomic():
        bulletin = _draft(key, None, by)
        gone = bulletin.promises.filter(place=place).first()
        if gone is None:
            raise Refusal(reasons.ROW_UNKNOWN)
        gone.delete()
        return _changed(bulletin, ["next"], facts.BulletinPromised(place, "", gone.owner, ""), by=by, at=at)


def release_bulletin(key: UUID, *, seen: int, by: Actor, at: datetime) -> Bulletin:
    """Release a draft: it gets its issue, document and files are frozen, and those who may read it hear.

    A new edition keeps the issue of the one it puts right. Refusals `draft_moved`, `no_draft`,
    `not_your_paper`.
    """
    with transaction.atomic():
        bulletin = _draft(key, seen, by, right=Permission.BULLETIN_RELEASE)
        if bulletin.corrects is not None:
            bulletin.year, bulletin.number = bulletin.corrects.year, bulletin.corrects.number
        else:
            bulletin.year = bulletin.ends_on.year
            bulletin.number = next_number(f"bulletin-{bulletin.span}", bulletin.area_id, bulletin.year)
        bulletin.state, bulletin.released_at = BulletinState.RELEASED, at
        bulletin.released_by_id, bulletin.released_by = by.id, by.name[:80]
        promises = list(bulletin.promises.all())
        paper = bulletin_paper(bulletin, promises, head_of(bulletin.area), at=at)
        bulletin.paper, bulletin.sha256 = to_plain(paper), digest(paper)
        removed = sum(bool(row["removed"]) for part in bulletin.sections for row in part["rows"])
        body = facts.BulletinReleased(
            bulletin.area_path, bulletin.span, bulletin.starts_on.isoformat(), bulletin.edition,
            issue_of(bulletin), bulletin.sha256, removed, len(promises),
        )  # fmt: skip
        _told(bulletin, body, by=by, at=at)
        keep_prints(bulletin, paper, {"xlsx": bulletin_workbook(bulletin, promises)}, at=at)
        return bulletin


def correct_bulletin(key: UUID, *, correction: str, by: Actor, at: datetime) -> Bulletin:
    """Begin a new edition of a released bulletin, saying what it puts right; the old one stays."""
    why = on_one_line(correction)[:LONGEST_WHY]
    with transaction.atomic():
        old = _locked(key)
        need(by, Permission.BULLETIN_WRITE, old.area_path)
        if old.state != BulletinState.RELEASED:
            raise Refusal(reasons.NOT_RELEASED)
        if not why:
            raise Refusal(reasons.SAY_WHY_GONE, field="correction")
        _no_personal(why)
        newest = standing_edition(old.area_id, old.span, Days(old.starts_on, old.ends_on)) or old
        if newest.state == BulletinState.DRAFT:
            return newest
        bulletin = Bulletin(
            district=old.district, area_id=old.area_id, area_path=old.area_path, span=old.span,
            starts_on=old.starts_on, ends_on=old.ends_on, edition=newest.edition + 1, corrects=newest,
            correction=why, numbers=newest.numbers, sections=newest.sections, made_at=at,
            counted_at=newest.counted_at, edited_by=by.name[:80],
        )  # fmt: skip
        _told(bulletin, _drafted(bulletin), by=by, at=at)
        for one in newest.promises.all():
            Promise.objects.create(
                bulletin=bulletin, place=one.place, text=one.text, unit_id=one.unit_id, owner=one.owner,
                due_on=one.due_on, order_key=one.order_key, outcome=one.outcome,
                outcome_text=one.outcome_text, outcome_at=one.outcome_at, outcome_by=one.outcome_by,
            )  # fmt: skip
        return bulletin


def drop_bulletin(key: UUID, *, reason: str, by: Actor, at: datetime) -> Bulletin:
    """Drop a draft, with a reason; it never had an issue."""
    why = on_one_line(reason)[:LONGEST_WHY]
    with transaction.atomic():
        bulletin = _draft(key, None, by)
        if not why:
            raise Refusal(reasons.SAY_WHY_GONE, field="reason")
        bulletin.state = BulletinState.DROPPED
        return _told(bulletin, facts.BulletinDropped(why), by=by, at=at)


def judge_promise(key: UUID, *, outcome: str, told: str, by: Actor, at: datetime) -> Promise:
    """Say what came of a promise of a released bulletin; the next bulletin tells it.

    The released paper stays as it was: the outcome stands beside it.
    """
    words = on_one_line(told)[:LONGEST_WHY]
    with transaction.atomic():
        promise = Promise.objects.select_for_update().filter(pk=key).first()
        bulletin = _locked(promise.bulletin_id) if promise else None
        if promise is None or bulletin is None or bulletin.state != BulletinState.RELEASED:
            raise Refusal(reasons.PAPER_NOT_FOUND)
        need(by, Permission.BULLETIN_WRITE, bulletin.area_path)
        if outcome not in Kept.values or outcome == Kept.OPEN or not words:
            raise Refusal(reasons.PROMISE_WORDS, field="told")
        _no_personal(words)
        promise.outcome, promise.outcome_text = outcome, words
        promise.outcome_at, promise.outcome_by = at, by.name[:80]
        promise.save()
        _told(bulletin, facts.PromiseJudged(promise.place, promise.text, outcome, words), by=by, at=at)
        return promise


def _locked(key: UUID) -> Bulletin:
    found = (
        Bulletin.objects.select_for_update(of=("self",))
        .select_related("area", "corrects")
        .filter(pk=key)
        .first()
    )
    if found is None:
        raise Refusal(reasons.PAPER_NOT_FOUND)
    return found


def _draft(
    key: UUID, seen: int | None, by: Actor, *, right: Permission = Permission.BULLETIN_WRITE
) -> Bulletin:
    bulletin = _locked(key)
    need(by, right, bulletin.area_path)
    if bulletin.state != BulletinState.DRAFT:
        raise Refusal(reasons.NO_DRAFT)
    if seen is not None and bulletin.revision != seen:
        raise Refusal(reasons.DRAFT_MOVED)
    return bulletin


def _no_personal(text: str) -> None:
    left = [text[span.start : span.end] for span in find(text)]
    if left:
        raise Refusal(reasons.PERSONAL_IN_PAPER, field="text", what="、".join(left[:3]))


def _changed(bulletin: Bulletin, sections: list[str], *more: FactBody, by: Actor, at: datetime) -> Bulletin:
    bulletin.revision += 1
    bulletin.edited_by = by.name[:80]
    return _told(bulletin, *(more or (facts.BulletinEdited(sections, bulletin.revision),)), by=by, at=at)


def _told(bulletin: Bulletin, *bodies: FactBody, by: Actor, at: datetime) -> Bulletin:
    record(bulletin, *bodies, district=bulletin.district, by=by, at=at)
    bulletin.save()
    return bulletin
