"""My appeals: all of them with how each stands, what is new, and what waits for me."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from huying.cases.models import OPEN, Membership
from huying.feedback.models import Outcome, RatingRequest
from huying.home.pages.reach import Reached, remembered, resident_of, show
from huying.home.pages.standing import WAITS_FOR_RESIDENT, standings
from huying.intake.links import find_by_links, token_of
from huying.intake.models import Appeal
from huying.notify.models import Notice

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from huying.people.models import Account

PAGE = 20
# What the list is narrowed to, by the words of its address.
ALL, WAITING, NEW, AT_WORK, ENDED = "", "mine", "new", "open", "ended"


@never_cache
@require_safe
def appeals(request: HttpRequest) -> HttpResponse:
    """Show all my appeals: those of the account, and those this browser remembers."""
    at, account = timezone.now(), resident_of(request)
    own = _own(request, account, at=at)
    counts = own.aggregate(
        all=Count("pk"), mine=Count("pk", filter=Q(waits=True)), new=Count("pk", filter=Q(unread=True)),
        open=Count("pk", filter=Q(at_work=True)), ended=Count("pk", filter=Q(at_work=False)),
    )  # fmt: skip
    which = request.GET.get("show", ALL)
    which = which if which in (WAITING, NEW, AT_WORK, ENDED) else ALL
    pages = Paginator(_narrowed(own, which).order_by("-received_at", "-id"), PAGE)
    page = pages.get_page(request.GET.get("page"))
    reached = [
        Reached(one, "" if _is_own(one, account) else token_of(one.pk, edition=one.link_edition))
        for one in page
    ]
    context = {
        "tab": "appeals", "now": at, "appeals": standings(reached), "page": page, "which": which,
        "tabs": _tabs(counts, which), "counts": counts, "remembers": bool(remembered(request)),
        "query": urlencode({"show": which}) if which else "",
    }  # fmt: skip
    return show(request, "home/appeals.html", context)


def _is_own(appeal: Appeal, account: Account | None) -> bool:
    return account is not None and appeal.account_id == account.pk


def _own(request: HttpRequest, account: Account | None, *, at: datetime) -> QuerySet[Appeal, Any]:
    """Return the appeals of a resident, each with whether it is at work, waits for them, and has news."""
    linked = [appeal.pk for appeal in find_by_links(remembered(request))]
    mine = Q(pk__in=linked) | (Q(account=account) if account else Q(pk__in=[]))
    inside = Membership.objects.filter(appeal=OuterRef("pk"), until_at=None)
    asked = RatingRequest.objects.filter(appeal=OuterRef("pk"), outcome=Outcome.WAITING, closes_at__gte=at)
    news = Notice.objects.filter(to_appeal_id=OuterRef("pk"), read_at=None)
    return Appeal.objects.filter(mine).annotate(
        at_work=Exists(inside.filter(case__status__in=OPEN)),
        waits=Exists(asked) | Exists(inside.filter(case__status__in=WAITS_FOR_RESIDENT)),
        unread=Exists(news),
    )


def _narrowed(own: QuerySet[Appeal, Any], which: str) -> QuerySet[Appeal, Any]:
    fits = {
        WAITING: Q(waits=True), NEW: Q(unread=True), AT_WORK: Q(at_work=True), ENDED: Q(at_work=False),
    }  # fmt: skip
    return own.filter(fits[which]) if which else own


def _tabs(counts: dict[str, int], which: str) -> list[dict[str, Any]]:
    labels = {
        ALL: _("All"), WAITING: _("Waiting for me"), NEW: _("With news"), AT_WORK: _("Being dealt with"),
        ENDED: _("Over"),
    }  # fmt: skip
    return [
        {
            "label": label, "url": f"?{urlencode({'show': key})}" if key else "?",
            "count": counts[key or "all"], "current": key == which,
            "tone": "warn" if key == WAITING and counts["mine"] else "",
        }
        for key, label in labels.items()
    ]  # fmt: skip
