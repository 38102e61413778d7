"""Which areas a board is asked for, within those whose numbers somebody may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huying.board.rules import areas_of
from huying.cases.rules import lies_under
from huying.kit.errors import Refusal
from huying.people.permissions import Permission
from huying.people.reasons import NOT_ALLOWED
from huying.places.queries import town_map

if TYPE_CHECKING:
    from huying.home.desk.access import DeskRequest


def asked_areas(request: DeskRequest) -> tuple[list[str], str]:
    """Return the areas of the board and the code of the one it is of. Refusal where none is one's own."""
    tops = areas_of(request.actor, Permission.STATS_SEE)
    if not tops:
        raise Refusal(NOT_ALLOWED)
    asked = town_map().by_code(request.GET.get("area", ""))
    if asked is not None and any(lies_under(asked.path, top) for top in tops):
        return [asked.path], asked.code
    return tops, tops[0].rpartition("/")[2] if len(tops) == 1 else ""
