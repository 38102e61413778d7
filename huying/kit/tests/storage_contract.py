"""What every storage adapter must keep; a test class inherits it and provides the `storage` fixture."""

import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from huying.kit.storage import Storage, StorageKeyInvalid, StoredFileMissing

HASH = hashlib.sha256(b"lamp").hexdigest()
FALSE_KEYS = [
    "",
    "photo",
    HASH,
    f"photo/{HASH[:-1]}",
    f"photo/{HASH}0",
    f"photo/{HASH.upper()}",
    f"photo/{HASH}\n",
    f"photo//{HASH}",
    f"/photo/{HASH}",
    f"../photo/{HASH}",
    f"photo/../{HASH}",
    f"pho/to/{HASH}",
    f"photo\\{HASH}",
    f"photo/{HASH}\x00",
    f"Photo/{HASH}",
    "photo/" + "../" * 20 + "etc/passwd",
    "photo/" + "／" * 64,
    "photo/" + "１" * 64,
]


class StorageContract:
    """Tests that hold for any storage."""

    def test_what_is_put_is_there_under_the_hash_of_its_content(self, storage: Storage) -> None:
        key = storage.put(b"lamp", kind="photo")
        assert key == f"photo/{HASH}"
        assert storage.exists(key)
        assert storage.get(key) == b"lamp"

    def test_the_same_content_twice_is_one_file(self, storage: Storage) -> None:
        key = storage.put(b"lamp", kind="photo")
        assert storage.put(b"lamp", kind="photo") == key
        assert storage.delete(key)
        assert not storage.exists(key)

    def test_kinds_are_kept_apart(self, storage: Storage) -> None:
        photo, letter = storage.put(b"lamp", kind="photo"), storage.put(b"lamp", kind="letter")
        storage.delete(photo)
        assert storage.get(letter) == b"lamp"

    @pytest.mark.parametrize("data", [b"", b"\x00", b"\r\n\x1a", bytes(3_000_000)], ids=len)
    def test_any_bytes_come_back_as_they_were(self, storage: Storage, data: bytes) -> None:
        assert storage.get(storage.put(data, kind="photo")) == data

    def test_a_file_is_read_in_pieces(self, storage: Storage) -> None:
        with storage.open(storage.put(b"street lamp", kind="photo")) as stream:
            assert (stream.read(6), stream.read()) == (b"street", b" lamp")

    def test_what_was_never_put_is_missing_and_deleting_it_says_so(self, storage: Storage) -> None:
        key = f"photo/{HASH}"
        assert not storage.exists(key)
        assert not storage.delete(key)
        with pytest.raises(StoredFileMissing):
            storage.get(key)
        with pytest.raises(StoredFileMissing), storage.open(key):
            pass

    def test_what_was_deleted_can_be_put_again(self, storage: Storage) -> None:
        key = storage.put(b"lamp", kind="photo")
        assert storage.delete(key)
        assert storage.put(b"lamp", kind="photo") == key
        assert storage.get(key) == b"lamp"

    @pytest.mark.parametrize("key", FALSE_KEYS)
    def test_a_key_that_is_none_is_refused_by_every_door(self, storage: Storage, key: str) -> None:
        for door in (storage.get, storage.exists, storage.delete):
            with pytest.raises(StorageKeyInvalid):
                door(key)
        with pytest.raises(StorageKeyInvalid), storage.open(key):
            pass

    @pytest.mark.parametrize("kind", ["", "..", "a/b", "A", "a b", "x" * 32, "photo\n", "照片"])
    def test_a_kind_that_is_no_short_word_is_refused(self, storage: Storage, kind: str) -> None:
        with pytest.raises(StorageKeyInvalid):
            storage.put(b"lamp", kind=kind)

    def test_many_putting_the_same_at_once_all_find_it_whole(self, storage: Storage) -> None:
        data = bytes(200_000)
        with ThreadPoolExecutor(8) as pool:
            keys = set(pool.map(lambda _: storage.put(data, kind="photo"), range(24)))
        assert len(keys) == 1
        assert storage.get(keys.pop()) == data
