"""Learns the danger model anew and writes it: python scripts/danger_model.py, after lessons have changed."""

import csv
import json
from pathlib import Path

from huying.triage.core.danger import DangerRules
from huying.triage.core.dangerlearning import learn
from huying.triage.core.dangermodel import NO_DANGER, lessons

HUYING = Path(__file__).parents[1] / "huying"
STARTER = HUYING / "catalogue" / "starter"
CORE = HUYING / "triage" / "core"
ORDINARY_GRADES = ("C", "D")
SHORTEST = 3


def rows_of(name: str) -> list[dict[str, str]]:
    """Return the rows of a starter file."""
    with (STARTER / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def main() -> None:
    """Write the model from the lessons, the starter's danger list and its ordinary examples."""
    told = list(lessons((CORE / "danger_lessons.txt").read_text(encoding="utf-8")))
    rows = rows_of("danger_phrases.csv")
    rules = DangerRules.from_rows(rows)
    phrases = [
        (kind, phrase)
        for row in rows
        for column, kind in (("phrases", row["kind"]), ("not_phrases", NO_DANGER))
        for phrase in row[column].split("|")
        if len(phrase) >= SHORTEST
    ]
    ordinary = [
        example
        for row in rows_of("items.csv")
        if row["grade"] in ORDINARY_GRADES
        for example in row["examples"].split("|")
        if example and not rules.check(example)
    ]
    state = learn(told, phrases, ordinary)
    text = json.dumps(state, ensure_ascii=False, separators=(",", ":"))
    (CORE / "danger_model.json").write_text(text + "\n", encoding="utf-8")
    print(
        f"{len(told) + len(phrases)} lessons, {len(ordinary)} ordinary sentences, "
        f"{len(state['weights'])} features, "
        f"sure at {state['sure_at']}, may be at {state['may_be_at']}, {len(text) // 1024} kB"
    )


if __name__ == "__main__":
    main()
