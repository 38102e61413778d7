"""Text messages to phones: a port, the town's gateway behind it, and a file until one is set up."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

_FILE_MODE, _FOLDER_MODE = 0o600, 0o700


class Texting(Protocol):
    """A way to send text messages."""

    def reaches_phones(self, kind: str) -> bool:
        """Return whether somebody at the other end reads a text of this kind."""
        ...

    def send(self, phone: str, text: str, *, kind: str, data: Mapping[str, Any], at: datetime) -> None:
        """Hand one message over; `data` fills the provider's template for its kind.

        Raises OSError or a Refusal when that failed.
        """
        ...


class FileTexting:
    """Appends each message to `outbox/texts.jsonl` in the data folder, readable by the owner only."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "outbox" / "texts.jsonl"

    def reaches_phones(self, kind: str) -> bool:  # noqa: ARG002 - the port's
        """Return False: nobody reads the file but who runs the town."""
        return False

    def send(self, phone: str, text: str, *, kind: str, data: Mapping[str, Any], at: datetime) -> None:  # noqa: ARG002 - likewise
        """Append the message as one line of JSON; lines of several processes do not mix."""
        self._path.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        line = json.dumps({"at": at.isoformat(), "phone": phone, "text": text}, ensure_ascii=False)
        handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, _FILE_MODE)
        try:
            os.write(handle, f"{line}\n".encode())
        finally:
            os.close(handle)


_gateways: list[Texting] = []


def use_gateway(gateway: Texting) -> None:
    """Let texts go over this gateway from now on; said once, by the package that knows gateways."""
    _gateways[:] = [gateway]


def texting() -> Texting:
    """Return the way this town sends text messages: its gateway, else the file."""
    return _gateways[0] if _gateways else FileTexting(Path(settings.DATA_DIR))


def send_text(phone: str, text: str, *, kind: str, data: Mapping[str, Any], at: datetime) -> None:
    """Send one text message; the words are used where no template of a provider's is."""
    texting().send(phone, text, kind=kind, data=data, at=at)
