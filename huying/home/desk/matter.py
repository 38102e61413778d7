"""What the case page shows of a case: voices, clocks, parts, replies, ratings, and possible twins."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huying.cases.models import Case, Clock, Deadline, Membership, Reply, Status
from huying.cases.moves import MERGEABLE
from huying.cases.rules import may
from huying.cases.stages import clock_label, done_of, due_of, was_late
from huying.cases.words import limit_words, why_twin
from huying.feedback.actions import AXES
from huying.feedback.models import Outcome, Rating, RatingRequest
from huying.home.desk.choosing import item_name
from huying.home.desk.persons import look_form, party_of, words_of
from huying.home.desk.why import tell_verdict, verdicts_of
from huying.intake.models import Appeal, Photo
from huying.intake.proxies import proxies_of
from huying.kit.names import in_language
from huying.kit.personal import mask_words
from huying.people.access import opened_to
from huying.people.permissions import Permission
from huying.triage.queries import open_suspicions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from django_stubs_ext import StrOrPromise

    from huying.ledger.actor import Actor

# So many voices are shown at once; the rest on asking.
MOST_VOICES = 20
MOST_TWINS = 8
AXIS_LABELS = {
    "speed": gettext_lazy("Speed"), "result": gettext_lazy("Result"), "service": gettext_lazy("Service"),
    "process": gettext_lazy("Process"),
}  # fmt: skip
OUTCOME_TONES = {
    Outcome.SATISFIED: "ok", Outcome.UNSATISFIED: "bad", Outcome.UNCONFIRMED: "mute", Outcome.WAITING: "info",
    Outcome.DROPPED: "mute",
}  # fmt: skip


def clocks_of(case: Case, *, at: datetime) -> list[dict[str, Any]]:
    """Return the clocks of a case as chips: the running ones first, then what was met or missed."""
    found = []
    for deadline in case.deadlines.order_by("started_at", "clock"):
        paused = deadline.paused_at is not None and deadline.met_at is None and deadline.ended_at is None
        running = deadline.met_at is None and deadline.ended_at is None and not paused
        found.append(
            {
                "label": clock_label(deadline), "due_at": deadline.due_at, "soon_at": deadline.warn_at,
                "running": running, "paused": paused,
                "met_at": deadline.met_at, "ended_at": deadline.ended_at,
                "late": was_late(deadline),
                "round": deadline.round, "basis": _basis(deadline), "provisional": deadline.provisional,
                "stages": _stages(deadline, at) if running or paused else [],
            }
        )  # fmt: skip
    return sorted(found, key=lambda clock: (not clock["running"], not clock["paused"]))


def _basis(deadline: Deadline) -> str:
    told = {
        "limit": limit_words(deadline.amount, deadline.amount_unit),
        "catalogue": deadline.catalogue_number or "—", "calendar": deadline.calendar_edition,
        "clocks": deadline.policy_edition or "—",
    }  # fmt: skip
    return _("%(limit)s; catalogue %(catalogue)s, calendar %(calendar)s, clocks %(clocks)s") % told


def _stages(deadline: Deadline, at: datetime) -> list[dict[str, Any]]:
    """Return the stages of a handling clock one after another: its day, which are over, which runs now."""
    kept = deadline.stages or [] if deadline.clock == Clock.HANDLE else []
    now = next((number for number, stage in enumerate(kept) if not stage.get("done_at")), None)
    return [
        {
            "name": in_language(stage["name"], stage["name_en"]),
            "limit": limit_words(stage["amount"], stage["unit"]),
            "due_at": due_of(stage),
            "now": number == now,
            "done_at": (done := done_of(stage)),
            "late": (done or at) > due_of(stage),
        }
        for number, stage in enumerate(kept)
    ]


def voices_of(
    case: Case, *, by: Actor, everyone: bool, at: datetime
) -> tuple[list[Appeal], list[dict[str, Any]], int]:
    """Return the appeals a case carries, as rows and as the page shows them, and how many more there are.

    Names and numbers are masked here, so that no template can forget it; whole only for those whose posts
    include contacts, and only for the minutes after they said why.
    """
    members = Membership.objects.filter(case=case, until_at=None).select_related(
        "appeal__channel", "appeal__party"
    )
    members = members.select_related("appeal__typed_by", "came_from").order_by("from_at", "id")
    shown = list(members if everyone else members[: MOST_VOICES + 1])
    more = max(0, case.appeal_count - MOST_VOICES) if not everyone and len(shown) > MOST_VOICES else 0
    shown = shown if everyone else shown[:MOST_VOICES]
    appeals = [member.appeal for member in shown]
    photos = _photos([appeal.pk for appeal in appeals], case)
    ratings = _ratings(case, [appeal.pk for appeal in appeals])
    verdicts = verdicts_of([appeal.pk for appeal in appeals])
    proxies = proxies_of([appeal.pk for appeal in appeals])
    may_see = may(by, Permission.CONTACT_SEE, case)
    until = opened_to(by, [appeal.pk for appeal in appeals], at=at) if may_see else {}
    told = [
        {
            "id": appeal.pk, "number": appeal.number,
            "title": words_of(appeal, appeal.title, whole=appeal.pk in until),
            "text": words_of(appeal, appeal.text, whole=appeal.pk in until),
            "place": words_of(appeal, appeal.place_words, whole=appeal.pk in until),
            "channel": in_language(appeal.channel.name, appeal.channel.name_en),
            "received_at": appeal.received_at,
            "occurred_at": appeal.occurred_at, "typed_by": str(appeal.typed_by) if appeal.typed_by else "",
            "proxy": proxies[appeal.pk].get_relation_display() if appeal.pk in proxies else "",
            "how": member.get_how_display(), "came_from": member.came_from.number if member.came_from else "",
            "party": party_of(appeal, until=until.get(appeal.pk), may_see=may_see),
            "look": look_form(appeal.number) if may_see and appeal.pk not in until else None,
            "photos": photos.get(appeal.pk, []), "ratings": ratings.get(appeal.pk, []),
            "verdicts": [tell_verdict(verdict) for verdict in verdicts.get(appeal.pk, [])],
        }
        for member, appeal in zip(shown, appeals, strict=True)
    ]  # fmt: skip
    return appeals, told, more


def _photos(appeal_ids: Sequence[UUID], case: Case) -> dict[UUID, list[dict[str, str]]]:
    found: dict[UUID, list[dict[str, str]]] = defaultdict(list)
    for photo in Photo.objects.filter(appeal_id__in=appeal_ids).order_by("id"):
        if photo.appeal_id is None:
            continue
        url = reverse("desk:photo", args=[case.number, photo.pk])
        number = len(found[photo.appeal_id]) + 1
        alt = _("Photo %(number)s of the appeal") % {"number": number}
        found[photo.appeal_id].append({"url": url, "thumb_url": f"{url}?small", "alt": alt})
    return found


def _ratings(case: Case, appeal_ids: Sequence[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    found: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    asked = RatingRequest.objects.filter(case=case, appeal_id__in=appeal_ids).exclude(outcome=Outcome.DROPPED)
    for request in asked.select_related("rating").order_by("asked_at"):
        rating = getattr(request, "rating", None)
        outcome = Outcome(request.outcome)
        found[request.appeal_id].append(
            {
                "round": request.round, "asked_at": request.asked_at, "closes_at": request.closes_at,
                "outcome": outcome.label, "tone": OUTCOME_TONES[outcome],
                "waiting": outcome == Outcome.WAITING,
                "solved": rating.get_solved_display() if rating else "",
                "by_proxy": rating is not None and rating.spoke_as == "proxy",
                "axes": _axes(rating) if rating else [],
                "comment": mask_words(rating.comment) if rating else "",
                "by_phone": bool(rating and rating.by_kind == "staff"),
                "at": rating.at if rating else None,
            }
        )  # fmt: skip
    return found


def _axes(rating: Rating) -> list[tuple[StrOrPromise, int]]:
    return [(AXIS_LABELS[axis], value) for axis in AXES if (value := getattr(rating, axis))]


def replies_of(case: Case) -> list[dict[str, Any]]:
    """Return the replies of a case with their evidence and review, the newest first."""
    replies = (
        Reply.objects.filter(case=case).select_related("unit", "reviewed_by").prefetch_related("evidence")
    )
    return [
        {
            "reply": reply, "unit": reply.unit.name if reply.unit else "",
            "reviewer": str(reply.reviewed_by) if reply.reviewed_by else "",
            "photos": [
                {
                    "url": (url := reverse("desk:evidence", args=[case.number, evidence.pk])),
                    "thumb_url": f"{url}?small",
                    "alt": evidence.caption or _("What was done, photo %(number)s") % {"number": number},
                }
                for number, evidence in enumerate(reply.evidence.all(), start=1)
            ],
        }
        for reply in replies.order_by("-at", "-id")
    ]  # fmt: skip


def twins_of(case: Case, appeals: Sequence[Appeal], *, by: Actor) -> list[dict[str, Any]]:
    """Return the suspected twins that lie in other cases the actor may see, the likeliest first."""
    own = {appeal.pk for appeal in appeals}
    suspects = list(open_suspicions(list(own))[: MOST_TWINS * 3])
    others = {s.earlier_id if s.appeal_id in own else s.appeal_id for s in suspects}
    cases = {
        member.appeal_id: member.case
        for member in Membership.objects.filter(appeal_id__in=others, until_at=None).select_related(
            "case__unit", "case__item"
        )
    }
    found: dict[UUID, dict[str, Any]] = {}
    for suspect in suspects:
        other = suspect.earlier if suspect.appeal_id in own else suspect.appeal
        there = cases.get(other.pk)
        if (
            there is None
            or there.pk == case.pk
            or there.pk in found
            or not may(by, Permission.CASE_SEE, there)
        ):
            continue
        found[there.pk] = {
            "id": suspect.pk, "case": there, "item": item_name(there.item),
            "text": mask_words(other.title or other.text),
            "percent": round(suspect.score * 100), "reasons": [why_twin(str(key)) for key in suspect.reasons],
            "older": there.opened_at <= case.opened_at,
            "can_merge": there.status in MERGEABLE and case.status in MERGEABLE,
        }  # fmt: skip
    return list(found.values())[:MOST_TWINS]


def merged_into(case: Case) -> list[Case]:
    """Return the cases that were merged into this one and still are."""
    return list(
        Case.objects.filter(merged_into=case, status=Status.MERGED).defer("search").order_by("opened_at")
    )
