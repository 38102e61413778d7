"""One door for letters: a file or bytes in, one Letter after another out, whatever they hold."""

import hashlib
import io
import re
from collections.abc import Iterator
from contextlib import ExitStack
from email import policy
from email.message import Message
from email.parser import BytesParser
from pathlib import Path
from typing import IO, Final

from huying.intake.mail import reasons
from huying.intake.mail.body import Body
from huying.intake.mail.headers import Headers
from huying.intake.mail.letter import MEBIBYTE, Letter, MailLimits, Problem
from huying.intake.mail.mailbox import is_mailbox, split_mailbox
from huying.kit.tabular.encoding import decode_text
from huying.kit.text import clean

_HEAD: Final = 4096
_BOUNDARY: Final = re.compile(b"boundary", re.IGNORECASE)
_BLANK_LINE: Final = re.compile(rb"\r?\n\r?\n")
_MOST_COMPARISONS: Final = 30_000_000  # the parser seeks each open boundary in every line; these take seconds
_NO_LETTERS: Final = (b"\xd0\xcf\x11\xe0", b"PK\x03\x04", b"%PDF", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8\xff")


def read_letters(source: bytes | Path, *, limits: MailLimits | None = None) -> Iterator[Letter]:
    """Yield the letters of an .eml file or a mailbox (mbox), given as bytes or as a path, in their order.

    Whatever the content, each letter is handed on with what could be read and with its problems; only a path
    that cannot be opened raises (OSError).
    """
    limits = limits or MailLimits()
    with ExitStack() as held:
        file: IO[bytes] = (
            io.BytesIO(source) if isinstance(source, bytes) else held.enter_context(source.open("rb"))
        )
        head = file.read(_HEAD)
        file.seek(0)
        if is_mailbox(head):
            for raw, cut in split_mailbox(file, limits.letter_bytes):
                yield read_letter(raw, limits=limits, cut=cut)
        else:
            raw = file.read(limits.letter_bytes + 1)
            yield read_letter(raw[: limits.letter_bytes], limits=limits, cut=len(raw) > limits.letter_bytes)


def read_letter(raw: bytes, *, limits: MailLimits | None = None, cut: bool = False) -> Letter:
    """Return one letter from its bytes; `cut` tells that there were more. Never raises."""
    limits = limits or MailLimits()
    problems: list[Problem] = []
    if cut:
        problems.append(Problem(reasons.LETTER_CUT, {"most_megabytes": limits.letter_bytes // MEBIBYTE}))
    if not raw.strip():
        problems.append(Problem(reasons.LETTER_EMPTY))
    elif raw.startswith(_NO_LETTERS):
        problems.append(Problem(reasons.NOT_A_LETTER))
    elif len(_BOUNDARY.findall(raw)) * raw.count(b"\n") < _MOST_COMPARISONS:
        try:
            return _read(raw, limits, problems)
        except Exception:  # noqa: BLE001 - a letter that defeats the parser is still a letter
            problems.append(Problem(reasons.LETTER_TANGLED))
    else:
        problems.append(Problem(reasons.LETTER_TANGLED))
    return _read_flat(raw, limits, problems)


def _read(raw: bytes, limits: MailLimits, problems: list[Problem]) -> Letter:
    odd = list(problems)
    message: Message = BytesParser(policy=policy.compat32).parsebytes(_from_first_header(raw))
    body = Body(limits, odd)
    body.take(message)
    return _letter(raw, Headers(message, limits, odd), body, limits, odd)


def _read_flat(raw: bytes, limits: MailLimits, problems: list[Problem]) -> Letter:
    """Return what can be told of a letter that cannot be taken apart: its head, and its text as it is."""
    head, *others = _BLANK_LINE.split(_from_first_header(raw), maxsplit=1)
    rest = b"".join(others)
    body = Body(limits, problems)
    is_text = bool(raw.strip()) and not raw.startswith(_NO_LETTERS)
    message = Message()
    if is_text:
        head = head[: limits.header_characters * 10]
        message = BytesParser(policy=policy.compat32).parsebytes(head, headersonly=True)
        body.texts.append(decode_text(rest[: limits.text_characters * 4])[0])
    return _letter(raw, Headers(message, limits, problems), body, limits, problems)


def _from_first_header(raw: bytes) -> bytes:
    """Drop a byte order mark and blank lines, which some programs write before the head."""
    return raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")


def _letter(raw: bytes, headers: Headers, body: Body, limits: MailLimits, problems: list[Problem]) -> Letter:
    name, address = headers.sender()
    subject = headers.text("subject")
    sent_at = headers.sent_at()
    text = _text(body.texts, limits, problems)
    date = sent_at.isoformat() if sent_at else hashlib.sha256(raw).hexdigest()
    digest = _digest(address, date, subject, text, body)
    message_id = headers.message_id()
    if message_id is None:
        problems.append(Problem(reasons.ID_MISSING))
    return Letter(
        message_id=message_id or f"sha256:{digest}",
        digest=digest,
        from_name=name,
        from_address=address,
        subject=subject,
        sent_at=sent_at,
        text=text,
        pictures=tuple(body.pictures),
        attachments=tuple(body.attachments),
        in_reply_to=headers.references(),
        is_automatic=headers.is_automatic(),
        problems=tuple(problems),
        raw=raw,
    )


def _text(texts: list[str], limits: MailLimits, problems: list[Problem]) -> str:
    text = clean("\n\n".join(text for text in texts if text.strip()))
    if not text:
        problems.append(Problem(reasons.TEXT_MISSING))
    if len(text) > limits.text_characters:
        problems.append(Problem(reasons.TEXT_CUT, {"most": limits.text_characters}))
    return text[: limits.text_characters]


def _digest(address: str, date: str, subject: str, text: str, body: Body) -> str:
    """Return the hash by which a letter without a number is known again, whichever way it came."""
    sums = [hashlib.sha256(picture.data).hexdigest() for picture in body.pictures]
    fields = "\0".join((address.lower(), date, subject, text, *sums, *body.attachments))
    return hashlib.sha256(fields.encode("utf-8", "replace")).hexdigest()
