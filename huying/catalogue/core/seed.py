"""The calendar a town starts with, read from `calendar_days.csv`, and the tool that writes that file.

The file holds what the State Council has published (2024 to 2026), and for the two years after it the days
that the law fixes or the moon will bring, marked provisional. Developers write it once a year from two
libraries which are not needed at run time: `python -m huying.catalogue.core.seed`.
"""

import csv
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Final, cast

from huying.catalogue.core import reasons
from huying.catalogue.core.calendar import Calendar, Day, DayKind, Hours, Span
from huying.catalogue.core.reasons import CalendarError

SEED_VERSION: Final = "cn-2026.1"
"""Version of the shipped calendar: the last published year and the edition of the file."""

USUAL_HOURS: Final = Hours((Span.parse("09:00-12:00"), Span.parse("14:00-18:00")))
"""Office hours to start with; a town sets its own."""

NOTICES: Final[Mapping[int, str]] = {
    2024: "国办发明电〔2023〕7号",
    2025: "国办发明电〔2024〕12号",
    2026: "国办发明电〔2025〕7号",
}
"""The State Council's yearly notice on holidays, by the year it arranges."""

STATUTE: Final = "国务院令第795号"
"""The regulation that fixes the statutory days (全国年节及纪念日放假办法, as amended for 2025)."""

PROVISIONAL_YEARS: Final = (2027, 2028)

_NAMES: Final = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节", "农历除夕": "除夕"}
_COLUMNS: Final = ("on", "kind", "name", "provisional", "source")
_FILE: Final = "calendar_days.csv"


@dataclass(frozen=True, slots=True)
class SeedDay:
    """One line of the file: a day and the document it was taken from."""

    day: Day
    source: str


def load_seed(hours: Iterable[Hours] = (USUAL_HOURS,)) -> Calendar:
    """Return the calendar of the shipped file, with the usual office hours unless others are given."""
    return Calendar((line.day for line in seed_days()), hours, SEED_VERSION, known_years=NOTICES)


def seed_days() -> tuple[SeedDay, ...]:
    """Return the lines of the shipped file in order of date."""
    lines = files(__package__).joinpath(_FILE).read_text(encoding="utf-8").splitlines()
    return tuple(_seed_day(row) for row in csv.DictReader(lines))


def _seed_day(row: Mapping[str, str]) -> SeedDay:
    kind = cast("DayKind", row["kind"])  # Day itself refuses an unknown kind
    if row["provisional"] not in {"yes", "no"}:
        raise CalendarError(reasons.DAY_PROVISIONAL_UNREADABLE, on=row["on"], text=row["provisional"])
    day = Day(date.fromisoformat(row["on"]), kind, row["name"], provisional=row["provisional"] == "yes")
    return SeedDay(day, row["source"])


def write_seed(path: Path) -> int:
    """Write the file anew from the developers' libraries and return the number of days in it."""
    lines = sorted((*_published(), *_expected()), key=lambda line: line.day.on)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_COLUMNS)
        for line in lines:
            day = line.day
            provisional = "yes" if day.provisional else "no"
            writer.writerow((day.on.isoformat(), day.kind, day.name, provisional, line.source))
    return len(lines)


def _published() -> Iterator[SeedDay]:
    """Yield every day that a notice names: days off (with the weekends among them) and make-up days."""
    from chinese_calendar import constants

    chinese = {holiday.value: _NAMES.get(holiday.chinese, holiday.chinese) for holiday in constants.Holiday}
    kinds: tuple[tuple[DayKind, Mapping[date, str]], ...] = (
        ("holiday", constants.holidays),
        ("makeup", constants.workdays),
    )
    for kind, days in kinds:
        for on, name in days.items():
            if on.year in NOTICES:
                label = chinese[name] if kind == "holiday" else f"{chinese[name]}调休上班"
                yield SeedDay(Day(on, kind, label), NOTICES[on.year])


def _expected() -> Iterator[SeedDay]:
    """Yield the statutory days of years not yet published; how they will be moved and joined is unknown."""
    import holidays

    for year in PROVISIONAL_YEARS:
        calculated = holidays.country_holidays("CN", years=year, language="zh_CN", observed=False)
        for on, name in calculated.items():
            yield SeedDay(
                Day(on, "holiday", _NAMES.get(name, name.replace("; ", "、")), provisional=True), STATUTE
            )


def main() -> None:
    """Write the file into the source tree and say how many days it holds."""
    path = Path(__file__).with_name(_FILE)
    sys.stdout.write(f"{path.name}: {write_seed(path)} days\n")


if __name__ == "__main__":
    main()
