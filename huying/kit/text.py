"""Cleaning and masking of what people write."""

from __future__ import annotations

import re
import unicodedata

from huying.kit.personal import mask_words

# Line breaks and tabs are meant; every other control or invisible formatting character is not.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)
_CONTROL = re.compile("[\x00-\x1f\x7f]")
_SPACES = re.compile(r"[ \t\u3000]+")
_BLANK_LINES = re.compile(r"\n{3,}")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
# A number shorter than this is hidden whole: its ends would tell too much of it.
_SHORTEST_SHOWN = 8
_BIGRAM_BREAK = re.compile(r"[^0-9a-z\u3400-\u9fff\U00020000-\U0003ffff]+")


def clean(text: str) -> str:
    """Return `text` without control characters, bidi tricks and runs of blank space; content is kept."""
    text = _LONE_SURROGATE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _UNWANTED.sub("", unicodedata.normalize("NFC", text))
    text = "\n".join(_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", text).strip()


def on_one_line(text: str) -> str:
    """Return `text` cleaned and without line breaks: a name or address that could end up in a header."""
    return " ".join(clean(text).split())


def is_plain(text: str) -> bool:
    """Return whether a key can be kept as it is: no control characters, no halves of characters."""
    return not _CONTROL.search(text) and not _LONE_SURROGATE.search(text)


def mask_phone(phone: str) -> str:
    """Return a phone number with its middle hidden: 138****8000."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= _SHORTEST_SHOWN else "*" * len(phone)


def mask_name(name: str) -> str:
    """Return a name of which only the first character shows."""
    return name[:1] + "*" * (len(name) - 1)


def redact(text: str) -> str:
    """Return `text` with what points at a person masked: numbers, addresses of mail (see `personal`)."""
    return mask_words(text)


def mask_email(email: str) -> str:
    """Return an address of mail of which only the first character shows."""
    return f"{email[:1]}***" if email else ""


def bigrams(text: str) -> list[str]:
    """Return the two-character pieces of `text` that the search index holds, in order of first meeting.

    Two-character Chinese words are below what trigram indexes find; pieces of two are found exactly.
    Latin words and numbers are cut the same way, so that part of a number is found too.
    """
    pieces: dict[str, None] = {}
    for run in _BIGRAM_BREAK.split(unicodedata.normalize("NFKC", text).lower()):
        for start in range(len(run) - 1):
            pieces[run[start : start + 2]] = None
        if len(run) == 1:
            pieces[run] = None
    return list(pieces)
