"""What can be asked: the catalogue in force to look things up in, by level or by words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.views.decorators.http import require_safe

from huying.cases.words import limit_words
from huying.catalogue.models import DutyRole
from huying.catalogue.queries import published
from huying.home.desk.access import staff_required
from huying.home.desk.choosing import fold, item_choices, item_name
from huying.kit.names import in_language

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpResponse

    from huying.catalogue.queries import ItemCard
    from huying.home.desk.access import DeskRequest


@require_safe
@staff_required()
def items(request: DeskRequest) -> HttpResponse:
    """Show the catalogue as a tree, or only what fits the words; as a part for the drawer of a form."""
    book, words = published(), request.GET.get("words", "").strip()[:60]
    found = [choice.card for choice in item_choices().matching(words)] if fold(words) else book.leaves
    part = "part" in request.GET
    context = {
        "tree": _tree(found), "found": len(found), "words": words, "book": book,
        "into": request.GET.get("into", "")[:60] if part else "",
    }  # fmt: skip
    return render(request, "desk/parts/items.html" if part else "desk/items.html", context)


def _tree(leaves: Iterable[ItemCard]) -> list[dict[str, Any]]:
    """Return items under their upper two levels; an item that has fewer stands under itself."""
    book = published()
    roles = {role.key: in_language(role.name, role.name_en) for role in DutyRole.objects.all()}
    tops: dict[str, dict[str, Any]] = {}
    for card in leaves:
        line = book.line(card.code)
        first, second = line[0], line[min(1, len(line) - 1)]
        top = tops.setdefault(
            first.code, {"name": item_name(first), "code": first.code, "count": 0, "groups": {}}
        )
        group = top["groups"].setdefault(
            second.code, {"name": item_name(second), "code": second.code, "items": []}
        )
        group["items"].append(_leaf(card, roles))
        top["count"] += 1
    return [top | {"groups": list(top["groups"].values())} for top in tops.values()]


def _branch(card: ItemCard) -> dict[str, Any]:
    return {"name": item_name(card), "code": card.code}


def _leaf(card: ItemCard, roles: dict[str, str]) -> dict[str, Any]:
    return {
        "card": card, "name": item_name(card), "value": item_choices().value_of(card.code),
        "limit": limit_words(card.limit.amount, str(card.limit.unit)),
        "lead": roles.get(card.lead, card.lead), "assists": [roles.get(role, role) for role in card.assists],
        "fallback": roles.get(card.fallback, card.fallback),
    }  # fmt: skip
