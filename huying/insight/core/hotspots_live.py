"""One new appeal among known matters and loose appeals: where it belongs, by the measures of the full pass.

A telling joins the matter it has most `affinity` to, from `Settings.belong` on, as `hotspots_settle` decides.
Loose ones become a matter as `hotspots_groups` joins them: by the geometric mean of how places and causes
agree, averaged over all pairs, from `Settings.join` on; and each must belong to the others, as settled.
"""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, Final, TypeVar

from .hotspots_profile import MatterProfile, affinity
from .hotspots_told import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .hotspots_profile import Profile
    from .hotspots_told import Settings

Key = TypeVar("Key")
MOST_TOGETHER: Final = 40
"""More loose ones than this are no longer looked at for one new matter: the nearest stand first."""
_TINY: Final = 1e-9


def nearest(one: Profile, matters: Mapping[Key, MatterProfile], settings: Settings = DEFAULT) -> Key | None:
    """Return the key of the matter a telling belongs to, the nearest; None where it belongs to none."""
    found = [(affinity(one, matter), place, key) for place, (key, matter) in enumerate(matters.items())]
    near, _place, key = max(found, key=lambda told: (told[0], -told[1]), default=(0.0, 0, None))
    return key if near >= settings.belong else None


def agreement(one: Profile, other: MatterProfile) -> float:
    """Return how a telling agrees with a group on average over its members, 0 to 1."""
    place = sum(weight * other.places.get(key, 0.0) for key, weight in one.places.items())
    if place <= 0:
        return 0.0
    cause = float(one.cause @ other.cause)
    return sqrt(place * max(cause, 0.0)) / other.count


def together(one: Profile, loose: Mapping[Key, Profile], settings: Settings = DEFAULT) -> list[Key]:
    """Return the loose ones that make a matter with a new one; none when they are too few for it.

    The one that agrees best with all who are in it already comes next, so the first two are the surest.
    """
    alone = MatterProfile.of([one])
    near = {key: told for key, other in loose.items() if (told := agreement(other, alone)) > 0}
    waiting = sorted(near, key=lambda key: -near[key])[:MOST_TOGETHER]
    kept: list[Key] = []
    group = alone
    while waiting:
        agreed = {key: agreement(loose[key], group) for key in waiting}
        best = max(waiting, key=lambda key: agreed[key])
        if agreed[best] < settings.join:
            break
        kept.append(best)
        waiting.remove(best)
        group = group.joined_by(loose[best])
    return _settled(one, kept, loose, settings)


def _settled(
    one: Profile, kept: Sequence[Key], loose: Mapping[Key, Profile], settings: Settings
) -> list[Key]:
    """Return those of a group that belong to the rest of it, the new one always among that rest."""
    staying = list(kept)
    while len(staying) + 1 >= settings.least_members:
        members = [one, *(loose[key] for key in staying)]
        fits = [
            affinity(member, MatterProfile.of([*members[:place], *members[place + 1 :]]))
            for place, member in enumerate(members)
        ]
        worst = min(range(len(members)), key=lambda place: fits[place])
        if fits[worst] >= settings.belong:
            return staying
        if worst == 0:
            return []
        del staying[worst - 1]
    return []


def belonging(matter: MatterProfile, loose: Mapping[Key, Profile], settings: Settings = DEFAULT) -> list[Key]:
    """Return the loose ones that belong to a matter now that it has grown."""
    return [key for key, other in loose.items() if affinity(other, matter) >= settings.belong]
