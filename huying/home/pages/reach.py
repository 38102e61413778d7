"""Whose appeal it is: reached by its link or by the resident's account; and what this browser remembers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.shortcuts import redirect, render
from django.urls import reverse

from huying.feedback.reasons import NOT_BY_STAFF
from huying.intake.links import find_by_link, find_by_links, token_of
from huying.intake.models import Appeal
from huying.intake.reasons import APPEAL_NOT_FOUND
from huying.kit.errors import Refusal
from huying.kit.ids import may_be_number
from huying.ledger.actor import Actor, ActorKind
from huying.people.models import Account, AccountKind
from huying.people.queries import actor_of
from huying.places.queries import town_map

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

# The browser remembers the links of what was filed in it, newest first: nobody has to write them down.
COOKIE = "mine"
COOKIE_DAYS = 400
REMEMBERED = 8


def resident_of(request: HttpRequest) -> Account | None:
    """Return the resident who is signed in; staff looking at these pages are nobody in particular here."""
    user = request.user
    return user if isinstance(user, Account) and user.kind == AccountKind.RESIDENT else None


def actor_at(request: HttpRequest, *, at: datetime) -> Actor:
    """Return the resident as an actor, with or without an account."""
    account = resident_of(request)
    return actor_of(account, at=at) if account else Actor(ActorKind.RESIDENT, None, "")


def keep_staff_out(request: HttpRequest) -> None:
    """Refuse what only the resident does to whoever is signed in as staff, whatever link they hold.

    A link may pass through staff's hands (proxy entry); judging one's own work must not. Refusal
    `not_by_staff`.
    """
    user = request.user
    if isinstance(user, Account) and user.kind == AccountKind.STAFF:
        raise Refusal(NOT_BY_STAFF)


@dataclass(frozen=True)
class Reached:
    """An appeal somebody may see, and how they came to it."""

    appeal: Appeal
    token: str

    def url(self, page: str = "appeal", *more: object) -> str:
        """Return the address of one of the appeal's pages, reached the same way."""
        way = [self.appeal.number, self.token] if self.token else [self.appeal.number]
        return reverse(f"home:{page}" if self.token else f"home:my_{page}", args=[*way, *more])


def reach(request: HttpRequest, number: str, token: str) -> Reached:
    """Return the appeal with this number for whoever may see it.

    With a token the link decides, without one the account that filed it. Refusal `appeal_not_found`, the same
    whatever is wrong.
    """
    if token:
        return Reached(find_by_link(number, token), token)
    account = resident_of(request) if may_be_number(number) else None
    if account is None:
        raise Refusal(APPEAL_NOT_FOUND)
    appeal = Appeal.objects.select_related("channel").filter(number=number, account=account).first()
    if appeal is None:
        raise Refusal(APPEAL_NOT_FOUND)
    return Reached(appeal, "")


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """Lead to the sign-in, and back here afterwards."""
    return redirect(f"{reverse('people:phone')}?{urlencode({'next': request.get_full_path()})}")


def remembered(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the (number, token) pairs this browser remembers; what was tampered with opens nothing."""
    pairs = [part.partition(".") for part in request.COOKIES.get(COOKIE, "").split("~")]
    return [(number, token) for number, _, token in pairs if number and token][:REMEMBERED]


def remember(answer: HttpResponse, request: HttpRequest, appeal: Appeal) -> None:
    """Let this browser remember an appeal that was filed in it."""
    newest = (appeal.number, token_of(appeal.pk, edition=appeal.link_edition))
    others = [pair for pair in remembered(request) if pair[0] != appeal.number]
    value = "~".join(f"{number}.{token}" for number, token in [newest, *others][:REMEMBERED])
    answer.set_cookie(
        COOKIE,
        value,
        max_age=COOKIE_DAYS * 24 * 3600,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )


def forget_all(answer: HttpResponse) -> None:
    """Let this browser remember nothing."""
    answer.delete_cookie(COOKIE, samesite="Lax")


def mine(request: HttpRequest, *, limit: int) -> list[Reached]:
    """Return the appeals of this resident, by account and by what the browser remembers, newest first."""
    found = {
        appeal.pk: Reached(appeal, token_of(appeal.pk, edition=appeal.link_edition))
        for appeal in find_by_links(remembered(request))
    }
    account = resident_of(request)
    if account is not None:
        own = Appeal.objects.filter(account=account).order_by("-received_at", "-id")[:limit]
        found |= {appeal.pk: Reached(appeal, "") for appeal in own}
    newest = sorted(found.values(), key=lambda one: (one.appeal.received_at, one.appeal.pk), reverse=True)
    return newest[:limit]


def show(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Render a resident's page, with what all of them show."""
    root = town_map().root
    more = {"site_name": root.name if root else "", "resident": resident_of(request)}
    return render(request, template, more | context, status=status)
