"""What the catalogue says about its items, as the texts the model learns from."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from .fold import fold

DocumentKind: TypeAlias = Literal["name", "keywords", "example"]


@dataclass(frozen=True, slots=True)
class ItemText:
    """What the catalogue says about one item.

    `names` are its own name, then its ancestors' from near to far; `keywords` and `examples` may be
    empty (a town may have nothing but names; its confidences then stay low).
    """

    code: str
    names: tuple[str, ...]
    keywords: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class JudgedText:
    """A real text and the item it turned out to belong to."""

    text: str
    code: str


@dataclass(frozen=True, slots=True)
class Document:
    """One text the model learns from: `item` is the position of its item, `text` as written."""

    item: int
    kind: DocumentKind
    text: str
    folded: str


def documents(items: Sequence[ItemText]) -> list[Document]:
    """Return the texts of all items: the names together, the keywords together, each example alone."""
    result = []
    for number, item in enumerate(items):
        texts: list[tuple[DocumentKind, str]] = [("name", " ".join(item.names))]
        if item.keywords:
            texts.append(("keywords", " ".join(item.keywords)))
        texts += [("example", example) for example in item.examples]
        result += [Document(number, kind, text, fold(text)) for kind, text in texts]
    return result


def fingerprint(items: Iterable[ItemText], *more: object) -> str:
    """Return the sha256 (hex) of everything the items say and of `more` (JSON-able values)."""
    said = [[item.code, item.names, item.keywords, item.examples] for item in items]
    text = json.dumps([said, more], ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
