"""What residents ask for by when, and whom it concerns, as the case page and the queue show it."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huying.cases.models import OPEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from huying.cases.models import Case

HOUSEHOLDS = "户"


def asked_of(case: Case, asks: Iterable[Mapping[str, Any]]) -> dict[str, Any] | None:
    """Return what these verdicts (`Verdict.asks`) read, in lines; None when they read nothing.

    `late` says that the handling clock ends after the earliest day asked for.
    """
    told = [one for one in asks if one]
    if not told:
        return None
    days = sorted({(str(day["on"]), str(day["by"])) for one in told for day in one.get("days", ())})
    many = max(told, key=lambda one: int(one.get("count", 0)))
    words = list(dict.fromkeys(word for one in told for word in one.get("words", ())))
    lines = [_day(on, by) for on, by in days]
    if count := int(many.get("count", 0)):
        lines.append(_many(count, str(many.get("unit", ""))))
    if words:
        lines.append(_("words of gathering: %(words)s") % {"words": "、".join(words)})
    return {"lines": lines, "late": bool(days) and _is_late(case, *days[0])}


def _is_late(case: Case, on: str, by: str) -> bool:
    if case.due_at is None or case.status not in OPEN:
        return False
    # Without an hour, the whole day is meant.
    until = datetime.combine(
        date.fromisoformat(on), time.fromisoformat(by) if by else time.max, tzinfo=get_default_timezone()
    )
    return case.due_at > until


def _day(on: str, by: str) -> str:
    return (
        _("%(day)s before %(hour)s") % {"day": on[5:], "hour": by}
        if by
        else _("by %(day)s") % {"day": on[5:]}
    )


def _many(count: int, unit: str) -> str:
    if unit == HOUSEHOLDS:
        return ngettext("%(count)d household", "%(count)d households", count) % {"count": count}
    return ngettext("%(count)d person", "%(count)d people", count) % {"count": count}
