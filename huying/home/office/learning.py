"""What judges texts, how well, and what it learnt from people: models to put in force or take back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from huying.cases.words import item_name
from huying.home.office.access import StaffRequest, office
from huying.home.office.menu import show
from huying.kit.errors import Refusal
from huying.people.permissions import Permission
from huying.triage.core.shadow import ENOUGH
from huying.triage.learning import LEAST, put_in_force, set_aside
from huying.triage.models import EditionState, ModelEdition
from huying.triage.queries import catalogue_model, learnt_folder
from huying.triage.reasons import MODEL_NOT_FOUND
from huying.triage.reporting import DRIFT_SEEN, DRIFT_STRONG, report

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.http import HttpResponse

    from huying.triage.core.textmodel import TextModel

MOST_EDITIONS, MOST_ITEMS = 20, 40
STATES = {
    EditionState.CANDIDATE: (gettext_lazy("waits for a person"), "warn"),
    EditionState.IN_FORCE: (gettext_lazy("in force"), "ok"),
    EditionState.RETIRED: (gettext_lazy("was in force"), "mute"),
    EditionState.KEPT_OUT: (gettext_lazy("kept out"), "bad"),
}
FINDINGS = {
    "no_worse": gettext_lazy("No worse than what was said before, overall and in every item."),
    "waits_for_a_person": gettext_lazy(
        "No worse than before; but a model was taken back, so a person decides when learning goes on."
    ),
    "worse_overall": gettext_lazy("Fewer appeals judged right than before."),
    "worse_in_an_item": gettext_lazy("Better overall, but worse in an item with enough appeals to tell."),
    "upsets_what_was_right": gettext_lazy("It would dispatch elsewhere what nobody had objected to."),
    "nothing_to_compare": gettext_lazy("There was nothing to compare it with."),
}


@require_safe
@office(Permission.CATALOGUE_EDIT)
def learning(request: StaffRequest) -> HttpResponse:
    """Show what is in force, how it does by week and item, what is confused, and the models there are."""
    told = report(at=request.at, threshold=settings.AUTO_DISPATCH_THRESHOLD)
    editions = [_told(edition) for edition in ModelEdition.objects.order_by("-number")[:MOST_EDITIONS]]
    drift = told.drift
    context = {
        "weeks": [week for week in told.weeks if week.n], "judged": sum(week.n for week in told.weeks),
        "items": [
            {"figure": figure, "name": item_name(figure.code),
             "instead": [(item_name(code), n) for code, n in figure.instead]}
            for figure in told.items[:MOST_ITEMS]
        ],
        "confused": _pairs(
            {"first": pair.first, "second": pair.second, "n": pair.n, "share": pair.share,
             "words_first": pair.words_first, "words_second": pair.words_second}
            for pair in told.confused
        ),
        "drift": drift, "drift_level": _level(drift.index),
        "moved": [(item_name(code), was, now) for code, was, now in (*drift.risen, *drift.fallen)],
        "editions": editions, "in_force": next((one for one in editions if one["is_in_force"]), None),
        "base": _base(catalogue_model()), "threshold": settings.AUTO_DISPATCH_THRESHOLD,
        "least": LEAST, "enough": ENOUGH,
    }  # fmt: skip
    return show(request, "learning.html", context)


def _level(index: float) -> str:
    return "strong" if index >= DRIFT_STRONG else "some" if index >= DRIFT_SEEN else "none"


def _base(model: TextModel | None) -> dict[str, Any] | None:
    """Return what the catalogue's own model says of itself."""
    if model is None:
        return None
    proof = model.proof
    share = proof.level_shares[0] if proof.level_shares else None
    return {
        "version": model.version,
        "examples": proof.examples,
        "share": share,
        "three": proof.top_three_share,
    }


def _told(edition: ModelEdition) -> dict[str, Any]:
    label, tone = STATES[EditionState(edition.state)]
    return {
        "row": edition, "label": label, "tone": tone, "figures": edition.figures,
        "finding": FINDINGS.get(edition.finding, edition.finding),
        "is_in_force": edition.state == EditionState.IN_FORCE,
        "is_there": (learnt_folder() / edition.folder).is_dir(),
    }  # fmt: skip


def _pairs(pairs: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {**pair, "first_name": item_name(pair["first"]), "second_name": item_name(pair["second"])}
        for pair in pairs
    ]


@require_safe
@office(Permission.CATALOGUE_EDIT)
def edition(request: StaffRequest, number: int) -> HttpResponse:
    """Show one learnt model: from what, compared with what, item by item."""
    found = ModelEdition.objects.filter(number=number).first()
    if found is None:
        raise Http404
    figures = found.figures
    items = [
        {**one, "name": item_name(one["code"]), "is_worse": one["code"] in figures.get("worse_items", [])}
        for one in figures.get("items", [])
    ]
    context = {
        "edition": _told(found), "items": sorted(items, key=lambda one: (not one["is_worse"], -one["n"])),
        "confused": _pairs(figures.get("confusions", [])), "enough": ENOUGH,
    }  # fmt: skip
    return show(request, "learning_edition.html", context)


@require_POST
@office(Permission.CATALOGUE_EDIT)
def put(request: StaffRequest, number: int) -> HttpResponse:
    """Put a learnt model in force: one click, forward or back."""
    try:
        put_in_force(number, by=request.actor, at=request.at)
    except Refusal as refusal:
        if refusal.reason == MODEL_NOT_FOUND:
            raise Http404 from refusal
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("Model {number} judges from now on.").format(number=number))
    return redirect("desk:office:learning")


@require_POST
@office(Permission.CATALOGUE_EDIT)
def aside(request: StaffRequest) -> HttpResponse:
    """Let the catalogue alone judge."""
    try:
        set_aside(by=request.actor, at=request.at)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("The catalogue alone judges from now on."))
    return redirect("desk:office:learning")
