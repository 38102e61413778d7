"""The bytes of a table, wherever they come from: to be read several times, and never too many."""

import gzip
import io
import os
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Final, Protocol

from huying.kit.tabular import reasons
from huying.kit.tabular.reasons import TableRefusal
from huying.kit.tabular.table import Limits

CHUNK: Final = 1 << 16
_SPOOLED: Final = 1 << 20


class Readable(Protocol):
    """Anything with bytes to read: an open file, an upload, a pipe."""

    def read(self, size: int = ..., /) -> bytes:
        """Return up to so many bytes, none at the end."""
        ...


class Source:
    """A file open for reading, its size known and within the limit.

    What is not a file on disk is copied into a temporary one, so that it can be read twice (the first time to
    prove its encoding) without being kept in memory.
    """

    def __init__(self, source: bytes | Path | Readable, name: str, limits: Limits, held: ExitStack) -> None:
        self.name = name
        self.limits = limits
        self.file: IO[bytes] = held.enter_context(self._open(source))
        self.size = self.file.seek(0, io.SEEK_END)
        self.file.seek(0)
        if self.size > limits.most_bytes:
            raise self.refusal_of_size()
        if self.size == 0:
            raise TableRefusal(reasons.TABLE_EMPTY, name=name)

    def _open(self, source: bytes | Path | Readable) -> IO[bytes]:
        if isinstance(source, Path):
            return source.open("rb")
        if isinstance(source, bytes):
            return io.BytesIO(source)
        copy = tempfile.SpooledTemporaryFile(_SPOOLED)  # noqa: SIM115 - the caller's stack closes it
        while chunk := source.read(CHUNK):
            copy.write(chunk)
            if copy.tell() > self.limits.most_bytes:
                copy.close()
                raise self.refusal_of_size()
        return copy

    def refusal_of_size(self) -> TableRefusal:
        """Return the refusal of a file with too many bytes."""
        return TableRefusal(
            reasons.TABLE_TOO_LARGE, name=self.name, most_megabytes=self.limits.most_bytes // 2**20
        )

    def head(self, length: int) -> bytes:
        """Return the first bytes."""
        self.file.seek(0)
        return self.file.read(length)

    def chunks(self, *, packed: bool) -> Iterator[bytes]:
        """Yield the content from the start in pieces, unpacked if gzip; refuse what is broken or a bomb."""
        total = 0
        with self.unpacked(packed=packed) as stream:
            while chunk := self._read(stream):
                total += len(chunk)
                if total > self.limits.most_unpacked_bytes:
                    most = self.limits.most_unpacked_bytes // 2**20
                    raise TableRefusal(reasons.UNPACKED_TOO_LARGE, name=self.name, most_megabytes=most)
                yield chunk

    def _read(self, stream: "gzip.GzipFile | _Kept") -> bytes:
        try:
            return stream.read(CHUNK)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise TableRefusal(reasons.FILE_BROKEN, name=self.name) from error

    def unpacked(self, *, packed: bool) -> "gzip.GzipFile | _Kept":
        """Return the content from the start as a stream whose closing leaves the file itself open."""
        self.file.seek(0)
        if packed:
            return gzip.GzipFile(fileobj=self.file, mode="rb")
        return _Kept(self.file)

    def on_disk(self, held: ExitStack) -> IO[bytes]:
        """Return the content as a file that another process can be given, at its start."""
        self.file.seek(0)
        file = self.file
        if isinstance(file, io.BytesIO):
            file = tempfile.TemporaryFile()  # noqa: SIM115 - the caller's stack closes it
            held.callback(file.close)
            shutil.copyfileobj(self.file, file)
            file.flush()
        # The other process shares the place of the descriptor, which a buffered seek need not move.
        os.lseek(file.fileno(), 0, os.SEEK_SET)
        return file


class _Kept(io.BufferedIOBase):
    """A view of a file; closing the view leaves the file open."""

    name = ""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        return self._file.read(-1 if size is None else size)

    def read1(self, size: int = -1, /) -> bytes:
        return self._file.read(size)
