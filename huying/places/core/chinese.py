"""Chinese as people write it, folded so that the same thing looks the same: 三栋, ３幢 and 3号楼 are 3栋.

Folding keeps track of positions, so that what was found can be shown in the text as it was written.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_DIGITS = {
    **dict(zip("〇零一二三四五六七八九", (0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9), strict=True)),
    **dict(zip("壹贰叁肆伍陆柒捌玖", range(1, 10), strict=True)),
    "两": 2,
    "幺": 1,
    "貳": 2,
    "叄": 3,
    "參": 3,
    "陸": 6,
}
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_SHORT_TENS = {"廿": 20, "卅": 30}
_MYRIAD = "万"
_TOO_MANY = 100_000_000
_NUMERAL = "".join([*_DIGITS, *_TENS, *_SHORT_TENS])

# What follows a number in an address, and the one word each is folded to.
_UNITS = {
    **dict.fromkeys(
        ("号楼栋", "号楼", "号栋", "号幢", "号座", "#楼", "#栋", "#", "栋", "幢", "座", "棟"), "栋"
    ),
    **dict.fromkeys(("号单元", "单元", "單元"), "单元"),
    **dict.fromkeys(("号房", "号室", "室", "房"), "室"),
    **dict.fromkeys(("楼", "层", "樓", "層"), "层"),
    **dict.fromkeys(("号网格", "网格"), "网格"),
    **{unit: unit for unit in ("号", "期", "区", "巷", "弄", "梯", "组", "队", "路", "街", "门")},
    "號": "号",
}
# Words that only begin like a unit: 3座位, 2房东, 一路上.
_NOT_UNITS = "(?!位|谈|东|价|租|产|屋|子|线|线路|上|口气)"
# Runs are bounded, so that a text of nothing but numbers is read in time.
_NUMBERED = re.compile(
    rf"第?(?P<number>(?<![0-9])(?:[0-9]{{1,6}}|[{_NUMERAL}]{{1,9}})|[a-z]{{1,2}}[0-9]{{0,3}})"
    rf"(?P<unit>{'|'.join(sorted(map(re.escape, _UNITS), key=lambda unit: (-len(unit), unit)))}){_NOT_UNITS}"
)
# Quantities, not numbers of a building: 两栋楼, 一栋楼, 一栋栋.
_QUANTITY = re.compile("两[栋幢座层间]|一[栋幢座]楼|一栋栋|一层层|一间间")
_DROPPED = "\"'`“”‘’「」『』《》〈〉·•・‧"
_DASHES = "-‐‑‒–—―−~～〜－"
SEPARATOR = ","
# Characters of names that stand for a common one, beside those of traditional writing.
_VARIANTS = {"邨": "村", "坣": "塘", "巿": "市", "旳": "的", "埸": "场", "庅": "么", "垅": "垄"}


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text; `starts[i]` and `ends[i]` say where its i-th character stood in the original."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the start and end in the original of the folded piece `[start, end)`, which is not empty."""
        return self.starts[start], self.ends[end - 1]


class _FoldTable(dict[str, str]):
    """Each character's folded form: half width, lower case, no blanks, one separator for punctuation."""

    def __missing__(self, character: str) -> str:
        plain = unicodedata.normalize("NFKC", character)
        pieces = map(_folded_piece, plain if plain.isascii() else map(_simplified, plain))
        folded = self[character] = "".join(pieces).lower()
        return folded


@cache
def _simplifications() -> dict[str, str]:
    """Return the simplified form of every character that has another one; 0.1 s, once in a process."""
    # Seven megabytes of dictionary, let go again when the table is made.
    from opencc import OpenCC

    converter = OpenCC("t2s")
    block = "".join(map(chr, range(0x3400, 0xA000)))
    pairs = {one: converter.convert(one) for one in block}
    return {one: other for one, other in pairs.items() if len(other) == 1 and other != one} | _VARIANTS


def _simplified(character: str) -> str:
    return _simplifications().get(character, character)


def _folded_piece(character: str) -> str:
    if character in _DASHES:
        return "-"
    if character == "#" or character.isalnum():
        return character
    if character in "\n\r":
        return SEPARATOR
    category = unicodedata.category(character)
    invisible = character in _DROPPED or category[0] in "ZCM"
    return "" if invisible else SEPARATOR


_FOLD = _FoldTable()


def fold(text: str) -> Folded:
    """Return `text` folded for matching.

    Full width becomes half width (NFKC), blanks and quotes go, other punctuation becomes a comma, dashes a
    hyphen; Chinese numerals before a unit become digits, and units of one meaning one (栋, 单元, 室, 层).
    Traditional characters become simplified ones, one by one.
    """
    pieces = [_FOLD[character] for character in text]
    plain = "".join(pieces)
    starts: Sequence[int] = range(len(text))
    if len(plain) != len(text) or not all(pieces):
        starts = [at for at, piece in enumerate(pieces) for _ in piece]
    return _fold_numbers(plain, starts)


@lru_cache(maxsize=8192)
def fold_name(name: str) -> str:
    """Return a name or a search word folded as `fold` does, without the positions."""
    return fold(name).text


def _fold_numbers(plain: str, starts: Sequence[int]) -> Folded:
    """Fold the numbered units in `plain`, whose i-th character began at `starts[i]` of the original."""
    parts: list[str] = []
    new_starts: list[int] = []
    new_ends: list[int] = []
    done = 0
    for found in _NUMBERED.finditer(plain):
        if _QUANTITY.match(plain, found.start()):
            continue
        number, unit = _plain_number(found["number"]), _UNITS[found["unit"]]
        if number + unit == found[0]:
            continue
        middle = found.end("number")
        for piece, start, end in (
            (plain[done : found.start()], done, found.start()),
            (number, found.start(), middle),
            (unit, middle, found.end()),
        ):
            parts.append(piece)
            if piece is number or piece is unit:
                new_starts += [starts[start]] * len(piece)
                new_ends += [starts[end - 1] + 1] * len(piece)
            else:
                new_starts += starts[start:end]
                new_ends += [at + 1 for at in starts[start:end]]
        done = found.end()
    if not parts:
        return Folded(plain, starts, [at + 1 for at in starts])
    new_starts += starts[done:]
    new_ends += [at + 1 for at in starts[done:]]
    return Folded("".join(parts) + plain[done:], new_starts, new_ends)


def _plain_number(text: str) -> str:
    if text[0] in _NUMERAL:
        return str(number_of(text))
    return text.lstrip("0") or "0" if text.isdecimal() else text


def number_of(numeral: str) -> int | None:
    """Return the number a Chinese numeral below 100 million says, or `None` when it is none.

    Both ways of speaking are read: 一百零三 and 一零三 are 103, 十二 is 12, 廿一 is 21, 一百三 is 130;
    formal 壹贰叁 and the telephone's 幺 are known.
    """
    if not numeral or any(character not in _NUMERAL and character != _MYRIAD for character in numeral):
        return None
    if all(character in _DIGITS for character in numeral):
        return int("".join(str(_DIGITS[character]) for character in numeral))
    high, myriad, low = numeral.rpartition(_MYRIAD)
    if not myriad:
        return _below_myriad(low)
    thousands = number_of(high) if _MYRIAD not in high else None
    rest = _below_myriad(low, after=10_000) if low else 0
    return None if thousands is None or rest is None else thousands * 10_000 + rest


def _below_myriad(numeral: str, after: int = 10) -> int | None:
    total, digit, last_unit, said_zero = 0, None, after, False
    for character in numeral:
        if character in _SHORT_TENS:
            total, last_unit = total + _SHORT_TENS[character], 10
        elif character in _TENS:
            last_unit = _TENS[character]
            total += (1 if digit is None else digit) * last_unit
            digit = None
        else:
            said_zero = said_zero or _DIGITS[character] == 0
            digit = _DIGITS[character] if not digit else digit * 10 + _DIGITS[character]
    if digit is None:
        return total
    # 一百三 is 130, 一百零三 is 103; 十三 is 13.
    return total + (digit if said_zero or last_unit == 10 else digit * last_unit // 10)  # noqa: PLR2004 - ten


def numeral(number: int) -> str:
    """Return a number from 0 to 99,999,999 as people write it: 103 is 一百零三, 12 is 十二."""
    if not 0 <= number < _TOO_MANY:
        raise ValueError(f"no numeral for {number}")
    high, low = divmod(number, 10_000)
    if not high:
        return _numeral_below_myriad(low).removeprefix("一") if 10 <= low < 20 else _numeral_below_myriad(low)  # noqa: PLR2004 - 十二, not 一十二
    rest = "" if not low else ("零" if low < 1_000 else "") + _numeral_below_myriad(low)  # noqa: PLR2004 - a gap
    return numeral(high) + _MYRIAD + rest


def _numeral_below_myriad(number: int) -> str:
    if number == 0:
        return "零"
    words: list[str] = []
    gap = False
    for unit, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            words.append(("零" if gap and words else "") + "零一二三四五六七八九"[digit] + word)
            gap = False
        else:
            gap = bool(words)
    return "".join(words)


# --- sounds ------------------------------------------------------------------------------------------


@lru_cache(maxsize=8192)
def _readings(text: str) -> tuple[str, ...]:
    """Return one reading for each character, in context; characters without one stand for themselves."""
    # Fifty megabytes of dictionary, loaded by the processes that read sounds and by no other.
    from pypinyin import lazy_pinyin

    return tuple(lazy_pinyin(text, errors=list))  # type: ignore[arg-type] # a list is accepted, though not in the hint


@lru_cache(maxsize=8192)
def syllables(name: str) -> tuple[str, ...]:
    """Return the pinyin of a name, one syllable a character, read in context (重庆 is chong, qing).

    Letters and digits stand for themselves, punctuation is left out; ü is written v.
    """
    plain = "".join(
        character for character in unicodedata.normalize("NFKC", name).lower() if character.isalnum()
    )
    return _readings(plain)


def pinyin(name: str) -> str:
    """Return the pinyin of a name without tones and blanks: 马峦街道 is maluanjiedao."""
    return "".join(syllables(name))


def initials(name: str) -> str:
    """Return the first letter of each syllable: 马峦街道 is mljd; digits and letters stay."""
    return "".join(syllable[:1] for syllable in syllables(name))


# Sounds that southern speakers, and voice input with them, mix up.
_MIXED_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))
_MIXED_FINALS = (("ang", "an"), ("eng", "en"), ("ing", "in"))


def mixed_sound(syllable: str) -> str:
    """Return a syllable without the differences that are often not heard (zh/z, n/l, ing/in …)."""
    for initial, same in _MIXED_INITIALS:
        if syllable.startswith(initial):
            syllable = same + syllable[len(initial) :]
            break
    for final, same in _MIXED_FINALS:
        if syllable.endswith(final):
            return syllable[: -len(final)] + same
    return syllable


class _SoundTable(dict[int, str]):
    """For `str.translate`: each Chinese character becomes one private character that stands for its sound."""

    def __init__(self) -> None:
        super().__init__()
        self._codes: dict[str, str] = {}
        self._next = count(0xF0000)

    def code(self, syllable: str) -> str:
        """Return the private character of a syllable, mixed-up sounds alike."""
        sound = mixed_sound(syllable)
        known = self._codes.get(sound)
        if known is not None:
            return known
        # A number is taken for a new sound only: they would run out in a process that lives long.
        # setdefault is one step to other threads, so no two syllables ever share a character.
        return self._codes.setdefault(sound, chr(next(self._next)))

    def __missing__(self, codepoint: int) -> str:
        character = chr(codepoint)
        sound = reading(character)
        coded = self[codepoint] = character if sound == character else self.code(sound)
        return coded


_SOUNDS = _SoundTable()


@lru_cache(maxsize=65536)
def reading(character: str) -> str:
    """Return the usual reading of one character, out of context; other characters stand for themselves."""
    if character.isascii():
        return character
    return _readings(character)[0]


def sound_code(text: str) -> str:
    """Return `text` with each Chinese character replaced by a code of its usual sound, as long as before.

    Codes are for comparing within this process only.
    """
    return text.translate(_SOUNDS)


def sound_code_in_context(name: str) -> str:
    """Return the sound code of a name read in context, as `sound_code` with 曾厝垵 and 长安 read right."""
    sounds = _readings(name)
    return "".join(
        character if sound == character else _SOUNDS.code(sound)
        for character, sound in zip(name, sounds, strict=True)
    )


def same_sound(piece: str, name: str) -> bool:
    """Tell whether a piece of text sounds exactly like a name of the same length, tones aside."""
    if len(piece) != len(name):
        return False
    sounds = _readings(name)
    return all(
        mine == theirs or reading(mine) in {sound, reading(theirs)}
        for mine, theirs, sound in zip(piece, name, sounds, strict=True)
    )
