"""Boxes that only the town's own key opens: AES-256-GCM, the key outside the database, tied to their row."""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

if TYPE_CHECKING:
    from pathlib import Path

KEY_BYTES, NONCE_BYTES, MARK_BYTES = 32, 12, 4
FILE = "sealed_keys"


class BoxBroken(Exception):  # noqa: N818 - it names what is wrong with the box
    """A box cannot be opened: its key is gone, or it was changed or moved. Retrying does not help."""


def new_key() -> str:
    """Return a fresh key as it is written into a setting or file."""
    return base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def key_file() -> Path:
    """Return where the keys lie when no setting gives them."""
    path: Path = settings.DATA_DIR / FILE
    return path


def keys() -> list[bytes]:
    """Return the keys, the one that seals first; others only open what they sealed before.

    They come from HUYING_SEALED_KEY (several with commas between), else from a file readable by its owner
    alone, which is made at the first use. Two processes starting at once agree on one key.
    """
    told = settings.SEALED_KEY.split(",") if settings.SEALED_KEY else _from_file()
    return [_read(one.strip()) for one in told if one.strip()]


def _from_file() -> list[str]:
    path = key_file()
    try:
        return path.read_text(encoding="ascii").split()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{FILE}.{os.getpid()}.{secrets.token_hex(4)}")
    write_keys(fresh, [new_key()])
    try:
        os.link(fresh, path)  # fails when another process was first: its key counts
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return path.read_text(encoding="ascii").split()


def write_keys(path: Path, told: list[str]) -> None:
    """Write keys into a new file, readable by its owner alone."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write("\n".join(told) + "\n")


def _read(told: str) -> bytes:
    key = base64.urlsafe_b64decode(told)
    if len(key) != KEY_BYTES:
        raise ValueError("a sealing key has 32 bytes in base64")
    return key


def _mark(key: bytes) -> bytes:
    """Return what tells a key from others without telling anything of it."""
    return hashlib.sha256(b"huying.sealed" + key).digest()[:MARK_BYTES]


def seal(text: str, *, row: str) -> bytes:
    """Return a text in a box: mark of the key, nonce, and the sealed text tied to `row` (key, field)."""
    return seal_bytes(text.encode(), row=row)


def seal_bytes(data: bytes, *, row: str) -> bytes:
    """Return bytes in a box, as `seal` does a text."""
    key = keys()[0]
    nonce = secrets.token_bytes(NONCE_BYTES)
    return _mark(key) + nonce + AESGCM(key).encrypt(nonce, data, row.encode())


def unseal(box: bytes | memoryview, *, row: str) -> str:
    """Return the text of a box; raises BoxBroken when no key opens it as the box of this row."""
    return unseal_bytes(box, row=row).decode()


def unseal_bytes(box: bytes | memoryview, *, row: str) -> bytes:
    """Return what was sealed, as `unseal` does a text."""
    raw = bytes(box)
    mark, rest = raw[:MARK_BYTES], raw[MARK_BYTES:]
    nonce, sealed = rest[:NONCE_BYTES], rest[NONCE_BYTES:]
    for key in keys():
        if _mark(key) == mark:
            try:
                return AESGCM(key).decrypt(nonce, sealed, row.encode())
            except InvalidTag as error:
                raise BoxBroken(row) from error
    raise BoxBroken(row)


def is_of_newest_key(box: bytes | memoryview) -> bool:
    """Return whether a box was sealed with the key that seals now."""
    return bytes(box)[:MARK_BYTES] == _mark(keys()[0])


def add_key() -> None:
    """Put a fresh key before those of the key file; from now on it seals."""
    _replace([new_key(), *_from_file()])


def drop_old_keys() -> None:
    """Forget every key but the one that seals; call when nothing is left that an older one sealed."""
    _replace(_from_file()[:1])


def _replace(told: list[str]) -> None:
    fresh = key_file().with_name(f".{FILE}.{os.getpid()}.{secrets.token_hex(4)}")
    write_keys(fresh, told)
    fresh.replace(key_file())
