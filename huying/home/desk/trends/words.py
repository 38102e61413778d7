"""How trends are told: changes in per cent, shares with what they stand on, and what a fall is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from huying.insight.core.telling import Counted, Told, tell
from huying.insight.core.trend import SPAN, Fall, Share, changes, judge
from huying.kit.moments import read_out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from huying.insight.core.trend import Month, Verdict

TONES = {Fall.NONE: "mute", Fall.MENDED: "ok", Fall.TIRED: "bad", Fall.UNKNOWN: "warn"}


def rows_of(months: Sequence[Month]) -> list[dict[str, Any]]:
    """Return the whole months as a table shows them, the latest first."""
    return [
        {
            "month": read_out(change.month), "count": change.count, "on_month": _percent(change.on_month),
            "on_year": _percent(change.on_year), "returned": share_in_words(month.returned),
            "satisfied": share_in_words(month.satisfied),
        }
        for month, change in zip(reversed(months), reversed(changes(months)), strict=True)
    ]  # fmt: skip


def _percent(change: float | None) -> str:
    return "—" if change is None else f"{change:+.0f} %"


def share_in_words(share: Share) -> str:
    """Return a share with what it stands on; a range below 30, and nothing below 5."""
    number = tell(Counted(share.hits, share.whole))
    if number.told == Told.NOTHING:
        return "—"
    if number.told == Told.HIDDEN:
        return _("too few to tell")
    if number.share is None:
        low, high = 100 * (number.low or 0), 100 * (number.high or 0)
        return _("{low}–{high} % (n = {n})").format(low=f"{low:.0f}", high=f"{high:.0f}", n=share.whole)
    return _("{share} % (n = {n})").format(share=f"{100 * number.share:.1f}", n=share.whole)


def verdict_of(months: Sequence[Month]) -> dict[str, Any]:
    """Return what is to be said of the last whole months, in a sentence, with the two pairs beside it."""
    verdict = judge(months)
    return {
        "said": _said(verdict), "tone": TONES[verdict.fall], "fell": verdict.fall != Fall.NONE,
        "pairs": [
            (_("Back to work, of the replied"), *map(share_in_words, verdict.returned)),
            (_("Satisfied, of those who gave stars"), *map(share_in_words, verdict.satisfied)),
        ],
        "span": SPAN,
    }  # fmt: skip


def _said(verdict: Verdict) -> str:
    if verdict.fall == Fall.MENDED:
        return _(
            "Fell {months} months in a row, and neither do more come back nor are fewer satisfied: it works."
        ).format(months=verdict.months)
    if verdict.fall == Fall.TIRED:
        return _(
            "Fell {months} months in a row, but more come back or fewer are satisfied: people may have given "
            "up telling of it. This is no success yet."
        ).format(months=verdict.months)
    if verdict.fall == Fall.UNKNOWN:
        return _(
            "Fell {months} months in a row, but too few answered to know whether that is a success."
        ).format(months=verdict.months)
    if verdict.months:
        return _("Did not fall {span} months in a row (so far {months}).").format(
            span=SPAN, months=verdict.months
        )
    return _("Did not fall last month.")
