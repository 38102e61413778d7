"""Areas in the office: the tree, an area with its history and outline, boundaries read in, merging."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huying.home.office.access import StaffRequest, office
from huying.home.office.forms_places import ListFileForm
from huying.home.office.forms_town import MergeForm, OutlinesForm
from huying.home.office.menu import show
from huying.home.office.uploads import takes_file, uploaded_file
from huying.kit.errors import Refusal
from huying.kit.qr import qr_picture
from huying.kit.text import clean
from huying.people.permissions import Permission
from huying.places.actions import import_boundaries, merge_areas
from huying.places.models import Area

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from django.http import HttpResponse

MOST_FOUND, MOST_BELOW, MOST_REMARKS, LONGEST_QUERY = 60, 500, 300, 60
MOST_FILE_BYTES = 30 * 2**20
_REMARKS = "boundary_remarks"


def _with_counts(areas: QuerySet[Area]) -> QuerySet[Area]:
    """Return areas with the number of standing ones right below each; outlines are heavy and stay away."""
    below = Count("children", filter=Q(children__valid_until=None))
    return areas.defer("boundary").select_related("level").annotate(below=below).order_by("path")


@require_safe
@office(Permission.PLACES_EDIT)
def areas(request: StaffRequest) -> HttpResponse:
    """Show the widest areas, or what a search finds."""
    return front(request, OutlinesForm())


def front(
    request: StaffRequest, form: OutlinesForm, status: int = 200, *, lists: ListFileForm | None = None
) -> HttpResponse:
    """Show the tree or what a search found, with the forms for files as they stand."""
    query = clean(request.GET.get("q", ""))[:LONGEST_QUERY]
    context: dict[str, Any] = {"form": form, "lists": lists or ListFileForm(), "query_words": query}
    if query:
        known = Area.objects.filter(
            Q(name__contains=query)
            | Q(code__startswith=query)
            | Q(initials__startswith=query.lower())
            | Q(aliases__contains=[query])
        )
        hits = list(_with_counts(known)[: MOST_FOUND + 1])
        context |= {"hits": hits[:MOST_FOUND], "more": len(hits) > MOST_FOUND}
    else:
        tops = list(_with_counts(Area.objects.filter(parent=None, valid_until=None)))
        context["tops"] = [(top, _below(top)) for top in tops]
    told = request.session.pop(_REMARKS, None)
    return show(request, "areas.html", {**context, "remarks": told}, status=status)


def _below(area: Area) -> list[Area]:
    return list(_with_counts(area.children.filter(valid_until=None))[:MOST_BELOW])


@require_safe
@office(Permission.PLACES_EDIT)
def below(request: StaffRequest, area_id: UUID) -> HttpResponse:
    """Give htmx the branch below an area."""
    area = get_object_or_404(Area.objects.defer("boundary"), pk=area_id)
    return show(request, "parts/area_branch.html", {"branch": _below(area)})


@require_safe
@office(Permission.PLACES_EDIT)
def area(request: StaffRequest, area_id: UUID) -> HttpResponse:
    """Show an area."""
    found = get_object_or_404(Area.objects.select_related("level", "parent"), pk=area_id)
    under = _below(found)
    form = MergeForm(None, under)
    form.initial["on"] = timezone.localdate(request.at)
    return _area(request, found, under, form)


def _area(
    request: StaffRequest, found: Area, under: list[Area], form: MergeForm, status: int = 200
) -> HttpResponse:
    codes = found.path.split("/")[:-1]
    above = Area.objects.filter(code__in=codes, valid_until=None).order_by("path").defer("boundary")
    outline = urlencode({"level": found.level_id, "within": found.code})
    places = (
        [] if found.valid_until else list(found.places.filter(retired_at=None).order_by("name")[:MOST_BELOW])
    )
    asked = request.GET.get("plate", "")
    plated = next((place for place in places if place.code == asked), None)
    address = _plate(plated.code if plated else found.code)
    context = {
        "area": found,
        "above": list(above),
        "below": under,
        "successors": list(found.successors.defer("boundary")),
        "predecessors": list(found.predecessors.defer("boundary")),
        "form": form,
        "places": places,
        "plate": {
            "name": plated.name if plated else found.name,
            "address": address,
            "qr": qr_picture(address),
        },
        "can_merge": found.valid_until is None and len(under) > 1,
        "outline_url": f"{reverse('desk:boundaries')}?{outline}",
    }
    return show(request, "area.html", context, status=status)


def _plate(code: str) -> str:
    """Return the link a plate on the wall holds: it opens the form with the place filled in."""
    return f"{settings.SITE_URL}{reverse('home:file')}?{urlencode({'place': code})}"


@require_POST
@office(Permission.PLACES_EDIT)
def merge(request: StaffRequest, area_id: UUID) -> HttpResponse:
    """Say what a merger does; on a second word merge the chosen areas below this one."""
    found = get_object_or_404(Area.objects.select_related("level", "parent"), pk=area_id, valid_until=None)
    under = _below(found)
    form = MergeForm(request.POST, under)
    if not form.is_valid():
        return _area(request, found, under, form, 422)
    told = form.cleaned_data
    chosen = [one for one in under if one.code in told["codes"]]
    if request.POST.get("sure") != "yes":
        context = {"area": found, "chosen": chosen, "form": form, "told": told}
        return show(request, "area_merge.html", context)
    try:
        merged = merge_areas(told["codes"], name=told["name"], on=told["on"], by=request.actor, at=request.at)
    except Refusal as refusal:
        form.tell(refusal)
        return _area(request, found, under, form, refusal.reason.status)
    messages.success(request, _("{name} stands; the merged areas ended.").format(name=merged.name))
    return redirect("desk:office:area", area_id=merged.pk)


@takes_file(Permission.PLACES_EDIT)
def upload(request: StaffRequest) -> HttpResponse:
    """Give areas the outlines of a GeoJSON file; what was found about its rows is told."""
    form = OutlinesForm(request.POST, request.FILES)
    try:
        file = uploaded_file(request, most_bytes=MOST_FILE_BYTES)
        remarks = import_boundaries(file.read(), by=request.actor, at=request.at)
    except Refusal as refusal:
        form.tell(refusal, field="file")
        return front(request, form, refusal.reason.status)
    request.session[_REMARKS] = [remark[:300] for remark in remarks[:MOST_REMARKS]]
    messages.success(request, _("The file was read. Areas it names have its outlines now."))
    return redirect("desk:office:areas")
