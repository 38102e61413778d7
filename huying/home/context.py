"""What every page knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, object]:
    """Return what base templates show on every page."""
    return {"care": request.COOKIES.get("care") == "1"}
