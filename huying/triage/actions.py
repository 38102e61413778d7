"""Every write to triage: judging fresh appeals, a person's own judgement, confirming or refusing a twin."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.conf import settings

from huying.catalogue.models import Grade
from huying.catalogue.queries import ItemCard, published
from huying.kit.ids import new_id
from huying.triage.core.reasons import Reason, reasons_to_json
from huying.triage.facts import AppealJudged
from huying.triage.models import TwinState, TwinSuspect, Verdict
from huying.triage.neighbours import Neighbour, find_neighbours
from huying.triage.queries import Judge
from huying.triage.queries import judge as judge_in_force

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from huying.intake.actions import Received
    from huying.ledger.actor import Actor
    from huying.places.queries import Where
    from huying.triage.core.danger import Danger
    from huying.triage.core.textmodel import Suggestion

logger = logging.getLogger("huying.triage")
SUGGESTIONS = 3


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
    rows: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


def judge_all(received: Sequence[Received], wheres: Sequence[Where], *, at: datetime) -> list[Judged]:
    """Return a verdict for each appeal. Whatever fails in here, each gets one: then a person decides."""
    judge = judge_in_force()
    suggested, failure = _suggest(judge, [one.words for one in received])
    judged = []
    for one, where, suggestions in zip(received, wheres, suggested, strict=True):
        dangers = _dangers(judge, one.words)
        judged.append(_verdict(one, where, suggestions, dangers, judge=judge, failure=failure, at=at))
    _mark_twins(received, judged, at=at)
    return judged


def _suggest(judge: Judge, texts: list[str]) -> tuple[list[list[Suggestion]], str]:
    if judge.model is None:
        return [[] for _ in texts], "no_model"
    try:
        return judge.model.predict_many(texts, limit=SUGGESTIONS), ""
    except Exception:
        # Principle 5: a failing model means a person decides, never a lost or late appeal.
        logger.exception("the text model failed", extra={"count": len(texts)})
        return [[] for _ in texts], "model_failed"


def _dangers(judge: Judge, text: str) -> list[Danger]:
    if judge.rules is None:
        return []
    try:
        return judge.rules.check(text)
    except Exception:
        logger.exception("the danger rules failed")
        return []


def _verdict(
    one: Received,
    where: Where,
    suggestions: list[Suggestion],
    dangers: list[Danger],
    *,
    judge: Judge,
    failure: str,
    at: datetime,
) -> Judged:
    book = published()
    best = suggestions[0] if suggestions else None
    item = book.by_code.get(best.code) if best else None
    confidence = best.confidence if best and item else 0.0
    grade = str(Grade.A) if dangers else (item.grade if item else "")
    waits_for = _why_a_person(one, item, confidence, failure, where)
    told_dangers = [
        danger.to_json() | {"call": danger.emergency_number, "advice": danger.advice} for danger in dangers
    ]
    verdict_id = new_id()
    row = {
        "id": verdict_id,
        "appeal_id": one.appeal_id,
        "item_id": item.id if item else None,
        "grade": grade,
        "confidence": confidence,
        "decided": not waits_for,
        "place_confidence": where.confidence,
        "suggestions": [{"code": s.code, "confidence": s.confidence} for s in suggestions],
        "reasons": _reasons(best, failure)
        + [{"kind": f"place_{key}", "text": where.name, "weight": 0} for key in where.reasons],
        "dangers": told_dangers,
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
        dangers=[danger.kind for danger in dangers],
        twins=0,
    )
    judged = Judged(item, grade, confidence, not waits_for, waits_for, where, told_dangers, fact)
    judged.rows.append(("triage_verdict", row))
    return judged


def _why_a_person(one: Received, item: ItemCard | None, confidence: float, failure: str, where: Where) -> str:
    if one.draft.held_for:
        return one.draft.held_for
    if failure:
        return failure
    if item is None:
        return "nothing_recognised"
    if confidence < settings.AUTO_DISPATCH_THRESHOLD:
        return "not_sure_enough"
    return "place_unknown" if not where.area_path else ""


def _reasons(best: Suggestion | None, failure: str) -> list[dict[str, Any]]:
    if failure:
        return [dict(Reason(kind="model_failed", text=failure).to_json())]
    return [dict(reason) for reason in reasons_to_json(best.reasons)] if best else []


def _mark_twins(received: Sequence[Received], judged: Sequence[Judged], *, at: datetime) -> None:
    """Add the mark by which later appeals find each one, and the earlier ones it may be a twin of."""
    book = published()
    found = find_neighbours(
        [
            Neighbour.of(
                one.appeal_id,
                one.words,
                verdict.item.code if verdict.item else "",
                book.group_of(verdict.item.code) if verdict.item else "",
                verdict.where,
                at=at,
            )
            for one, verdict in zip(received, judged, strict=True)
        ],
        at=at,
    )
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


def judge_by_hand(appeal_id: UUID, item: ItemCard, grade: str, *, by: Actor, at: datetime) -> Verdict:
    """Write a person's judgement; the machine's stays beside it, so that it can be learnt from."""
    judge = judge_in_force()
    return Verdict.objects.create(
        appeal_id=appeal_id,
        item_id=item.id,
        grade=grade,
        confidence=1.0,
        decided=True,
        reasons=[{"kind": "person", "text": by.name, "weight": 1}],
        model_version=judge.model_version,
        rules_version=judge.rules_version,
        catalogue_number=published().number,
        by_name=by.name[:80],
        at=at,
    )


def decide_twin(suspect_id: UUID, *, same: bool, by: Actor, at: datetime) -> TwinSuspect:
    """Write what a person says of a suspicion."""
    suspect = TwinSuspect.objects.select_for_update().get(pk=suspect_id)
    suspect.state = TwinState.CONFIRMED if same else TwinState.REFUSED
    suspect.decided_by, suspect.decided_at = by.name[:80], at
    suspect.save(update_fields=["state", "decided_by", "decided_at"])
    return suspect
