"""Documents handed out as files: printed as Word or as PDF, or as they were kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse

from huying.bulletin.printing import KINDS, kept_print
from huying.kit.paper import to_docx, to_pdf

if TYPE_CHECKING:
    from collections.abc import Callable

    from huying.bulletin.models import Bulletin, Reminder
    from huying.kit.paper import Paper

_PRINTERS = {"docx": to_docx, "pdf": to_pdf}


def paper_file(paper: Paper, name: str, kind: str) -> HttpResponse:
    """Return a document as a file of this name and kind, "docx" or "pdf". Http404 for other kinds."""
    if kind not in _PRINTERS:
        raise Http404
    return _as_file(_PRINTERS[kind](paper), name, kind)


def issued_file(of: Bulletin | Reminder, draft: Callable[[], Paper], name: str, kind: str) -> HttpResponse:
    """Return the file kept when a paper was issued; a draft is printed now. Http404 for other kinds."""
    data = kept_print(of, kind)
    if data is not None:
        return _as_file(data, name, kind)
    if of.paper:
        raise Http404
    return paper_file(draft(), name, kind)


def _as_file(data: bytes, name: str, kind: str) -> HttpResponse:
    disposition = f'attachment; filename="{name}.{kind}"'
    return HttpResponse(data, content_type=KINDS[kind], headers={"Content-Disposition": disposition})
