"""The blocks of a document in Word: headings by level, paragraphs, quotes, points, tables, pictures."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from huying.kit.paper import layout
from huying.kit.paper.docx_type import line, write
from huying.kit.paper.model import Block, Figure, Heading, Labelled, Listed, Para, Quote, Table, widths_of

if TYPE_CHECKING:
    from docx.document import Document as Doc
    from docx.table import _Cell, _Row


def write_block(doc: Doc, number: str, block: Block) -> None:
    """Write one block; `number` stands before a heading."""
    match block:
        case Heading():
            _heading(doc, number, block)
        case Para():
            _para(doc, block)
        case Labelled():
            told = line(doc)
            write(told, f"{block.label}：", face=layout.FACE_BLACK)
            write(told, block.text)
        case Quote():
            _quote(doc, block)
        case Listed():
            for place, entry in enumerate(block.entries, 1):
                write(line(doc), f"{place}. {entry}" if block.numbered else entry)
        case Table():
            _table(doc, block)
        case Figure():
            _figure(doc, block)


def _heading(doc: Doc, number: str, block: Heading) -> None:
    face, bold = layout.FACES_BY_LEVEL[block.level - 1]
    heading = line(doc)
    heading.paragraph_format.keep_with_next = True
    outline = OxmlElement("w:outlineLvl")
    outline.set(qn("w:val"), str(block.level - 1))
    heading._p.get_or_add_pPr().append(outline)  # noqa: SLF001 - the outline has no word in python-docx
    write(heading, f"{number}{block.text}", face=face, bold=bold)


def _para(doc: Doc, block: Para) -> None:
    for place, text in enumerate(block.text.split("\n")):
        told = line(doc)
        if block.lead and place == 0:
            write(told, block.lead, face=layout.FACE_KAI)
        write(told, text)


def _quote(doc: Doc, block: Quote) -> None:
    told = line(doc)
    write(told, f"“{block.text}”", face=layout.FACE_KAI)
    if block.source:
        write(told, f"（{block.source}）", size=layout.SIZE_FOOT)


def _figure(doc: Doc, block: Figure) -> None:
    shown = line(doc, first=0, align=ALIGN.CENTER, exact=False)
    shown.paragraph_format.keep_with_next = bool(block.caption)
    picture = shown.add_run().add_picture(
        io.BytesIO(block.image), width=Mm(min(block.width_mm, layout.AREA_WIDTH))
    )
    picture._inline.docPr.set("descr", block.alt)  # noqa: SLF001 - what a picture shows has no word in python-docx
    if block.caption:
        write(line(doc, first=0, align=ALIGN.CENTER), block.caption, size=layout.SIZE_FOOT)


def _table(doc: Doc, block: Table) -> None:
    if block.caption:
        caption = line(doc, first=0, align=ALIGN.CENTER)
        caption.paragraph_format.keep_with_next = True
        write(caption, block.caption, face=layout.FACE_BLACK, size=layout.SIZE_FOOT)
    table = doc.add_table(rows=1, cols=len(block.head))
    table.style = "Table Grid"
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    widths = [Mm(layout.AREA_WIDTH * share) for share in widths_of(block)]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    _row(table.rows[0], block.head, block, widths, head=True)
    for row in block.rows:
        _row(table.add_row(), row, block, widths, head=False)
    note = line(doc, first=0, exact=not block.note)
    if block.note:
        note.paragraph_format.space_before, note.paragraph_format.space_after = Pt(4), Pt(10)
        write(note, block.note, size=layout.SIZE_NOTE)
    else:
        note.paragraph_format.line_spacing = Pt(10)


def _row(row: _Row, texts: tuple[str, ...], block: Table, widths: list[Mm], *, head: bool) -> None:
    """Write a row: never broken over two pages; the first stands again on every page."""
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - these have no word in python-docx
    properties.append(OxmlElement("w:cantSplit"))
    if head:
        properties.append(OxmlElement("w:tblHeader"))
    for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        cell.width = widths[place]
        _cell(cell, text, head=head, figure=place in block.figures)


def _cell(cell: _Cell, text: str, *, head: bool, figure: bool) -> None:
    centre = OxmlElement("w:vAlign")
    centre.set(qn("w:val"), "center")
    cell._tc.get_or_add_tcPr().append(centre)  # noqa: SLF001 - as above
    for place, part in enumerate(text.split("\n")):
        paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        paragraph.alignment = ALIGN.CENTER if head else ALIGN.RIGHT if figure else ALIGN.LEFT
        paragraph.paragraph_format.line_spacing = Pt(18)
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
        write(paragraph, part, face=layout.FACE_BLACK if head else layout.FACE_BODY, size=layout.SIZE_TABLE)
