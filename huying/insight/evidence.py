"""Evidence in sentences: why a matter is thought hot, each with the numbers it stands on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huying.catalogue.core.calendar import local_day

if TYPE_CHECKING:
    from huying.insight.models import HotSpot

# From so many appeals of one appellant on it is said that they count as one.
MANY_OF_ONE = 3
GROWS = 1.5


def sentences_of(spot: HotSpot) -> tuple[str, ...]:
    """Return why a matter has its heat, in the active language: counted, expected, who, growth, words."""
    said = [_counted(spot), _expected(spot)]
    if spot.busiest >= MANY_OF_ONE:
        said.append(
            _("One appellant wrote {count} of them; that counts as one appellant.").format(count=spot.busiest)
        )
    if spot.me_too:
        said.append(
            ngettext(
                "{count} neighbour said “me too”; that counts damped, not as an appeal.",
                "{count} neighbours said “me too”; that counts damped, not as appeals.",
                spot.me_too,
            ).format(count=spot.me_too)
        )
    if spot.growth >= GROWS:
        said.append(
            _("{growth} times as many wrote in the last 14 days as in the 14 before.").format(
                growth=f"{spot.growth:.1f}"
            )
        )
    if spot.episode > 1:
        said.append(_("It had calmed down before and came back ({count}).").format(count=spot.episode - 1))
    if spot.words:
        said.append(_("The texts share: {words}.").format(words="、".join(spot.words)))
    return tuple(said)


def _counted(spot: HotSpot) -> str:
    if not spot.count:
        return _("No appeal is left in it: what it held was taken back or belongs to another matter.")
    days = (local_day(spot.last_at) - local_day(spot.first_at)).days + 1
    return ngettext(
        "{count} appeal of {people} appellants in {days} days.",
        "{count} appeals of {people} appellants in {days} days.",
        spot.count,
    ).format(count=spot.count, people=spot.appellants, days=days)


def _expected(spot: HotSpot) -> str:
    return _("Here, for matters of this kind, {expected} were to be expected of late; heat {heat}.").format(
        expected=f"{spot.expected:.1f}", heat=f"{spot.heat:.1f}"
    )
