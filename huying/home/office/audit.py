"""The auditor's room: who looked at whom, came in, changed rights, took power. It changes nothing."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.http import Http404
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from huying.home.office.access import StaffRequest, office
from huying.home.office.menu import show
from huying.ledger.queries import timeline
from huying.people.access import told_reason
from huying.people.models import PersonalAccess, PowerSession, SignInEntry
from huying.people.permissions import Permission
from huying.people.telling import tell_change

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet
    from django.http import HttpResponse

SHANGHAI = ZoneInfo("Asia/Shanghai")
PAGE = 50
TABS = (
    ("access", gettext_lazy("Looks at personal data")),
    ("sign-ins", gettext_lazy("Sign-ins")),
    ("rights", gettext_lazy("Changes of rights")),
    ("power", gettext_lazy("Sessions of power")),
)


@require_safe
@office(Permission.AUDIT_SEE)
def audit(request: StaffRequest, tab: str = "access") -> HttpResponse:
    """Show one of the logs, newest first, narrowed by day, name or number."""
    if tab not in ROWS:
        raise Http404(tab)
    rows, found = ROWS[tab], _narrowed(request, tab)
    page = max(0, int(request.GET.get("page", "0"))) if request.GET.get("page", "0").isdecimal() else 0
    listed = list(found[page * PAGE : (page + 1) * PAGE + 1])
    context = {
        "tab": tab, "tabs": [{"key": key, "label": label, "current": key == tab} for key, label in TABS],
        "rows": [rows(one) for one in listed[:PAGE]], "page": page,
        "older": page + 1 if len(listed) > PAGE else None, "newer": page - 1 if page else None,
        "words": request.GET.get("q", ""), "first": request.GET.get("from", ""),
        "last": request.GET.get("until", ""),
    }  # fmt: skip
    return show(request, "audit.html", context)


def _narrowed(request: StaffRequest, tab: str) -> QuerySet[Any]:
    words = request.GET.get("q", "").strip()[:60]
    moment = {"access": "at", "sign-ins": "at", "rights": "at", "power": "started_at"}[tab]
    found: QuerySet[Any] = {
        "access": PersonalAccess.objects.all(),
        "sign-ins": SignInEntry.objects.all(),
        "rights": timeline("rightsbook:rights"),
        "power": PowerSession.objects.select_related("account"),
    }[tab]
    if words:
        found = found.filter(
            {
                "access": Q(account_name__contains=words) | Q(subject=words) | Q(reason=words),
                "sign-ins": Q(account_name__contains=words) | Q(network=words),
                "rights": Q(actor_name__contains=words) | Q(data__username=words) | Q(data__role=words),
                "power": Q(account__name__contains=words) | Q(account__username=words),
            }[tab]
        )
    first, last = parse_day(request.GET.get("from")), parse_day(request.GET.get("until"))
    if first:
        found = found.filter(**{f"{moment}__gte": first})
    if last:
        found = found.filter(**{f"{moment}__lt": last + timedelta(days=1)})
    return found.order_by(f"-{moment}", "-pk")


def parse_day(told: str | None) -> datetime | None:
    """Return the first moment of a day in the town's time zone, None for what is no day."""
    try:
        day = parse_date(told or "")
    except ValueError:
        return None
    return datetime.combine(day, time.min, SHANGHAI) if day else None


def _access(row: PersonalAccess) -> dict[str, Any]:
    told = [told_reason(row.reason), row.words, _("in a session of power") if row.power else ""]
    return {
        "at": row.at, "who": row.account_name, "what": f"{row.subject} · {row.get_seen_display()}",
        "why": " · ".join(part for part in told if part),
    }  # fmt: skip


def _sign_in(row: SignInEntry) -> dict[str, Any]:
    name = row.account_name or _("(no such account)")
    return {
        "at": row.at,
        "who": name,
        "what": row.get_outcome_display(),
        "why": f"{row.network} {row.browser}",
    }


def _change(row: Any) -> dict[str, Any]:  # noqa: ANN401 - a fact
    return {"at": row.at, "who": row.actor_name, "what": tell_change(row.kind, row.data), "why": ""}


def _power(row: PowerSession) -> dict[str, Any]:
    ended = row.get_how_display() if row.ended_at else _("running")
    minutes = round(((row.ended_at or row.ends_at) - row.started_at).total_seconds() / 60)
    what = _("%(minutes)d minutes; %(ended)s") % {"minutes": minutes, "ended": ended}
    return {"at": row.started_at, "who": str(row.account), "what": what, "why": row.reason}


ROWS: dict[str, Callable[[Any], dict[str, Any]]] = {
    "access": _access,
    "sign-ins": _sign_in,
    "rights": _change,
    "power": _power,
}
