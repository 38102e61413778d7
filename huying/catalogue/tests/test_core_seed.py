"""The shipped calendar file: what it says, and that the developers' tool writes just this file."""

import subprocess
import sys
from datetime import date
from pathlib import Path

from huying.catalogue.core import seed
from huying.catalogue.core.seed import load_seed, seed_days, write_seed


def test_the_file_is_what_the_tool_writes(tmp_path: Path) -> None:
    written = tmp_path / "days.csv"
    count = write_seed(written)
    shipped = Path(seed.__file__).with_name("calendar_days.csv")
    assert written.read_bytes() == shipped.read_bytes()
    assert count == len(seed_days())


def test_every_year_has_the_make_up_days_of_its_notice() -> None:
    made_up = [line.day.on for line in seed_days() if line.day.kind == "makeup" and line.day.on.year == 2026]
    assert [(on.month, on.day) for on in made_up] == [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)]


def test_days_of_unpublished_years_are_there_and_provisional() -> None:
    later = [line for line in seed_days() if line.day.on.year > 2026]
    assert all(line.day.provisional and line.day.kind == "holiday" for line in later)
    fixed = {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}
    for year in (2027, 2028):
        assert fixed <= {(line.day.on.month, line.day.on.day) for line in later if line.day.on.year == year}
    assert not load_seed().is_working(date(2027, 2, 8))


def test_every_published_day_names_its_notice() -> None:
    assert all(line.source and line.day.name for line in seed_days())
    assert {line.day.on.year for line in seed_days() if not line.day.provisional} == set(seed.NOTICES)


def test_the_oracles_and_the_framework_are_not_loaded_at_run_time() -> None:
    program = (
        "import sys; from huying.catalogue.core.seed import load_seed; load_seed(); "
        "import huying.catalogue.core.clock; "
        "print(*{'django', 'holidays', 'chinese_calendar'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603 - our own program text
    assert done.stdout.strip() == ""
