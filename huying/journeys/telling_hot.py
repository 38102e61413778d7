"""Facts of hot spots become notices: who looks after the place hears when a matter rises or comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from huying.catalogue.core.calendar import local_day
from huying.insight.hotspots import hot_matter
from huying.insight.stages import Stage
from huying.notify.actions import Told, tell_units
from huying.people.permissions import Permission
from huying.people.queries import guarding_units

if TYPE_CHECKING:
    from huying.ledger.models import Fact

# An early sign stands among the alerts; a letter for each would be read by nobody.
LETTERS = {
    Stage.RISING: "hot_spot_rising", Stage.HOT: "hot_spot_hot", Stage.RETURNED: "hot_spot_returned"
}  # fmt: skip


def tell_alert(fact: Fact) -> None:
    """Tell the units that decide on hot spots nearest to the place; once, as the alert is raised once."""
    kind = LETTERS.get(Stage(fact.data["stage"]))
    matter = hot_matter(UUID(fact.stream.partition(":")[2]))
    if kind is None or matter is None:
        return
    data = {
        "hot": str(matter.key), "title": matter.title, "place": matter.place or "—",
        "count": fact.data["count"], "people": fact.data["appellants"],
    }  # fmt: skip
    units = guarding_units(Permission.HOTSPOT_DECIDE, fact.data["area"], on=local_day(fact.at))
    tell_units(Told(unit, kind, data, fact.at) for unit in dict.fromkeys(units))
