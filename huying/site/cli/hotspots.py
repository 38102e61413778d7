"""`huying hotspots`: find what draws more appeals than expected in a table; no town and no database."""

from __future__ import annotations

import gettext
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from huying.site.cli.triage import refusals_told

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from huying.insight.core.hotspots import HotSpot, Telling
    from huying.insight.core.hotspots_reading import Read

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_TARGET = click.Path(dir_okay=False, path_type=Path)
_CHINESE_SHARE = 0.5
_LOCALE = Path(__file__).parents[2] / "insight" / "locale"
_CATALOGUES = {"zh-hans": "zh_Hans", "zh-hant": "zh_Hant", "en": "en"}
_COLUMNS = {
    "id": "number of an appeal",
    "title": "title",
    "text": "text",
    "time": "moment it was told",
    "lat": "latitude (WGS-84)",
    "lon": "longitude (WGS-84)",
    "likes": "likes or “me too” of others",
    "appellant": "name or pseudonym of who told it",
    "category": "category",
    "address": "address or street",
}


def _columns(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that name the columns of a table."""
    for name, what in reversed(_COLUMNS.items()):
        told = f"Column of the {what}; else guessed."
        command = click.option(f"--{name}", f"{name}_column", default="", metavar="COLUMN", help=told)(
            command
        )
    return command


@click.command()
@click.argument("source", type=_FILE)
@_columns
@click.option("--out", required=True, type=_TARGET, help="Where to write the hot spots (JSON).")
@click.option("--html", type=_TARGET, help="Where to write them as one web page that needs nothing else.")
@click.option("--most", default=1000, show_default=True, type=click.IntRange(1), help="How many to tell.")
@click.option(
    "--language", type=click.Choice(list(_CATALOGUES)), help="Of evidence and page; else that of the appeals."
)
def hotspots(
    source: Path, *, out: Path, html: Path | None, most: int, language: str | None, **columns: str
) -> None:
    """Find the matters of a table (same place, same cause) that draw more appeals than expected.

    SOURCE may be CSV (also gzipped, UTF-8 or GB 18030) or Excel. Columns are guessed by their usual names,
    English or Chinese; a time and a title or text are needed, the rest helps. Writes a list ordered by heat.
    """
    with refusals_told():
        from huying.insight.core.hotspots import Settings, find
        from huying.insight.core.hotspots_reading import Columns, read_tellings

        named = {name.removesuffix("_column"): value for name, value in columns.items()}
        read = read_tellings(source, Columns(**named))
        _tell(read)
        spots = find(read.tellings, settings=Settings(most=most))
    _write(
        spots,
        read.tellings,
        out=out,
        html=html,
        language=language or _language(read.tellings),
        name=source.name,
    )
    click.echo(f"{len(spots)} hot spots among {len(read.tellings)} appeals in {out}.")


def _write(
    spots: Sequence[HotSpot],
    tellings: Sequence[Telling],
    *,
    out: Path,
    html: Path | None,
    language: str,
    name: str,
) -> None:
    """Write the list, and the page if asked for, in one language."""
    from huying.insight.core.hotspots_page import page

    say = gettext.translation("django", _LOCALE, [_CATALOGUES[language]], fallback=True).gettext
    naive = all(one.at.tzinfo is None for one in tellings)
    told = [_told(spot, naive=naive, say=say) for spot in spots]
    out.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if html is not None:
        by_id = {one.id: one for one in tellings}
        html.write_text(page(spots, by_id, name=name, language=language, translate=say), encoding="utf-8")


def _told(spot: HotSpot, *, naive: bool, say: Callable[[str], str]) -> dict[str, Any]:
    """Return a hot spot as it is written; moments without a zone where the input had none."""

    def moment(at: datetime) -> str:
        return (at.replace(tzinfo=None) if naive else at).isoformat(timespec="seconds")

    return {
        "id": spot.id,
        "title": spot.title,
        "place": spot.place,
        "category": spot.category,
        "first_at": moment(spot.first_at),
        "last_at": moment(spot.last_at),
        "count": spot.count,
        "appellants": spot.appellants,
        "heat": spot.heat,
        "stage": spot.stage,
        "members": list(spot.members),
        "growth": spot.growth,
        "evidence": [one.sentence(say) for one in spot.said],
    }


def _tell(read: Read) -> None:
    """Tell on the error stream which rows were left out."""
    for count, why in (
        (read.timeless, "have no moment that can be read"),
        (read.wordless, "have no words"),
        (read.repeated, "repeat an id"),
    ):
        if count:
            click.echo(f"{count} rows {why}; left out.", err=True)


def _language(tellings: Sequence[Telling]) -> str:
    """Return the language most of the appeals are written in."""
    from huying.insight.core.hotspots_names import HAN

    chinese = sum(HAN.search(one.title or one.text) is not None for one in tellings)
    return "zh-hans" if chinese >= _CHINESE_SHARE * len(tellings) else "en"
