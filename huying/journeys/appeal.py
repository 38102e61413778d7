"""The way of an appeal: from what a channel hands over to a dispatched case with a date, one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction

from huying.cases.actions import join_case, lock_standing
from huying.cases.models import OPEN, Case, Membership, Status
from huying.cases.opening import CASE_PREFIX, Matter, Opened, open_case
from huying.catalogue.models import Grade
from huying.dispatch.actions import Assigned, assign, why_nobody
from huying.intake.actions import Draft, Received, receive
from huying.intake.models import Appeal, Inbound, Photo
from huying.intake.numbers import new_numbers
from huying.intake.queries import channel_is_open
from huying.intake.reasons import CHANNEL_UNKNOWN, PHOTO_UNKNOWN
from huying.journeys.placing import told_of
from huying.kit.errors import Refusal
from huying.kit.personal import mask_words
from huying.kit.writes import Batch, write
from huying.ledger.actor import SYSTEM
from huying.ledger.chain import Link, link_facts
from huying.ledger.handlers import jobs_for
from huying.places.queries import locate_all
from huying.triage.actions import Judged, judge_all
from huying.triage.models import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from huying.ledger.actor import Actor

APPEAL_PREFIX = "SQ"


@dataclass(frozen=True)
class Taken:
    """The answer to a channel: numbers at once, and who has it until when.

    `new` is False when the same channel and key were taken before: then this is the answer of that time.
    `case_number`, `unit_name` and `due_at` are empty while a person decides.
    """

    appeal_id: UUID
    number: str
    case_id: UUID | None
    case_number: str
    unit_name: str
    due_at: datetime | None
    new: bool
    item_code: str = ""
    waits_for: str = ""
    dangers: tuple[dict[str, Any], ...] = ()


def submit_appeal(draft: Draft, *, by: Actor, at: datetime) -> Taken:
    """Take one appeal in; it is on disk when this returns. Refusal says what is wrong with it."""
    answer = submit_appeals([draft], by=by, at=at)[0]
    if isinstance(answer, Refusal):
        raise answer
    return answer


def submit_appeals(drafts: Sequence[Draft], *, by: Actor, at: datetime) -> list[Taken | Refusal]:
    """Take many appeals in, in their order: each is taken or refused by itself, all taken in one commit."""
    answers: dict[int, Taken | Refusal] = {}
    received: dict[int, Received] = {}
    numbers = iter(new_numbers(APPEAL_PREFIX, len(drafts), at=at))
    for place, draft in enumerate(drafts):
        try:
            if not channel_is_open(draft.channel):
                raise Refusal(CHANNEL_UNKNOWN, field="channel")  # noqa: TRY301 - told for this draft alone
            received[place] = receive(draft, number=next(numbers), district=settings.DISTRICT, at=at)
        except Refusal as refusal:
            answers[place] = refusal
    ways = _walk(list(received.values()), by=by, at=at)
    new = _commit(ways, by=by, at=at)
    known = {
        way.received.inbound_id: way.received.draft for way in ways if way.received.inbound_id not in new
    }
    before = answers_before(known.values()) if known else {}
    for place, way in zip(received, ways, strict=True):
        draft = way.received.draft
        answers[place] = way.taken() if way.received.inbound_id in new else before[draft.channel, draft.key]
    return [answers[place] for place in range(len(drafts))]


@dataclass
class Way:
    """One appeal on its way: what each stage left of it."""

    received: Received
    judged: Judged
    assigned: Assigned | None
    opened: Opened
    link: Link
    facts: list[dict[str, Any]]
    joined: Case | None = None

    def taken(self) -> Taken:
        """Return the answer for a fresh appeal."""
        case = self.joined
        return Taken(
            appeal_id=self.received.appeal_id,
            number=self.received.number,
            case_id=case.pk if case else self.opened.case_id,
            case_number=case.number if case else self.opened.number,
            unit_name=case.unit.name if case and case.unit else self.opened.unit_name,
            due_at=case.due_at if case else self.opened.due_at,
            new=True,
            item_code=case.item_code if case else self.judged.item.code if self.judged.item else "",
            waits_for=case.held_for if case else self.judged.waits_for,
            dangers=tuple(self.judged.dangers),
        )


def _walk(received: list[Received], *, by: Actor, at: datetime) -> list[Way]:
    """Take each appeal through the stages; nothing is written yet."""
    wheres = locate_all([told_of(one) for one in received])
    judged = judge_all(received, wheres, at=at)
    numbers = new_numbers(CASE_PREFIX, len(received), at=at)
    ways = []
    for one, verdict, number in zip(received, judged, numbers, strict=True):
        assigned = None
        if verdict.decided and verdict.item is not None:
            path, is_danger = verdict.where.area_path, verdict.grade == Grade.A
            assigned = assign(one.appeal_id, verdict.item, path, by=SYSTEM, at=at, is_danger=is_danger)
            if assigned is None:
                verdict.waits_for = why_nobody(verdict.item, path, at=at)
        link = Link()
        # Before the case's own facts, so that the timeline tells things in the order they happened.
        facts = _facts(one, verdict, link, by=by, at=at)
        opened = open_case(_matter(one, verdict, number), assigned, by=SYSTEM, at=at)
        ways.append(Way(one, verdict, assigned, opened, link, facts))
    return ways


def _facts(
    received: Received, judged: Judged, link: Link, *, by: Actor, at: datetime
) -> list[dict[str, Any]]:
    """Return the appeal's first facts: handed over by somebody, judged by Huying."""
    stream, district = f"appeal:{received.appeal_id}", settings.DISTRICT
    return [
        *link_facts(stream, received.facts, link=link, district=district, by=by, at=at),
        *link_facts(stream, [judged.fact], link=link, district=district, by=SYSTEM, at=at),
    ]


def _matter(received: Received, judged: Judged, number: str) -> Matter:
    where, names = judged.where, (received.draft.name,)
    return Matter(
        appeal_id=received.appeal_id,
        number=number,
        district=settings.DISTRICT,
        # Lists, searches and notices show a case by its title; what points at a person stays in the appeal.
        title=mask_words(received.title, names=names),
        text=mask_words(received.text, names=names),
        item=judged.item,
        grade=judged.grade,
        area_id=where.area_id,
        place_id=where.place_id,
        area_path=where.area_path,
        place_name=where.name or mask_words(received.place_words, names=names),
        lat=where.lat,
        lon=where.lon,
        waits_for=judged.waits_for,
        concerns_many=judged.asks.mass is not None,
    )


def _commit(ways: list[Way], *, by: Actor, at: datetime) -> set[UUID]:
    """Write all ways in one statement; return the payloads that were new.

    Only an appeal with photos or a "me too" needs a second statement, and then a transaction around both.
    """
    if not any(way.received.draft.photo_ids or way.received.draft.joins for way in ways):
        return write(_batch(ways))
    with transaction.atomic():
        _find_targets(ways)
        new = write(_batch(ways))
        for way in ways:
            if way.received.inbound_id not in new:
                continue
            _attach_photos(way.received)
            if way.joined is not None:
                way.joined = join_case(
                    way.joined.pk,
                    way.received.appeal_id,
                    grade=way.judged.grade,
                    concerns_many=way.judged.asks.mass is not None,
                    by=by,
                    at=at,
                )
        return new


def _attach_photos(received: Received) -> None:
    """Give the appeal its photos; one that is gone or belongs to another appeal refuses the whole appeal."""
    wanted = set(received.draft.photo_ids)
    waiting = Photo.objects.filter(pk__in=wanted, appeal=None)
    if waiting.update(appeal_id=received.appeal_id, upload_key="") != len(wanted):
        raise Refusal(PHOTO_UNKNOWN, field="photos")


def _find_targets(ways: list[Way]) -> None:
    """Lock the cases residents want to join; where one ended meanwhile, a new one is opened."""
    targets = lock_standing(way.received.draft.joins for way in ways if way.received.draft.joins)
    for way in ways:
        target = targets.get(way.received.draft.joins) if way.received.draft.joins else None
        way.joined = target if target is not None and _takes_in(target, way.judged) else None


def _takes_in(case: Case, judged: Judged) -> bool:
    """Return whether a voice may join this case: an open one, and for danger to life one at work as grave.

    Elsewhere a cry of danger would wait behind what is slow or thought done; it opens a case of its own, and
    its unit is told.
    """
    if any(danger.get("sure", True) for danger in judged.dangers):
        return case.grade == Grade.A and case.status in (Status.DISPATCHED, Status.IN_PROGRESS)
    return case.status in OPEN


def _batch(ways: list[Way]) -> Batch:
    batch = Batch("intake_inbound", ("channel_id", "key"))
    all_facts: list[dict[str, Any]] = []
    gates = {way.received.appeal_id: way.received.inbound_id for way in ways}
    for way in ways:
        gate, facts = way.received.inbound_id, way.facts
        where = way.judged.where
        appeal = way.received.rows["intake_appeal"] | {
            "area_id": where.area_id,
            "place_id": where.place_id,
            "area_path": where.area_path,
            "fact_seq": way.link.seq,
            "fact_hash": way.link.hash,
        }
        batch.add("intake_inbound", gate, way.received.rows["intake_inbound"])
        batch.add("intake_appeal", gate, appeal)
        batch.add("intake_party", gate, way.received.rows["intake_party"])
        for table, row in way.judged.rows:
            # A twin of the same batch may turn out to be known already: then it is not written, nor this.
            batch.add(table, gate, row, also=gates.get(row["earlier_id"]) if "earlier_id" in row else None)
        if way.joined is None:
            if way.assigned is not None:
                batch.add("dispatch_assignment", gate, way.assigned.row)
            for table, row in way.opened.rows:
                batch.add(table, gate, row)
            facts = [*facts, *way.opened.facts]
        batch.add_all("ledger_fact", gate, facts)
        all_facts += facts
    batch.add_free("procrastinate_jobs", jobs_for(all_facts))
    return batch


def answers_before(drafts: Iterable[Draft]) -> dict[tuple[str, str], Taken]:
    """Return what was answered when these (channel, key) pairs came for the first time."""
    wanted = {(draft.channel, draft.key) for draft in drafts}
    channels, keys = {channel for channel, _ in wanted}, {key for _, key in wanted}
    found = Inbound.objects.filter(channel__in=channels, key__in=keys).values_list(
        "channel_id", "key", "appeal_id"
    )
    by_key = {(channel, key): appeal for channel, key, appeal in found if (channel, key) in wanted}
    appeals = Appeal.objects.in_bulk(list(by_key.values()))
    cases = {
        membership.appeal_id: membership.case
        for membership in Membership.objects.filter(appeal__in=appeals, until_at=None).select_related(
            "case__unit"
        )
    }
    dangers: dict[UUID, list[dict[str, Any]]] = dict(
        Verdict.objects.filter(appeal__in=appeals).order_by("-at").values_list("appeal_id", "dangers")
    )
    return {
        key: _as_before(appeals[appeal], cases.get(appeal), dangers.get(appeal, []))
        for key, appeal in by_key.items()
    }


def _as_before(appeal: Appeal, case: Case | None, dangers: list[dict[str, Any]]) -> Taken:
    return Taken(
        appeal_id=appeal.pk,
        number=appeal.number,
        case_id=case.pk if case else None,
        case_number=case.number if case else "",
        unit_name=case.unit.name if case and case.unit else "",
        due_at=case.due_at if case else None,
        new=False,
        item_code=case.item_code if case else "",
        waits_for=case.held_for if case else "",
        dangers=tuple(dangers),
    )
