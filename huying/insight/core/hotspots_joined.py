"""Finds what people call a thing that no ending tells: words that stand together or not at all.

58车贷 and 魅力之城 are cut into common pieces; but hardly anybody writes 车贷 without 58 before it, or 魅力
without 之城 behind it. Such runs, named in titles, are objects as good as any estate's name.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from huying.triage.core.features import STOP_CHARS

from .hotspots_names import HAN, LETTERED, bare

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from huying.places.core.names import NameKind

    from .hotspots_names import Kind
    from .hotspots_told import Telling

_READ_CHARS: Final = 200
_SAMPLE: Final = 20_000
_ROUNDS: Final = 3  # a run of up to four words
_TOGETHER: Final = 0.7
_LEAST_TEXTS: Final = 4
_MOST_SHARE: Final = 0.01
_LEAST_IN_TITLES: Final = 0.4
_LEAST_CHARS, _MOST_CHARS = 3, 10
_PLACED: Final = 3
_ONE_PLACE: Final = 0.4


def joined_names(
    tellings: Sequence[Telling], shown: Sequence[Mapping[str, NameKind]]
) -> dict[str, tuple[int, Kind]]:
    """Return runs of words that stand for one thing: in how many tellings, and whether only a phrase.

    `shown` are the names each telling shows by their form. What is told of many different places (渣土车) is
    no object but a phrase.
    """
    chosen = [at for at in range(0, len(tellings), -(-len(tellings) // _SAMPLE) or 1) if _told(tellings[at])]
    texts = [[*_words(tellings[at].title), "\n", *_words(tellings[at].text[:_READ_CHARS])] for at in chosen]
    texts = _runs_bound(texts)
    singles = Counter(word for words in texts for word in set(words) if "\0" in word)
    titled = Counter(word for words in texts for word in set(words[: words.index("\n")]))
    named = {
        word
        for word, count in singles.items()
        if count >= _LEAST_TEXTS and titled[word] >= _LEAST_IN_TITLES * count and _is_name(word)
    }
    found: Counter[str] = Counter()
    around: dict[str, list[Mapping[str, NameKind]]] = {}
    for at, words in zip(chosen, texts, strict=True):
        for name in {bare(word.replace("\0", "")) for word in named.intersection(words)}:
            found[name] += 1
            around.setdefault(name, []).append(shown[at])
    return {name: (count, _kind(name, around[name])) for name, count in found.items()}


def _told(telling: Telling) -> bool:
    return HAN.search(telling.title) is not None


def _runs_bound(texts: list[list[str]]) -> list[list[str]]:
    most = max(_MOST_SHARE * len(texts), _LEAST_TEXTS)
    for _ in range(_ROUNDS):
        singles = Counter(word for words in texts for word in set(words))
        pairs = Counter(pair for words in texts for pair in set(pairwise(words)))
        bound = {
            pair
            for pair, count in pairs.items()
            if _LEAST_TEXTS <= count <= most
            and count >= _TOGETHER * min(singles[pair[0]], singles[pair[1]])
            and _can_name(*pair)
        }
        texts = [_bound(words, bound) for words in texts]
    return texts


def _kind(name: str, around: Sequence[Mapping[str, NameKind]]) -> Kind:
    """Tell an object from a phrase by the places told beside it."""
    beside = [
        [place for place, kind in shown.items() if kind != "area" and place not in name and name not in place]
        for shown in around
    ]
    placed = sum(bool(places) for places in beside)
    most = max(Counter(place for places in beside for place in places).values(), default=0)
    return "phrase" if placed >= _PLACED and most < max(2.0, _ONE_PLACE * placed) else "joined"


def _words(text: str) -> list[str]:
    # Thirty megabytes of dictionary: the first text wakes it, no start of a program does.
    import rjieba

    words: list[str] = rjieba.cut(LETTERED.sub("，", text))
    return words


def _can_name(one: str, two: str) -> bool:
    return all(part[0].isalnum() and part[-1].isalnum() for part in (one, two)) and (
        len(one) + len(two) <= _MOST_CHARS
    )


def _bound(words: list[str], bound: set[tuple[str, str]]) -> list[str]:
    """Return the words with bound neighbours joined (by NUL), from the left."""
    found: list[str] = []
    for word in words:
        if found and (found[-1], word) in bound:
            found[-1] += "\0" + word
        else:
            found.append(word)
    return found


def _is_name(word: str) -> bool:
    name = word.replace("\0", "")
    ends = name[0] not in STOP_CHARS and name[-1] not in STOP_CHARS
    return ends and _LEAST_CHARS <= len(name) <= _MOST_CHARS and HAN.search(name) is not None
