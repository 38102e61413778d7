"""What is expected of today, this week and this month, or why nothing is, in sentences and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from huying.home.desk.hotspots.words import chart_of
from huying.insight.core.forecast import Expected

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from huying.insight.core.forecast_spans import TooShort
    from huying.insight.core.trend import Month
    from huying.insight.forecasts import Day, Outlook
    from huying.insight.trends import Week


def outlook_of(days: Sequence[Day], months: Sequence[Month], expected: Sequence[Outlook]) -> dict[str, Any]:
    """Return the running day and month beside their ranges, the days gone by, and a range for each month."""
    past, today = days[:-1], days[-1]
    known = [(day, day.expected) for day in past if isinstance(day.expected, Expected)]
    return {
        "ahead": [
            {"span": _("Today"), "count": today.count, "said": _range(today.expected, _day_short)},
            {"span": _("This month"), "count": months[-1].count, "said": _range(expected[-1], _month_short)},
        ],
        "days": [
            {"on": day.on, "count": day.count, "low": one.low, "high": one.high, "verdict": day.verdict}
            for day, one in reversed(known)
        ],
        "days_chart": chart_of(
            [f"{day.on.month}/{day.on.day}" for day, _one in known], [day.count for day, _one in known],
            [one for _day, one in known],
        ) if known else None,
    }  # fmt: skip


def week_ahead(week: Week) -> dict[str, Any]:
    """Return the week that runs beside its range."""
    return {"span": _("This week"), "count": week.count, "said": _in_all(week.expected)}


def month_ranges(months: Sequence[Month], expected: Sequence[Outlook]) -> dict[str, dict[str, Any]]:
    """Return by month its range and whether it lay outside, where something was expected of it."""
    return {
        month.month: {"low": one.low, "high": one.high, "verdict": one.verdict(month.count)}
        for month, one in zip(months, expected, strict=True)
        if isinstance(one, Expected)
    }


def _range(one: Outlook, short: Callable[[TooShort], str]) -> str:
    if isinstance(one, Expected):
        return _in_all(one)
    return short(one)


def _in_all(one: Expected) -> str:
    return _("{low} to {high} expected in all").format(low=one.low, high=one.high)


def _day_short(one: TooShort) -> str:
    return _(
        "Not forecast: it takes {least} days with {appeals} appeals in all; there are {days} with {count}."
    ).format(least=one.least_spans, appeals=one.least_count, days=one.spans, count=one.count)


def _month_short(one: TooShort) -> str:
    return _(
        "Not forecast: it takes {least} months with {appeals} appeals in all; "
        "there are {months} with {count}."
    ).format(least=one.least_spans, appeals=one.least_count, months=one.spans, count=one.count)
