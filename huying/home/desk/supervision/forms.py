"""Forms of supervision: a topic, a meeting, a decision, and every move of an order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from huying.cases.models import Colour
from huying.cases.rules import lies_under
from huying.home.desk.choosing import unit_choices
from huying.home.forms import WordsField
from huying.home.office.forms_town import item_choices
from huying.kit.telling import TellingForm
from huying.people.queries import SHANGHAI, unit_book
from huying.places.queries import town_map
from huying.supervision.households import labels_in
from huying.supervision.orders import LONGEST_TEXT, LONGEST_TITLE, OrderDraft
from huying.supervision.rules import areas_of
from huying.supervision.states import HouseholdState, OrderKind, Presence
from huying.ui.fields import PhotosField

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from django_stubs_ext import StrOrPromise

    from huying.ledger.actor import Actor
    from huying.people.permissions import Permission
    from huying.supervision.moves import OrderMove

MOST_PHOTOS = 9
# Areas are offered down to communities: district, street, community.
FINEST = 2


def text_field(
    label: StrOrPromise, help_text: StrOrPromise = "", *, rows: int = 3, required: bool = True
) -> WordsField:
    """Return a field for several lines."""
    return WordsField(
        label=label, help_text=help_text, required=required, max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": rows}),
    )  # fmt: skip


def line_field(
    label: StrOrPromise, help_text: StrOrPromise = "", *, longest: int = 80, required: bool = True
) -> WordsField:
    """Return a field for one line."""
    return WordsField(label=label, help_text=help_text, required=required, max_length=longest)


def day_field(label: StrOrPromise, help_text: StrOrPromise = "", *, required: bool = True) -> forms.DateField:
    """Return a field for a day."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, required=required, widget=widget)


def photos_field(label: StrOrPromise) -> PhotosField:
    """Return a field for photos."""
    return PhotosField(
        label=label, required=False, max_count=MOST_PHOTOS,
        help_text=_("Up to 9. Hidden data such as the place is taken out of them."),
    )  # fmt: skip


class KeyedForm(TellingForm):
    """A form that may be sent twice and is taken once: it carries the key of what it makes."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **more: Any) -> None:  # noqa: ANN401 - Django's own
        more["initial"] = {"key": uuid4(), **(more.get("initial") or {})}
        super().__init__(*args, **more)

    def clean_key(self) -> UUID:
        """Return the key; a form that lost it gets a new one, so it is never refused for that."""
        return self.cleaned_data.get("key") or uuid4()


def area_choices(by: Actor, *rights: Permission) -> list[tuple[str, str]]:
    """Return the areas an actor holds one of these rights over, down to communities, by path."""
    tops = areas_of(by, *rights)
    cards = sorted(town_map().areas.values(), key=lambda card: card.path)
    return [
        (card.path, f"{'　' * card.path.count('/')}{card.name}")
        for card in cards
        if card.path.count("/") <= FINEST and any(lies_under(card.path, top) for top in tops)
    ]


class TopicForm(KeyedForm):
    """A topic by hand, or from what is overdue."""

    title = line_field(_("Heading"), longest=LONGEST_TITLE)
    why = text_field(_("Why is it to be taken up?"))
    area_path = forms.ChoiceField(label=_("Place of the matter"))
    item_code = forms.ChoiceField(label=_("Item of the catalogue"), required=False)
    place_name = line_field(_("Estate, road or place"), longest=120, required=False)
    unit = forms.ChoiceField(label=_("Proposed by"), required=False)
    numbers = text_field(
        _("Numbers of cases"), _("One to a line; more can be added later."), rows=3, required=False
    )

    def __init__(
        self,
        data: Any,  # noqa: ANN401 - Django's own
        areas: Iterable[tuple[str, str]],
        units: Iterable[tuple[str, str]],
        **more: Any,  # noqa: ANN401 - likewise
    ) -> None:
        super().__init__(data, **more)
        for name, choices in (
            ("area_path", list(areas)), ("item_code", [("", "—"), *item_choices()]),
            ("unit", [("", "—"), *units]),
        ):  # fmt: skip
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices

    def clean_numbers(self) -> list[str]:
        """Return the numbers of cases as they are kept."""
        return [part.upper() for part in labels_in(self.cleaned_data["numbers"].replace(" ", "\n"))]


class OrderForm(KeyedForm):
    """An order: what, by whom, until when."""

    title = line_field(_("Heading"), longest=LONGEST_TITLE)
    text = text_field(_("What is to be done"))
    unit = forms.ChoiceField(label=_("Unit that carries it out"))
    assists = forms.MultipleChoiceField(
        label=_("Units that assist"), required=False, widget=forms.CheckboxSelectMultiple
    )
    due_on = day_field(_("To be done by"))
    kind = forms.ChoiceField(label=_("Kind of order"), choices=OrderKind.choices)

    def __init__(self, data: Any = None, **more: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(data, **more)
        choices = [(choice.card.code, choice.card.name) for choice in unit_choices().all]
        for name, offered in (("unit", [("", "—"), *choices]), ("assists", choices)):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = offered

    def draft(self, cases: tuple[Any, ...] = ()) -> OrderDraft:
        """Return what was told as an order takes it."""
        told = self.cleaned_data
        return OrderDraft(
            told["title"], told["text"], told["unit"], told["due_on"], told["kind"], tuple(told["assists"]),
            cases,
        )  # fmt: skip


class FreeOrderForm(OrderForm):
    """An order outside of a meeting, for an area."""

    area_path = forms.ChoiceField(label=_("Place of the matter"))
    numbers = text_field(
        _("Numbers of cases"), _("One to a line; letters lie over them, too."), rows=2, required=False
    )
    clean_numbers = TopicForm.clean_numbers

    def __init__(self, data: Any, areas: Iterable[tuple[str, str]], **more: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(data, **more)
        field = self.fields["area_path"]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(areas)


class MoveForm(TellingForm):
    """What one move of an order asks for; `seen` says what was on the screen."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any, move: OrderMove, files: Any = None, **more: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(data, files, prefix=None, auto_id=f"{move.key}_%s", **more)
        for name in (*move.needs, *move.takes):
            field = _move_field(name)
            field.required = name in move.needs
            self.fields[name] = field


def _move_field(name: str) -> forms.Field:
    units = [("", "—"), *((card.code, card.name) for card in unit_book().all())]
    makers: dict[str, Any] = {
        "reason": lambda: text_field(_("Reason"), rows=2),
        "note": lambda: text_field(_("How it stands, and what was done"), rows=3),
        "evidence": lambda: photos_field(_("Photos that show it")),
        "unit": lambda: forms.ChoiceField(label=_("Unit that carries it out"), choices=units),
        "due_on": lambda: day_field(_("To be done by")),
        "colour": lambda: forms.ChoiceField(
            label=_("Colour"), choices=Colour.choices, widget=forms.RadioSelect
        ),
    }
    made: forms.Field = makers[name]()
    return made


class InterviewForm(KeyedForm):
    """Whom was spoken to, and what was promised."""

    who = line_field(_("Firm or post that was spoken to"), _("No names of persons."))
    held_on = day_field(_("Day of the interview"))
    asked = text_field(_("What was asked for"), rows=2, required=False)
    promise = text_field(_("What was promised"), rows=2, required=False)
    promised_on = day_field(_("Promised for"), required=False)


class WorkForm(KeyedForm):
    """A line of the works ledger."""

    name = line_field(_("Works"), longest=80)
    quantity = forms.DecimalField(label=_("Quantity"), min_value=0, max_digits=14, decimal_places=2)
    measure = line_field(_("Counted in"), _("For example pieces, metres, square metres."), longest=20)
    cost_yuan = forms.DecimalField(
        label=_("Cost in yuan"), min_value=0, max_digits=14, decimal_places=2, required=False
    )
    done_on = day_field(_("Done on"), required=False)
    before = photos_field(_("Before"))
    after = photos_field(_("After"))


class HouseholdsForm(TellingForm):
    """Households to list, pasted or from a file: one a line, or one a row in the first column."""

    labels = WordsField(
        label=_("Households"), required=False, max_length=200_000, widget=forms.Textarea({"rows": 5}),
        help_text=_("Building, entrance and number, one to a line; no names of persons."),
    )  # fmt: skip
    file = forms.FileField(
        label=_("Or an Excel or CSV file"), required=False, help_text=_("The first column is taken.")
    )


class HouseholdMoveForm(TellingForm):
    """How far the marked households, or those named, are."""

    state = forms.ChoiceField(label=_("How far"), choices=HouseholdState.choices)
    labels = WordsField(
        label=_("Further households, pasted"), required=False, max_length=200_000,
        widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip
    note = line_field(_("Note"), _("A few words; no names of persons."), longest=120, required=False)


class CallForm(KeyedForm):
    """When and where a body meets."""

    body = forms.ChoiceField(label=_("Who meets"))
    starts_at = forms.DateTimeField(
        label=_("When"), input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    where = line_field(_("Place of the meeting"), longest=120, required=False)
    chaired_by = line_field(_("Chaired by (post)"), required=False)
    written_by = line_field(_("Minutes by (post or unit)"), required=False)

    def __init__(self, data: Any, bodies: Iterable[tuple[str, str]], **more: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(data, **more)
        field = self.fields["body"]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(bodies)

    def clean_starts_at(self) -> datetime:
        """Return the moment, in the town's time where none is told."""
        told: datetime = self.cleaned_data["starts_at"]
        return told if told.tzinfo else told.replace(tzinfo=SHANGHAI)


class AttendanceForm(TellingForm):
    """Who is there: posts, units and guests, one to a line."""

    chaired_by = line_field(_("Chaired by (post)"), required=False)
    written_by = line_field(_("Minutes by (post or unit)"), required=False)
    where = line_field(_("Place of the meeting"), longest=120, required=False)
    present = text_field(_("Present"), _("Posts, units or guests, one to a line."), rows=4, required=False)
    listening = text_field(_("Attending without a vote"), rows=3, required=False)
    excused = text_field(_("Excused"), rows=2, required=False)

    def there(self) -> list[tuple[str, str]]:
        """Return who is there with their presence, in the order told."""
        return [
            (who, presence) for presence in Presence.values for who in labels_in(self.cleaned_data[presence])
        ]


class NotesForm(TellingForm):
    """What was said about an item."""

    notes = WordsField(
        label=_("Discussion"), required=False, max_length=20_000, widget=forms.Textarea({"rows": 4})
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


class ReasonForm(TellingForm):
    """Why."""

    reason = text_field(_("Reason"), rows=2)


class LineForm(KeyedForm):
    """An item of an agenda that is no topic."""

    title = line_field(_("Item"), longest=120)


class CasesForm(TellingForm):
    """Numbers of cases that belong to a topic."""

    numbers = text_field(_("Numbers of cases"), _("One to a line."), rows=2)
    clean_numbers = TopicForm.clean_numbers


class ReleaseForm(TellingForm):
    """What everybody may read of a matter, as it is approved."""

    title = line_field(_("Heading"), longest=120)
    text = text_field(_("What is the matter, and what is done about it"), rows=6)
    voices = WordsField(
        label=_("What residents said"), required=False, max_length=4_000, widget=forms.Textarea({"rows": 5}),
        help_text=_("One voice to a line, as residents put it; strike what they would not want here."),
    )  # fmt: skip
    looked = forms.BooleanField(
        label=_("I have read all of it; nothing in it points at a person or a home"), required=False
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
