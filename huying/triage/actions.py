"""Every write to triage: judging fresh appeals, a person's own judgement, confirming or refusing a twin."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.timezone import localdate

from huying.catalogue.queries import published
from huying.kit.ids import new_id
from huying.triage.core.reading import Asks, read
from huying.triage.core.reasons import reasons_to_json
from huying.triage.core.verdict import judge_many
from huying.triage.facts import AppealJudged
from huying.triage.models import TwinState, TwinSuspect, Verdict
from huying.triage.neighbours import Neighbour, find_neighbours
from huying.triage.queries import judge as judge_in_force

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from huying.catalogue.queries import CatalogueBook, ItemCard
    from huying.intake.actions import Received
    from huying.ledger.actor import Actor
    from huying.places.queries import Where
    from huying.triage.core.verdict import Judgement
    from huying.triage.queries import Judge

logger = logging.getLogger("huying.triage")
# What the judgement doubts, as the reason key why a person decides.
DOUBTS = {
    "model_failed": "model_failed",
    "rules_failed": "rules_failed",
    "no_evidence": "nothing_recognised",
    "grade_unknown": "nothing_recognised",
    "below_threshold": "not_sure_enough",
}


@dataclass
class Judged:
    """A verdict on a fresh appeal, not yet written.

    `item` is the best guess, also when a person decides; `decided` says the machine is sure enough.
    `waits_for` is the reason key why a person decides, "" when none has to.
    """

    item: ItemCard | None
    grade: str
    confidence: float
    decided: bool
    waits_for: str
    where: Where
    dangers: list[dict[str, Any]]
    fact: AppealJudged
    asks: Asks = field(default_factory=Asks)
    rows: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


def judge_all(received: Sequence[Received], wheres: Sequence[Where], *, at: datetime) -> list[Judged]:
    """Return a verdict for each appeal. Whatever fails in here, each gets one: then a person decides."""
    judge, book = judge_in_force(), published()
    judgements = judge_many(
        [one.words for one in received],
        judge.model,
        judge.rules,
        grade_of=lambda code: book.by_code[code].grade,
        threshold=settings.AUTO_DISPATCH_THRESHOLD,
    )
    judged = [
        _verdict(one, where, judgement, judge=judge, book=book, at=at)
        for one, where, judgement in zip(received, wheres, judgements, strict=True)
    ]
    _mark_twins(received, judged, at=at)
    return judged


def _verdict(
    one: Received, where: Where, judgement: Judgement, *, judge: Judge, book: CatalogueBook, at: datetime
) -> Judged:
    best = judgement.suggestions[0] if judgement.suggestions else None
    item = book.by_code.get(best.code) if best else None
    confidence = judgement.confidence if item else 0.0
    grade = judgement.grade or (item.grade if item else "")
    waits_for = _why_a_person(one, judgement, where, judge)
    told_dangers = [
        danger.to_json() | {"call": danger.emergency_number, "advice": danger.advice}
        for danger in judgement.dangers
    ]
    asks = _asks(one.words, at=at)
    verdict_id = new_id()
    row = {
        "id": verdict_id,
        "appeal_id": one.appeal_id,
        "item_id": item.id if item else None,
        "grade": grade,
        "confidence": confidence,
        "decided": not waits_for,
        "place_confidence": where.confidence,
        "suggestions": [{"code": s.code, "confidence": s.confidence} for s in judgement.suggestions],
        # The words of danger are kept whole, in a column of their own.
        "reasons": reasons_to_json(reason for reason in judgement.why if reason.kind != "danger")
        + [{"kind": f"place_{key}", "text": where.name, "weight": 0} for key in where.reasons],
        "dangers": told_dangers,
        "asks": asks.to_json(),
        "model_version": judge.model_version,
        "rules_version": judge.rules_version,
        "catalogue_number": book.number,
        "by_name": "Huying",
        "at": at,
    }
    fact = AppealJudged(
        verdict=str(verdict_id),
        item=item.code if item else "",
        grade=grade,
        confidence=confidence,
        decided=not waits_for,
        model=judge.model_version,
        rules=judge.rules_version,
        catalogue=book.number,
        dangers=[danger.kind for danger in judgement.dangers if danger.sure],
        twins=0,
    )
    judged = Judged(item, grade, confidence, not waits_for, waits_for, where, told_dangers, fact, asks)
    judged.rows.append(("triage_verdict", row))
    return judged


def _asks(words: str, *, at: datetime) -> Asks:
    try:
        return read(words, on=localdate(at))
    except Exception:
        # What was not read is read by the clerk; an appeal not taken is lost.
        logger.exception("days and numbers could not be read")
        return Asks()


def _why_a_person(one: Received, judgement: Judgement, where: Where, judge: Judge) -> str:
    """Return the reason key why a person decides, "" when none has to; the gravest reason first."""
    if one.draft.held_for:
        return one.draft.held_for
    if judge.model is None:
        return "no_model"
    if not judgement.decided:
        # A doubt this table does not name is a doubt all the same.
        return next(
            (DOUBTS[reason.kind] for reason in judgement.why if reason.kind in DOUBTS), "model_failed"
        )
    return "place_unknown" if not where.area_path else ""


def _mark_twins(received: Sequence[Received], judged: Sequence[Judged], *, at: datetime) -> None:
    """Add the mark by which later appeals find each one, and the earlier ones it may be a twin of."""
    book = published()
    neighbours = [
        Neighbour.of(
            one.appeal_id,
            one.words,
            verdict.item.code if verdict.item else "",
            book.group_of(verdict.item.code) if verdict.item else "",
            verdict.where,
            at=at,
        )
        for one, verdict in zip(received, judged, strict=True)
    ]
    try:
        found = find_neighbours(neighbours, at=at)
    except Exception:
        # A twin not suspected is found by a person; an appeal not taken is lost.
        logger.exception("the search for twins failed", extra={"count": len(neighbours)})
        found = [(neighbour, []) for neighbour in neighbours]
    for verdict, (neighbour, suspects) in zip(judged, found, strict=True):
        verdict.rows.append(("triage_twinmark", neighbour.row()))
        for earlier, score, reasons in suspects:
            row = {
                "id": new_id(),
                "appeal_id": neighbour.appeal_id,
                "earlier_id": earlier,
                "score": score,
                "reasons": list(reasons),
                "state": str(TwinState.SUSPECTED),
                "decided_by": "",
            }
            verdict.rows.append(("triage_twinsuspect", row))
        verdict.fact = AppealJudged(**{**vars(verdict.fact), "twins": len(suspects)})


def judge_by_hand(
    appeal_ids: Iterable[UUID], item: ItemCard, grade: str, *, by: Actor, at: datetime
) -> list[Verdict]:
    """Write a person's judgement of these appeals; the machine's stays beside it, to be learnt from."""
    judge, number = judge_in_force(), published().number
    return Verdict.objects.bulk_create(
        Verdict(
            appeal_id=appeal_id,
            item_id=item.id,
            grade=grade,
            confidence=1.0,
            decided=True,
            reasons=[{"kind": "person", "text": by.name, "weight": 1}],
            model_version=judge.model_version,
            rules_version=judge.rules_version,
            catalogue_number=number,
            by_name=by.name[:80],
            at=at,
        )
        for appeal_id in appeal_ids
    )


def decide_twin(suspect_id: UUID, *, same: bool, by: Actor, at: datetime) -> TwinSuspect:
    """Write what a person says of a suspicion."""
    suspect = TwinSuspect.objects.select_for_update().get(pk=suspect_id)
    suspect.state = TwinState.CONFIRMED if same else TwinState.REFUSED
    suspect.decided_by, suspect.decided_at = by.name[:80], at
    suspect.save(update_fields=["state", "decided_by", "decided_at"])
    return suspect
