"""A document as plain data (JSON) and back: how a released one is kept, exactly as it was."""

from __future__ import annotations

import base64
from dataclasses import asdict
from datetime import date
from typing import Any

from huying.kit.paper.model import Block, Figure, Form, Heading, Labelled, Listed, Paper, Para, Quote, Table

_KINDS: dict[str, type[Block]] = {
    "heading": Heading, "para": Para, "labelled": Labelled, "quote": Quote, "listed": Listed, "table": Table,
    "figure": Figure,
}  # fmt: skip
_NAMES = {kind: name for name, kind in _KINDS.items()}
_DAYS = ("dated_on", "printed_on")


def to_plain(paper: Paper) -> dict[str, Any]:
    """Return a document as JSON holds it; pictures in base64."""
    plain = asdict(paper)
    plain["blocks"] = [{"kind": _NAMES[type(block)], **_block(block)} for block in paper.blocks]
    for key in _DAYS:
        plain[key] = plain[key].isoformat() if plain[key] else None
    plain["form"] = str(paper.form)
    return plain


def _block(block: Block) -> dict[str, Any]:
    plain = asdict(block)
    if isinstance(block, Figure):
        plain["image"] = base64.b64encode(block.image).decode()
    return plain


def from_plain(plain: dict[str, Any]) -> Paper:
    """Return the document that `to_plain` wrote down."""
    told = dict(plain)
    told["blocks"] = tuple(_read(block) for block in plain["blocks"])
    told["form"] = Form(plain["form"])
    for key in _DAYS:
        told[key] = date.fromisoformat(plain[key]) if plain.get(key) else None
    for key in ("copies_to", "annexes"):
        told[key] = tuple(plain.get(key, ()))
    return Paper(**told)


def _read(plain: dict[str, Any]) -> Block:
    told = {key: _frozen(value) for key, value in plain.items() if key != "kind"}
    if plain["kind"] == "figure":
        told["image"] = base64.b64decode(plain["image"])
    return _KINDS[plain["kind"]](**told)


def _frozen(value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    return tuple(_frozen(one) for one in value) if isinstance(value, list) else value
