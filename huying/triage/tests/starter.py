"""The catalogue a new town begins with, learnt as it stands."""

import csv
from functools import cache
from importlib.resources import files

from huying.triage.core.itemtext import ItemText
from huying.triage.core.textmodel import TextModel


@cache
def starter_model() -> tuple[TextModel, dict[str, str]]:
    """Return a model of the starter catalogue, and the group (second level) of each item."""
    text = files("huying.catalogue").joinpath("starter", "items.csv").read_text(encoding="utf-8-sig")
    rows = {row["code"]: row for row in csv.DictReader(text.splitlines())}
    leaves, groups = [], {}
    for row in rows.values():
        if row["level"] == "3":
            second = rows[row["parent"]]
            groups[row["code"]] = second["code"]
            names = (row["name"], second["name"], rows[second["parent"]]["name"])
            keywords, examples = (
                tuple(filter(None, row[key].split("|"))) for key in ("keywords", "examples")
            )
            leaves.append(ItemText(row["code"], names, keywords, examples))
    return TextModel.build(leaves, version="starter"), groups
