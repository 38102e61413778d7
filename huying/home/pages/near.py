"""Near me: what neighbours already reported, on a map and as a list, and saying "me too" to it."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django import forms
from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from huying.home.forms import LONGEST_NAME, LONGEST_PHONE, WordsField
from huying.home.pages.drafting import CHANNEL
from huying.home.pages.reach import actor_at, keep_staff_out, remember, resident_of, show
from huying.intake.actions import LONGEST_TEXT, Draft, raw_of
from huying.intake.limits import check_limits
from huying.intake.limits_core import LimitPolicy, Window
from huying.intake.links import link_of
from huying.intake.models import Appeal
from huying.journeys.appeal import submit_appeal
from huying.journeys.nearby import (
    Matter,
    Spot,
    communities,
    find_matter,
    matter_of,
    rounded,
    spots_in,
    spots_near,
)
from huying.kit.errors import Refusal
from huying.kit.names import in_language
from huying.kit.network import client_ip
from huying.kit.telling import TellingForm
from huying.places.queries import town_map
from huying.publicity.reasons import LOOKING_TOO_OFTEN
from huying.ui.templatetags.ui import status_label

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

    from huying.cases.models import Case
    from huying.people.models import Account

FRESH_SECONDS = 60
# A person moves a map a few times a minute; a machine that copies the town must take its time.
LOOKS = LimitPolicy(
    subscriber=(Window(60, free=40, most=40), Window(3600, free=600, most=600)),
    network=(Window(60, free=400, most=400),),
    account=(),
)


@require_safe
def near(request: HttpRequest) -> HttpResponse:
    """Show what was reported around a point or in an area, or ask which; without JavaScript as a list."""
    at, point = timezone.now(), _point(request)
    area = town_map().by_code(request.GET.get("area", "")) if point is None else None
    spots: list[Spot] = []
    if point is not None or area is not None:
        _count(request, at)
        spots = spots_near(*point, at=at) if point else spots_in(area, at=at) if area else []
    query = request.GET.urlencode()
    context = {
        "tab": "near", "spots": [_told(spot) for spot in spots], "area": area, "point": point,
        "asked": point is not None or area is not None, "communities": communities(), "now": at,
        "data_url": f"{reverse('home:near_matters')}?{query}" if spots else "",
    }  # fmt: skip
    answer = show(request, "home/near.html", context)
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@require_safe
def matters(request: HttpRequest) -> HttpResponse:
    """Give the map the same as GeoJSON. Kept for a minute, here and in the browser."""
    at, point = timezone.now(), _point(request)
    area = town_map().by_code(request.GET.get("area", "")) if point is None else None
    asked = f"{point[0]},{point[1]}" if point else area.code if area else ""
    key = f"near:{get_language()}:{asked}"
    body = cache.get(key)
    if body is None:
        _count(request, at)
        spots = spots_near(*point, at=at) if point else spots_in(area, at=at) if area else []
        body = json.dumps(
            {
                "type": "FeatureCollection",
                "features": [_feature(spot) for spot in spots if spot.lat is not None],
            },
            ensure_ascii=False,
        )
        cache.set(key, body, FRESH_SECONDS)
    answer = HttpResponse(body, content_type="application/geo+json")
    answer.headers["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    answer.headers["Vary"] = "Accept-Language, Cookie"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _point(request: HttpRequest) -> tuple[float, float] | None:
    """Return the point asked for, rounded: nobody has to tell us the door they stand at."""
    try:
        lat, lon = float(request.GET.get("lat", "")), float(request.GET.get("lon", ""))
    except ValueError:
        return None
    sound = math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180  # noqa: PLR2004 - degrees
    return (rounded(lat), rounded(lon)) if sound else None


def _count(request: HttpRequest, at: datetime) -> None:
    """Count one more look. Refusal `looking_too_often`."""
    try:
        check_limits(client_ip(request), None, at, policy=LOOKS, what="near")
    except Refusal as refusal:
        raise Refusal(LOOKING_TOO_OFTEN, retry_after_seconds=refusal.retry_after_seconds) from refusal


def _told(spot: Spot) -> dict[str, Any]:
    return {"kind": spot.kind, "name": spot.name, "matters": [_matter(one) for one in spot.matters]}


def _matter(one: Matter) -> dict[str, Any]:
    return {
        "number": one.number, "item": in_language(one.item.name, one.item.name_en), "place": one.place,
        "status": one.status, "opened_at": one.opened_at, "voices": one.voices,
        "join_url": reverse("home:me_too", args=[one.number]),
        "page_url": reverse("home:public", args=[one.number]) if one.has_page else "",
    }  # fmt: skip


def _feature(spot: Spot) -> dict[str, Any]:
    told = [
        {
            "item": one["item"], "state": status_label(one["status"], "resident"),
            "url": one["page_url"] or one["join_url"],
        }
        for one in (_matter(matter) for matter in spot.matters[:12])
    ]  # fmt: skip
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [spot.lon, spot.lat]},
        "properties": {"kind": spot.kind, "name": spot.name, "count": len(spot.matters), "matters": told},
    }


class MeTooForm(TellingForm):
    """What a neighbour adds to a matter that is known; nobody has to add anything."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    text = WordsField(
        label=gettext_lazy("Anything to add?"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    name = WordsField(
        label=gettext_lazy("What may we call you?"),
        required=False,
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = WordsField(
        label=gettext_lazy("Phone"),
        required=False,
        max_length=LONGEST_PHONE,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )


@never_cache
def me_too(request: HttpRequest, number: str) -> HttpResponse:
    """Let a neighbour join a matter; they get a number, an answer and a question of their own."""
    at, account, case = timezone.now(), resident_of(request), find_matter(number)
    initial = {"key": uuid4(), "phone": (account.phone or "") if account else ""}
    form = MeTooForm(request.POST) if request.method == "POST" else MeTooForm(initial=initial)
    if request.method == "POST" and form.is_valid():
        keep_staff_out(request)
        try:
            held = check_limits(client_ip(request), account.pk if account else None, at)
            draft = replace(_draft(form, case, account), held_for=held)
            taken = submit_appeal(draft, by=actor_at(request, at=at), at=at)
        except Refusal as refusal:
            form.tell(refusal)
        else:
            appeal = Appeal.objects.get(pk=taken.appeal_id)
            answer = redirect(f"{link_of(appeal.pk, appeal.number, edition=appeal.link_edition)}done/")
            if account is None:
                remember(answer, request, appeal)
            return answer
    status = (
        form.refusal.reason.status
        if form.refusal
        else HTTPStatus.BAD_REQUEST
        if form.errors
        else HTTPStatus.OK
    )
    context = {"form": form, "matter": _matter(matter_of(case)), "tab": "near"}
    return show(request, "home/me_too.html", context, status=status)


def _draft(form: MeTooForm, case: Case, account: Account | None) -> Draft:
    told, matter = form.cleaned_data, matter_of(case)
    item = in_language(matter.item.name, matter.item.name_en)
    text = told["text"] or _("Me too: %(item)s, %(place)s") % {"item": item, "place": matter.place}
    raw = {name: told[name] for name in ("text", "name", "phone")} | {"me_too": case.number}
    return Draft(
        channel=CHANNEL, key=str(told["key"]), text=text, raw=raw_of(raw), place_words=matter.place,
        language=get_language() or "zh-hans", name=told["name"], phone=told["phone"],
        account_id=account.pk if account else None, joins=case.pk,
    )  # fmt: skip
