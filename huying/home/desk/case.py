"""The page of a case: everything known of it, why it is here, and what I may do next."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from huying.cases import reasons
from huying.cases.actions import move_case
from huying.cases.lists import Tab
from huying.cases.models import Case, Evidence, Status
from huying.cases.moves import MOVE
from huying.cases.queries import find_case, is_open, know_whole
from huying.cases.rules import may, why_not
from huying.cases.words import why_waiting
from huying.catalogue.models import Grade
from huying.home.desk.access import staff_required
from huying.home.desk.asked import asked_of
from huying.home.desk.calling import calls_of
from huying.home.desk.choosing import item_name
from huying.home.desk.frame import safe_next, works_for_units
from huying.home.desk.hotspots.belonging import hot_spots_of
from huying.home.desk.matter import clocks_of, merged_into, replies_of, twins_of
from huying.home.desk.moving import MoveForm, acts_of, lists_for, waiting_key, was_done
from huying.home.desk.parting import parts_of
from huying.home.desk.phrasing import offer_phrases
from huying.home.desk.power import note_page
from huying.home.desk.telling import facts_of, story_of
from huying.home.desk.voices import VoicePage, voices_of
from huying.home.desk.why import tell_assignment, why_gated
from huying.home.maps import FEW_SHAPES
from huying.intake.models import Photo
from huying.intake.photos import show_file, waiting_photos
from huying.journeys.twins import settle_twin
from huying.kit.errors import Refusal
from huying.people.permissions import Permission
from huying.workbench.modules import switched_off
from huying.workbench.presence import others_at
from huying.workbench.rosters import OnDuty, on_duty

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from huying.cases.moves import Move
    from huying.home.desk.access import DeskRequest

# What the page says when a move was made.
DONE = {
    "dispatch": gettext_lazy("%(number)s is dispatched to %(unit)s."),
    "answer_at_once": gettext_lazy("%(number)s is answered; the residents are asked now."),
    "inadmissible": gettext_lazy(
        "%(number)s is closed as not admissible; the resident reads where it belongs."
    ),
    "sign": gettext_lazy("You have signed for %(number)s."),
    "undo_sign": gettext_lazy("The signing of %(number)s is undone."),
    "recall_dispatch": gettext_lazy("The dispatch of %(number)s is taken back; it waits for you."),
    "return": gettext_lazy("The return of %(number)s waits for the dispatch centre."),
    "redispatch": gettext_lazy("%(number)s is with %(unit)s now."),
    "refuse_return": gettext_lazy("%(number)s stays with %(unit)s."),
    "hand_to": gettext_lazy("%(number)s is handed over."),
    "first_contact": gettext_lazy("The first contact is recorded."),
    "reply": gettext_lazy("The reply waits for review by somebody else."),
    "pass_review": gettext_lazy("The reply is out; every appellant is asked now."),
    "fail_review": gettext_lazy("%(number)s is back at work with %(unit)s."),
    "merge": gettext_lazy("%(number)s is merged; its residents keep their own reply and rating."),
    "unmerge": gettext_lazy("The merge is undone."),
    "note": gettext_lazy("The note is kept."),
}


@require_safe
@staff_required()
def case(request: DeskRequest, number: str) -> HttpResponse:
    """Show a case."""
    return show_case(request, find_case(number, by=request.actor, whole=True))


def show_case(
    request: DeskRequest,
    found: Case,
    *,
    opened: MoveForm | None = None,
    key: str = "",
    call: Any = None,  # noqa: ANN401 - a refused call's form
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """Render the page of a case, perhaps with the form that was refused, filled as it was."""
    know_whole(found)
    by = request.actor
    # A call that was asked for, or refused, is shown with the voice it is about.
    page = VoicePage(words=call[0]) if call else VoicePage.read(request.GET)
    heard = voices_of(found, by=by, page=page, at=request.at)
    appeals, voices = heard.appeals, heard.told
    note_page(request, (appeal.pk for appeal in appeals), subject=found.number, page="desk:case")
    acts = acts_of(found, request, opened, key)
    offer_phrases(found, acts, voices, request)
    dropped = opened if opened is not None and all(act.form is not opened for act in acts) else None
    item, facts = found.item, facts_of(found, appeals)
    context = {
        "way_here": _way_here(request, found), "case": found, "item": item_name(item),
        "marked": any(voice["party"].get("until") for voice in voices),
        "closing": item.closing if item else "",
        "basis": item.basis if item else "", "waits": why_gated(found) or why_waiting(found.held_for),
        "clocks": clocks_of(found, at=request.at), "voices": voices, "heard": heard.around(found),
        "parts": parts_of(found, request), "applications": found.applications.all(),
        "may_split": _may_split(found, request),
        "asked": asked_of(found, (one["asks"] for voice in voices for one in voice["verdicts"])),
        "replies": replies_of(found), "story": story_of(found, appeals, facts, by),
        "why": tell_assignment(found.assignment),
        "twins": twins_of(found, appeals, by=by), "may_merge": may(by, Permission.CASE_MERGE, found),
        "may_publish": may(by, Permission.CASE_PUBLISH, found),
        "merged": merged_into(found, facts), "boundaries_url": _boundaries_url(found),
        "acts": acts, "dropped": dropped, "calls": calls_of(found, voices, request, call), **lists_for(acts),
        "here_url": reverse("desk:here", args=[found.number]), "on_duty": _on_duty(found, request),
        "hot_spots": hot_spots_of((appeal.pk for appeal in appeals), by=by),
        "others": others_at([found.pk], by=by, at=request.at).get(found.pk, []),
    }  # fmt: skip
    if in_drawer(request):
        # It shows what a refused form answers, told apart from an address that makes no sense.
        if status == HTTPStatus.BAD_REQUEST:
            status = HTTPStatus.UNPROCESSABLE_ENTITY
        return render(request, "desk/parts/case_drawer.html", context, status=status)
    return render(request, "desk/case.html", context, status=status)


def _may_split(found: Case, request: DeskRequest) -> bool:
    several = found.appeal_count > 1
    return several and why_not(found, MOVE["split"], by=request.actor, at=request.at) is None


def _on_duty(found: Case, request: DeskRequest) -> list[OnDuty]:
    """Return whom to call for what cannot wait: the duty of the unit that has it, else of the clerk's own."""
    if found.grade != Grade.A or not is_open(found) or "rosters" in switched_off():
        return []
    return on_duty([found.unit_id] if found.unit_id else request.actor.unit_ids, at=request.at)


def in_drawer(request: DeskRequest) -> bool:
    """Return whether the drawer of a list asks: it gets the case without the page around it."""
    return request.headers.get("HX-Target") == "drawer-body"


def _way_here(request: DeskRequest, found: Case) -> dict[str, Any]:
    """Return the entry of the menu a case of this state is found under, for the way back."""
    centre = {
        Status.SUBMITTED: (Tab.QUEUE, _("Waiting for dispatch")),
        Status.RETURN_REVIEW: (Tab.RETURNS, _("Returns to rule on")),
    }.get(Status(found.status))
    if centre is not None and centre[0] in request.frame.counts:
        return {"url": reverse(f"desk:{centre[0]}"), "label": centre[1]}
    if works_for_units(request.actor):
        return {"url": reverse("desk:inbox"), "label": _("My inbox")}
    return {"url": reverse("desk:area"), "label": _("My area")}


def _boundaries_url(found: Case) -> str:
    """Return where the map gets its outlines: the few areas around the case, in its community."""
    codes = found.area_path.split("/")
    within = codes[min(2, len(codes) - 1)]
    return f"{reverse('desk:boundaries')}?{urlencode({'within': within, 'most': FEW_SHAPES})}"


@staff_required()
def move(request: DeskRequest, number: str, key: str) -> HttpResponse:
    """Make a move, or show the page with its form open; a refusal keeps what was typed."""
    if key not in MOVE or MOVE[key].hidden:
        raise Http404(key)
    found = find_case(number, by=request.actor)
    if request.method != "POST":
        if request.headers.get("HX-Target") == f"form-{key}":
            return _show_form(request, found, MOVE[key])
        return show_case(request, found, key=key)
    form = MoveForm(MOVE[key], found, request)
    form.full_clean()
    form.keep_photos(request.at)
    if not form.is_valid():
        return show_case(request, found, opened=form, status=_status(form))
    try:
        moved = move_case(found.pk, key, by=request.actor, at=request.at, seen=form.seen, **form.given())
    except Refusal as refusal:
        found = find_case(number, by=request.actor)
        if refusal.reason == reasons.CHANGED_MEANWHILE and was_done(
            found, form, by=request.actor, at=request.at
        ):
            return _go_on(request, found)
        form.tell(refusal)
        return show_case(request, found, opened=form, status=refusal.reason.status)
    say_done(request, moved, key)
    return _go_on(request, moved)


def _show_form(request: DeskRequest, found: Case, move: Move) -> HttpResponse:
    """Show the form of a move alone, for the act that was unfolded on a page shown before."""
    act = next((act for act in acts_of(found, request, key=move.key) if act.move is move), None)
    if act is None or act.form is None:
        reason = act.reason if act else why_not(found, move, by=request.actor, at=request.at)
        return render(request, "desk/parts/act_form.html", {"case": found, "gone": reason})
    told = request.GET.get("seen", "")
    heard = voices_of(found, by=request.actor, page=VoicePage(), at=request.at)
    offer_phrases(found, [act], heard.told, request)
    context = {
        "case": found, "act": act, "form": act.form, "in_drawer": "drawer" in request.GET,
        "seen": told if told.isdecimal() else found.fact_seq, **lists_for([act]),
    }  # fmt: skip
    return render(request, "desk/parts/act_form.html", context)


def _status(form: MoveForm) -> int:
    return form.refusal.reason.status if form.refusal else HTTPStatus.BAD_REQUEST


def say_done(request: DeskRequest, moved: Case, key: str) -> None:
    """Say on the next page what was done."""
    told = {"number": moved.number, "unit": moved.unit.name if moved.unit else ""}
    messages.success(request, str(DONE.get(key, _("Done."))) % told)


def _go_on(request: DeskRequest, moved: Case) -> HttpResponse:
    """Go where the form said, else to the case, else (when it is no longer mine to see) to my work."""
    visible = may(request.actor, Permission.CASE_SEE, moved)
    if in_drawer(request) and not visible:
        return render(request, "desk/parts/case_gone.html", {"number": moved.number})
    page = reverse("desk:case", args=[moved.number]) if visible else reverse("desk:inbox")
    return redirect(safe_next(request, page))


@require_POST
@staff_required()
def twin(request: DeskRequest, number: str, suspect_id: UUID) -> HttpResponse:
    """Say of a suspected twin whether it is the same matter."""
    found, same = find_case(number, by=request.actor), request.POST.get("same") == "yes"
    told = request.POST.get("seen", "")
    seen = int(told) if told.isdecimal() else -1
    try:
        going_on = settle_twin(found.pk, suspect_id, same=same, by=request.actor, at=request.at, seen=seen)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return show_case(request, find_case(number, by=request.actor), status=refusal.reason.status)
    said = _("Both are one case now: %(number)s.") if same else _("It is noted that these are two matters.")
    messages.success(request, said % {"number": going_on.number} if same else said)
    return redirect("desk:case", going_on.number)


@require_safe
@staff_required()
def photo(request: DeskRequest, number: str, photo_id: UUID) -> HttpResponse:
    """Show a photo of an appeal that is, or was, on a case the clerk may see."""
    found = find_case(number, by=request.actor)
    shown = get_object_or_404(Photo.objects.filter(appeal__memberships__case=found).distinct(), pk=photo_id)
    note_page(request, [shown.appeal_id] if shown.appeal_id else [], subject=number, page="desk:photo")
    return show_file(shown.thumb_as if "small" in request.GET else shown.stored_as)


@require_safe
@staff_required()
def evidence(request: DeskRequest, number: str, evidence_id: UUID) -> HttpResponse:
    """Show a photo of what was done."""
    found = find_case(number, by=request.actor)
    shown = get_object_or_404(Evidence, pk=evidence_id, reply__case=found)
    return show_file(shown.thumb_as if "small" in request.GET else shown.stored_as)


@require_safe
@staff_required()
def kept_photo(request: DeskRequest, key: UUID, photo_id: UUID) -> HttpResponse:
    """Show a photo that waits in the clerk's own form."""
    shown = get_object_or_404(waiting_photos(waiting_key(request, key.hex)), pk=photo_id)
    return show_file(shown.thumb_as)
