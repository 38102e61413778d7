"""What anybody may read: the published catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ninja import Router

from huying.api.schemas import ItemOut
from huying.catalogue.queries import published

if TYPE_CHECKING:
    from django.http import HttpRequest

router = Router(tags=["catalogue"])


@router.get("/items", response=list[ItemOut])
def items(request: HttpRequest) -> list[ItemOut]:  # noqa: ARG001 - ninja names it
    """List the items of the catalogue in force."""
    return [
        ItemOut(
            code=item.code,
            parent=item.parent_code,
            level=item.level,
            name=item.name,
            name_en=item.name_en,
            grade=item.grade,
            is_leaf=item.is_leaf,
        )
        for _, item in sorted(published().by_code.items())
    ]
