"""Finds where folded text speaks of entries: by exact words, by sound, and by words almost the same."""

from __future__ import annotations

from bisect import bisect_right, insort
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from rapidfuzz.distance import OSA

from huying.places.core.chinese import SEPARATOR, same_sound
from huying.places.core.endings import NEAR, NEAR_BEFORE, any_ending_at, completes
from huying.places.core.parts import FoundParts, parts_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from huying.places.core.entries import What
    from huying.places.core.lexicon import Lexicon, Word

# Beyond this many characters a text is searched for exact words and sounds only.
_MOST_FUZZY_CHARACTERS = 3_000
_MOST_FUZZY_WORDS = 60
_SUREST_FIRST: Final[tuple[What, ...]] = (
    "name",
    "alias",
    "former",
    "short",
    "stem",
    "homophone",
    "near_homophone",
    "pinyin",
    "slip",
    "initials",
    "fuzzy",
)
_ORDER: Final = {what: place for place, what in enumerate(_SUREST_FIRST)}
_LEAST_WORD = 3
# One character off in four to six, two from seven on.
_LONG_STEM = 7


@dataclass(frozen=True, slots=True)
class Meaning:
    """One entry a mention may mean, and how it was recognised."""

    entry: int
    what: What


@dataclass(frozen=True, slots=True)
class Mention:
    """A piece `[start, end)` of folded text that names something; `end` includes its ending and numbers.

    `word_end` is where the name itself ends; `likeness` is the share of the stem's characters
    that are the same.
    """

    start: int
    word_end: int
    end: int
    meanings: tuple[Meaning, ...]
    likeness: float = 1.0
    completed: bool = False  # the text adds the ending the name was cut of: 沙坣 + 社区
    goes_on: bool = False  # the text goes on to name something else: 沙坣 + 小学
    short_word: bool = False  # two characters without anything around them
    short_stem: bool = False  # at most two characters before the ending
    parts: FoundParts | None = None
    near: tuple[int, int] | None = None

    @property
    def what(self) -> What:
        """How the surest meaning was recognised."""
        return self.meanings[0].what


@dataclass(frozen=True, slots=True)
class _Hit:
    start: int
    end: int
    word: Word
    what: What | None  # None: as the word's own meanings say
    likeness: float = 1.0

    @property
    def order(self) -> tuple[int, int, int, str]:
        """Longest first, then the surest, then the earliest."""
        what = self.what or self.word.meanings[0].how
        return (self.start - self.end, _ORDER[what], self.start, self.word.text)


def find_mentions(lexicon: Lexicon, folded: str) -> list[Mention]:
    """Return the mentions in folded text from left to right; they do not overlap."""
    hits = [*_exact_hits(lexicon, folded), *_sound_hits(lexicon, folded), *_letter_hits(lexicon, folded)]
    chosen = _without_overlaps(hits)
    if len(folded) <= _MOST_FUZZY_CHARACTERS:
        sure = [hit for hit in chosen if hit.what or hit.word.meanings[0].how in {"name", "alias", "former"}]
        likely = [*_fuzzy_hits(lexicon, folded, sure), *_slip_hits(lexicon, folded, sure)]
        chosen = _without_overlaps([*chosen, *likely]) if likely else chosen
    groups = [list(group) for _, group in groupby(chosen, lambda hit: (hit.start, hit.end))]
    limits = [*(group[0].start for group in groups), len(folded)][1:]
    return [_mention(lexicon, folded, group, limit) for group, limit in zip(groups, limits, strict=True)]


def _exact_hits(lexicon: Lexicon, folded: str) -> Iterator[_Hit]:
    for start, end, word in lexicon.exact(folded):
        # 1栋 is not found in 21栋, nor 2路 in 12路.
        cut_before = word.text[0].isdigit() and start > 0 and folded[start - 1].isdigit()
        cut_behind = word.text[-1].isdigit() and end < len(folded) and folded[end].isdigit()
        if not (cut_before or cut_behind):
            yield _Hit(start, end, word, None)


def _sound_hits(lexicon: Lexicon, folded: str) -> Iterator[_Hit]:
    for start, end, word in lexicon.homophones(folded):
        piece = folded[start:end]
        if piece == word.text or SEPARATOR in piece:
            continue
        what: What = "homophone" if same_sound(piece, word.text) else "near_homophone"
        pairs = zip(piece[: word.stem], word.text[: word.stem], strict=True)
        likeness = sum(mine == theirs for mine, theirs in pairs) / word.stem
        # Sounds alone are too little, unless the ending is there too: 综合医院 is not 中和医院.
        with_ending = what == "homophone" and "" != piece[word.stem :] == word.text[word.stem :]
        if likeness or with_ending:
            yield _Hit(start, end, word, what, likeness)


def _fuzzy_hits(lexicon: Lexicon, folded: str, covered: Iterable[_Hit]) -> Iterator[_Hit]:
    """Yield words of which a piece of the text differs by a character or two.

    A pair of neighbouring characters votes for the words that hold it, where the word would begin.
    """
    taken = {at for hit in covered for at in range(hit.start, hit.end)}
    votes: dict[tuple[int, int], int] = {}
    for at in range(len(folded) - 1):
        if at in taken or at + 1 in taken:
            continue
        for row, offset in lexicon.pairs.get(folded[at : at + 2], ()):
            votes[row, at - offset] = votes.get((row, at - offset), 0) + 1
    # A character too few or too many moves the votes behind it by one.
    support = {
        (row, begin): count + max(votes.get((row, begin - 1), 0), votes.get((row, begin + 1), 0))
        for (row, begin), count in votes.items()
    }
    ranked = sorted(support, key=lambda key: (-support[key] / lexicon.words[key[0]].stem, key))
    for row, begin in ranked[:_MOST_FUZZY_WORDS]:
        stem = lexicon.words[row].stem
        if support[row, begin] >= stem - 1 - 2 * _most_changes(stem):
            hit = _best_window(lexicon.words[row], folded, begin, taken)
            if hit is not None:
                yield hit


def _slip_hits(lexicon: Lexicon, folded: str, covered: Iterable[_Hit]) -> Iterator[_Hit]:
    taken = {at for hit in covered for at in range(hit.start, hit.end)}
    for slip in lexicon.slips.one_off(folded, taken):
        yield _Hit(slip.start, slip.end, lexicon.words[slip.word], slip.what, slip.likeness)


def _letter_hits(lexicon: Lexicon, folded: str) -> Iterator[_Hit]:
    for slip in lexicon.slips.in_letters(folded):
        yield _Hit(slip.start, slip.end, lexicon.words[slip.word], slip.what)


def _most_changes(stem: int) -> int:
    return 2 if stem >= _LONG_STEM else 1


def _best_window(word: Word, folded: str, begin: int, taken: set[int]) -> _Hit | None:
    """Return the piece around `begin` most like the word's stem, its ending taken along when it is there."""
    stem, ending = word.text[: word.stem], word.text[word.stem :]
    most = _most_changes(word.stem)
    best: tuple[int, int, int, int] | None = None
    for start in range(max(0, begin - 1), begin + 2):
        for length in range(word.stem - 1, word.stem + 2):
            end = start + length
            piece = folded[start:end]
            if end > len(folded) or SEPARATOR in piece or any(at in taken for at in range(start, end)):
                continue
            changes = OSA.distance(piece, stem, score_cutoff=most)
            rank = (changes, abs(length - word.stem), start, end)
            if 0 < changes <= most and (best is None or rank < best):
                best = rank
    if best is None:
        return None
    changes, _, start, end = best
    if ending and folded.startswith(ending, end):
        end += len(ending)
    return _Hit(start, end, word, "fuzzy", 1 - changes / word.stem)


def _without_overlaps(hits: Iterable[_Hit]) -> list[_Hit]:
    """Return the hits to keep, by position; hits on the very same piece are kept together."""
    kept: list[_Hit] = []
    spans: list[tuple[int, int]] = []
    for hit in sorted(hits, key=lambda hit: hit.order):
        span = (hit.start, hit.end)
        place = bisect_right(spans, span)
        if place and spans[place - 1] == span:
            first = next(other for other in kept if (other.start, other.end) == span)
            if first.what is not None and first.what == hit.what:
                kept.append(hit)
            continue
        before_free = place == 0 or spans[place - 1][1] <= hit.start
        after_free = place == len(spans) or spans[place][0] >= hit.end
        if before_free and after_free:
            insort(spans, span)
            kept.append(hit)
    return sorted(kept, key=lambda hit: (hit.start, hit.order))


def _mention(lexicon: Lexicon, folded: str, hits: list[_Hit], limit: int) -> Mention:
    """Return the mention of all hits on one piece, with the ending and numbers behind it, up to `limit`."""
    meanings: dict[int, What] = {}
    for hit in hits:
        for surface in hit.word.meanings:
            meanings.setdefault(surface.entry, hit.what or surface.how)
    start, word_end = hits[0].start, hits[0].end
    end, completed, goes_on = word_end, False, False
    ending = any_ending_at(folded, word_end)
    if ending and word_end + len(ending) <= limit:
        fitting = {row: what for row, what in meanings.items() if _completed(lexicon, row, what, ending)}
        completed, goes_on = bool(fitting), not fitting
        meanings, end = fitting or meanings, word_end + len(ending)
    parts = parts_at(folded, end, hyphens=any(lexicon.entries[row].kind != "road" for row in meanings))
    if parts is not None and parts.end > limit:
        parts = None
    end = parts.end if parts else end
    near = NEAR.match(folded, end) or NEAR_BEFORE.search(folded[max(0, start - 2) : start])
    near_at = (near.start(), near.end()) if near else None
    if near and near.re is NEAR_BEFORE:
        near_at = (start - len(near[0]), start)
    return Mention(
        start=start,
        word_end=word_end,
        end=end,
        meanings=tuple(Meaning(row, what) for row, what in meanings.items()),
        likeness=max(hit.likeness for hit in hits),
        completed=completed,
        goes_on=goes_on,
        short_word=word_end - start < _LEAST_WORD
        and not completed
        and not (parts and parts.parts.names_a_home),
        short_stem=hits[0].word.stem < min(_LEAST_WORD, len(hits[0].word.text)),
        parts=parts,
        near=near_at,
    )


def _completed(lexicon: Lexicon, row: int, what: What, ending: str) -> bool:
    cut = what in {"short", "stem"}
    return completes(lexicon.folded[row], lexicon.entries[row].kind, ending, cut=cut)
