"""How well and how fast places are read: `make bench-places`; needs no database.

Prints, for each half of the written addresses, what was right at each level, coverage, calibration and every
kind; then the time and memory of one reading.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huying.site.settings")

import django

django.setup()

from huying.demo.written import Report, demo_map, measure, read_samples  # noqa: E402 - after the settings
from huying.places.locating import Told, locate_in  # noqa: E402

ROUNDS = 5


def show(half: str, report: Report) -> None:
    """Print the figures of one half."""
    print(f"\n== {half}: {len(report.outcomes)} written addresses")
    for level in ("community", "grid", "building"):
        right, decided, decidable = report.share(level)
        print(
            f"{level:10} decided {decided} of {decidable} ({decided / max(1, decidable):.3f}), "
            f"right {right} ({right / max(1, decided):.3f})"
        )
    print(f"right of all decided, the undecidable counted in: {report.precision:.3f}")
    print(f"calibration error: {report.calibration_error():.3f}")
    for low, high, count, mean, right_share in report.calibration():
        print(f"  {low:.2f}–{min(high, 1):.2f}: {count:4} told {mean:.3f} right {right_share:.3f}")
    print("kind          set  decidable  decided  right  decided wrongly")
    for kind in dict.fromkeys(one.sample.kind for one in report.outcomes):
        right, decided, decidable = report.share("community", frozenset({kind}))
        held = [one for one in report.outcomes if one.sample.kind == kind]
        wrong = sum(one.community == "wrong" for one in held)
        print(f"{kind:12}{len(held):5}{decidable:11}{decided:9}{right:7}{wrong:17}")


def speed() -> None:
    """Print the time of one text, in processor time of this thread, and the memory of the process."""
    town, told = demo_map(), [Told(None, None, "", sample.text) for sample in read_samples()]
    locate_in(town, told)
    took = []
    for _round in range(ROUNDS):
        for one in told:
            began = time.thread_time()
            locate_in(town, [one])
            took.append((time.thread_time() - began) * 1000)
    took.sort()
    print(
        f"\none text, ms: p50 {took[len(took) // 2]:.2f}, p99 {took[len(took) * 99 // 100]:.2f}, "
        f"most {took[-1]:.2f}; process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB"
    )


if __name__ == "__main__":
    show("build", measure(read_samples("build")))
    show("judge", measure(read_samples("judge")))
    speed()
