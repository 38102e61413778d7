"""What a catalogue says of its items, as examples: all there is on the first day, less and less later on."""

from collections.abc import Iterable
from typing import Final

from huying.triage.core.itemtext import ItemText

from .examples import Example

STATED_WEIGHT: Final = 0.3
"""A catalogue's words count less than a message a person judged, so that history takes over as it comes."""


def catalogue_examples(items: Iterable[ItemText], weight: float = STATED_WEIGHT) -> list[Example]:
    """Return examples for items: names with their keywords together, each written example alone.

    The label is the item's code, the path its ancestors' names, widest first. Learnt alone they are a cold
    start; learnt together with history, an item without any history can still be named.
    """
    return [
        Example(text, item.code, weight=weight, path=tuple(reversed(item.names[1:])))
        for item in items
        for text in (" ".join((*item.names, *item.keywords)), *item.examples)
    ]
