"""Tables handed out: CSV and Excel that no spreadsheet program runs as formulas."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

from django.http import FileResponse

from huying.kit.tabular import write_csv, write_xlsx

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from huying.kit.tabular import Cell

# Beyond this a table being written goes onto the disk.
_IN_MEMORY = 2 * 2**20
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def csv_download(
    name: str, header: Sequence[str], rows: Callable[[], Iterable[Sequence[Cell]]]
) -> FileResponse:
    """Return the rows as a CSV file with this name."""
    file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - the response closes it
    write_csv(file, header, rows())
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")


def xlsx_download(
    name: str, header: Sequence[str], rows: Callable[[], Iterable[Sequence[Cell]]]
) -> FileResponse:
    """Return the rows as an Excel file with this name."""
    file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - the response closes it
    write_xlsx(file, header, rows())
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)
