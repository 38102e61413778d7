"""A document as Word opens it: the measures and types of GB/T 9704-2012, each named, none shipped."""

from __future__ import annotations

import io
import math
from datetime import datetime
from typing import TYPE_CHECKING

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from huying.kit.paper import layout
from huying.kit.paper.docx_blocks import write_block
from huying.kit.paper.docx_type import border, indent, line, set_face, write
from huying.kit.paper.model import Form, Paper, cleaned, closing_indents, date_in_figures, numbered

if TYPE_CHECKING:
    from docx.document import Document as Doc
    from docx.section import Section
    from docx.text.paragraph import Paragraph

_TWIPS = 20
_UNITS_A_POINT = 4096


def to_docx(paper: Paper) -> bytes:
    """Return a document as a Word file."""
    paper = cleaned(paper)
    doc = Document()
    _styles(doc)
    _page(doc, paper)
    _head(doc, paper)
    _title(doc, paper)
    if paper.addressee:
        write(line(doc, first=0), f"{paper.addressee}：")
    for number, block in numbered(paper.blocks):
        write_block(doc, number, block)
    _closing(doc, paper)
    _record(doc, paper)
    _properties(doc, paper)
    _other_faces(doc)
    kept = io.BytesIO()
    doc.save(kept)
    return kept.getvalue()


def _styles(doc: Doc) -> None:
    normal = doc.styles["Normal"]
    normal.font.size = Pt(layout.SIZE_BODY)
    set_face(normal.element.get_or_add_rPr(), layout.FACE_BODY)
    normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.space_before = Pt(0)
    normal.paragraph_format.widow_control = False
    # The grid is told, the text stands on it by exact lines and tightened letters: programs differ in how
    # they snap a 16-point character into a cell of 15.8 points, and some give it two.
    snap = OxmlElement("w:snapToGrid")
    snap.set(qn("w:val"), "0")
    normal.element.get_or_add_pPr().append(snap)
    language = OxmlElement("w:lang")
    for key, value in (("w:val", "en-US"), ("w:eastAsia", "zh-CN")):
        language.set(qn(key), value)
    normal.element.get_or_add_rPr().append(language)


def _page(doc: Doc, paper: Paper) -> None:
    """Set the page, the grid of 22 lines by 28 characters, and the page numbers."""
    section = doc.sections[0]
    section.page_width, section.page_height = Mm(layout.PAGE_WIDTH), Mm(layout.PAGE_HEIGHT)
    section.top_margin, section.bottom_margin = Mm(layout.TOP), Mm(layout.BOTTOM)
    section.left_margin, section.right_margin = Mm(layout.LEFT), Mm(layout.RIGHT)
    # The number stands 7 mm below the type area (7.5): its own height is 5 mm.
    section.footer_distance, section.header_distance = Mm(layout.BOTTOM - 12), Mm(15)
    properties = section._sectPr  # noqa: SLF001 - python-docx has no word for the grid
    for old in properties.findall(qn("w:docGrid")):
        properties.remove(old)
    grid = OxmlElement("w:docGrid")
    grid.set(qn("w:type"), "linesAndChars")
    grid.set(qn("w:linePitch"), str(int(layout.LINE_PITCH * _TWIPS)))
    spare = layout.CHARACTER_PITCH - layout.SIZE_BODY
    grid.set(qn("w:charSpace"), str(math.floor(spare * _UNITS_A_POINT)))
    properties.append(grid)
    doc.settings.odd_and_even_pages_header_footer = True
    _number(section.footer.paragraphs[0], ALIGN.RIGHT)
    _number(section.even_page_footer.paragraphs[0], ALIGN.LEFT)
    if paper.form == Form.LETTER:
        _first_foot(section)


def _number(foot: Paragraph, side: ALIGN) -> None:
    """Write the page number: 4号, between dashes, one character from the outer edge (7.5)."""
    foot.alignment = side
    foot.style = "Normal"
    indent(foot, left=1 if side == ALIGN.LEFT else 0, right=1 if side == ALIGN.RIGHT else 0)
    write(foot, "— ", face=layout.FACE_SONG, size=layout.SIZE_FOOT)
    for kind, text in (("begin", ""), ("", "PAGE"), ("separate", ""), ("", "1"), ("end", "")):
        run = write(foot, "", face=layout.FACE_SONG, size=layout.SIZE_FOOT)
        mark = OxmlElement("w:fldChar" if kind else "w:instrText" if text == "PAGE" else "w:t")
        if kind:
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark.text = text
        run._r.append(mark)  # noqa: SLF001 - fields have no word in python-docx
    write(foot, " —", face=layout.FACE_SONG, size=layout.SIZE_FOOT)


def _first_foot(section: Section) -> None:
    """Leave a letter's first page without number, its lower double rule 20 mm from the edge (10.1)."""
    section.different_first_page_header_footer = True
    foot = section.first_page_footer.paragraphs[0]
    foot.style = "Normal"
    _rule(foot, "bottom", "thinThickSmallGap", size=24)


def _rule(paragraph: Paragraph, side: str, kind: str, *, size: int) -> None:
    over = (layout.LETTER_RULE_WIDTH - layout.AREA_WIDTH) / 2
    paragraph.paragraph_format.left_indent = Mm(-over)
    paragraph.paragraph_format.right_indent = Mm(-over)
    border(paragraph, side, kind=kind, size=size, colour=layout.RED)


def _head(doc: Doc, paper: Paper) -> None:
    """Write what stands above the title: mark, issuer or name in red, number, red rule."""
    if paper.mark:
        write(line(doc, first=0), paper.mark, face=layout.FACE_BLACK)
    name = paper.masthead or paper.issuer
    if not name:
        return
    head = line(doc, first=0, align=ALIGN.CENTER, exact=False)
    shown = name + ("文件" if paper.form == Form.DOCUMENT and not paper.masthead else "")
    write(head, shown, face=layout.FACE_TITLE, size=layout.head_size(shown), colour=layout.RED)
    head.paragraph_format.space_after = Pt(8)
    if paper.form == Form.LETTER:
        _rule(head, "bottom", "thickThinSmallGap", size=24)
        write(line(doc, first=0, align=ALIGN.RIGHT), paper.number)
    elif paper.form == Form.DOCUMENT:
        number = line(doc, first=0, align=ALIGN.CENTER)
        write(number, paper.number)
        border(number, "bottom", kind="single", size=18, colour=layout.RED)
    else:
        _issue(doc, paper)
    line(doc, first=0)


def _issue(doc: Doc, paper: Paper) -> None:
    """Write the issue of a bulletin or minutes, and below it issuer and day over the red rule."""
    if paper.number:
        write(line(doc, first=0, align=ALIGN.CENTER), paper.number)
    told = line(doc, first=0)
    indent(told, left=1, right=1)
    _right_stop(told)
    day = date_in_figures(paper.dated_on) if paper.dated_on else ""
    write(told, f"{paper.issuer}\t{day}")
    border(told, "bottom", kind="single", size=18, colour=layout.RED)


def _right_stop(row: Paragraph) -> None:
    """Let what follows a tab end one character before the right margin."""
    stop = Pt(layout.AREA_WIDTH * layout.POINTS_PER_MM - layout.CHARACTER_PITCH)
    row.paragraph_format.tab_stops.add_tab_stop(stop, alignment=WD_TAB_ALIGNMENT.RIGHT)
    row.alignment = ALIGN.LEFT


def _title(doc: Doc, paper: Paper) -> None:
    for part in filter(None, paper.title.split("\n")):
        title = line(doc, first=0, align=ALIGN.CENTER, exact=False)
        title.paragraph_format.line_spacing = Pt(32)
        title.paragraph_format.keep_with_next = True
        write(title, part, face=layout.FACE_TITLE, size=layout.SIZE_TITLE)
    if paper.title:
        line(doc, first=0)


def _closing(doc: Doc, paper: Paper) -> None:
    """Write annexes, who signs, the day (four characters from the right) and a remark in brackets."""
    if paper.annexes:
        line(doc, first=0)
        for place, annex in enumerate(paper.annexes, 1):
            which = f"{place}." if len(paper.annexes) > 1 else ""
            write(line(doc, first=2), ("附件：" if place == 1 else "　　　") + which + annex)
    if paper.form in {Form.DOCUMENT, Form.LETTER} and (paper.signed_by or paper.dated_on):
        dated = date_in_figures(paper.dated_on) if paper.dated_on else ""
        name_right, day_right = closing_indents(paper.signed_by, dated)
        for _blank in range(2):
            line(doc, first=0).paragraph_format.keep_with_next = True
        for text, right in ((paper.signed_by, name_right), (dated, day_right)):
            if text:
                closing = line(doc, first=0, align=ALIGN.RIGHT)
                indent(closing, right=right)
                closing.paragraph_format.keep_with_next = text is paper.signed_by
                write(closing, text)
    if paper.remark:
        write(line(doc, first=2), f"（{paper.remark}）")


def _record(doc: Doc, paper: Paper) -> None:
    """Write the record at the foot: thick rule, copies, thin rule, printer and day, thick rule (7.4)."""
    rows = []
    if paper.copies_to:
        rows.append(f"抄送：{'，'.join(paper.copies_to)}。")
    if paper.printed_by:
        day = f"{date_in_figures(paper.printed_on)}印发" if paper.printed_on else ""
        rows.append(f"{paper.printed_by}\t{day}")
    if rows:
        line(doc, first=0)
    for place, text in enumerate(rows):
        row = line(doc, first=0)
        indent(row, left=1, right=1)
        row.paragraph_format.keep_with_next = place + 1 < len(rows)
        _right_stop(row)
        border(row, "top", kind="single", size=8 if place == 0 else 4)
        if place + 1 == len(rows):
            border(row, "bottom", kind="single", size=8)
        write(row, text, size=layout.SIZE_FOOT)


def _properties(doc: Doc, paper: Paper) -> None:
    known = doc.core_properties
    known.title = paper.title.replace("\n", "") or paper.masthead
    known.author, known.language = paper.issuer or paper.signed_by, paper.language
    known.comments = ""
    if paper.dated_on:
        known.created = known.modified = datetime(*paper.dated_on.timetuple()[:3])  # noqa: DTZ001 - Word keeps no zone


def _other_faces(doc: Doc) -> None:
    """Name, for each type, the one an office program may take where it is not there."""
    table = next(part for part in doc.part.package.iter_parts() if part.partname.endswith("/fontTable.xml"))
    added = "".join(
        f'<w:font w:name="{face}"><w:altName w:val="{other}"/><w:charset w:val="86"/>'
        f'<w:family w:val="{"swiss" if face == layout.FACE_BLACK else "roman"}"/></w:font>'
        for face, other in layout.OTHER_FACES.items()
    )
    table._blob = table.blob.replace(b"</w:fonts>", f"{added}</w:fonts>".encode())  # noqa: SLF001 - a plain part is only bytes
