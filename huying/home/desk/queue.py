"""The dispatchers' queue: what the rules could not decide, with suggestions; and returns to rule on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from huying.cases.lists import Place, Tab, inbox
from huying.cases.queries import first_voices
from huying.cases.rules import may
from huying.cases.words import why_assigned, why_judged, why_waiting
from huying.catalogue.queries import published
from huying.dispatch.duties import duty_book
from huying.home.desk.access import staff_required
from huying.home.desk.asked import asked_of
from huying.home.desk.choosing import item_choices, item_name, unit_choices
from huying.home.desk.listing import row
from huying.home.desk.why import percent, tell_opinion, verdicts_of, why_gated
from huying.intake.models import Photo
from huying.kit.personal import mask_words
from huying.ledger.models import Fact
from huying.people.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from django.http import HttpResponse

    from huying.cases.lists import Page
    from huying.cases.models import Case
    from huying.dispatch.duties import Duty
    from huying.home.desk.access import DeskRequest
    from huying.intake.models import Appeal
    from huying.triage.models import Verdict

MOST_PICKS = 3


@require_safe
@staff_required(Permission.CASE_DISPATCH, Permission.CASE_RECEIVE)
def queue(request: DeskRequest) -> HttpResponse:
    """Show the cases that wait for a person, the most urgent first."""
    page = _page(request, Tab.QUEUE)
    context = {
        "waiting": waiting_rows(page.cases, request),
        "item_choices": item_choices().all,
        "unit_choices": unit_choices().all,
        "may_dispatch": request.actor.holds(Permission.CASE_DISPATCH),
    }
    return render(request, "desk/queue.html", context | _around(request, page, Tab.QUEUE))


@require_safe
@staff_required(Permission.CASE_DISPATCH)
def returns(request: DeskRequest) -> HttpResponse:
    """Show the returns a dispatcher rules on: to the unit that was proposed, to another, or refused."""
    page = _page(request, Tab.RETURNS)
    asked = _asked(page.cases)
    waiting = [
        row(case)
        | {
            "case": case,
            "asked": asked.get(case.pk),
            "may_dispatch": may(request.actor, Permission.CASE_DISPATCH, case),
        }
        for case in page.cases
    ]
    return render(request, "desk/returns.html", {"waiting": waiting} | _around(request, page, Tab.RETURNS))


def waiting_rows(cases: Sequence[Case], request: DeskRequest) -> list[dict[str, Any]]:
    """Return cases that wait for a dispatcher as they are shown: what was said, where, and what fits."""
    appeals = first_voices(case.pk for case in cases)
    verdicts = verdicts_of(appeal.pk for appeal in appeals.values())
    photos, why = _photos(cases, appeals), Why()
    return [
        _waiting(case, appeals.get(case.pk), verdicts, request, why) | {"photos": photos.get(case.pk, [])}
        for case in cases
    ]


def _page(request: DeskRequest, tab: Tab) -> Page:
    return inbox(tab, by=request.actor, at=request.at, after=Place.read(request.GET.get("after", "")))


def _around(request: DeskRequest, page: Page, tab: Tab) -> dict[str, Any]:
    """Return the count of the tab and the addresses of this page's neighbours."""
    here = reverse(f"desk:{tab}")
    return {
        "total": request.frame.counts.get(tab, 0), "here": request.get_full_path(),
        "first_url": here if request.GET.get("after") else "",
        "next_url": f"{here}?after={page.following}" if page.following else "",
    }  # fmt: skip


def _photos(cases: Sequence[Case], appeals: dict[UUID, Appeal]) -> dict[UUID, list[dict[str, str]]]:
    by_appeal = {appeals[case.pk].pk: case for case in cases if case.pk in appeals}
    found: dict[UUID, list[dict[str, str]]] = {}
    for photo in Photo.objects.filter(appeal_id__in=by_appeal).order_by("id"):
        if photo.appeal_id is None:
            continue
        case = by_appeal[photo.appeal_id]
        url = reverse("desk:photo", args=[case.number, photo.pk])
        found.setdefault(case.pk, []).append({"url": url, "thumb_url": f"{url}?small", "alt": _("Photo")})
    return found


def _waiting(
    case: Case, appeal: Appeal | None, verdicts: dict[UUID, list[Verdict]], request: DeskRequest, why: Why
) -> dict[str, Any]:
    verdict = next(iter(verdicts.get(appeal.pk, [])), None) if appeal else None
    return row(case) | {
        "case": case, "appeal": appeal, "reason": why_waiting(case.held_for), "gated": why_gated(case),
        "place_said": mask_words(appeal.place_words) if appeal else "",
        "said": mask_words(appeal.text) if appeal else case.title,
        "dangers": [str(danger.get("phrase", "")) for danger in verdict.dangers] if verdict else [],
        "asked": asked_of(case, (one.asks for one in verdicts.get(appeal.pk, ()))) if appeal else None,
        "picks": picks_of(case, verdict, why),
        "opinion": tell_opinion(verdict) if verdict else None,
        "may_dispatch": may(request.actor, Permission.CASE_DISPATCH, case),
        "may_receive": may(request.actor, Permission.CASE_RECEIVE, case),
    }  # fmt: skip


class Why:
    """Tells why a unit answers; the same reason is put into words once, for its names are looked up."""

    def __init__(self) -> None:
        self._told: dict[str, list[str]] = {}

    def lines(self, duty: Duty | None) -> list[str]:
        """Return the reason of a duty in lines; none without one."""
        if duty is None:
            return []
        key = repr(sorted(duty.why.items()))
        if key not in self._told:
            self._told[key] = why_assigned(duty.why)
        return self._told[key]


def picks_of(case: Case, verdict: Verdict | None, why: Why) -> list[dict[str, Any]]:
    """Return the best suggestions for a case: item, the unit the duty rules give it here, how sure, why.

    A suggestion nobody answers for at this place is shown too: then only the unit is to be named.
    """
    book = published()
    picks: list[dict[str, Any]] = []
    for one in verdict.suggestions[:MOST_PICKS] if verdict else ():
        item = book.by_code.get(str(one.get("code")))
        sure = percent(float(one["confidence"]))
        if item is None or (picks and not sure):
            continue
        duty = duty_book().decide(item, case.area_path)
        first = not picks
        picks.append(
            {
                "item": item, "name": item_name(item),
                "above": " › ".join(item_name(above) for above in book.line(item.code)[:-1]),
                "unit": duty.lead if duty else None,
                "assists": [unit.name for unit in duty.assists] if duty else [],
                "assist_codes": [unit.code for unit in duty.assists] if duty else [],
                "percent": sure, "why": why.lines(duty),
                "words": [why_judged(reason) for reason in _telling(verdict)] if first and verdict else [],
            }
        )  # fmt: skip
    return picks


def _telling(verdict: Verdict) -> list[dict[str, Any]]:
    """Return the few reasons that say most of why the first suggestion is the first."""
    return [reason for reason in verdict.reasons if reason.get("kind") in ("keyword", "words")][:MOST_PICKS]


def _asked(cases: Sequence[Case]) -> dict[UUID, dict[str, Any]]:
    """Return who asked for each return, why, and whom they propose."""
    streams = {f"case:{case.pk}": case for case in cases}
    found: dict[UUID, dict[str, Any]] = {}
    for fact in Fact.objects.filter(stream__in=streams, kind="ReturnAsked").order_by("seq"):
        case = streams[fact.stream]
        found[case.pk] = {
            "at": fact.at, "by": fact.actor_name, "reason": fact.data["reason"],
            "unit": fact.data["proposed_unit_name"], "unit_id": fact.data["proposed_unit"],
            "said": _("As %(name)s proposed: %(reason)s") % {"name": fact.actor_name,
            "reason": fact.data["reason"]},
        }  # fmt: skip
    known = {str(choice.card.id): choice.value for choice in unit_choices().all}
    for told in found.values():
        told["unit_value"] = known.get(told["unit_id"], "")
    return found
