"""The parts of a letter sorted: its text, its pictures, and the names of everything else."""

import binascii
import re
from base64 import b64decode
from email import policy
from email.message import Message
from email.parser import BytesParser
from typing import Final

from huying.intake.mail import reasons
from huying.intake.mail.headers import Headers, decode_words, one_line, repair
from huying.intake.mail.letter import MailLimits, Picture, Problem
from huying.intake.mail.markup import html_to_text
from huying.intake.media import harmless_name
from huying.kit.tabular.encoding import decode_text

_META_CHARSET: Final = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{1,40})", re.IGNORECASE)
_MAGIC: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")
_BOXES: Final = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypmsf1", b"ftypheim", b"ftyphevc", b"ftypavif")


class Body:
    """Walks the parts of a letter once; whatever cannot be read becomes a problem, never an exception."""

    def __init__(self, limits: MailLimits, problems: list[Problem]) -> None:
        self.texts: list[str] = []
        self.pictures: list[Picture] = []
        self.attachments: list[str] = []
        self._limits = limits
        self._problems = problems
        self._parts = 0

    def tell(self, problem: Problem) -> None:
        """Put a problem on the list, once."""
        if problem not in self._problems:
            self._problems.append(problem)

    def take(self, part: Message, depth: int = 0) -> None:
        """Take one part with everything in it."""
        self._parts += 1
        if self._parts > self._limits.parts or depth > self._limits.depth:
            self.tell(Problem(reasons.TOO_MANY_PARTS))
            return
        kind = part.get_content_type()
        inner = part.get_payload()
        if isinstance(inner, list):
            children = [child for child in inner if isinstance(child, Message)]
            if _coding(part) == "base64":
                children = [_undo_base64(child) for child in children]
            if kind == "message/rfc822":
                self._take_forwarded(children, depth)
            elif kind == "multipart/alternative":
                self._take_best(children, depth)
            else:
                for child in children:
                    self.take(child, depth + 1)
            return
        self._take_leaf(part, kind)

    def _take_forwarded(self, letters: list[Message], depth: int) -> None:
        """Take a letter within the letter, its subject and sender before its text."""
        for letter in letters:
            headers = Headers(letter, self._limits, [])
            name, address = headers.sender()
            before = len(self.texts)
            self.take(letter, depth + 1)
            title = " · ".join(filter(None, (headers.text("subject"), name or address)))
            if title:
                self.texts.insert(before, f"—— {title} ——")

    def _take_best(self, children: list[Message], depth: int) -> None:
        """Take one wording of several, plain text before HTML, and the pictures of all of them."""
        wordings: list[tuple[int, list[str]]] = []
        kept, self.texts = self.texts, []
        for child in children:
            self.take(child, depth + 1)
            wordings.append((0 if child.get_content_type() == "text/plain" else 1, self.texts))
            self.texts = []
        self.texts = kept
        spoken = [wording for wording in wordings if any(text.strip() for text in wording[1])]
        if spoken:
            self.texts += min(spoken, key=lambda wording: wording[0])[1]

    def _take_leaf(self, part: Message, kind: str) -> None:
        name = file_name(part)
        data = part_bytes(part)
        if data is None:
            self.tell(Problem(reasons.PART_UNREADABLE, {"name": name or kind}))
            self.attachments.append(name or kind)
        elif kind in {"text/plain", "text/html"} and not name and not _is_attached(part):
            self.texts.append(self._text(part, data, is_html=kind == "text/html"))
        elif kind.startswith("image/") or is_picture(data):
            self._take_picture(name, data)
        else:
            self.attachments.append(name or kind)

    def _take_picture(self, name: str, data: bytes) -> None:
        name = name or f"{len(self.pictures) + 1}"
        if len(data) < self._limits.smallest_picture_bytes:
            self.tell(Problem(reasons.PICTURE_TINY, {"name": name}))
            self.attachments.append(name)
        elif len(self.pictures) >= self._limits.pictures:
            self.tell(Problem(reasons.TOO_MANY_PICTURES, {"most": self._limits.pictures}))
            self.attachments.append(name)
        else:
            self.pictures.append(Picture(name, data))

    def _text(self, part: Message, data: bytes, *, is_html: bool) -> str:
        label = _charset(part)
        if is_html and not label:
            declared = _META_CHARSET.search(data[:4096])
            label = declared.group(1).decode("ascii", "replace") if declared else None
        text, dropped = decode_text(data, label)
        if dropped:
            self.tell(Problem(reasons.CHARSET_WRONG, {"label": one_line(label or "")[:40]}))
        if "\ufffd" in text:
            self.tell(Problem(reasons.TEXT_DAMAGED))
        return html_to_text(text) if is_html else text


def part_bytes(part: Message) -> bytes | None:
    """Return the content of a part with its transfer coding undone; None if even that fails."""
    try:
        data = part.get_payload(decode=True)
    except Exception:  # noqa: BLE001 - the library raises whatever a broken coding makes it stumble over
        return None
    if data == b"" and isinstance(raw := part.get_payload(), str):
        return raw.encode("utf-8", "surrogateescape")  # the coding was a false claim
    return data if isinstance(data, bytes) else None


def file_name(part: Message) -> str:
    """Return the name of a part as a harmless file name; empty if it has none."""
    for field, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        try:
            found = part.get_param(parameter, None, field)
        except Exception:  # noqa: BLE001 - the library stumbles over broken continuations (RFC 2231)
            found = None
        if isinstance(found, tuple):
            charset, _language, value = found
            data = value.encode("latin-1", "replace")
            name = decode_text(data, charset)[0]
        else:
            name = decode_words(repair(found)) if found else ""
        if name := harmless_name(one_line(name)):
            return name
    return ""


def _charset(part: Message) -> str | None:
    try:
        found = part.get_param("charset")
    except Exception:  # noqa: BLE001 - as above
        return None
    text = found[2] if isinstance(found, tuple) else found
    return text.strip("'\" ") or None if text else None


def _coding(part: Message) -> str:
    return str(part.get("content-transfer-encoding", "")).strip().lower()


def _undo_base64(inner: Message) -> Message:
    """Parse a letter within a letter that was coded as a whole, which is forbidden (RFC 2046) and done."""
    text = inner.get_payload()
    if not isinstance(text, str) or inner.keys():
        return inner
    try:
        data = b64decode(text.encode("ascii", "ignore"))
    except binascii.Error:
        return inner
    return BytesParser(policy=policy.compat32).parsebytes(data)


def _is_attached(part: Message) -> bool:
    return str(part.get("content-disposition", "")).lstrip().lower().startswith("attachment")


def is_picture(data: bytes) -> bool:
    """Whether bytes that are labelled as something else begin like a picture."""
    return data.startswith(_MAGIC) or data[4:12] in _BOXES or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")
