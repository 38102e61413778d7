"""The written material: what residents complain of, how they say it, and what they are told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from huying.demo.town.names import read_data


@dataclass(frozen=True, slots=True)
class Topic:
    """One matter residents write about.

    `item` is the code of the catalogue item it should be judged as. `places` are the kinds of place it
    happens at, `hours` when it is noticed. `route` and `answer` are given for what no unit handles.
    """

    key: str
    item: str
    places: tuple[str, ...]
    weight: float
    titles: tuple[str, ...]
    say: tuple[str, ...]
    more: tuple[str, ...]
    grid: tuple[str, ...] = ()
    hours: str = "day"
    photo: str = ""
    danger: bool = False
    route: str = ""
    answer: str = ""
    vague: bool = False
    language: str = "zh-hans"

    @property
    def held(self) -> bool:
        """Whether a person must look at it first: no unit takes it, or it says too little."""
        return bool(self.route or self.answer or self.vague)


def lines(text: str) -> tuple[str, ...]:
    """Return the lines of a written block, without empty ones."""
    return tuple(line for line in text.split("\n") if line)


def _topic(key: str, row: Mapping[str, Any]) -> Topic:
    return Topic(
        key=key,
        item=row["item"],
        places=tuple(row.get("places", ("any",))),
        weight=row["weight"],
        titles=lines(row["titles"]),
        say=lines(row["say"]),
        more=lines(row.get("more", "")),
        grid=lines(row.get("grid", "")),
        hours=row.get("hours", "day"),
        photo=row.get("photo", ""),
        danger=row.get("danger", False),
        route=row.get("route", ""),
        answer=row.get("answer", "").strip(),
        vague=row.get("vague", False),
    )


@cache
def topics() -> tuple[Topic, ...]:
    """Read all topics, in the order of the files."""
    folder = files(__package__).joinpath("data", "topics")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    found = []
    for name in names:
        rows = read_data(f"topics/{name}")["topics"]
        found += [_topic(f"{name[:2]}-{i:02d}", row) for i, row in enumerate(rows, 1)]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class HotMatter:
    """A matter that keeps rising: its topic, the one estate it happens at, and how many voices it has."""

    topic: Topic
    site: str
    count: int


@cache
def hot_matters() -> tuple[HotMatter, ...]:
    """Read the two hot matters."""
    return tuple(
        HotMatter(_topic(row["key"], {**row, "weight": 0}), row["site"], row["count"])
        for row in read_data("hot.toml")["matters"]
    )


@cache
def foreign_topics() -> tuple[Topic, ...]:
    """Read the voices in English and in traditional characters: one fixed text each."""
    return tuple(
        Topic(
            key=f"foreign-{i:02d}",
            item=row["item"],
            places=tuple(row["places"]),
            weight=1,
            titles=(),
            say=(row["text"],),
            more=(),
            danger=row.get("danger", False),
            language=row["language"],
        )
        for i, row in enumerate(read_data("foreign.toml")["texts"], 1)
    )


@dataclass(frozen=True, slots=True)
class Replies:
    """What a class of matters is answered with."""

    solved: tuple[str, ...]
    partly: tuple[str, ...]
    unsolved: tuple[str, ...]
    notes: tuple[str, ...]


@cache
def _reply_classes() -> dict[str, Mapping[str, Any]]:
    return {prefix: row for row in read_data("replies.toml")["classes"] for prefix in row["prefixes"]}


@cache
def replies_for(item: str) -> Replies:
    """Return the answers that fit an item: of its class where some do, else those for everything."""
    table = _reply_classes()
    row = next(table[item[:length]] for length in (6, 4, 2, 0) if item[:length] in table)
    kinds = ("solved", "partly", "unsolved", "notes")
    return Replies(*(_fitting(row.get(kind, ""), item) or _fitting(table[""][kind], item) for kind in kinds))


def _fitting(text: str, item: str) -> tuple[str, ...]:
    """Keep the lines that name the item's code, or its beginning, in brackets, and those that name none."""
    found = []
    for line in lines(text):
        named, _, rest = line.removeprefix("[").partition("] ") if line.startswith("[") else ("", "", line)
        if not named or item.startswith(tuple(named.split(","))):
            found.append(rest)
    return tuple(found)


@cache
def phrases(name: str) -> tuple[str, ...]:
    """Return one list of small phrases."""
    return lines(read_data("phrases.toml")[name])


@cache
def choices(table: str) -> Mapping[str, Sequence[str]]:
    """Return a table of small phrases whose entries are divided by bars."""
    return {key: tuple(value.split("|")) for key, value in read_data("phrases.toml")[table].items()}


@cache
def remarks(name: str) -> tuple[str, ...]:
    """Return one list of remarks on the way of a case."""
    return lines(read_data("remarks.toml")[name])


def inadmissible_text(route: str) -> str:
    """Return the sentence that explains why a matter belongs to a statutory route."""
    return str(read_data("remarks.toml")["inadmissible"][route])
