"""Writes the demo town into a folder, to be looked at: `python -m huying.demo.town --out DIR`."""

import argparse
import csv
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from huying.demo.town.build import SEED, Town, build_town
from huying.demo.town.photos import photo_bytes


def main(arguments: Sequence[str] | None = None) -> int:
    """Write GeoJSON, CSV and a few of the drawn photos; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m huying.demo.town", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder to write into; made if missing")
    parser.add_argument(
        "--until", type=date.fromisoformat, required=True, help="day the demo ends, YYYY-MM-DD"
    )
    parser.add_argument("--seed", type=int, default=SEED, help="seed of the appeals")
    chosen = parser.parse_args(arguments)
    town = build_town(chosen.seed, until=chosen.until)
    chosen.out.mkdir(parents=True, exist_ok=True)
    write(town, chosen.out)
    sys.stdout.write(f"{len(town.areas)} areas, {len(town.appeals)} appeals in {chosen.out}\n")
    return 0


def write(town: Town, out: Path) -> None:
    """Write every part of the town into the folder."""
    features = [
        {
            "type": "Feature",
            "properties": {key: value for key, value in area.items() if key != "boundary"},
            "geometry": area["boundary"],
        }
        for area in town.areas
    ]
    _geojson(out / "areas.geojson", features)
    roads = [
        {"type": "Feature", "properties": {"name": road["name"]}, "geometry": road["geometry"]}
        for road in town.roads
    ]
    _geojson(out / "roads.geojson", roads)
    _table(out / "places.csv", town.places)
    _table(out / "units.csv", (asdict(unit) for unit in town.organisation.units))
    _table(out / "accounts.csv", (asdict(account) for account in town.organisation.accounts))
    _table(out / "posts.csv", (asdict(post) for post in town.organisation.posts))
    rows = []
    for appeal in town.appeals:
        row = asdict(appeal)
        fate = row.pop("fate")
        rows.append({**row, "outcome": fate["outcome"], "steps": len(fate["steps"])})
    _table(out / "appeals.csv", rows)
    steps: list[dict[str, Any]] = [
        {"appeal": appeal.key, "at": appeal.received_at + step.after, **asdict(step)}
        for appeal in town.appeals
        for step in appeal.fate.steps
    ]
    _table(out / "steps.csv", steps)
    for photo in [photo for appeal in town.appeals for photo in appeal.photos][:20]:
        (out / f"{photo.kind}-{photo.seed}.jpg").write_bytes(photo_bytes(photo.kind, photo.seed))


def _geojson(path: Path, features: list[dict[str, Any]]) -> None:
    collection = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")


def _table(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    lines = list(rows)
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(lines[0]))
        writer.writeheader()
        writer.writerows(lines)


if __name__ == "__main__":
    sys.exit(main())
