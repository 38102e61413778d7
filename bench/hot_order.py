"""Tellings told one by one in their order, as a town hears them: which matters live search makes of them."""

from __future__ import annotations

import time
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from huying.insight.core.hotspots import (
    Lexicon,
    MatterProfile,
    Profile,
    belonging,
    nearest,
    profile,
    profiles_of,
    together,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from huying.insight.core.hotspots import Telling

GROWN, LEAST_GROWN = 1.5, 20  # as `huying.insight.lexicons`
LATEST: Final = 40  # as `huying.insight.signing`
NEAREST: Final = 40  # of each key, as `huying.insight.matching` of each square


class Ear:
    """Hears tellings one by one and keeps what a town keeps of them; the lexicon only of what was heard."""

    def __init__(self, window: timedelta, learnt: Lexicon | None = None) -> None:
        self._window, self._fixed = window, learnt is not None
        self._lexicon = learnt or Lexicon.blank()
        self._heard: list[Telling] = []
        self._about: dict[str, Profile] = {}
        self._moments: dict[str, datetime] = {}
        self._home: dict[str, str] = {}
        self._matters: dict[str, MatterProfile] = {}
        self._filed: dict[str, dict[str, None]] = defaultdict(dict)
        self._keyed: dict[str, list[str]] = defaultdict(list)
        self._texts = 0
        self.members: dict[str, list[str]] = defaultdict(list)
        self.took_ms: list[float] = []

    def hear(self, one: Telling) -> None:
        """Put one telling where it belongs."""
        if not self._fixed and len(self._heard) >= max(GROWN * self._texts, self._texts + LEAST_GROWN):
            self._learn()
        began = time.perf_counter()
        about = profile(one, self._lexicon)
        self._about[one.id], self._moments[one.id] = about, one.moment
        since = one.moment - self._window
        matters = {
            spot: self._matters[spot]
            for key in about.loud_keys()
            for spot in self._filed.get(key, ())
            if self._moments[self.members[spot][-1]] >= since
        }
        loose = {
            other: self._about[other]
            for key in about.loud_keys()
            for other in self._keyed.get(key, [])[-NEAREST:]
            if other not in self._home and self._moments[other] >= since
        }
        spot = nearest(about, matters)
        if spot is not None:
            self._give(spot, [one.id, *belonging(matters[spot].joined_by(about), loose)])
        elif others := together(about, loose):
            self._give(one.id, [*others, one.id])
        for key in about.loud_keys():
            self._keyed[key].append(one.id)
        self._heard.append(one)
        self.took_ms.append(1000 * (time.perf_counter() - began))

    def _give(self, spot: str, tellings: Sequence[str]) -> None:
        self._home |= dict.fromkeys(tellings, spot)
        self.members[spot] = sorted([*self.members[spot], *tellings], key=lambda id_: self._moments[id_])
        self._file(spot)

    def _file(self, spot: str) -> None:
        matter = MatterProfile.of(self._about[id_] for id_ in self.members[spot][-LATEST:])
        self._matters[spot] = matter
        keys = matter.keys()
        for key in keys:
            self._filed[key][spot] = None

    def _learn(self) -> None:
        """Learn the words anew, and read all that was heard by them."""
        self._texts = len(self._heard)
        self._lexicon, _profiles = Lexicon.learn(self._heard)
        self._about = {
            one.id: about
            for one, about in zip(self._heard, profiles_of(self._heard, self._lexicon), strict=True)
        }
        self._keyed.clear()
        self._filed.clear()
        for one in self._heard:
            for key in self._about[one.id].loud_keys():
                self._keyed[key].append(one.id)
        for spot in self.members:
            self._file(spot)


def told_in_order(tellings: Sequence[Telling], *, learnt: bool) -> Ear:
    """Return what live search makes of tellings told in their order.

    With `learnt` it knows the words of all of them, as a town does that has listened for long; else it
    begins knowing none. It looks back as far as the tellings go, as the full pass does.
    """
    heard = sorted(tellings, key=lambda one: (one.moment, one.id))
    ear = Ear(heard[-1].moment - heard[0].moment, Lexicon.learn(heard)[0] if learnt else None)
    for one in heard:
        ear.hear(one)
    return ear
