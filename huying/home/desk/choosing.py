"""Choosing a unit, item or area by typing: name, code, pinyin or initials, with or without JavaScript."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from django.utils.translation import get_language

from huying.catalogue.queries import CATALOGUE, ItemCard, published
from huying.kit.names import in_language
from huying.ledger.snapshots import Snapshot
from huying.people.queries import EDITION as PEOPLE
from huying.people.queries import UnitCard, unit_book
from huying.places.core.chinese import initials, pinyin
from huying.places.queries import PLACES, AreaCard, town_map

if TYPE_CHECKING:
    from collections.abc import Iterable

T = TypeVar("T")
MOST_TOLD = 5
MOST_OFFERED = 150


@dataclass(frozen=True)
class Choice(Generic[T]):
    """One thing to choose: `value` is what the field then holds, `label` what it is also found by."""

    value: str
    label: str
    card: T


def fold(text: str) -> str:
    """Return what was typed without what does not matter: width, case, spaces."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


class Choices(Generic[T]):
    """All choices of one kind, and the finding of the one that was meant."""

    def __init__(self, things: Iterable[tuple[str, str, tuple[str, ...], str, T]]) -> None:
        """Take (code, name, other keys, what it lies in, card) of each thing, in the order to show them."""
        rows = list(things)
        twice = {name for name, count in Counter(name for _, name, *_ in rows).items() if count > 1}
        self.all: list[Choice[T]] = []
        self._by_code: dict[str, Choice[T]] = {}
        self._exact: dict[str, list[Choice[T]]] = {}
        self._keys: list[tuple[str, Choice[T]]] = []
        for code, name, keys, within, card in rows:
            value = f"{name} ({code})" if name in twice else name
            # The browser offers a choice whose value or label holds what is typed.
            label = " · ".join(part for part in (within, code, initials(name)) if part)
            choice = Choice(value, label, card)
            self.all.append(choice)
            self._by_code[fold(code)] = choice
            known = {fold(key) for key in (value, name, initials(name), pinyin(name), *keys) if key}
            for key in known:
                self._exact.setdefault(key, []).append(choice)
            self._keys.append(("\x1f".join(known), choice))

    def find(self, typed: str) -> list[Choice[T]]:
        """Return what may be meant, a single one when it is clear, none when nothing fits.

        A whole code, name, pinyin or initials goes before a piece of one.
        """
        words = fold(typed)
        if not words:
            return []
        if words in self._by_code:
            return [self._by_code[words]]
        if words in self._exact:
            return self._exact[words][: MOST_TOLD + 1]
        return self.matching(typed)[: MOST_TOLD + 1]

    def matching(self, typed: str) -> list[Choice[T]]:
        """Return everything of which a name, another key, pinyin or initials holds what was typed."""
        words = fold(typed)
        return [choice for keys, choice in self._keys if words in keys] if words else []

    def value_of(self, code: str) -> str:
        """Return what a field holds when the thing with this code is chosen; "" for an unknown code."""
        choice = self._by_code.get(fold(code))
        return choice.value if choice else ""


class AreaChoices(Choices[AreaCard]):
    """Areas: of several that fit, the one all others lie in is meant."""

    def find(self, typed: str) -> list[Choice[AreaCard]]:
        """Return what may be meant; 荷塘 is the community, not the grids named after it."""
        found = super().find(typed)
        if len(found) > 1:
            all_ = self.matching(typed)
            widest = min(all_, key=lambda choice: (choice.card.rank, choice.card.path)).card
            if all(f"{choice.card.path}/".startswith(f"{widest.path}/") for choice in all_):
                return [choice for choice in all_ if choice.card is widest]
        return found


def _build_units() -> Choices[UnitCard]:
    return Choices((card.code, card.name, (), "", card) for card in unit_book().all())


def _build_items() -> Choices[ItemCard]:
    book = published()

    def within(card: ItemCard) -> str:
        return " › ".join(above.name for above in book.line(card.code)[:-1])

    return Choices(
        (card.code, card.name, (card.name_en, *card.keywords), within(card), card) for card in book.leaves
    )


def _build_areas() -> AreaChoices:
    town = town_map()
    cards = sorted(town.areas.values(), key=lambda card: (card.rank, card.path))
    names = {card.code: card.name for card in cards}
    above = {card.code: names.get(card.path.split("/")[-2], "") if "/" in card.path else "" for card in cards}
    return AreaChoices((card.code, card.name, (), above[card.code], card) for card in cards)


_UNITS = Snapshot(_build_units, PEOPLE, PLACES)
_ITEMS = Snapshot(_build_items, CATALOGUE)
_AREAS = Snapshot(_build_areas, PLACES)


def unit_choices() -> Choices[UnitCard]:
    """Return the units of the town."""
    return _UNITS.get()


def item_choices() -> Choices[ItemCard]:
    """Return the items of the catalogue in force that a case can be given."""
    return _ITEMS.get()


def area_choices() -> AreaChoices:
    """Return the areas of today, the widest first."""
    return _AREAS.get()


def offered_areas() -> list[Choice[AreaCard]]:
    """Return the areas worth offering while somebody types: the wider levels, as long as they are few.

    Any area can be typed; a page with every building cell of a town in it would only be heavy.
    """
    choices = area_choices().all
    ranks = Counter(choice.card.rank for choice in choices)
    total, deepest = 0, -1
    for rank in sorted(ranks):
        total += ranks[rank]
        if total > MOST_OFFERED:
            break
        deepest = rank
    return [choice for choice in choices if choice.card.rank <= deepest]


def item_name(card: object) -> str:
    """Return an item's name (of a card or a row of any version) in the reader's language; "" for none."""
    if card is None:
        return ""
    return in_language(str(getattr(card, "name", "")), str(getattr(card, "name_en", "")))


def is_english() -> bool:
    """Return whether the page is shown in English."""
    return (get_language() or "").startswith("en")
