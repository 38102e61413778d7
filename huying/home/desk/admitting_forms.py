"""Forms of admission: what a department applies with, what an area rules, and what comes of a review."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huying.admission.actions import LONGEST_CONTACT, LONGEST_NAME, LONGEST_TEXT, Plea
from huying.admission.models import ApplicationState, Verdict
from huying.home.forms import WordsField
from huying.home.office.forms_town import item_choices
from huying.kit.names import in_language
from huying.kit.telling import TellingForm
from huying.places.queries import levels, town_map

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django_stubs_ext import StrOrPromise

    from huying.admission.models import Application
    from huying.people.queries import UnitCard


def _text(label: StrOrPromise, help_text: StrOrPromise = "", rows: int = 3) -> WordsField:
    return WordsField(
        label=label, help_text=help_text, max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": rows})
    )


def _day(label: StrOrPromise, help_text: StrOrPromise = "", *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, required=required, widget=widget)


class PleaForm(TellingForm):
    """What a department says when it asks to push a kind of task down."""

    unit = forms.ChoiceField(label=_("Applying department"))
    name = WordsField(
        label=_("Kind of task"),
        max_length=LONGEST_NAME,
        help_text=_("In a few words; this is what the public list shows."),
    )
    items = forms.ChoiceField(
        label=_("Items of the catalogue"),
        required=False,
        help_text=_("Which cases may then be dispatched downward; none for work no item stands for."),
    )
    level = forms.ChoiceField(label=_("Level that takes it on"))
    areas = forms.MultipleChoiceField(
        label=_("Areas"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("An area above the level means all below it; each of those may still refuse for itself."),
    )
    description = _text(_("What is to be done"), _("How often, how much work, what is handed in."))
    basis = _text(
        _("Legal basis"), _("The law or paper that makes it yours, and lets others help with it."), 2
    )
    money = _text(_("Money"), _("What comes with it, from where."), 2)
    people = _text(_("People"), _("Who is sent along, or whose time is paid for."), 2)
    contact = WordsField(
        label=_("Contact at work"), max_length=LONGEST_CONTACT, help_text=_("Not made public.")
    )
    starts_on = _day(_("First day"))
    ends_on = _day(_("Last day"), _("It lapses afterwards, unless it is renewed."))
    review_on = _day(_("Day of review"), _("When the areas look whether it still makes sense."))

    def __init__(self, data: Any, units: Iterable[UnitCard], initial: dict[str, Any] | None = None) -> None:  # noqa: ANN401 - Django's own
        super().__init__(data, initial=initial)
        known = [(str(card.id), card.name) for card in units]
        self._choose("unit", known)
        self._choose("items", [("", _("none")), *item_choices()])
        rows = [row for row in levels() if _root_rank() < row.rank <= _FINEST]
        self._choose("level", [(row.key, in_language(row.name, row.name_en)) for row in rows])
        self._choose("areas", _area_choices(max((row.rank for row in rows), default=0)))

    def _choose(self, name: str, choices: Iterable[tuple[str, StrOrPromise]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(choices)

    def plea(self) -> Plea:
        """Return what was told, as the action takes it."""
        told = {name: value for name, value in self.cleaned_data.items() if name != "unit"}
        return Plea(**told | {"areas": tuple(told["areas"])})


# Nobody applies to push work down to a single building: the form offers levels down to the community's.
_FINEST = 2


def _root_rank() -> int:
    root = town_map().root
    return root.rank if root else 0


def _area_choices(finest: int) -> list[tuple[str, str]]:
    """Return the areas down to a rank, those below another set in."""
    cards = sorted(town_map().areas.values(), key=lambda card: card.path)
    return [
        (card.code, f"{'　' * (card.rank - _root_rank())}{card.name}")
        for card in cards
        if card.rank <= finest
    ]


def initial_of(application: Application) -> dict[str, Any]:
    """Return what the form begins with when an application is completed or renewed."""
    names = (
        "name", "items", "description", "basis", "money", "people", "contact",
        "starts_on", "ends_on", "review_on",
    )  # fmt: skip
    areas = [ruling.area.code for ruling in application.rulings.select_related("area")]
    return {
        **{name: getattr(application, name) for name in names},
        "unit": str(application.unit_id), "level": application.level_id, "areas": areas,
    }  # fmt: skip


class RulingForm(TellingForm):
    """What an area says: it takes the task on, for how long, or refuses and why."""

    area = forms.ChoiceField(label=_("For the area"))
    verdict = forms.ChoiceField(label=_("Ruling"), choices=Verdict.choices, widget=forms.RadioSelect)
    reason = WordsField(
        label=_("Why"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Needed to refuse. Refusing is the area's right."),
    )
    ends_on = _day(_("Last day"), _("Left empty: as was applied for. It may be shorter."), required=False)
    review_on = _day(_("Day of review"), required=False)

    def __init__(self, data: Any, areas: list[tuple[str, str]]) -> None:  # noqa: ANN401 - Django's own
        super().__init__(data, auto_id="ruling_%s")
        field = self.fields["area"]
        if isinstance(field, forms.ChoiceField):
            field.choices = areas


class ReasonForm(TellingForm):
    """A reason the other side reads."""

    reason = WordsField(label=_("Why"), max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 2}))


class ReviewForm(TellingForm):
    """What comes of a review: it goes on until the next, or ends."""

    ruling = forms.ChoiceField(label=_("For the area"))
    review_on = _day(_("Next review"), required=False)
    reason = WordsField(
        label=_("Why"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Needed to end it early."),
    )

    def __init__(self, data: Any, rulings: list[tuple[str, str]]) -> None:  # noqa: ANN401 - Django's own
        super().__init__(data, auto_id="review_%s")
        field = self.fields["ruling"]
        if isinstance(field, forms.ChoiceField):
            field.choices = rulings


ACCEPTED = ".pdf,.doc,.docx,.xls,.xlsx,.jpg,.jpeg,.png,.heic,.webp"


class PaperForm(TellingForm):
    """One file."""

    file = forms.FileField(
        label=_("Paper or photo"),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text=_("PDF, Word, Excel or a photo, up to 10 MB; hidden data is taken out of photos."),
    )


def may_attach(shown: Application, own: list[UUID]) -> bool:
    """Return whether papers may still be attached by a unit of these."""
    waits = shown.state in (ApplicationState.APPLIED, ApplicationState.RETURNED)
    ruled = any(ruling.verdict for ruling in shown.rulings.all())
    return shown.unit_id in own and waits and not ruled
