"""How the town's grades look on a page."""

from __future__ import annotations

from typing import Final

from huying.catalogue.queries import grade_table
from huying.kit.names import in_language
from huying.ui.status import Look

# Tone of a grade in the town's table → tone and icon of its tag.
TONES: Final = {
    "danger": ("solid-bad", "alert"),
    "warn": ("warn", "flag"),
    "info": ("info", ""),
    "quiet": ("mute", ""),
}


def grade_look(key: str) -> Look | None:
    """Return the tag of a grade, None when the town has no such grade."""
    row = grade_table().by_key.get(key)
    if row is None:
        return None
    tone, icon = TONES.get(row.tone, TONES["quiet"])
    return Look(f"{row.key} {in_language(row.name, row.name_en)}", tone, icon)
