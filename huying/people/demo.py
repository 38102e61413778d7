"""The accounts a demo town shows on its sign-in page."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import get_language

FILE_NAME = "demo_accounts.json"


@dataclass(frozen=True)
class DemoAccount:
    """An account anybody may use: who it is, and what it may do."""

    username: str
    password: str
    name: str = ""
    role: str = ""
    role_en: str = ""
    unit: str = ""

    @property
    def role_here(self) -> str:
        """Return the role in the language active now."""
        return self.role_en if (get_language() or "").startswith("en") and self.role_en else self.role


def demo_accounts() -> list[DemoAccount]:
    """Return the demo accounts; none outside demo mode, or where the demo was not founded."""
    if not settings.DEMO:
        return []
    try:
        rows = json.loads((Path(settings.DATA_DIR) / FILE_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    known = DemoAccount.__dataclass_fields__
    return [DemoAccount(**{key: str(value) for key, value in row.items() if key in known}) for row in rows]
