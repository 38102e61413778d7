"""A document as PDF, with open types that are shipped: no office program, no font of the machine."""

from __future__ import annotations

import json
from datetime import datetime, time, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huying.kit.paper import layout
from huying.kit.paper.model import (
    Block,
    Figure,
    Form,
    Paper,
    Table,
    cleaned,
    closing_indents,
    date_in_figures,
    numbered,
    widths_of,
)
from huying.kit.paper.plain import to_plain

if TYPE_CHECKING:
    import typst

HERE = Path(__file__).resolve().parent
_LAYOUT = (HERE / "paper.typ").read_bytes()
# Typst wants an offset, not a zone; China has had one since 1991.
_SPARE = 0.02  # points: 28 characters and 22 lines fit also after rounding
_TOWN = timezone(timedelta(hours=8))


def to_pdf(paper: Paper) -> bytes:
    """Return a document as PDF, tagged for readers; the same document gives the same bytes."""
    text, moment = _written(paper)
    made = _compiler().compile(input=_LAYOUT, sys_inputs=text, format="pdf", timestamp=moment)
    return _pages(made)[0]


def to_pngs(paper: Paper, *, ppi: float = 72) -> list[bytes]:
    """Return the pages as pictures, for a look before printing; `ppi` is pixels an inch."""
    text, moment = _written(paper)
    made = _compiler().compile(input=_LAYOUT, sys_inputs=text, format="png", ppi=ppi, timestamp=moment)
    return _pages(made)


def _pages(made: bytes | list[bytes] | None) -> list[bytes]:
    """Return what was made as a list; a document of one page comes as itself."""
    return [made] if isinstance(made, bytes) else made or []


@cache
def _compiler() -> typst.Compiler:
    """Return a compiler that knows our types only; it is made once, for reading types takes longest."""
    import typst

    return typst.Compiler(font_paths=[str(HERE / "fonts")], ignore_system_fonts=True)


def _written(paper: Paper) -> tuple[dict[str, str], datetime]:
    """Return what the layout is filled with, as data that can never be a command, and the day it is dated."""
    paper = cleaned(paper)
    blocks = [_block(number, block) for number, block in numbered(paper.blocks)]
    day = paper.dated_on or paper.printed_on
    moment = datetime.combine(day, time(), _TOWN) if day else datetime(2000, 1, 1, tzinfo=_TOWN)
    return {"paper": json.dumps(_told(paper) | {"blocks": blocks}, ensure_ascii=False)}, moment


def _block(number: str, block: Block) -> dict[str, Any]:
    if isinstance(block, Figure):
        return {
            "kind": "figure", "image": list(block.image), "alt": block.alt, "caption": block.caption,
            "width_mm": min(block.width_mm, layout.AREA_WIDTH),
        }  # fmt: skip
    plain: dict[str, Any] = to_plain(Paper(title="", blocks=(block,)))["blocks"][0]
    if isinstance(block, Table):
        plain["widths"] = widths_of(block)
    return plain | {"number": number}


def _told(paper: Paper) -> dict[str, Any]:
    plain = to_plain(paper)
    head = paper.masthead or paper.issuer
    if head and paper.form == Form.DOCUMENT and not paper.masthead:
        head += "文件"
    dated = date_in_figures(paper.dated_on) if paper.dated_on else ""
    closing = []
    if paper.form in {Form.DOCUMENT, Form.LETTER}:
        rights = closing_indents(paper.signed_by, dated)
        closing = [
            {"text": text, "right": right}
            for text, right in zip((paper.signed_by, dated), rights, strict=True)
            if text
        ]
    return plain | {
        "name": paper.title.replace("\n", "") or head, "author": paper.issuer or paper.signed_by,
        "head": head, "head_size": layout.head_size(head), "dated": dated, "closing": closing,
        "copies": f"抄送：{'，'.join(paper.copies_to)}。" if paper.copies_to else "",
        "printed": f"{date_in_figures(paper.printed_on)}印发" if paper.printed_on else "",
        "layout": {
            "top": layout.TOP, "bottom": layout.BOTTOM, "left": layout.LEFT, "right": layout.RIGHT,
            "leading": layout.LINE_PITCH - layout.SIZE_BODY - _SPARE, "red": layout.RED,
            "tracking": layout.CHARACTER_PITCH - layout.SIZE_BODY - _SPARE,
        },
    }  # fmt: skip
