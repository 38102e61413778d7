"""Header fields as they really come: encoded, half encoded, raw bytes, cut within a character."""

import binascii
import quopri
import re
from base64 import b64decode
from datetime import UTC, datetime, timedelta, timezone
from email.message import Message
from email.utils import getaddresses, parsedate_tz
from typing import Final

from huying.intake.mail import reasons
from huying.intake.mail.letter import MailLimits, Problem
from huying.kit.tabular.encoding import decode_text
from huying.kit.text import clean

_WORD: Final = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?\r\n]*)\?=")
_BETWEEN: Final = re.compile(r"(\?=)[ \t\r\n]+(?==\?)")
_FOLD: Final = re.compile(r"\r?\n[ \t]*|\r")
_IDS: Final = re.compile(r"<([^<>\s]{1,400})>")
_EARLIEST: Final = datetime(1980, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)


class Headers:
    """The header fields of one letter, decoded on demand; what is odd is put among the problems."""

    def __init__(self, message: Message, limits: MailLimits, problems: list[Problem]) -> None:
        self._fields: dict[str, str] = {}
        self._limits = limits
        self._problems = problems
        for name, value in message.raw_items():
            self._fields.setdefault(name.lower(), str(value))

    def raw(self, name: str) -> str:
        """Return a field as it stands, unfolded and not too long; empty if there is none."""
        value = self._fields.get(name, "")
        if len(value) > self._limits.header_characters:
            self._problems.append(Problem(reasons.HEADER_CUT, {"header": name}))
            value = value[: self._limits.header_characters]
        return _FOLD.sub(" ", value)

    def text(self, name: str) -> str:
        """Return a field decoded, on one line."""
        return one_line(decode_words(self.raw(name)))

    def sender(self) -> tuple[str, str]:
        """Return name and address of the writer, both empty if there are none."""
        for name in ("from", "reply-to", "sender"):
            # Raw bytes are decoded first, encoded words only after the commas of the list have been seen.
            for shown, address in getaddresses([repair(self.raw(name))]):
                if "@" in address and len(address) <= 254 and not re.search(r"\s", address):  # noqa: PLR2004 - RFC 5321
                    return one_line(decode_words(shown)).strip("'\" "), clean(address)
        self._problems.append(Problem(reasons.SENDER_MISSING))
        return one_line(decode_words(repair(self.raw("from")))), ""

    def sent_at(self) -> datetime | None:
        """Return the moment the letter says it was written, aware, within the years 1980 to 2200."""
        found = self.raw("date")
        if not found.strip():
            self._problems.append(Problem(reasons.DATE_MISSING))
            return None
        moment = parse_date(found)
        if moment is None:
            self._problems.append(Problem(reasons.DATE_UNREADABLE, {"found": one_line(repair(found))[:80]}))
        return moment

    def message_id(self) -> str | None:
        """Return the letter's own number without its brackets."""
        raw = repair(self.raw("message-id"))
        found = _IDS.search(raw)
        own = found.group(1) if found else clean(raw).strip("<> ")
        return own if own and len(own) <= 400 and not re.search(r"\s", own) else None  # noqa: PLR2004 - as _IDS

    def references(self) -> tuple[str, ...]:
        """Return the numbers of the letters this one answers, the nearest first."""
        nearest = _IDS.findall(repair(self.raw("in-reply-to")))
        before = reversed(_IDS.findall(repair(self.raw("references"))))
        return tuple(dict.fromkeys((*nearest, *before)))

    def is_automatic(self) -> bool:
        """Whether a program wrote the letter (RFC 3834, and what older programs use instead)."""
        submitted = self.raw("auto-submitted").strip().lower()
        return (
            (bool(submitted) and not submitted.startswith("no"))
            or self.raw("precedence").strip().lower() in {"bulk", "junk", "list", "auto_reply"}
            or self.raw("return-path").strip() == "<>"
            or "x-autoreply" in self._fields
            or self.raw("content-type").lower().lstrip().startswith("multipart/report")
        )


def parse_date(value: str) -> datetime | None:
    """Return the moment of a Date field, aware; None if it cannot be told or is absurd.

    A field without a zone, or with -0000, is taken for UTC (RFC 5322).
    """
    try:
        parts = parsedate_tz(value)
        if parts is None:
            return None
        year, month, day, hour, minute, second = parts[:6]
        zone = timezone(timedelta(seconds=parts[9] or 0))
        moment = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=zone)  # 60 is a leap second
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if _EARLIEST <= moment < _LATEST else None


def repair(raw: str) -> str:
    """Return a field in which raw bytes (kept as surrogates by the parser) are decoded by a guess."""
    if raw.isascii():
        return raw
    return decode_text(raw.encode("utf-8", "surrogateescape"))[0]


def decode_words(raw: str) -> str:
    """Decode the encoded words (RFC 2047) of a field; what is broken stays as it stands.

    Words that follow one another in one charset are joined before they are decoded: many programs cut a
    character in two between them.
    """
    text = _BETWEEN.sub(r"\1", repair(raw))
    out: list[str] = []
    held, charset, at = b"", "", 0
    for word in _WORD.finditer(text):
        label = word.group(1).split("*")[0].lower()
        data = _word_bytes(word.group(2), word.group(3))
        if held and (word.start() > at or label != charset or data is None):
            out.append(decode_text(held, charset)[0])
            held = b""
        out.append(text[at : word.start()])
        at, charset = word.end(), label
        if data is None:
            out.append(word.group())
        else:
            held += data
    if held:
        out.append(decode_text(held, charset)[0])
    return "".join((*out, text[at:]))


def _word_bytes(coding: str, text: str) -> bytes | None:
    """Return the bytes of one encoded word; None if it is broken."""
    try:
        data = text.encode("ascii")
        if coding in "qQ":
            return quopri.decodestring(data, header=True)
        return b64decode(data + b"=" * (-len(data) % 4))
    except (UnicodeEncodeError, binascii.Error, ValueError):
        return None


def one_line(text: str) -> str:
    """Return a text cleaned and on one line."""
    return " ".join(clean(text).split())
