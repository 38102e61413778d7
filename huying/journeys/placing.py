"""What is known of the place of an appeal: its point, its words, a scanned code, the area of its channel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huying.intake.queries import channel_area
from huying.places.queries import Told

if TYPE_CHECKING:
    from huying.intake.actions import Received


def told_of(received: Received) -> Told:
    """Return what an appeal tells of its place."""
    draft = received.draft
    return Told(
        lat=received.lat,
        lon=received.lon,
        place_words=received.place_words,
        text=received.words,
        code=draft.place_code,
        hint=channel_area(draft.channel),
        chosen=draft.place_chosen,
    )
