"""Files for the tests of tables that no library here writes: OpenDocument, old Excel, and bombs."""

import io
import struct
import zipfile
from collections.abc import Sequence

SECTOR = 512
END = 0xFFFFFFFE
ODS_MIME = "application/vnd.oasis.opendocument.spreadsheet"


def make_ods(rows: Sequence[Sequence[str]], extra: str = "") -> bytes:
    """Return an OpenDocument spreadsheet with one sheet of texts, and any XML put after its rows."""
    lines = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
    names = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{names}:office:1.0" '
        f'xmlns:table="{names}:table:1.0" xmlns:text="{names}:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="台账">{lines}{extra}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<?xml version="1.0"?>'
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS_MIME}"/></manifest:manifest>'
    )
    return make_zip({"mimetype": ODS_MIME, "META-INF/manifest.xml": manifest, "content.xml": content})


def _ods_cell(text: str) -> str:
    return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'


def make_zip(members: dict[str, str | bytes]) -> bytes:
    """Return a zip archive."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def make_xls(rows: Sequence[Sequence[str | float]]) -> bytes:
    """Return an Excel 97 workbook (BIFF8 in a compound file) with one sheet called 台账."""
    sheet = _biff(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            where = struct.pack("<HHH", number, place, 0)
            if isinstance(cell, str):
                text = cell.encode("utf-16-le")
                sheet += _biff(0x0204, where + struct.pack("<HB", len(text) // 2, 1) + text)
            else:
                sheet += _biff(0x0203, where + struct.pack("<d", cell))
    sheet += _biff(0x000A, b"")
    begin = _biff(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    title = "台账".encode("utf-16-le")
    length = len(begin) + 4 + 8 + len(title) + 4
    bound = _biff(0x0085, struct.pack("<IHBB", length, 0, 2, 1) + title)
    return make_compound("Workbook", begin + bound + _biff(0x000A, b"") + sheet)


def _biff(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def make_compound(name: str, stream: bytes) -> bytes:
    """Wrap one stream: sector 0 is the allocation table, 1 the directory, then comes the stream."""
    stream = stream.ljust(max(4096, -(-len(stream) // SECTOR) * SECTOR), b"\0")
    sectors = len(stream) // SECTOR
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, 2 + sectors), 0xFFFFFFFE]
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(SECTOR, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += struct.pack("<HHHHHH10I", 0x3E, 3, 0xFFFE, 9, 6, 0, 0, 0, 1, 1, 0, 4096, END, 0, END, 0)
    header += struct.pack("<I", 0) + b"\xff\xff\xff\xff" * 108
    root = _entry("Root Entry", 5, 1, 0xFFFFFFFE, 0)
    book = _entry(name, 2, 0xFFFFFFFF, 2, len(stream))
    return header + table + (root + book).ljust(SECTOR, b"\0") + stream


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    entry = text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1)
    entry += struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child) + b"\0" * 36
    return entry + struct.pack("<IQ", start, size)
