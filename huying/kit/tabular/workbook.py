"""Reading Excel and OpenDocument workbooks through a process of their own, which may die without harm.

A workbook of five kilobytes can make the reader ask for half a terabyte (one cell in the last corner of the
sheet), and a failed allocation ends the whole process. So the file is opened in a child with limits on memory
and time, which hands the rows over as lines of JSON; what happens to it is a refusal with a name.
"""

import json
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any, Final

from huying.kit.errors import Reason
from huying.kit.tabular import reasons
from huying.kit.tabular.reasons import TableRefusal
from huying.kit.tabular.source import Source
from huying.kit.tabular.table import CONTROL, Flaw, Kind, Origin, Record

_CHILD: Final = Path(__file__).with_name("workbook_child.py")
_MOST_MEMBERS: Final = 10_000
_ENCRYPTED: Final = 1  # bit of a zip member
_OUT_OF_BOUNDS: Final = {-signal.SIGABRT, -signal.SIGXCPU, -signal.SIGKILL, -signal.SIGSEGV}
_BY_KEY: Final[dict[str, Reason]] = {
    reason.key: reason
    for reason in (
        reasons.WORKBOOK_LOCKED,
        reasons.WORKBOOK_BROKEN,
        reasons.WORKBOOK_TOO_LARGE,
        reasons.SHEET_MISSING,
        reasons.TABLE_EMPTY,
    )
}


def zip_kind(source: Source) -> Kind:
    """Tell which workbook a zip archive is, and refuse other archives and those that unpack to too much."""
    try:
        with zipfile.ZipFile(source.file) as archive:
            members = archive.infolist()
            names = {member.filename for member in members}
            mime = archive.read("mimetype")[:100] if "mimetype" in names else b""
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError, EOFError) as error:
        raise TableRefusal(reasons.WORKBOOK_BROKEN, name=source.name) from error
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise TableRefusal(reasons.WORKBOOK_LOCKED, name=source.name)
    most = source.limits.most_workbook_bytes
    if sum(member.file_size for member in members) > most or len(members) > _MOST_MEMBERS:
        raise TableRefusal(reasons.UNPACKED_TOO_LARGE, name=source.name, most_megabytes=most // 2**20)
    if any(name.lower().startswith("xl/workbook.") for name in names):
        return "xlsx"
    if b"opendocument.spreadsheet" in mime:
        return "ods"
    raise TableRefusal(reasons.ZIP_NOT_A_WORKBOOK, name=source.name)


def open_workbook(
    source: Source, kind: Kind, sheet: str | None, held: ExitStack
) -> tuple[Origin, Iterator[Record]]:
    """Open one sheet (the first visible one with rows unless named) and return it with its records."""
    frames = _frames(source, sheet, held)
    first = next(frames)
    notes: tuple[Flaw, ...] = ()
    if first["others"]:
        details = {"sheet": first["sheet"], "others": "、".join(first["others"])}
        notes = (Flaw(reasons.OTHER_SHEETS, details),)
    progress = _Progress()
    origin = Origin(source.name, kind, first["rows"], progress, "rows", sheet=first["sheet"], notes=notes)
    return origin, _records(frames, progress)


class _Progress:
    """The number of the sheet row read last."""

    def __init__(self) -> None:
        self.row = 0

    def __call__(self) -> int:
        return self.row


def _records(frames: Iterator[Any], progress: _Progress) -> Iterator[Record]:
    for line, cells, short_of_digits in frames:
        progress.row = line
        notes = tuple(Flaw(reasons.DIGITS_LOST, {"place": at, "column": at + 1}) for at in short_of_digits)
        if any(CONTROL.search(cell) for cell in cells):
            cells = [CONTROL.sub("", cell) for cell in cells]  # noqa: PLW2901 - the cleaned cells replace them
            notes += (Flaw(reasons.CONTROL_REMOVED),)
        yield Record(line, cells, notes=notes)


def _frames(source: Source, sheet: str | None, held: ExitStack) -> Iterator[Any]:
    """Yield what the child says, line by line, and refuse when it breaks off before its end mark."""
    limits = source.limits
    command = [
        sys.executable,
        "-I",
        str(_CHILD),
        str(limits.most_workbook_memory_bytes),
        str(limits.most_workbook_cpu_seconds),
        *([sheet] if sheet is not None else []),
    ]
    child = subprocess.Popen(  # noqa: S603 - our own interpreter and file; the sheet's name is mere text
        command, stdin=source.on_disk(held), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    held.callback(_end, child)
    return _answers(child, child.stdout, lambda reason: _refusal(reason, source, sheet))


def _answers(
    child: subprocess.Popen[bytes], said: IO[bytes] | None, refusal: Callable[[Reason], TableRefusal]
) -> Iterator[Any]:
    for line in said or ():
        frame = json.loads(line)
        if isinstance(frame, dict) and "refused" in frame:
            raise refusal(_BY_KEY[frame["refused"]])
        if frame == "end":
            return
        yield frame
    code = child.wait()
    raise refusal(reasons.WORKBOOK_TOO_LARGE if code in _OUT_OF_BOUNDS else reasons.WORKBOOK_BROKEN)


def _refusal(reason: Reason, source: Source, sheet: str | None) -> TableRefusal:
    return TableRefusal(reason, name=source.name, sheet=sheet or "")


def _end(child: subprocess.Popen[bytes]) -> None:
    child.kill()
    if child.stdout:
        child.stdout.close()
    child.wait()
