"""What a benchmark says: lines for people as it goes, goals met or missed, one JSON document for programs."""

from __future__ import annotations

import argparse
import json
import os
import platform
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil


@dataclass
class Report:
    """Collects figures and compares them with goals; a missed goal is told and never an error."""

    title: str
    as_json: str = ""
    figures: dict[str, Any] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Say what is measured and where."""
        memory = psutil.virtual_memory().total / 2**30
        self.figures["machine"] = {
            "cores": os.cpu_count(),
            "memory_gib": round(memory, 1),
            "python": platform.python_version(),
            "load_before": round(os.getloadavg()[0], 2),
        }
        self.say(
            f"{self.title}\n{os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}"
        )
        busy = os.getloadavg()[0]
        if busy > 0.5:
            self.say(f"Note: the machine was busy before we began (load {busy:.1f}); figures will be low.")

    def say(self, line: str) -> None:
        """Tell people something, unless a program listens on standard output."""
        if self.as_json != "-":
            print(line, flush=True)

    def keep(self, key: str, value: object) -> None:
        """Keep a figure for the JSON document."""
        self.figures[key] = value

    def goal(
        self,
        what: str,
        value: float,
        goal: float,
        *,
        aim: float | None = None,
        most: bool = False,
        unit: str = "",
    ) -> None:
        """Compare a figure with its goal and, where there is one, the higher aim.

        With `most` the goal is the largest value allowed, else the smallest.
        """
        met = value <= goal if most else value >= goal
        sign = "at most" if most else "at least"
        verdict = "met" if met else "MISSED"
        line = f"{what}: {value:.3g}{unit}   goal {sign} {goal:g}{unit}: {verdict}"
        if aim is not None:
            reached = value <= aim if most else value >= aim
            line += f"   aim {aim:g}{unit}: {'reached' if reached else 'not reached'}"
        if not met:
            self.missed.append(what)
        self.figures.setdefault("goals", []).append(
            {"what": what, "value": round(value, 4), "goal": goal, "aim": aim, "met": met}
        )
        self.say(line)

    def end(self) -> None:
        """Say how it came out and write the JSON document where it is wanted."""
        self.say("All goals met." if not self.missed else f"MISSED: {', '.join(self.missed)}")
        if not self.as_json:
            return
        document = json.dumps(self.figures, ensure_ascii=False, indent=2)
        if self.as_json == "-":
            print(document)
        else:
            Path(self.as_json).write_text(document + "\n", encoding="utf-8")


def arguments(description: str | None, *, seconds: float) -> argparse.ArgumentParser:
    """Return the parser of what every benchmark takes."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument(
        "--seconds",
        type=float,
        default=float(os.environ.get("BENCH_SECONDS", seconds)),
        help="how long each figure is measured, over all rounds (BENCH_SECONDS)",
    )
    parser.add_argument(
        "--json", default="", metavar="FILE", help="write the figures there; - prints them alone"
    )
    return parser
