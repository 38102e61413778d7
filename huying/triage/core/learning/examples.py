"""What is learnt from: texts with the label a person gave them."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Example:
    """A text and its right label.

    `title` is the short line above a text where there is one. `weight` (above 0) says how much the example
    counts: a ruled dispute more than a quick choice. `path` holds the label's ancestors, widest first, in a
    catalogue of several levels. Rows with the same `id` are one message told twice (raw, and cut into words).
    """

    text: str
    label: str
    id: str = ""
    title: str = ""
    weight: float = 1.0
    path: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """The title and the text; a title the text begins with anyway is not said twice."""
        return self.text if self.text.startswith(self.title) else f"{self.title}\n{self.text}"


def fingerprint(examples: Iterable[Example]) -> str:
    """Return the sha256 (hex) of everything the examples say, in their order."""
    digest = hashlib.sha256()
    for one in examples:
        told = [one.id, one.title, one.text, one.label, one.weight, one.path]
        digest.update(json.dumps(told, ensure_ascii=False).encode("utf-8", "replace"))
        digest.update(b"\n")
    return digest.hexdigest()
