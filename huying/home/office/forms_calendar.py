"""Forms of the working calendar: one day, hours by season, a file of days."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huying.catalogue.core.calendar import Season
from huying.catalogue.days import read_spans
from huying.catalogue.models import CalendarDay, WorkingHours
from huying.home.office.forms_import import TABLES
from huying.kit.errors import Refusal
from huying.kit.telling import TellingForm
from huying.kit.text import clean

if TYPE_CHECKING:
    from datetime import date

BY_WEEKDAY = "weekday"
MOST_SOURCE, MOST_NAME = 100, 40
_DAY_OF_YEAR = re.compile(r"(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")


def hours_words(spans: list[list[str]]) -> str:
    """Return working hours as people write them."""
    return ", ".join("-".join(pair) for pair in spans)


class SpansField(forms.CharField):
    """Working hours such as 09:00-12:00, 14:00-18:00."""

    def __init__(self, **more: Any) -> None:  # noqa: ANN401 - Django's own options
        super().__init__(max_length=120, **more)
        self.widget.attrs |= {"autocomplete": "off", "placeholder": "09:00-12:00, 14:00-18:00"}

    def clean(self, value: Any) -> list[list[str]]:  # noqa: ANN401 - Django's signature
        """Return the spans as the tables keep them."""
        try:
            return read_spans(super().clean(value) or "")
        except Refusal as refusal:
            raise forms.ValidationError(refusal.sentence, code=refusal.reason.key) from refusal


class SeasonDayField(forms.CharField):
    """A day of every year such as 05-01."""

    def __init__(self, **more: Any) -> None:  # noqa: ANN401 - Django's own options
        super().__init__(max_length=10, required=False, **more)
        self.widget.attrs |= {"autocomplete": "off", "placeholder": "05-01"}

    def clean(self, value: Any) -> str:  # noqa: ANN401 - Django's signature
        """Return the day as "05-01", "" for none."""
        text = str(super().clean(value) or "").strip()
        if not text:
            return ""
        match = _DAY_OF_YEAR.fullmatch(text)
        told = "-".join(f"{int(part):02}" for part in match.groups()) if match else text
        try:
            Season.parse(told, told)
        except Refusal as refusal:
            raise forms.ValidationError(refusal.sentence, code=refusal.reason.key) from refusal
        return told


def _date_field(label: Any, **more: Any) -> forms.DateField:  # noqa: ANN401 - a lazy string and Django's own
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more
    )


class DayForm(TellingForm):
    """What one day is."""

    use_required_attribute = False

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(
        label=_("This day is"),
        choices=[
            (BY_WEEKDAY, _("what its weekday says")),
            ("holiday", _("a holiday")),
            ("makeup", _("worked in exchange (make-up day)")),
            ("workday", _("a working day")),
        ],
    )
    name = forms.CharField(label=_("Name"), max_length=MOST_NAME, required=False)
    hours = SpansField(
        label=_("Hours of this day"),
        required=False,
        help_text=_("Only when they differ from the usual ones, as on a half day before a festival."),
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=MOST_SOURCE,
        required=False,
        help_text=_("By which notice, so that it can be looked up years later."),
    )
    provisional = forms.BooleanField(label=_("Not certain yet (provisional)"), required=False)

    @classmethod
    def of(cls, row: CalendarDay | None, edition: int) -> DayForm:
        """Return the form as a day stands now."""
        if row is None:
            return cls(initial={"kind": BY_WEEKDAY, "seen": edition})
        return cls(
            initial={
                "kind": row.kind,
                "name": row.name,
                "hours": hours_words(row.spans),
                "source": row.source,
                "provisional": row.provisional,
                "seen": edition,
            }
        )

    def clean(self) -> dict[str, Any]:
        """See to it that a day off has no hours."""
        told = super().clean() or self.cleaned_data
        if told.get("hours") and told.get("kind") in {"holiday", BY_WEEKDAY}:
            self.add_error("hours", _("Only a working day or a make-up day can have hours of its own."))
        return told

    def row(self, on: date) -> CalendarDay:
        """Return the day that was told."""
        told = self.cleaned_data
        return CalendarDay(
            on=on,
            kind=told["kind"],
            name=clean(told["name"]),
            provisional=told["provisional"],
            spans=told["hours"],
        )


class HoursForm(TellingForm):
    """Hours from a day on, for the whole year or a season of every year."""

    use_required_attribute = False

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=_("Name"), max_length=MOST_NAME, required=False)
    spans = SpansField(label=_("Working hours"))
    season_from = SeasonDayField(
        label=_("Every year from"), help_text=_("Month and day; empty: the whole year.")
    )
    season_until = SeasonDayField(
        label=_("Every year until"), help_text=_("This day included; may lie in the next year.")
    )
    valid_from = _date_field(_("In force from the day"))
    valid_until = _date_field(_("In force until the day (included)"), required=False)

    @classmethod
    def of(cls, row: WorkingHours | None, edition: int) -> HoursForm:
        """Return the form as hours stand now."""
        if row is None:
            return cls(initial={"seen": edition})
        names = ("name", "season_from", "season_until", "valid_from", "valid_until")
        told = {name: getattr(row, name) for name in names}
        return cls(initial={**told, "spans": hours_words(row.spans), "seen": edition})

    def clean(self) -> dict[str, Any]:
        """See to it that a season has both ends and nothing ends before it begins."""
        told = super().clean() or self.cleaned_data
        season = (told.get("season_from"), told.get("season_until"))
        if "season_from" not in self.errors and "season_until" not in self.errors and any(season):
            for name, day in zip(("season_from", "season_until"), season, strict=True):
                if not day:
                    self.add_error(name, _("A season needs its first and its last day."))
        first, last = told.get("valid_from"), told.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", _("The last day lies before the first."))
        if "spans" not in self.errors and not told.get("spans"):
            self.add_error("spans", _("Please give the working hours."))
        return told

    def onto(self, row: WorkingHours) -> WorkingHours:
        """Write what was told onto a row, unsaved."""
        for name in ("name", "season_from", "season_until", "valid_from", "valid_until", "spans"):
            setattr(row, name, self.cleaned_data[name])
        row.name = clean(row.name)
        return row


class DaysForm(TellingForm):
    """A file of days for the calendar."""

    file = forms.FileField(
        label=_("Table or calendar file"),
        widget=forms.FileInput(attrs={"accept": f"{TABLES},.ics,text/calendar"}),
        help_text=_(
            "Excel or CSV with the columns date, kind (holiday, makeup, workday) and name, perhaps "
            "provisional (yes, no) and hours; or iCalendar (.ics)."
        ),
    )
