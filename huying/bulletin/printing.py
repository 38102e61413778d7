"""Printing for good: the files of an issued paper, written once and kept byte for byte."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from huying.bulletin.models import Bulletin, Print, Reminder
from huying.kit.paper import to_docx, to_pdf

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from huying.kit.paper import Paper

KINDS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def keep_prints(of: Reminder | Bulletin, paper: Paper, more: Mapping[str, bytes], *, at: datetime) -> None:
    """Print a paper as Word and PDF and keep the files, with `more`; in the caller's transaction."""
    whose = {"reminder": of} if isinstance(of, Reminder) else {"bulletin": of}
    files = {"docx": to_docx(paper), "pdf": to_pdf(paper), **more}
    Print.objects.bulk_create(
        Print(**whose, ending=ending, data=data, sha256=hashlib.sha256(data).hexdigest(), at=at)
        for ending, data in files.items()
    )


def kept_print(of: Reminder | Bulletin, ending: str) -> bytes | None:
    """Return a file of an issued paper, None when there is none."""
    found = of.prints.filter(ending=ending).first()
    return bytes(found.data) if found else None
