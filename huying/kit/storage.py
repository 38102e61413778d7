"""Keeps files under the hash of their content: a port, and the adapter that keeps them in a folder."""

import contextlib
import errno
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

_KIND = re.compile(r"[a-z][a-z0-9-]{0,30}")
_KEY = re.compile(rf"(?P<kind>{_KIND.pattern})/(?P<hash>[0-9a-f]{{64}})")
_FILE_MODE, _FOLDER_MODE = 0o600, 0o700


class StorageKeyInvalid(ValueError):  # noqa: N818 (named for what is wrong, as the house does)
    """A key is not `kind/` and 64 hexadecimal digits, so no file can be under it. Retrying is no use."""


class StoredFileMissing(LookupError):  # noqa: N818 (likewise)
    """Nothing is stored under a well-formed key: never put, or deleted since. Retrying is no use."""


class StoredFileDamaged(Exception):  # noqa: N818 (likewise)
    """What is stored under a key does not have that hash; putting the right content again mends it."""


class Storage(Protocol):
    """A place for files that never change, found by a key made from their content.

    A key reads `kind/sha256`, for example `photo/9f86d0…`; the kind keeps sorts of files apart for backups
    and delete dates. Once `put` has returned, the file outlives a power cut. Storage counts no references:
    the same content put twice is one file, so delete only what no row names any more.
    """

    def put(self, data: bytes, *, kind: str) -> str:
        """Keep `data` and return its key; the same data again gives the same key and changes nothing.

        Raises StorageKeyInvalid when `kind` is not a short lower-case word.
        """
        ...

    def get(self, key: str) -> bytes:
        """Return the content, proven against its hash.

        Raises StorageKeyInvalid, StoredFileMissing or StoredFileDamaged.
        """
        ...

    def exists(self, key: str) -> bool:
        """Say whether something is stored under the key. Raises StorageKeyInvalid."""
        ...

    def delete(self, key: str) -> bool:
        """Forget the content; say whether there was any. Raises StorageKeyInvalid."""
        ...

    def open(self, key: str) -> AbstractContextManager[BinaryIO]:
        """Open the content for reading in pieces, not proven. Raises StorageKeyInvalid, StoredFileMissing."""
        ...


def key_of(data: bytes, *, kind: str) -> str:
    """Return the key under which `data` is stored. Raises StorageKeyInvalid for an unsound kind."""
    if not _KIND.fullmatch(kind):
        raise StorageKeyInvalid(kind)
    return f"{kind}/{hashlib.sha256(data).hexdigest()}"


class FileStorage:
    """A storage in a folder of its own, safe for many processes at once.

    Files lie at `root/kind/ab/cd/abcd…`, readable by the owner only. They are written aside in
    `root/incoming`, forced to disk, and then renamed into place, so a reader sees all of a file or none.
    """

    def __init__(self, root: Path) -> None:
        self._root = Path(root)
        self._incoming = self._root / "incoming"

    def put(self, data: bytes, *, kind: str) -> str:
        """Keep `data` and return its key."""
        key = key_of(data, kind=kind)
        path = self._path(key)
        if _is_plain_file(path) and path.read_bytes() == data:
            _sync_folder(path.parent)  # another process may have renamed it a moment ago
            return key
        self._make_folder(path.parent)
        self._make_folder(self._incoming)
        aside = self._write_aside(data)
        try:
            aside.replace(path)
        except BaseException:
            aside.unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)
        return key

    def get(self, key: str) -> bytes:
        """Return the content, proven against its hash."""
        with self.open(key) as stream:
            data = stream.read()
        if hashlib.sha256(data).hexdigest() != key.rpartition("/")[2]:
            raise StoredFileDamaged(key)
        return data

    def exists(self, key: str) -> bool:
        """Say whether something is stored under the key."""
        return _is_plain_file(self._path(key))

    def delete(self, key: str) -> bool:
        """Forget the content; say whether there was any."""
        path = self._path(key)
        try:
            path.unlink()
        except FileNotFoundError:
            return False
        _sync_folder(path.parent)
        return True

    @contextlib.contextmanager
    def open(self, key: str) -> Iterator[BinaryIO]:
        """Open the content for reading in pieces."""
        path = self._path(key)
        try:
            # A link planted in the folder is not followed out of it.
            handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
        except OSError as error:
            if error.errno in {errno.ENOENT, errno.ELOOP}:
                raise StoredFileMissing(key) from error
            raise
        with os.fdopen(handle, "rb") as stream:
            yield stream

    def sweep(self, *, before: datetime) -> int:
        """Remove what killed processes left in `incoming` before the given moment; return how many."""
        swept = 0
        for aside in self._incoming.glob("*") if self._incoming.is_dir() else ():
            with contextlib.suppress(FileNotFoundError):
                if aside.stat().st_mtime < before.timestamp():
                    aside.unlink()
                    swept += 1
        return swept

    def _path(self, key: str) -> Path:
        """Return where a key's file lies; only a well-formed key ever becomes a path."""
        parts = _KEY.fullmatch(key)
        if parts is None:
            raise StorageKeyInvalid(key)
        digest = parts["hash"]
        return self._root / parts["kind"] / digest[:2] / digest[2:4] / digest

    def _make_folder(self, folder: Path) -> None:
        """Make the folder and those above it, down from the root, each forced to disk in its parent."""
        if folder.is_dir():
            return
        if folder != self._root:
            self._make_folder(folder.parent)
        folder.mkdir(mode=_FOLDER_MODE, parents=folder == self._root, exist_ok=True)
        _sync_folder(folder.parent)

    def _write_aside(self, data: bytes) -> Path:
        handle, name = tempfile.mkstemp(dir=self._incoming)
        aside = Path(name)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            aside.chmod(_FILE_MODE)
        except BaseException:
            aside.unlink(missing_ok=True)
            raise
        return aside


def _is_plain_file(path: Path) -> bool:
    """Say whether a file of its own, not a link to one, lies there."""
    return path.is_file() and not path.is_symlink()


def _sync_folder(folder: Path) -> None:
    """Force a folder's entries to disk (POSIX: a rename is durable only after this)."""
    if os.name == "nt":
        return  # a folder cannot be opened there; NTFS journals its entries
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
