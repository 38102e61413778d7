"""Words for what python-docx has none: East Asian type, indents in characters, rules, lines on the grid."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from huying.kit.paper import layout

if TYPE_CHECKING:
    from docx.document import Document as Doc
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

_HUNDREDTHS, _TWIPS = 100, 20


def set_face(properties: Any, face: str) -> None:  # noqa: ANN401 - an element python-docx leaves untyped
    """Name the type of a run or style for every script: Latin letters and figures are set in it too."""
    fonts = properties.get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), face)
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)


def write(
    paragraph: Paragraph, text: str, *, face: str = layout.FACE_BODY, size: float = layout.SIZE_BODY,
    bold: bool = False, colour: str = "",
) -> Run:  # fmt: skip
    """Add a run of text in a type and size."""
    run = paragraph.add_run(text)
    set_face(run._r.get_or_add_rPr(), face)  # noqa: SLF001 - East Asian type has no word in python-docx
    run.font.size = Pt(size)
    run.font.bold = bold or None
    if size == layout.SIZE_BODY:
        _tighten(run)
    if colour:
        run.font.color.rgb = RGBColor.from_string(colour)
    return run


def _tighten(run: Run) -> None:
    """Take a quarter of a point from each character: 28 fit a line also where no grid is known."""
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), str(math.floor((layout.CHARACTER_PITCH - layout.SIZE_BODY) * _TWIPS)))
    run._r.get_or_add_rPr().append(spacing)  # noqa: SLF001 - letter spacing has no word in python-docx


def line(
    doc: Doc, *, first: float = 2, align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.JUSTIFY, exact: bool = True
) -> Paragraph:
    """Add a paragraph, its first line `first` characters in; `exact` keeps its lines on the grid."""
    paragraph = doc.add_paragraph()
    paragraph.alignment = align
    if exact:
        paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        paragraph.paragraph_format.line_spacing = Pt(round(layout.LINE_PITCH * _TWIPS) / _TWIPS)
    if first:
        indent(paragraph, first=first)
    return paragraph


def indent(paragraph: Paragraph, *, first: float = 0, left: float = 0, right: float = 0) -> None:
    """Indent a paragraph by characters, and by points for programs that know only those."""
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - character indents have no word in python-docx
    told = properties.get_or_add_ind()
    for key, chars in (("firstLine", first), ("left", left), ("right", right)):
        if chars:
            told.set(qn(f"w:{key}Chars"), str(round(chars * _HUNDREDTHS)))
            told.set(qn(f"w:{key}"), str(round(chars * layout.CHARACTER_PITCH * _TWIPS)))


def border(paragraph: Paragraph, side: str, *, kind: str, size: int, colour: str = "000000") -> None:
    """Draw a rule above ("top") or below ("bottom") a paragraph; `size` in eighths of a point."""
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - rules have no word in python-docx
    box = properties.find(qn("w:pBdr"))
    if box is None:
        box = OxmlElement("w:pBdr")
        properties.insert_element_before(
            box, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:wordWrap", "w:overflowPunct",
            "w:topLinePunct", "w:autoSpaceDE", "w:autoSpaceDN", "w:bidi", "w:adjustRightInd", "w:snapToGrid",
            "w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents", "w:suppressOverlap", "w:jc",
            "w:textDirection", "w:textAlignment", "w:textboxTightWrap", "w:outlineLvl", "w:divId",
            "w:cnfStyle", "w:rPr", "w:sectPr", "w:pPrChange",
        )  # fmt: skip
    rule = OxmlElement(f"w:{side}")
    for key, value in (("val", kind), ("sz", str(size)), ("space", "4"), ("color", colour)):
        rule.set(qn(f"w:{key}"), value)
    box.append(rule)
