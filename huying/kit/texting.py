"""Text messages to phones: a port, and the adapter that writes them to a file until a gateway is set up."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from django.conf import settings

if TYPE_CHECKING:
    from datetime import datetime

_FILE_MODE, _FOLDER_MODE = 0o600, 0o700


class Texting(Protocol):
    """A way to send text messages. `reaches_phones` says whether somebody at the other end reads them."""

    reaches_phones: bool

    def send(self, phone: str, text: str, *, at: datetime) -> None:
        """Hand one message over; raises OSError when that failed and trying again may help."""
        ...


class FileTexting:
    """Appends each message to `outbox/texts.jsonl` in the data folder, readable by the owner only."""

    reaches_phones = False

    def __init__(self, folder: Path) -> None:
        self._path = folder / "outbox" / "texts.jsonl"

    def send(self, phone: str, text: str, *, at: datetime) -> None:
        """Append the message as one line of JSON; lines of several processes do not mix."""
        self._path.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        line = json.dumps({"at": at.isoformat(), "phone": phone, "text": text}, ensure_ascii=False)
        handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, _FILE_MODE)
        try:
            os.write(handle, f"{line}\n".encode())
        finally:
            os.close(handle)


def texting() -> Texting:
    """Return the adapter this town sends text messages with (the file, until gateways exist)."""
    return FileTexting(Path(settings.DATA_DIR))


def send_text(phone: str, text: str, *, at: datetime) -> None:
    """Send one text message."""
    texting().send(phone, text, at=at)
