"""Files in a folder: the contract of every storage, and what holds for a folder besides."""

import os
import stat
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from huying.kit.storage import FileStorage, Storage, StoredFileDamaged, StoredFileMissing
from huying.kit.tests.storage_contract import StorageContract


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "var" / "files"


@pytest.fixture
def storage(root: Path) -> Storage:
    return FileStorage(root)


class TestFileStorage(StorageContract):
    """A folder keeps the contract of every storage."""


def files(root: Path) -> list[Path]:
    """Return every file below the folder."""
    return sorted(path for path in root.rglob("*") if path.is_file())


def test_files_are_spread_over_folders_by_their_hash(storage: Storage, root: Path) -> None:
    key = storage.put(b"lamp", kind="photo")
    digest = key.partition("/")[2]
    assert files(root) == [root / "photo" / digest[:2] / digest[2:4] / digest]


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX modes")
def test_only_the_owner_may_read_files_and_enter_folders(storage: Storage, root: Path) -> None:
    before = os.umask(0)
    try:
        storage.put(b"lamp", kind="photo")
    finally:
        os.umask(before)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in files(root)}
    folders = {stat.S_IMODE(path.stat().st_mode) for path in [root, *root.rglob("*")] if path.is_dir()}
    assert (modes, folders) == ({0o600}, {0o700})


def test_a_second_put_does_not_touch_the_file(storage: Storage, root: Path) -> None:
    storage.put(b"lamp", kind="photo")
    first = files(root)[0].stat()
    storage.put(b"lamp", kind="photo")
    assert (files(root)[0].stat().st_ino, files(root)[0].stat().st_mtime_ns) == (
        first.st_ino,
        first.st_mtime_ns,
    )


@pytest.mark.parametrize("damage", [b"", b"la", b"lump", b"lamps"])
def test_a_damaged_file_is_told_and_mended_by_putting_it_again(
    storage: Storage, root: Path, damage: bytes
) -> None:
    key = storage.put(b"lamp", kind="photo")
    files(root)[0].write_bytes(damage)
    with pytest.raises(StoredFileDamaged):
        storage.get(key)
    storage.put(b"lamp", kind="photo")
    assert storage.get(key) == b"lamp"


def test_a_put_that_fails_leaves_nothing_behind(
    storage: Storage, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_space(_handle: int) -> None:
        raise OSError(28, "no space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("huying.kit.storage.os.fsync", no_space)
        with pytest.raises(OSError, match="no space"):
            storage.put(b"lamp", kind="photo")
    assert files(root) == []
    assert storage.get(storage.put(b"lamp", kind="photo")) == b"lamp"


def test_a_file_is_on_disk_before_it_has_its_name(
    storage: Storage, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forced: list[tuple[str, int]] = []
    true_fsync = os.fsync

    def watched(handle: int) -> None:
        forced.append(
            ("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file", len(files(root / "photo")))
        )
        true_fsync(handle)

    monkeypatch.setattr("huying.kit.storage.os.fsync", watched)
    storage.put(b"lamp", kind="photo")
    assert ("file", 0) in forced
    assert forced[-1] == ("folder", 1)


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_planted_in_the_folder_is_not_followed(storage: Storage, root: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"SECRET")
    key = storage.put(b"lamp", kind="photo")
    file = files(root)[0]
    file.unlink()
    file.symlink_to(secret)
    assert not storage.exists(key)
    with pytest.raises(StoredFileMissing):
        storage.get(key)
    storage.put(b"lamp", kind="photo")
    assert storage.get(key) == b"lamp"
    assert secret.read_bytes() == b"SECRET"


def test_what_a_killed_process_left_is_swept_and_what_is_being_written_stays(root: Path) -> None:
    storage = FileStorage(root)
    now = datetime.now(UTC)
    assert storage.sweep(before=now) == 0
    storage.put(b"lamp", kind="photo")
    (root / "incoming" / "old").write_bytes(b"la")
    (root / "incoming" / "new").write_bytes(b"la")
    long_ago = (now - timedelta(days=2)).timestamp()
    os.utime(root / "incoming" / "old", (long_ago, long_ago))
    assert storage.sweep(before=now - timedelta(days=1)) == 1
    assert [path.name for path in files(root / "incoming")] == ["new"]
