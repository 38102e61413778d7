"""`huying places`: a town's own areas and places from its own lists."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from huying.site.cli.town import opened_town, print_json

if TYPE_CHECKING:
    from datetime import datetime

    from huying.places.drafting import Remark
    from huying.places.loading import Loaded

MOST_REMARKS_SHOWN = 200
_LINE = (
    "{name}: areas {areas_new} new, {areas_changed} changed, {areas_same} same; "
    "places {places_new} new, {places_changed} changed, {places_same} same, {places_retired} retired."
)


@click.group()
def places() -> None:
    """Take in a town's own areas and places."""


@places.command()
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE …",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option("--map", "pairs", multiple=True, metavar="FIELD=COLUMN", help="Say which column holds a field.")
@click.option(
    "--system",
    default="wgs84",
    show_default=True,
    help="What the coordinates are in: wgs84, cgcs2000, gcj02 (Amap, Tencent, WeChat) or bd09 (Baidu).",
)
@click.option(
    "--kind",
    default="",
    help="What a line is that does not say: estate, building, road, facility, or a level of areas.",
)
@click.option("--source", help="Name of the list; the file's name when not given.")
@click.option("--skip-bad", is_flag=True, help="Take the good lines although others cannot be taken.")
@click.option("--retire-missing", is_flag=True, help="Retire places of this list that it no longer names.")
@click.option("--dry-run", is_flag=True, help="Tell what would change, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Tell the outcome as JSON.")
@click.pass_context
def load(
    ctx: click.Context,
    files: tuple[Path, ...],
    *,
    pairs: tuple[str, ...],
    system: str,
    kind: str,
    source: str | None,
    skip_bad: bool,
    retire_missing: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Build the gazetteer from lists: areas and places from CSV, Excel or GeoJSON.

    Fields: code, name, kind, aliases, old_names, area, lat, lon, address; usual column names are known
    without --map. Every wrong line of every FILE is told; while there is one, nothing is taken, unless
    --skip-bad says so. Called again, it changes only what changed. Exit code 1 when a line was wrong or a
    file cannot be used.
    """
    from huying.kit.errors import Refusal

    mapping = dict(_pair(pair) for pair in pairs)
    with opened_town():
        from django.db import transaction
        from django.utils import timezone

        at = timezone.now()
        told: list[tuple[str, Loaded, list[Remark]]] = []
        bad = 0
        try:
            with transaction.atomic():
                for file in files:
                    loaded, remarks = _load_one(
                        file, mapping, system=system, kind=kind, source=source or file.stem,
                        retire_missing=retire_missing, at=at,
                    )  # fmt: skip
                    bad += len({remark.line for remark in remarks if not remark.taken})
                    told.append((file.name, loaded, remarks))
                taken = not dry_run and (skip_bad or not bad)
                transaction.set_rollback(not taken)
        except Refusal as refusal:
            click.echo(f"{refusal.reason.key}: {refusal.sentence}", err=True)
            ctx.exit(1)
        _report(told, taken=taken, as_json=as_json)
    ctx.exit(1 if bad else 0)


def _pair(pair: str) -> tuple[str, str]:
    name, equals, column = pair.partition("=")
    if not equals:
        raise click.BadParameter(f"{pair}: write field=column", param_hint="--map")
    return name.strip(), column.strip()


def _load_one(
    file: Path,
    mapping: dict[str, str],
    *,
    system: str,
    kind: str,
    source: str,
    retire_missing: bool,
    at: datetime,
) -> tuple[Loaded, list[Remark]]:
    """Take one file in, its good lines; the caller's transaction decides whether that lasts."""
    from huying.ledger.actor import SYSTEM
    from huying.places.core.coordinates import read_system
    from huying.places.drafting import draft_list
    from huying.places.listing import guess_columns, read_list
    from huying.places.loading import load_list

    found = read_list(file.read_bytes(), name=file.name)
    columns = guess_columns(found.header, mapping)
    drafts = draft_list(found, columns, source=source[:80], system=read_system(system), kind=kind)
    loaded = load_list(
        drafts,
        source=source[:80],
        skip_bad=True,
        # With a wrong line nothing is retired: that line may be the very place.
        retire_missing=retire_missing and not drafts.bad_lines,
        by=SYSTEM,
        at=at,
    )
    return loaded, drafts.remarks


def _report(told: list[tuple[str, Loaded, list[Remark]]], *, taken: bool, as_json: bool) -> None:
    files = [(name, asdict(loaded), remarks) for name, loaded, remarks in told]
    if as_json:
        print_json(
            {
                "taken": taken,
                "files": [
                    {
                        "file": name,
                        **counts,
                        "remarks": [_remark(remark) for remark in remarks],
                    }
                    for name, counts, remarks in files
                ],
            }
        )  # fmt: skip
        return
    for name, counts, remarks in files:
        click.echo(_LINE.format(name=name, **counts))
        for remark in remarks[:MOST_REMARKS_SHOWN]:
            click.echo(f"  line {remark.line}: {remark.sentence}{' (taken)' if remark.taken else ''}")
        if len(remarks) > MOST_REMARKS_SHOWN:
            click.echo(f"  … and {len(remarks) - MOST_REMARKS_SHOWN} more; --json lists all.")
    click.echo("Taken in." if taken else "Nothing was changed.")


def _remark(remark: Remark) -> dict[str, str | int | bool]:
    return {
        "line": remark.line,
        "reason": remark.refusal.reason.key,
        "sentence": remark.sentence,
        "taken": remark.taken,
    }
