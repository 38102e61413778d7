"""What a drive came to: before and after side by side, with what speaks against comparing them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huying.cases.models import Case
from huying.catalogue.core.calendar import local_day
from huying.kit.moments import in_words
from huying.walks.models import Cleared, Drive, DriveMark
from huying.walks.rules import under

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from django_stubs_ext import StrOrPromise

SHANGHAI = ZoneInfo("Asia/Shanghai")
# Fewer than this on either side: a change may be chance.
ENOUGH = 30
_CLOSED = Q(status__in=("closed", "archived"))


@dataclass(frozen=True)
class Period:
    """A span of days (until before `after`), and what was opened in it: of the drive's matters, of all."""

    key: str
    label: StrOrPromise
    first: date
    after: date
    cases: int = 0
    solved: int = 0
    reworked: int = 0
    others: int = 0  # every other matter of the area in the same days: what reporting did at large

    @property
    def days(self) -> int:
        """Return how many days the span has."""
        return (self.after - self.first).days

    @property
    def last(self) -> date:
        """Return its last day."""
        return self.after - timedelta(days=1)


@dataclass(frozen=True)
class Comparison:
    """The periods of a drive side by side, and sentences on what the comparison cannot tell."""

    periods: tuple[Period, ...]
    caveats: tuple[str, ...] = field(default=())


LABELS: dict[str, StrOrPromise] = {
    "before": gettext_lazy("As many days before"), "during": gettext_lazy("During the drive"),
    "after": gettext_lazy("As many days after"), "year": gettext_lazy("The same days a year before"),
}  # fmt: skip


def cases_of(drive: Drive) -> Q:
    """Return the filter for the cases of a drive: by its rule, and as hands put in or took out."""
    marks = DriveMark.objects.filter(drive=drive)
    ruled = _rule(drive) & _opened(drive.starts_on, drive.ends_on + timedelta(days=1))
    put_in, taken_out = (marks.filter(is_in=is_in).values("case_id") for is_in in (True, False))
    return (ruled | Q(pk__in=put_in)) & ~Q(pk__in=taken_out)


def _rule(drive: Drive) -> Q:
    items = Q()
    for code in drive.items:
        items |= Q(item_code__startswith=code)
    return under([drive.area.path], "area_path") & items


def _opened(first: date, after: date) -> Q:
    return Q(opened_at__gte=_midnight(first), opened_at__lt=_midnight(after))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=SHANGHAI)


def compare(drive: Drive, *, at: datetime) -> Comparison:
    """Return the drive's days beside as many before, as many after (once they are over) and a year before.

    Counted by the rule alone, the same on every side: what hands put in has nothing to stand beside. One
    statement for each period, and one for the oldest case there is.
    """
    today = local_day(at)
    start, end = drive.starts_on, min(drive.ends_on + timedelta(days=1), today + timedelta(days=1))
    if end <= start:
        return Comparison((), (_("The drive has not begun."),))
    span = end - start
    wanted = [("before", start - span, start), ("during", start, end)]
    over = drive.ends_on < today
    if over and end + span <= today + timedelta(days=1):
        wanted.append(("after", end, end + span))
    oldest = Case.objects.filter(under([drive.area.path], "area_path")).order_by("opened_at").first()
    known = local_day(oldest.opened_at) if oldest else today
    last_year = _year_before(start)
    if known <= last_year:
        wanted.append(("year", last_year, last_year + span))
    periods = tuple(_counted(drive, *one) for one in wanted)
    return Comparison(periods, tuple(_caveats(drive, periods, over=over, known=known)))


def _year_before(day: date) -> date:
    """Return the same day a year before; of 29 February, the 28th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def _counted(drive: Drive, key: str, first: date, after: date) -> Period:
    mine = _rule(drive)
    told = Case.objects.filter(under([drive.area.path], "area_path") & _opened(first, after)).aggregate(
        cases=Count("pk", filter=mine), all=Count("pk"),
        solved=Count("pk", filter=mine & _CLOSED & Q(resolution="yes")),
        reworked=Count("pk", filter=mine & Q(round__gt=0)),
    )  # fmt: skip
    return Period(
        key, LABELS[key], first, after, told["cases"], told["solved"], told["reworked"],
        told["all"] - told["cases"],
    )  # fmt: skip


def _caveats(drive: Drive, periods: Iterable[Period], *, over: bool, known: date) -> Iterable[str]:
    by_key = {period.key: period for period in periods}
    if not over:
        yield _("The drive still runs; it is compared up to today.")
    elif "after" not in by_key:
        yield _("As many days after the drive are not over yet; whether it lasts cannot be said.")
    if by_key["before"].first < known:
        yield _("The town's cases begin on {day}; before that there is nothing to count.").format(
            day=in_words(known, "day")
        )
    if "year" not in by_key:
        yield _("There are no cases of a year before, so the season cannot be told from the drive.")
    if any(period.cases < ENOUGH for period in by_key.values()):
        yield _("Fewer than {enough} cases in a period: the difference may be chance.").format(enough=ENOUGH)
    if drive.items and not any(period.others for period in by_key.values()):
        yield _("There are no other matters in the area to see whether reporting itself changed.")
    yield _("More reports may mean more people looked, fewer that they are tired: see the other matters.")


@dataclass(frozen=True)
class Added:
    """What a ledger adds up to for one thing in one measure; costs in yuan, of the lines that tell one."""

    what: str
    measure: str
    quantity: Decimal
    lines: int
    cost: Decimal | None
    cost_lines: int


def cleared_of(drive: Drive) -> list[Added]:
    """Return the sums of a drive's ledger by thing and measure, in the order of names."""
    rows = (
        Cleared.objects.filter(drive=drive, struck_at=None)
        .values("what", "measure")
        .annotate(total=Sum("quantity"), lines=Count("pk"), costs=Sum("cost"), told=Count("cost"))
        .order_by("what", "measure")
    )
    return [
        Added(row["what"], row["measure"], row["total"], row["lines"], row["costs"], row["told"])
        for row in rows
    ]
