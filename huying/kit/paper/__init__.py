"""Paper: a document written once, printed as Word, PDF and page, laid out as GB/T 9704-2012 asks."""

from huying.kit.paper.html import to_html
from huying.kit.paper.minutes import Matter, Minutes, minutes_paper
from huying.kit.paper.model import (
    Block,
    Figure,
    Form,
    Heading,
    Labelled,
    Listed,
    Paper,
    Para,
    Quote,
    Table,
    date_in_figures,
)
from huying.kit.paper.pdf import to_pdf, to_pngs
from huying.kit.paper.plain import from_plain, to_plain


def to_docx(paper: Paper) -> bytes:
    """Return a document as a Word file; what writes such files is loaded with the first of them."""
    from huying.kit.paper.docx import to_docx as write

    return write(paper)


__all__ = [
    "Block",
    "Figure",
    "Form",
    "Heading",
    "Labelled",
    "Listed",
    "Matter",
    "Minutes",
    "Paper",
    "Para",
    "Quote",
    "Table",
    "date_in_figures",
    "from_plain",
    "minutes_paper",
    "to_docx",
    "to_html",
    "to_pdf",
    "to_plain",
    "to_pngs",
]
