"""Tables handed out: CSV and Excel that no spreadsheet program runs as formulas."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from huying.kit.tabular import write_csv, write_xlsx

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from huying.kit.tabular import Cell

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def csv_download(
    name: str, header: Sequence[str], rows: Callable[[], Iterable[Sequence[Cell]]]
) -> HttpResponse:
    """Return the rows as a CSV file with this name (ASCII)."""
    file = io.BytesIO()
    write_csv(file, header, rows())
    return _attached(file, name, "text/csv; charset=utf-8")


def xlsx_download(
    name: str, header: Sequence[str], rows: Callable[[], Iterable[Sequence[Cell]]]
) -> HttpResponse:
    """Return the rows as an Excel file with this name (ASCII)."""
    file = io.BytesIO()
    write_xlsx(file, header, rows())
    return _attached(file, name, XLSX)


def _attached(file: io.BytesIO, name: str, content_type: str) -> HttpResponse:
    disposition = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return HttpResponse(
        file.getvalue(), content_type=content_type, headers={"Content-Disposition": disposition}
    )
