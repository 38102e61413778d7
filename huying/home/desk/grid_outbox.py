"""What waited on a grid worker's phone for the network: taken in once, photo by photo, answered as JSON.

The answers are those of the residents' outbox (`home.pages.outbox`), and so is the script that reads them.
Two more: `signed_out` (it waits until one signs in) and `conflict` (somebody else moved the case meanwhile:
one looks, then sends it all the same or deletes it).
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.http import JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from huying.cases.models import Membership
from huying.cases.queries import find_case
from huying.home.desk.access import staff_required
from huying.home.desk.grid import KINDS, FoundForm, cleaned, given, keep_photos
from huying.home.desk.grid_steps import PHOTOS, StepForm, keep_step_photos, step_of
from huying.home.desk.keeping import errors_of, or_signed_out, photos_missing, promised, refused, taken_case
from huying.home.pages.drafting import as_key
from huying.intake.models import Inbound
from huying.intake.photos import waiting_photos
from huying.journeys.round_step import STEPS, take_step
from huying.journeys.self_handled import CHANNEL, record_self_handled
from huying.kit.errors import Refusal
from huying.people.permissions import Permission
from huying.workbench.reasons import MOVED_MEANWHILE
from huying.workbench.rounds import number_taken_under

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from huying.home.desk.access import DeskRequest
    from huying.ledger.actor import Actor


@never_cache
@require_http_methods(["GET", "POST"])
def outbox(request: HttpRequest) -> JsonResponse:
    """Take one photo or the whole of what was written; with GET, say whether its key was taken before."""
    try:
        return or_signed_out(_answer(request))
    except Refusal as refusal:
        return refused(refusal.sentence)


@staff_required(Permission.CASE_WORK)
def _answer(request: DeskRequest) -> HttpResponse:
    sent = request.GET if request.method == "GET" else request.POST
    before = _taken_under(sent.get("key", ""), request.actor)
    if before is not None:
        return before
    if request.method == "GET":
        return JsonResponse({"state": "unknown"})
    if request.POST.get("who") != request.user.pk.hex:
        return refused(_("Somebody else wrote this on this device; only they can send it."))
    return _take_step(request) if request.POST.get("move") in STEPS else _take(request)


def _take_step(request: DeskRequest) -> JsonResponse:
    form = StepForm(request.POST["move"], request.POST, _files(request))
    form.full_clean()
    if "key" not in form.cleaned_data:
        return refused(_("The form cannot be read."))
    keep_step_photos(request, form)
    if request.POST.get("part") == "photo":
        wrong = [str(error) for error in form.errors.get(PHOTOS, ())]
        return refused(" ".join(wrong)) if wrong else JsonResponse({"state": "kept"})
    if not form.is_valid():
        return refused(errors_of(form.errors))
    if waiting_photos(form.photo_key(request.user.pk)).count() < promised(
        request.POST.get("photo_count", "")
    ):
        return photos_missing()
    try:
        case = take_step(step_of(form, request), by=request.actor, at=request.at)
    except Refusal as refusal:
        return _step_refused(request, form.cleaned_data["number"], refusal)
    return taken_case(case.number, HTTPStatus.CREATED)


def _step_refused(request: DeskRequest, number: str, refusal: Refusal) -> JsonResponse:
    """Say why a step was not made, and where to look; after a look it can be sent again."""
    told: dict[str, Any] = {"state": "refused", "sentence": refusal.sentence}
    try:
        case = find_case(number, by=request.actor)
    except Refusal:
        return JsonResponse(told, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    told["url"] = reverse("desk:case", args=[case.number])
    if refusal.reason == MOVED_MEANWHILE:
        told |= {"state": "conflict", "seen": case.fact_seq}
    return JsonResponse(told, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _take(request: DeskRequest) -> JsonResponse:
    form = FoundForm(request.POST, _files(request))
    if "key" not in cleaned(form):
        return refused(_("The form cannot be read."))
    keep_photos(request, form)
    if request.POST.get("part") == "photo":
        wrong = [str(error) for kind in KINDS for error in form.errors.get(kind, ())]
        return refused(" ".join(wrong)) if wrong else JsonResponse({"state": "kept"})
    if not form.is_valid():
        return refused(errors_of(form.errors))
    return _whole(request, form)


def _whole(request: DeskRequest, form: FoundForm) -> JsonResponse:
    here = sum(waiting_photos(form.photo_key(kind, request.user.pk)).count() for kind in KINDS)
    if here < promised(request.POST.get("photo_count", "")):
        return photos_missing()
    try:
        case = record_self_handled(given(form, request), by=request.actor, at=request.at)
    except Refusal as refusal:
        return refused(refusal.sentence)
    return taken_case(case.number, HTTPStatus.CREATED)


def _files(request: DeskRequest) -> Any:  # noqa: ANN401 - a form's files as Django takes them
    """Return the one photo that was sent as a file of the kind that was told."""
    files = request.FILES.copy()
    kind = request.POST.get("kind", "")
    if kind in (*KINDS, PHOTOS):
        files.setlist(kind, files.getlist("photos"))
    return files


def _taken_under(key: str, by: Actor) -> JsonResponse | None:
    """Answer with the case that came of this key, if it was this clerk's and is taken already."""
    known = as_key(key)
    if known is not None and (number := number_taken_under(known, by=by)):
        return taken_case(number)
    appeal = Inbound.objects.filter(channel=CHANNEL, key=key).values_list("appeal_id", flat=True).first()
    if appeal is None:
        return None
    own = Membership.objects.filter(appeal=appeal, appeal__typed_by=by.id).order_by("-from_at")
    found = own.values_list("case__number", flat=True).first()
    return taken_case(found) if found else None
