"""The whole story of one appeal, from its raw payload to its rating, for whoever has to explain it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from huying.cases.models import Reply
from huying.cases.queries import cases_of_appeal
from huying.feedback.models import RatingRequest
from huying.intake.models import Appeal
from huying.intake.reasons import APPEAL_NOT_FOUND
from huying.kit.errors import Refusal
from huying.ledger.queries import timeline
from huying.triage.models import TwinSuspect, Verdict

if TYPE_CHECKING:
    from huying.cases.models import Case


def story_of(number: str) -> dict[str, Any]:
    """Return everything that is known of an appeal by its number (or its case's), as plain data.

    Names and phone numbers are left out: the story explains decisions, it does not hand out people.
    Raises Refusal `appeal_not_found`.
    """
    appeal = (
        Appeal.objects.select_related("inbound", "channel", "area", "place").filter(number=number).first()
        or Appeal.objects.select_related("inbound", "channel", "area", "place")
        .filter(memberships__case__number=number)
        .order_by("received_at")
        .first()
    )
    if appeal is None:
        raise Refusal(APPEAL_NOT_FOUND)
    cases = cases_of_appeal(appeal.pk)
    return {
        "appeal": _appeal(appeal),
        "verdicts": [
            _verdict(verdict)
            for verdict in Verdict.objects.filter(appeal=appeal).select_related("item").order_by("at")
        ],
        "twins": [
            {"number": twin.earlier.number, "score": twin.score, "reasons": twin.reasons, "state": twin.state}
            for twin in TwinSuspect.objects.filter(appeal=appeal).select_related("earlier")
        ],
        "cases": [_case(case) for case in cases],
        "ratings": [
            _rating(request)
            for request in RatingRequest.objects.filter(appeal=appeal)
            .select_related("rating")
            .order_by("asked_at")
        ],
        "facts": [
            {
                "at": fact.at.isoformat(),
                "stream": fact.stream,
                "seq": fact.seq,
                "kind": fact.kind,
                "by": fact.actor_name or fact.actor_kind,
                "data": fact.data,
                "hash": bytes(fact.hash).hex(),
            }
            for fact in timeline(f"appeal:{appeal.pk}", *(f"case:{case.pk}" for case in cases))
        ],
    }


def _appeal(appeal: Appeal) -> dict[str, Any]:
    return {
        "number": appeal.number,
        "channel": appeal.channel_id,
        "key": appeal.inbound.key,
        "received_at": appeal.received_at.isoformat(),
        "title": appeal.title,
        "text": appeal.text,
        "place_words": appeal.place_words,
        "area": appeal.area.code if appeal.area else "",
        "area_path": appeal.area_path,
        "place": appeal.place.name if appeal.place else "",
        "lat": appeal.lat,
        "lon": appeal.lon,
        "point_system": appeal.point_system,
        "point_original": appeal.point_original,
        "photos": appeal.photos.count(),
        "raw_bytes": len(bytes(appeal.inbound.body)),
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "at": verdict.at.isoformat(),
        "by": verdict.by_name,
        "item": verdict.item.code if verdict.item else "",
        "item_name": verdict.item.name if verdict.item else "",
        "grade": verdict.grade,
        "confidence": verdict.confidence,
        "decided": verdict.decided,
        "suggestions": verdict.suggestions,
        "reasons": verdict.reasons,
        "dangers": verdict.dangers,
        "model": verdict.model_version,
        "rules": verdict.rules_version,
        "catalogue": verdict.catalogue_number,
    }


def _case(case: Case) -> dict[str, Any]:
    return {
        "number": case.number,
        "status": case.status,
        "unit": case.unit.name if case.unit else "",
        "item": case.item_code,
        "grade": case.grade,
        "round": case.round,
        "resolution": case.resolution,
        "closure": case.closure,
        "waits_for_person": case.held_for,
        "why": case.assignment.why if case.assignment else None,
        "deadlines": [
            {
                "clock": deadline.clock,
                "round": deadline.round,
                "limit": f"{deadline.amount} {deadline.amount_unit}",
                "started_at": deadline.started_at.isoformat(),
                "due_at": deadline.due_at.isoformat(),
                "met_at": deadline.met_at.isoformat() if deadline.met_at else None,
                "ended_at": deadline.ended_at.isoformat() if deadline.ended_at else None,
                "catalogue": deadline.catalogue_number,
                "provisional": deadline.provisional,
            }
            for deadline in case.deadlines.order_by("started_at", "clock")
        ],
        "replies": [
            {
                "at": reply.at.isoformat(),
                "by": reply.by_name,
                "solved": reply.solved,
                "public_text": reply.public_text,
                "passed": reply.passed,
            }
            for reply in Reply.objects.filter(case=case).order_by("at")
        ],
    }


def _rating(request: RatingRequest) -> dict[str, Any]:
    rating = getattr(request, "rating", None)
    return {
        "round": request.round,
        "asked_at": request.asked_at.isoformat(),
        "closes_at": request.closes_at.isoformat(),
        "outcome": request.outcome,
        "stars": {axis: getattr(rating, axis) for axis in ("speed", "result", "service", "process")}
        if rating
        else None,
    }
