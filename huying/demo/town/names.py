"""The town's invented names, read from the data files beside this module."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

CITY = "临澜市"
DISTRICT = "汀澜区"
STREET = "映溪街道"
DISTRICT_CODE = "440399"
STREET_CODE = "440399007"

SiteKind = Literal["village", "housing", "industry", "trade", "resettlement"]

ENDINGS: tuple[tuple[SiteKind, tuple[str, ...]], ...] = (
    ("resettlement", ("安居苑", "新穗家园")),
    ("village", ("老围", "旧村", "新村", "老村", "村", "新居", "老墟")),
    ("industry", ("工业区", "工业园", "产业园", "科技园", "创意园")),
    ("trade", ("广场", "大厦", "中心", "中心城", "商业街", "街市")),
)


@dataclass(frozen=True, slots=True)
class BlockNames:
    """A block with its number of grids, its sites (estates, villages, parks of works) and facilities."""

    name: str
    grids: int
    sites: tuple[str, ...]
    facilities: tuple[str, ...]

    @property
    def root(self) -> str:
        """The name without its ending, as people say it: 文塔 for 文塔街区."""
        return self.name.removesuffix("街区")


@dataclass(frozen=True, slots=True)
class CommunityNames:
    """A community with its three-digit number, its share of the street in km² and its blocks."""

    number: str
    name: str
    name_en: str
    area_km2: float
    blocks: tuple[BlockNames, ...]


@cache
def read_data(name: str) -> dict[str, Any]:
    """Read the content of a TOML file in the package's data folder."""
    return tomllib.loads(files(__package__).joinpath("data", name).read_text(encoding="utf-8"))


@cache
def communities() -> tuple[CommunityNames, ...]:
    """Return the ten communities in the order in which the street is cut."""
    return tuple(
        CommunityNames(
            number=row["number"],
            name=row["name"],
            name_en=row["name_en"],
            area_km2=row["area_km2"],
            blocks=tuple(
                BlockNames(block["name"], block["grids"], tuple(block["sites"]), tuple(block["facilities"]))
                for block in row["blocks"]
            ),
        )
        for row in read_data("communities.toml")["communities"]
    )


def old_names(name: str) -> list[tuple[str, int]]:
    """Return the names a place had before, each with the last year it was in use."""
    return [(old, year) for old, year in read_data("old_names.toml")["names"].get(name, ())]


def site_kind(name: str) -> SiteKind:
    """Tell what a site is by its name's ending; housing when nothing else fits."""
    for kind, endings in ENDINGS:
        if name.endswith(endings):
            return kind
    return "housing"


def site_aliases(name: str) -> list[str]:
    """Return other ways in which residents call a site."""
    aliases = []
    if name.endswith("老围"):
        aliases += [name.removesuffix("老围") + "老村", name.removesuffix("老围") + "围村"]
    for ending in ("小区", "商业广场", "国际公寓"):
        if name.endswith(ending) and len(name) > len(ending) + 1:
            aliases.append(name.removesuffix(ending))
    if name.endswith("工业区"):
        aliases.append(name.removesuffix("工业区") + "工业园")
    if site_kind(name) == "resettlement":
        aliases.append(name[:2] + "回迁房")
        aliases.append(name[:2] + "安置房")
    return aliases
