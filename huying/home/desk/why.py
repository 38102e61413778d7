"""Why a case was judged so and came here: what each decision kept, made ready for the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from huying.admission.reasons import NOT_ADMITTED
from huying.cases.words import PLACED, item_name, why_assigned, why_judged
from huying.catalogue.queries import published
from huying.dispatch.actions import refusal_of
from huying.dispatch.duties import duty_book
from huying.triage.models import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from huying.cases.models import Case
    from huying.dispatch.models import Assignment

MACHINE = "Huying"
PLACE = "place_"


def percent(share: float) -> int:
    """Return a share as whole percent, never 100 for what is less than certain."""
    return 100 if share >= 1 else min(99, round(share * 100))


def verdicts_of(appeal_ids: Iterable[UUID]) -> dict[UUID, list[Verdict]]:
    """Return the verdicts of these appeals, the newest first."""
    found: dict[UUID, list[Verdict]] = {}
    rows = Verdict.objects.filter(appeal_id__in=list(appeal_ids)).select_related("item", "opinion")
    for verdict in rows.order_by("-at", "-id"):
        found.setdefault(verdict.appeal_id, []).append(verdict)
    return found


def tell_verdict(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict as the page shows it: item, how sure, what spoke for it, place, versions, rivals."""
    texts: dict[str, list[str]] = {}
    for reason in verdict.reasons:
        texts.setdefault(str(reason.get("kind", "")), []).append(str(reason.get("text", "")))
    told = ("keyword", "words", "example", "learnt", "person")
    return {
        "is_person": verdict.by_name != MACHINE, "by": verdict.by_name, "at": verdict.at,
        "item": item_name(verdict.item.code) if verdict.item else "",
        "percent": percent(verdict.confidence), "decided": verdict.decided, "grade": verdict.grade,
        "keywords": texts.get("keyword", []), "words": texts.get("words", []),
        "example": next(iter(texts.get("example", [])), ""),
        "learnt": int(next(iter(texts.get("learnt", [])), 0)),
        "failed": [
            why_judged(reason)
            for reason in verdict.reasons
            if reason.get("kind") not in told and not str(reason.get("kind", "")).startswith(PLACE)
        ],
        "place": _place(texts), "place_percent": percent(verdict.place_confidence),
        "dangers": [str(danger.get("phrase") or danger.get("kind") or "") for danger in verdict.dangers],
        "asks": verdict.asks, "others": _others(verdict), "opinion": tell_opinion(verdict),
        "model": verdict.model_version, "rules": verdict.rules_version, "catalogue": verdict.catalogue_number,
    }  # fmt: skip


def tell_opinion(verdict: Verdict) -> dict[str, str] | None:
    """Return what a large model chose beside a verdict, and its name; None where it chose nothing."""
    opinion = getattr(verdict, "opinion", None)
    if opinion is None or opinion.item_code not in published().by_code:
        return None
    return {"item": item_name(opinion.item_code), "model": opinion.model}


def _place(texts: dict[str, list[str]]) -> dict[str, Any]:
    """Return the place that was recognised, and by what."""
    keys = [kind for kind in texts if kind.startswith(PLACE)]
    names = [text for key in keys for text in texts[key] if text]
    lines = [str(PLACED.get(key.removeprefix(PLACE), key)) for key in keys]
    return {"name": names[0] if names else "", "lines": lines}


def _others(verdict: Verdict) -> list[dict[str, Any]]:
    chosen = verdict.item.code if verdict.item else ""
    return [
        {"item": item_name(str(one["code"])), "percent": percent(float(one["confidence"]))}
        for one in verdict.suggestions
        if one.get("code") and one["code"] != chosen and percent(float(one["confidence"]))
    ]


def tell_assignment(assignment: Assignment | None) -> dict[str, Any] | None:
    """Return why a case is with its unit, in lines, and the number of the rule if one decided."""
    if assignment is None:
        return None
    return {
        "automatic": assignment.automatic, "by": assignment.by_name, "at": assignment.at,
        "rule": assignment.why.get("rule"), "lines": why_assigned(assignment.why),
    }  # fmt: skip


def why_gated(case: Case) -> str:
    """Return which gate keeps a waiting case from the unit the rules name, and the way out; "" for none."""
    item = published().by_code.get(case.item_code) if case.held_for == NOT_ADMITTED.key else None
    closed = duty_book().passed_over(item, case.area_path) if item else None
    return refusal_of(closed).sentence if closed else ""
