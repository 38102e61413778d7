"""Documents handed out as files: printed as Word or as PDF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse

from huying.kit.paper import to_docx, to_pdf

if TYPE_CHECKING:
    from huying.kit.paper import Paper

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def paper_file(paper: Paper, name: str, kind: str) -> HttpResponse:
    """Return a document as a file of this name and kind, "docx" or "pdf"."""
    data, content = (to_docx(paper), DOCX) if kind == "docx" else (to_pdf(paper), "application/pdf")
    answer = HttpResponse(data, content_type=content)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer
