"""Which encoding a file of unknown origin is in: UTF-8, GB 18030, Big5 (Hong Kong) or UTF-16.

A guess is proved by decoding everything. Where several encodings decode the same bytes, the one whose
characters are mostly everyday Chinese is right: mojibake consists of rare ones. Tried on real messages this
never failed from twenty characters on, and on shorter headers it was right more often than charset-normalizer
restricted to the same encodings.
"""

import codecs
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

LEGACY: Final = ("gb18030", "big5hkscs")

_ASCII: Final = bytes(range(128))
_SAMPLE: Final = 1 << 16
_WIDE_SHARE: Final = 0.8  # not higher: 一 and the ideographic space hold a zero on the other side
_PENALTY: Final = 20.0
_DOUBTFUL_SHARE: Final = 0.5
_CERTAIN_SHARE: Final = 0.6
_SUPERSETS: Final = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "ascii": "utf-8"}
# By the names the codecs give themselves, which are not always those they are asked for by.
_NO_CHARSETS: Final = frozenset(
    codecs.lookup(name).name for name in ("idna", "punycode", "unicode_escape", "raw_unicode_escape")
)


@dataclass(frozen=True, slots=True)
class Guess:
    """An encoding, how many characters it could not decode, and what share of all bytes these are."""

    encoding: str
    damaged: int = 0
    damaged_share: float = 0.0


def guess_encoding(chunks: Callable[[], Iterable[bytes]]) -> Guess:
    """Return the best guess for the bytes that every call of `chunks` gives anew from the start."""
    head = next(iter(chunks()), b"")
    marked = _by_mark(head)
    if marked:
        return _prove(chunks, marked)
    proof, culprit = _find_failure(chunks)
    if proof is not None:
        return proof
    candidates = [(_prove(chunks, encoding), encoding) for encoding in ("utf-8", *LEGACY)]
    # A stable order: of equals the first counts, and GB 18030 is likelier here than Big5.
    return max(
        candidates,
        key=lambda one: everyday_share(culprit.decode(one[1], "replace")) - _PENALTY * one[0].damaged_share,
    )[0]


def decode_text(data: bytes, label: str | None = None) -> tuple[str, bool]:
    """Decode one text, trusting its label only if it holds; return it and whether the label was dropped.

    Of the labels gb2312 and gbk the superset GB 18030 is used, as writers of these labels do. A label that
    decodes to rarities (a Latin one for Chinese) gives way to an encoding that decodes to everyday Chinese.
    """
    labelled = _decode_as(data, label) if label else None
    if labelled is not None and everyday_share(labelled) >= _DOUBTFUL_SHARE:
        return labelled, False
    guess = guess_encoding(lambda: (data,))
    guessed = data.decode(guess.encoding, "replace")
    if labelled is None:
        return guessed, bool(label)
    better = guess.damaged == 0 and everyday_share(guessed) >= _CERTAIN_SHARE
    return (guessed, guessed != labelled) if better else (labelled, False)


def _decode_as(data: bytes, label: str) -> str | None:
    """Decode as labelled; None where the label is no encoding for text or does not hold."""
    try:
        name = codecs.lookup(label.strip()).name
        return None if name in _NO_CHARSETS else data.decode(_SUPERSETS.get(name, name))
    except (LookupError, ValueError):
        return None


def everyday_share(text: str) -> float:
    """Return the share of everyday Chinese among the characters that are not ASCII; 1 if there are none."""
    foreign = [character for character in text if character > "\x7f"]
    return sum(character in _everyday() for character in foreign) / len(foreign) if foreign else 1.0


@cache
def _everyday() -> frozenset[str]:
    """Return level one of GB 2312 (3,755 characters) and of Big5 (5,401), with common punctuation."""
    simplified = _characters("gb2312", range(0xB0, 0xD8), range(0xA1, 0xFF))
    traditional = _characters("big5", range(0xA4, 0xC7), (*range(0x40, 0x7F), *range(0xA1, 0xFF)))
    return frozenset({*simplified, *traditional, *"，。、；：？！（）《》“”‘’—…·　"})


def _characters(encoding: str, leads: Iterable[int], trails: Iterable[int]) -> str:
    pairs = b"".join(bytes((lead, trail)) for lead in leads for trail in trails)
    return pairs.decode(encoding, "ignore")


def _by_mark(head: bytes) -> str | None:
    """Tell the encoding by its byte order mark, or UTF-16 by its zeros, which all lie on one side."""
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = head[::2].count(0), head[1::2].count(0)
    if even + odd < max(2, len(head) // 50):
        return None
    if odd >= _WIDE_SHARE * (even + odd):
        return "utf-16-le"
    return "utf-16-be" if even >= _WIDE_SHARE * (even + odd) else None


def _find_failure(chunks: Callable[[], Iterable[bytes]]) -> tuple[Guess | None, bytes]:
    """Prove UTF-8, or return the first stretch of bytes that is none."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    before = b""
    for chunk in chunks():
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError as failure:
            # `start` counts from bytes kept of the chunk before; a line break is a safe place to cut.
            start = chunk.rfind(b"\n", 0, max(0, failure.start - 3)) + 1
            sample = chunk[start : start + _SAMPLE]
            return None, sample if sample.strip(_ASCII) else before[-4:] + sample
        before = chunk
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return None, before[-_SAMPLE:]
    return Guess("utf-8"), b""


def _prove(chunks: Callable[[], Iterable[bytes]], encoding: str) -> Guess:
    """Decode everything and count what cannot be."""
    strict = codecs.getincrementaldecoder(encoding)()
    try:
        for chunk in chunks():
            strict.decode(chunk)
        strict.decode(b"", final=True)
    except UnicodeDecodeError:
        return _count_damage(chunks, encoding)
    return Guess(encoding)


def _count_damage(chunks: Callable[[], Iterable[bytes]], encoding: str) -> Guess:
    """Count the replacement characters; the few that a damaged file really contains do not matter then."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    damaged = total = 0
    for chunk in chunks():
        damaged += decoder.decode(chunk).count("\ufffd")
        total += len(chunk)
    damaged += decoder.decode(b"", final=True).count("\ufffd")
    return Guess(encoding, damaged, damaged / total)
