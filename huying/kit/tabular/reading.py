"""One door for all tables: look at the bytes, not at the name, and read them in the right way."""

from contextlib import ExitStack
from pathlib import Path
from typing import Final

from huying.kit.tabular import reasons
from huying.kit.tabular.delimited import Lines, Records, open_text, prove_encoding, sniff_delimiter
from huying.kit.tabular.encoding import Guess
from huying.kit.tabular.reasons import TableRefusal
from huying.kit.tabular.source import Readable, Source
from huying.kit.tabular.table import Limits, Origin, Table
from huying.kit.tabular.workbook import open_workbook, zip_kind

_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_GZIP: Final = b"\x1f\x8b"
_OTHERS: Final = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"{\\rtf", b"RIFF")
_MARKUP: Final = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<head", b"<meta")


def read_table(
    source: bytes | Path | Readable,
    *,
    name: str,
    limits: Limits | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
) -> Table:
    """Open a CSV (also gzipped) or Excel or OpenDocument table and return it ready to iterate.

    `name` is what people call the file; it is told in refusals. The kind is judged by the bytes. Encoding,
    delimiter and sheet are found out unless given. CSV is streamed in bounded memory (read twice: once to
    prove its encoding); workbooks are opened in a bounded process. Raises TableRefusal here when the file as
    a whole cannot be read, and while iterating when it goes past the limits.
    """
    held = ExitStack()  # the table closes it; until there is one, any failure does
    try:
        opened = Source(source, name, limits or Limits(), held)
        head = opened.head(1024)
        if head.startswith(_OLD_EXCEL):
            return _workbook(opened, held, sheet, is_zip=False)
        if head.startswith(_ZIP):
            return _workbook(opened, held, sheet, is_zip=True)
        _refuse_others(head, name)
        return _text(opened, held, encoding, delimiter, packed=head.startswith(_GZIP))
    except BaseException:
        held.close()
        raise


def _refuse_others(head: bytes, name: str) -> None:
    if head.startswith(_OTHERS):
        raise TableRefusal(reasons.NOT_A_TABLE, name=name)
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_MARKUP):
        raise TableRefusal(reasons.MARKUP_NOT_A_WORKBOOK, name=name)


def _workbook(source: Source, held: ExitStack, sheet: str | None, *, is_zip: bool) -> Table:
    kind = zip_kind(source) if is_zip else "xls"
    origin, records = open_workbook(source, kind, sheet, held)
    return Table(origin, records, source.limits, held)


def _text(
    source: Source, held: ExitStack, encoding: str | None, delimiter: str | None, *, packed: bool
) -> Table:
    guess = Guess(encoding, damaged=1) if encoding else prove_encoding(source, packed=packed)
    encoding = guess.encoding
    declared = False
    if delimiter is None:
        delimiter, declared = sniff_delimiter(source, encoding, packed=packed)
    lines = Lines(held.enter_context(open_text(source, encoding, packed=packed)), source)
    if declared:
        next(lines)
    records = Records(lines, delimiter)
    origin = Origin(
        source.name,
        "csv.gz" if packed else "csv",
        source.size,
        source.file.tell,
        "bytes",
        encoding=encoding,
        delimiter=delimiter,
        damaged=guess.damaged > 0,
    )
    table = Table(origin, records, source.limits, held)
    records.width = len(table.header)
    return table
