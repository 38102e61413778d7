"""What everybody may read: the list of released matters and each of their pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from huying.cases.models import OPEN, Case
from huying.catalogue.queries import published
from huying.home.pages.reach import show
from huying.intake.photos import show_file
from huying.journeys.nearby import communities
from huying.kit.names import in_language
from huying.kit.text import clean
from huying.ledger.queries import timeline
from huying.places.queries import town_map
from huying.publicity.models import PhotoSource, Publication
from huying.publicity.queries import Asked, find_page, list_pages
from huying.publicity.rules import community_name

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from huying.ledger.models import Fact

# A page that is taken back is gone everywhere after this.
FRESH_SECONDS = 300
LONGEST_WORDS = 40


@require_safe
def public_list(request: HttpRequest) -> HttpResponse:
    """Show the released matters, newest first, by area, kind and words."""
    told = {name: clean(request.GET.get(name, ""))[:LONGEST_WORDS] for name in ("area", "item", "q")}
    area = town_map().by_code(told["area"])
    before = _key(request.GET.get("before", ""))
    pages, following = list_pages(Asked(area.path if area else "", told["item"], told["q"], before))
    following_url = f"?{urlencode(told | {'before': str(following)})}" if following else ""
    context = {
        "tab": "near", "told": told, "pages": [_row(page) for page in pages], "following_url": following_url,
        "communities": communities(), "items": _groups(), "narrowed": any(told.values()),
        "first_url": f"?{urlencode(told)}" if before else "",
    }  # fmt: skip
    return _kept_out(show(request, "home/public_list.html", context))


def _key(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _groups() -> list[dict[str, str]]:
    """Return the headings of the catalogue, to narrow by."""
    tops = [item for item in published().by_id.values() if item.level == 1]
    return [
        {"code": item.code, "name": in_language(item.name, item.name_en)}
        for item in sorted(tops, key=lambda item: item.code)
    ]


def _row(page: Publication) -> dict[str, Any]:
    return {
        "url": reverse("home:public", args=[page.number]), "title": page.title, "status": page.case.status,
        "place": _place(page), "item": page.item_name, "at": page.opened_at,
        "unit": page.case.unit.name if page.case.unit else "",
    }  # fmt: skip


def _place(page: Publication) -> str:
    community = community_name(page.area_path)
    return page.place_name if page.place_name == community else f"{community} · {page.place_name}"


@require_safe
def public(request: HttpRequest, number: str) -> HttpResponse:
    """Show a released matter: what, roughly where, how it stands, what happened, the reply, photos."""
    page = find_page(number)
    case = page.case
    context = {
        "tab": "near", "page": page, "case": case, "place": _place(page), "events": _events(case),
        "now": timezone.now(), "is_open": case.status in OPEN,
        "photos": _photos(page, PhotoSource.APPEAL), "evidence": _photos(page, PhotoSource.EVIDENCE),
        "join_url": reverse("home:me_too", args=[page.number]) if case.status in OPEN else "",
    }  # fmt: skip
    return _kept_out(show(request, "home/public.html", context))


def _photos(page: Publication, source: str) -> list[dict[str, str]]:
    shown = [photo for photo in page.photos.all() if photo.source == source]
    return [
        {
            "url": reverse("home:public_photo", args=[page.number, photo.pk]),
            "thumb_url": f"{reverse('home:public_photo', args=[page.number, photo.pk])}?small=1",
            "alt": photo.caption or _("Photo %(number)d") % {"number": place},
        }
        for place, photo in enumerate(shown, start=1)
    ]


@require_safe
def public_photo(request: HttpRequest, number: str, photo_id: UUID) -> HttpResponse:
    """Show a released photo, painted over, as long as its page is public."""
    photo = next((one for one in find_page(number).photos.all() if one.pk == photo_id), None)
    if photo is None:
        raise Http404(str(photo_id))
    answer = show_file(photo.thumb_as if "small" in request.GET else photo.stored_as)
    answer.headers["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    return _kept_out(answer)


def _kept_out(answer: HttpResponse) -> HttpResponse:
    """Keep search machines out, unless the town lets them in."""
    if not settings.PUBLIC_PAGES_INDEXED:
        answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer


def _events(case: Case) -> list[dict[str, Any]]:
    """Return what happened, newest first: states and units, never a person, a reason or a word of anybody."""
    events = [
        {"at": fact.at, "kind": kind, "title": title, "text": "", "who": ""}
        for fact in timeline(f"case:{case.pk}")
        if (told := _told(fact)) is not None
        for kind, title in [told]
    ]
    events.reverse()
    if events:
        events[0]["current"] = True
    return events


def _told(fact: Fact) -> tuple[str, str] | None:
    unit = fact.data.get("unit_name") or _("the unit")
    sentences = {
        "CaseOpened": ("received", _("Reported")),
        "CaseDispatched": ("dispatched", _("Given to %(unit)s") % {"unit": unit}),
        "CaseSigned": ("signed", _("%(unit)s took it on") % {"unit": unit}),
        "CaseExtended": ("note", _("More time was given")),
        "CaseSuspended": ("note", _("Put off with a plan; it is not closed")),
        "CaseResumed": ("note", _("Work goes on")),
        "ReviewPassed": ("reply", _("Answered")),
        "AnsweredAtOnce": ("reply", _("Answered")),
        "CaseReworked": ("rework", _("Back to work: somebody said it is not solved")),
        "CaseReopened": ("rework", _("Opened again")),
        "CaseReceivedMerged": ("merged", _("A neighbour's report of the same was added")),
        "AppealJoined": ("merged", _("A neighbour joined")),
        "CaseClosed": (
            "closed",
            _("Closed: a resident said it is solved")
            if fact.data.get("closure") == "confirmed"
            else _("Closed: checked by what was done; staff had found it")
            if fact.data.get("closure") == "checked"
            else _("Closed, not confirmed by a resident"),
        ),
    }
    return sentences.get(fact.kind)
