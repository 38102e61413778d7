"""How a number is told on a page: its value in words, its base, its formula, and what was left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huying.insight.core.indicators import Indicator, Kind
from huying.insight.core.telling import FEWEST, Number, Tier, Told, tier_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

HOUR, DAY = 3600, 86_400


def card_of(one: Indicator, number: Number) -> dict[str, Any]:
    """Return an indicator of the whole: value, base, formula, and the reasons with their counts."""
    counted, hidden = number.counted, number.told == Told.HIDDEN
    left = [(_(reason.words), counted.left.get(reason.key, 0)) for reason in one.left]
    return {
        "key": one.key, "label": _(one.label), "about": _(one.about) if one.about else "",
        "formula": _formula(one), "value": value_of(one, number), "base": base_of(one, number),
        "percent": _percent(one, number), "hidden": hidden,
        "left": [] if hidden else [(words, n) for words, n in left if n],
        "left_out": sum(n for _words, n in left),
    }  # fmt: skip


def row_of(one: Indicator, label: str, number: Number, whole: Number | None) -> dict[str, Any]:
    """Return a row of the table; with `whole`, the tier it stands in beside it."""
    looks: dict[Tier, tuple[StrOrPromise, str]] = {
        Tier.ABOVE: (_("above the whole"), "info"), Tier.LIKE: (_("like the whole"), "mute"),
        Tier.BELOW: (_("below the whole"), "warn"),
    }  # fmt: skip
    tier = tier_of(number, whole) if whole is not None else None
    hidden = number.told == Told.HIDDEN
    return {
        "label": label, "value": value_of(one, number), "base": base_of(one, number),
        "left_out": "" if hidden else sum(number.counted.left.values()),
        "percent": _percent(one, number), "tier": looks[tier] if tier else None,
    }  # fmt: skip


def _formula(one: Indicator) -> str:
    if one.kind == Kind.SHARE:
        return f"{_(one.hits)} ÷ {_(one.whole)}"
    if one.kind == Kind.COUNT:
        return _(one.hits)
    return _("median over: {whole}").format(whole=_(one.whole))


def value_of(one: Indicator, number: Number) -> str:
    """Return the value in words: a percentage, a range, a count, a length of time, or why there is none."""
    if number.told == Told.NOTHING:
        return "—"
    if number.told == Told.HIDDEN:
        return _("too few to tell")
    if one.kind == Kind.COUNT:
        return str(number.counted.hits)
    if one.kind == Kind.MEDIAN:
        length = length_of(number.counted.seconds)
        return length if number.told == Told.PLAIN else _("about {length}").format(length=length)
    if number.share is not None:
        return f"{number.share:.1%}"
    low, high = (number.low or 0) * 100, (number.high or 0) * 100
    return _("about {low:.0f}–{high:.0f} %").format(low=low, high=high)


def base_of(one: Indicator, number: Number) -> str:
    """Return what the value stands on."""
    if number.told == Told.HIDDEN:
        return _("fewer than {fewest}, or hidden with such").format(fewest=FEWEST)
    counted = number.counted
    return f"{counted.hits} / {counted.whole}" if one.kind == Kind.SHARE else f"n = {counted.whole}"


def _percent(one: Indicator, number: Number) -> float | None:
    return number.share * 100 if one.kind == Kind.SHARE and number.share is not None else None


def length_of(seconds: float | None) -> str:
    """Return a length of time in words, in the unit that suits it."""
    if seconds is None:
        return "—"
    if seconds < 1:
        return _("under a second")
    if seconds < HOUR:
        minutes = max(1, round(seconds / 60))
        return ngettext("{n} minute", "{n} minutes", minutes).format(n=minutes)
    if seconds < 2 * DAY:
        return _("{n:.1f} hours").format(n=seconds / HOUR)
    return _("{n:.1f} days").format(n=seconds / DAY)
