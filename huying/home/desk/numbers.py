"""Numbers at the desk: every indicator with its formula, what it stands on, what was left out, and why."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from huying.cases.words import item_name
from huying.catalogue.core.calendar import local_day
from huying.home.desk.access import staff_required
from huying.home.desk.narrowing import NarrowingForm, item_groups
from huying.home.desk.numbers_words import card_of, row_of
from huying.insight.core.indicators import BY_KEY, INDICATORS, Kind, Part
from huying.insight.core.telling import Counted, tell, tell_table
from huying.insight.queries import By, count, count_facts
from huying.insight.scope import Scope, sight_of
from huying.kit.moments import in_words
from huying.people.permissions import Permission
from huying.people.queries import unit_book
from huying.places.queries import town_map

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.http import HttpRequest, HttpResponse, QueryDict
    from django_stubs_ext import StrOrPromise

    from huying.home.desk.access import DeskRequest

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONTHS_BACK = 12
# Areas are offered down to communities: below, nearly everything would be too few to tell.
_FINEST = 2
BY_LABELS: dict[str, StrOrPromise] = {
    By.UNIT: gettext_lazy("Unit"), By.AREA: gettext_lazy("Area"), By.ITEM: gettext_lazy("Item group"),
    By.MONTH: gettext_lazy("Month"),
}  # fmt: skip
PART_LABELS: dict[Part, StrOrPromise] = {
    Part.CAME: gettext_lazy("What came in"), Part.DISPATCH: gettext_lazy("Dispatch"),
    Part.WORK: gettext_lazy("At the units"), Part.END: gettext_lazy("What became of it"),
    Part.SAID: gettext_lazy("What residents said"),
}  # fmt: skip


class NumbersForm(NarrowingForm):
    """What is counted, and by what it is broken down. What cannot be read narrows nothing."""

    since = forms.ChoiceField(label=gettext_lazy("From the month"), required=False)
    until = forms.ChoiceField(label=gettext_lazy("Until the month"), required=False)
    area = forms.ChoiceField(label=gettext_lazy("Area"), required=False)
    unit = forms.ChoiceField(label=gettext_lazy("Unit"), required=False)
    items = forms.ChoiceField(label=gettext_lazy("Item group"), required=False)
    by = forms.ChoiceField(
        label=gettext_lazy("Broken down by"), required=False, choices=list(BY_LABELS.items())
    )
    show = forms.ChoiceField(label=gettext_lazy("Which number"), required=False)

    def __init__(self, data: QueryDict, sight: Iterable[tuple[str, tuple[str, ...]]], today: date) -> None:
        super().__init__(data or None)
        tops = [path for path, _items in sight]
        months = [(f"{month:%Y-%m}", in_words(month, "month")) for month in months_before(today)]
        self.choose("since", [("", _("this month")), *months])
        self.choose("until", [("", _("this month")), *months])
        self.choose("area", [("", _("all I may see")), *_areas(tops)])
        self.choose("unit", [("", _("all")), *_units(tops)])
        self.choose("items", [("", _("all")), *item_groups()])
        self.choose("show", [(one.key, _(one.label)) for one in INDICATORS])


def months_before(today: date) -> list[date]:
    """Return the first days of this month and those before it, newest first: numbers are of whole months.

    Two spans that differ by a day would tell of that day by their difference.
    """
    found, month = [], today.replace(day=1)
    for _place in range(MONTHS_BACK + 1):
        found.append(month)
        month = date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
    return found


def _under(path: str, tops: Iterable[str]) -> bool:
    return any(path == top or path.startswith(f"{top}/") for top in tops)


def _areas(tops: list[str]) -> list[tuple[str, str]]:
    cards = sorted(town_map().areas.values(), key=lambda card: card.path)
    return [
        (card.path, f"{'　' * card.rank}{card.name}")
        for card in cards
        if card.rank <= _FINEST and _under(card.path, tops)
    ]


def _units(tops: list[str]) -> list[tuple[str, str]]:
    return [(str(card.id), card.name) for card in unit_book().all() if _under(card.area_path, tops)]


def _scope(told: dict[str, str], request: DeskRequest) -> Scope:
    this = local_day(request.at).replace(day=1)
    since, until = (_month(told.get(name, ""), this) for name in ("since", "until"))
    since, until = min(since, until), max(since, until)
    after = date(until.year + (until.month == _DECEMBER), until.month % _DECEMBER + 1, 1)
    unit = next((card.id for card in unit_book().all() if str(card.id) == told.get("unit")), None)
    return Scope(
        since=_midnight(since), until=_midnight(after), sight=sight_of(request.actor),
        area=told.get("area", ""), unit=unit, items=told.get("items", ""),
    )  # fmt: skip


_DECEMBER = 12
_NOTHING = Counted(0, 0)


def _month(told: str, this: date) -> date:
    return date.fromisoformat(f"{told}-01") if told else this


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=SHANGHAI)


@require_safe
@staff_required(Permission.STATS_SEE)
def numbers(request: DeskRequest) -> HttpResponse:
    """Show the numbers of what the actor may see: whole, and one of them broken down."""
    form = NumbersForm(request.GET, sight_of(request.actor), local_day(request.at))
    told = form.told()
    scope, by = _scope(told, request), By(told.get("by", By.AREA))
    counted = count(scope, by=by, at=request.at)
    shown = BY_KEY[told.get("show", INDICATORS[0].key)]
    rows = sorted((name, row[shown.key]) for name, row in counted.items() if name and shown.key in row)
    total = counted.get("", {}).get(shown.key, _NOTHING)
    table, whole = tell_table([one for _name, one in rows], total)
    compares = settings.COMPARE_UNITS and by == By.UNIT and shown.kind == Kind.SHARE
    labels = [_name_of(name, by) for name, _one in rows]
    context: dict[str, Any] = {
        "form": form, "scope": scope, "shown": card_of(shown, whole), "by_label": BY_LABELS[by],
        "parts": _parts(counted.get("", {})), "facts": count_facts(scope),
        "rows": [
            row_of(shown, label, number, whole if compares else None)
            for label, number in sorted(zip(labels, table, strict=True), key=lambda pair: pair[0])
        ],
        "compares": compares, "now": request.at,
    }  # fmt: skip
    return render(request, "desk/numbers.html", context)


def _parts(whole: Mapping[str, Counted]) -> list[dict[str, Any]]:
    """Return every indicator of the whole, in the order a matter goes its way."""
    return [
        {
            "key": part,
            "label": label,
            "cards": [
                card_of(one, tell(whole.get(one.key, _NOTHING))) for one in INDICATORS if one.part == part
            ],
        }
        for part, label in PART_LABELS.items()
    ]


@require_safe
def moved_here(_request: HttpRequest) -> HttpResponse:
    """Lead who still asks for the office's older page of numbers to this one, for good."""
    return redirect("desk:numbers", permanent=True)


def _name_of(row: str, by: By) -> str:
    """Return what a row is called; rows stand in the order of their names, never of their numbers."""
    if row == "-":
        return _("not known, or none yet")
    if by == By.UNIT:
        return next((card.name for card in unit_book().all() if str(card.id) == row), _("a closed unit"))
    if by == By.AREA:
        area = town_map().by_code(row.rpartition("/")[2])
        return area.name if area else row
    return item_name(row) if by == By.ITEM else row
