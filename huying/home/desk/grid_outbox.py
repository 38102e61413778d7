"""What waited on a grid worker's phone for the network: taken in once, photo by photo, answered as JSON.

The answers are those of the residents' outbox (`home.pages.outbox`), and so is the script that reads them.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.http import JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from huying.cases.models import Membership
from huying.home.desk.access import staff_required
from huying.home.desk.grid import KINDS, FoundForm, cleaned, given, keep_photos
from huying.intake.models import Inbound
from huying.intake.photos import waiting_photos
from huying.journeys.self_handled import CHANNEL, record_self_handled
from huying.kit.errors import Refusal
from huying.people.permissions import Permission

if TYPE_CHECKING:
    from uuid import UUID

    from huying.home.desk.access import DeskRequest

MOST_DIGITS = 3


@require_http_methods(["GET", "POST"])
@staff_required(Permission.CASE_WORK)
def outbox(request: DeskRequest) -> JsonResponse:
    """Take one photo or the whole of a finding; with GET, say whether its key was taken before."""
    sent = request.GET if request.method == "GET" else request.POST
    before = _taken_under(sent.get("key", ""), request.user.pk)
    if before is not None:
        return before
    return JsonResponse({"state": "unknown"}) if request.method == "GET" else _take(request)


def _take(request: DeskRequest) -> JsonResponse:
    form = FoundForm(request.POST, _files(request))
    readable = "key" in cleaned(form)
    if request.POST.get("who") != request.user.pk.hex:
        return _refused(_("Somebody else wrote this on this device; only they can send it."))
    if not readable:
        return _refused(_("The form cannot be read."))
    keep_photos(request, form)
    if request.POST.get("part") == "photo":
        wrong = [str(error) for kind in KINDS for error in form.errors.get(kind, ())]
        return _refused(" ".join(wrong)) if wrong else JsonResponse({"state": "kept"})
    if not form.is_valid():
        return _refused(" ".join(str(error) for errors in form.errors.values() for error in errors))
    return _whole(request, form)


def _whole(request: DeskRequest, form: FoundForm) -> JsonResponse:
    here = sum(waiting_photos(form.photo_key(kind, request.user.pk)).count() for kind in KINDS)
    if here < _promised(request.POST.get("photo_count", "")):
        return JsonResponse({"state": "photos_missing"}, status=HTTPStatus.CONFLICT)
    try:
        case = record_self_handled(given(form, request), by=request.actor, at=request.at)
    except Refusal as refusal:
        return _refused(refusal.sentence)
    return _taken(case.number, HTTPStatus.CREATED)


def _files(request: DeskRequest) -> Any:  # noqa: ANN401 - a form's files as Django takes them
    """Return the one photo that was sent as a file of the kind that was told."""
    files = request.FILES.copy()
    kind = request.POST.get("kind", "")
    if kind in KINDS:
        files.setlist(kind, files.getlist("photos"))
    return files


def _taken_under(key: str, by: UUID) -> JsonResponse | None:
    """Answer with the case that came of this key, if it was this clerk's and is taken already."""
    appeal = Inbound.objects.filter(channel=CHANNEL, key=key).values_list("appeal_id", flat=True).first()
    if appeal is None:
        return None
    own = Membership.objects.filter(appeal=appeal, appeal__typed_by=by).order_by("-from_at")
    number = own.values_list("case__number", flat=True).first()
    return _taken(number) if number else None


def _taken(number: str, status: HTTPStatus = HTTPStatus.OK) -> JsonResponse:
    url = reverse("desk:case", args=[number])
    return JsonResponse({"state": "taken", "number": number, "url": url}, status=status)


def _refused(sentence: str) -> JsonResponse:
    return JsonResponse({"state": "refused", "sentence": sentence}, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _promised(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else 0
