"""The voices of a case on its page: so many at a time, with words to look for among them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huying.cases.models import Membership
from huying.cases.rules import may
from huying.feedback.actions import AXES
from huying.feedback.models import Outcome, Rating, RatingRequest
from huying.home.desk.persons import look_form, party_of, words_of
from huying.home.desk.why import tell_verdict, verdicts_of
from huying.home.left_open import left_open
from huying.intake.models import Appeal, Photo, Proxy
from huying.kit.names import in_language
from huying.kit.personal import mask_words
from huying.people.access import opened_to
from huying.people.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from django.http import QueryDict
    from django_stubs_ext import StrOrPromise

    from huying.cases.models import Case
    from huying.ledger.actor import Actor

# So many voices are shown at once: an estate's mass complaint has thousands.
AT_ONCE = 20
LONGEST_WORDS = 40
MOST_PAGES = 9999
AXIS_LABELS = {
    "speed": gettext_lazy("Speed"), "result": gettext_lazy("Result"), "service": gettext_lazy("Service"),
    "process": gettext_lazy("Process"),
}  # fmt: skip
OUTCOME_TONES = {
    Outcome.SATISFIED: "ok", Outcome.UNSATISFIED: "bad", Outcome.UNCONFIRMED: "mute", Outcome.WAITING: "info",
    Outcome.DROPPED: "mute",
}  # fmt: skip


@dataclass(frozen=True)
class VoicePage:
    """Which voices are asked for: a page, counted from 1, of all of them or of those that hold words."""

    number: int = 1
    words: str = ""

    @classmethod
    def read(cls, told: QueryDict) -> VoicePage:
        """Return what an address asks for; whatever names no page is the first."""
        number = told.get("voices", "")
        page = min(MOST_PAGES, max(1, int(number))) if number.isdecimal() and len(number) < 5 else 1  # noqa: PLR2004 - MOST_PAGES has four digits
        return cls(page, told.get("among", "").strip()[:LONGEST_WORDS])

    def url(self, case: Case) -> str:
        """Return the address of this page."""
        told = {"among": self.words} if self.words else {}
        told |= {"voices": str(self.number)} if self.number > 1 else {}
        return (
            f"{reverse('desk:case', args=[case.number])}{'?' if told else ''}{urlencode(told)}#voices-title"
        )


@dataclass(frozen=True)
class Voices:
    """One page of voices: the appeals, how the page tells them, and how many there are of what was asked."""

    appeals: list[Appeal]
    told: list[dict[str, Any]]
    page: VoicePage
    total: int

    @property
    def more(self) -> int:
        """Return how many are not on this page."""
        return max(0, self.total - len(self.told))

    def around(self, case: Case) -> dict[str, Any]:
        """Return what stands around the voices: the words looked for and the ways to other pages."""
        first = (self.page.number - 1) * AT_ONCE
        before, after = replace(self.page, number=self.page.number - 1), self.page.number + 1
        return {
            "among": self.page.words, "total": self.total, "paged": case.appeal_count > AT_ONCE,
            "first": first + 1, "last": first + len(self.told),
            "previous_url": before.url(case) if before.number else "",
            "next_url": replace(self.page, number=after).url(case) if first + AT_ONCE < self.total else "",
        }  # fmt: skip


def voices_of(case: Case, *, by: Actor, page: VoicePage, at: datetime) -> Voices:
    """Return a page of the voices a case carries, the first one first.

    Names and numbers are masked here, so that no template can forget it; whole only for those whose posts
    include contacts, and only for the minutes after they said why.
    """
    members = Membership.objects.filter(case=case, until_at=None).order_by("from_at", "id")
    start = (page.number - 1) * AT_ONCE
    if page.words:
        keys = found_among(case, page.words)
        total, members = len(keys), members.filter(appeal__in=keys[start : start + AT_ONCE])
    else:
        total, members = case.appeal_count, members[start : start + AT_ONCE]
    related = members.select_related("appeal__channel", "appeal__party", "appeal__proxy", "appeal__typed_by")
    shown = list(related.annotate(came_from_number=F("came_from__number")))
    appeals = [member.appeal for member in shown]
    photos = _photos([appeal.pk for appeal in appeals], case)
    ratings = _ratings(case, [appeal.pk for appeal in appeals])
    verdicts = verdicts_of([appeal.pk for appeal in appeals])
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
            "proxy": proxy.get_relation_display() if (proxy := _proxy(appeal)) else "",
            "how": member.get_how_display(), "came_from": member.came_from_number or "",
            "party": party_of(appeal, until=until.get(appeal.pk), may_see=may_see),
            "look": look_form(appeal.number) if may_see and appeal.pk not in until else None,
            "left_open": left_open(
                appeal.text, knows_place=bool(case.area_path), knows_time=appeal.occurred_at is not None,
                has_photo=bool(photos.get(appeal.pk)),
            ),
            "photos": photos.get(appeal.pk, []), "ratings": ratings.get(appeal.pk, []),
            "verdicts": [tell_verdict(verdict) for verdict in verdicts.get(appeal.pk, [])],
        }
        for member, appeal in zip(shown, appeals, strict=True)
    ]  # fmt: skip
    return Voices(appeals, told, page, total)


def _proxy(appeal: Appeal) -> Proxy | None:
    """Return for whom an appeal was typed, while that lasts."""
    proxy: Proxy | None = getattr(appeal, "proxy", None)
    return proxy if proxy is not None and proxy.ended_at is None else None


def found_among(case: Case, words: str) -> list[UUID]:
    """Return the appeals of a case that hold words in what a clerk may read of them, the first one first.

    What is masked on the page is not found either: looking must not tell whose number it is.
    """
    told = ("number", "title", "text", "place_words")
    holds = Q()
    for name in told:
        holds |= Q(**{f"appeal__{name}__icontains": words})
    members = Membership.objects.filter(holds, case=case, until_at=None).order_by("from_at", "id")
    rows = members.values_list("appeal", "appeal__party__name", *(f"appeal__{name}" for name in told))
    sought = words.casefold()
    return [
        appeal
        for appeal, name, *texts in rows
        if any(sought in mask_words(text, names=(name or "",)).casefold() for text in texts)
    ]


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
