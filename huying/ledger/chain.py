"""The chain itself: how a fact is put into bytes and linked to the one before."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from huying.kit.ids import new_id
from huying.kit.personal import mask_words
from huying.ledger.models import GENESIS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from huying.ledger.actor import Actor


@dataclass(frozen=True)
class FactBody:
    """What happened, in the words of the package that says it. Subclasses are frozen dataclasses.

    The class name is the fact's kind. `tells` says whether a resident may read it in the timeline.
    """

    tells: ClassVar[bool] = False


@dataclass
class Link:
    """Where a stream's chain stands: what the next fact is linked to."""

    seq: int = 0
    hash: bytes = GENESIS


def plain(value: object) -> object:
    """Return `value` as JSON holds it, the same before and after the database."""
    if type(value) in _AS_THEY_ARE:
        return value
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {name: _without_numbers(name, plain(getattr(value, name))) for name in _names_of(type(value))}
    return _plain_scalar(value.value if isinstance(value, Enum) else value)


# Fields in which people write as they please. What is chained can never be taken out again, so numbers of
# persons do not get in; the row beside the fact keeps the words whole for as long as they are needed.
_FREE_WORDS = frozenset({"note", "reason", "words"})


def _without_numbers(name: str, value: object) -> object:
    return mask_words(value) if name in _FREE_WORDS and isinstance(value, str) else value


_AS_THEY_ARE = frozenset({str, int, bool, type(None)})


@cache
def _names_of(kind: type[Any]) -> tuple[str, ...]:
    """Return the names of a dataclass's fields, as `asdict` lists them but without its deep copies."""
    return tuple(field.name for field in fields(kind))


def _plain_scalar(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return round(value, 7)
    return value if value is None or isinstance(value, (str, int)) else str(value)


# Sorted keys, no spaces, characters as they are; made once, for an encoder costs as much as a small fact.
_canonical = json.JSONEncoder(
    sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
).encode


def digest(row: dict[str, Any]) -> bytes:
    """Return the SHA-256 of a fact's row and of the hash before it.

    The bytes are canonical JSON (sorted keys, no spaces, UTF-8) of everything the row says, so that the chain
    can be proved with any language's standard library.
    """
    told = {
        "id": str(row["id"]),
        "district": row["district"],
        "stream": row["stream"],
        "seq": row["seq"],
        "kind": row["kind"],
        "at": row["at"].astimezone(UTC).isoformat(),
        "actor": [row["actor_kind"], str(row["actor_id"] or ""), row["actor_name"]],
        "data": row["data"],
    }
    return hashlib.sha256(bytes(row["prev"]) + _canonical(told).encode()).digest()


def link_facts(
    stream: str, bodies: Sequence[FactBody], *, link: Link, district: str, by: Actor, at: datetime
) -> list[dict[str, Any]]:
    """Return the rows of the next facts of a stream and move `link` to the last of them."""
    rows = []
    for body in bodies:
        row: dict[str, Any] = {
            "id": new_id(),
            "district": district,
            "stream": stream,
            "seq": link.seq + 1,
            "kind": type(body).__name__,
            "at": at,
            "actor_kind": str(by.kind),
            "actor_id": by.id,
            "actor_name": by.name[:80],
            "data": plain(body),
            "prev": link.hash,
        }
        row["hash"] = digest(row)
        link.seq, link.hash = row["seq"], row["hash"]
        rows.append(row)
    return rows
