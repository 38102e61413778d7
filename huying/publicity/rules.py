"""What of a case may be public at all, and how roughly its place is told to strangers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huying.cases.models import Case, Status
from huying.catalogue.queries import item_card
from huying.places.models import PlaceKind
from huying.places.queries import town_map
from huying.publicity import reasons

if TYPE_CHECKING:
    from huying.kit.errors import Reason

# States in which there is nothing of this case to tell: it went elsewhere, or nobody asks any more.
_NEVER = frozenset({"merged", "withdrawn", "inadmissible", "transferred", "lapsed"})
# Levels of the area path down to which a place is told: district, street, community.
COMMUNITY_DEPTH = 3


def why_not_public(case: Case) -> Reason | None:
    """Return why nothing of a case may be public, or None when a clerk may release it."""
    item = item_card(case.item_id)
    if case.confidential:
        return reasons.CONFIDENTIAL
    if item is None or not item.public:
        return reasons.ITEM_NOT_PUBLIC
    if Status(case.status).value in _NEVER:
        return reasons.STATE_NOT_PUBLIC
    return None if case.area_id is not None else reasons.AREA_UNKNOWN


def rough_place(case: Case) -> str:
    """Return the estate, road or facility, else the community: never a building, never a resident's words."""
    if case.place is not None and case.place.kind != PlaceKind.BUILDING:
        return str(case.place.name)
    return community_name(case.area_path)


def community_path(area_path: str) -> str:
    """Return the path of the community an area lies in, or of the area itself where it is wider."""
    return "/".join(area_path.split("/")[:COMMUNITY_DEPTH])


def community_name(area_path: str) -> str:
    """Return the name of the community (or of what is known above it)."""
    town = town_map()
    cards = [
        card for code in community_path(area_path).split("/") if (card := town.by_code(code)) is not None
    ]
    return cards[-1].name if cards else ""
