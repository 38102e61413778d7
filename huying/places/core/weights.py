"""What each reason for or against a reading weighs, in one table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from huying.places.core.entries import Reason

# In logits: with the sum s of its weights a reading is right with likelihood 1 / (1 + e^-s), rivals aside.
# Set by hand on written examples; 2.4 alone means 0.92, 0 means as likely as not.
WEIGHTS: Final[dict[Reason, float]] = {
    "exact_name": 2.4,
    "alias": 2.0,
    "former_name": 1.6,
    "short_name": 1.4,
    "stem_only": -0.2,
    "homophone": 2.1,
    "near_homophone": 1.9,
    "pinyin": 1.8,
    "initials": 0.9,
    "slip": 1.7,
    "fuzzy": 0.9,
    "short_word": -1.6,
    "inside_longer_name": -1.4,
    "part_follows": 0.4,
    "part_nearby": 0.1,
    "building_known": 0.3,
    "building_unknown": -0.3,
    "several_buildings": 0.0,
    "road_without_number": -0.8,
    "parent_agrees": 0.8,
    "parent_missing": -0.2,
    "parent_contradicts": -2.4,
    "place_contradicts": -1.2,
    "other_area_named": -0.5,
    "unknown_area_named": -1.4,
    "hint_agrees": 0.8,
    "hint_disagrees": -1.0,
    "named_late": -0.6,
    "repeated": 0.6,
    "background": -1.0,
    "relative": -1.8,
    "landmark": -1.5,
}
# What a doubt about the place itself leaves of the doubt about its whereabouts: what is beside a school lies
# in the school's community, and a road without a number is still that road.
WHEREABOUTS: Final[dict[Reason, float]] = {
    "relative": 0.15,
    "landmark": 0.4,
    "road_without_number": 0.0,
    "named_late": 0.4,
    "building_unknown": 0.0,
}
