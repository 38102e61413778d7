"""The moves a case can make as buttons and forms, read off the table of moves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from huying.cases import reasons
from huying.cases.models import Membership, Reply
from huying.cases.moves import MOVES, Hand
from huying.cases.noting import NOTED, text_of
from huying.cases.queries import find_case
from huying.cases.rules import may, why_not
from huying.cases.words import FIELDS
from huying.dispatch.duties import duty_book
from huying.home.desk.choosing import item_choices, unit_choices
from huying.home.desk.move_fields import MAKERS, ORDER, SHAPES, UNITS, colleagues_of
from huying.home.desk.move_looks import FACTS, LOOKS, SAID
from huying.home.forms import WordsField
from huying.intake.photos import drop_photos, keep_photo, waiting_photos
from huying.kit.errors import Refusal
from huying.kit.telling import TellingForm
from huying.ledger.models import Fact

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from huying.cases.models import Case
    from huying.cases.moves import Move
    from huying.home.desk.access import DeskRequest
    from huying.intake.models import Photo
    from huying.ledger.actor import Actor

# Refusals worth telling before anybody tries: the clerk would look for the button.
NEARLY = frozenset(
    reason.key
    for reason in (
        reasons.OWN_WORK, reasons.RETURNED_ALREADY, reasons.SIGN_WINDOW_OVER, reasons.NEEDS_HIGHER,
        reasons.NEEDS_APPROVER,
    )
)  # fmt: skip
# A second click of the same hand comes within this time.
TWICE_WITHIN = timedelta(seconds=30)
# Needed fields the duty rules can fill.
BY_RULE = frozenset({("dispatch", "unit")})


def asked_by(move: Move) -> list[str]:
    """Return what the form of a move asks, in the order it is asked."""
    return [name for name in ORDER if name in move.needs or name in move.takes]


class MoveForm(TellingForm):
    """What a move needs and takes, asked in one form. `seen` is the last fact that was on the screen."""

    def __init__(
        self, move: Move, case: Case, request: DeskRequest, *, initial: dict[str, Any] | None = None
    ) -> None:
        bound = request.method == "POST" and initial is None
        super().__init__(
            request.POST if bound else None, request.FILES if bound else None,
            auto_id=f"id_{move.key}_%s", initial=initial or {},
        )  # fmt: skip
        self.move, self.case, self.request = move, case, request
        asked = asked_by(move)
        for name in asked:
            label, help_text = SAID.get((move.key, name), (FIELDS[name], ""))
            required = name in move.needs and (move.key, name) not in BY_RULE
            self.fields[name] = MAKERS[name](label=label, required=required, help_text=help_text)
        if isinstance(handler := self.fields.get("handler"), forms.ChoiceField):
            handler.choices = [("", "—"), *colleagues_of(case, request.at)]
        self.photo_key = self._photo_key() if "evidence" in asked else ""

    @property
    def shown(self) -> list[tuple[forms.BoundField, str]]:
        """Return the fields with the shape each is shown in."""
        return [(bound, SHAPES.get(bound.name, "")) for bound in self if bound.name != "assists"]

    @property
    def seen(self) -> int:
        """Return the number of the last fact on the screen; -1 when the form does not say."""
        told = self.data.get("seen", "")
        return int(told) if told.isdecimal() else -1

    def clean(self) -> dict[str, Any]:
        """Let the duty rules name the unit for an item, where they can and the clerk named none."""
        told = super().clean() or self.cleaned_data
        if (self.move.key, "unit") in BY_RULE and not told.get("unit") and "unit" not in self.errors:
            item = told.get("item")
            duty = duty_book().decide(item, self.case.area_path) if item is not None else None
            if duty is None and item is not None:
                self.add_error(
                    "unit", _("The duty rules name nobody for this item at this place; please name a unit.")
                )
            elif duty is not None:
                told["unit"] = duty.lead
                told["assists"] = told.get("assists") or [unit.code for unit in duty.assists]
        return told

    def clean_into(self) -> UUID:
        """Return the case that was named, if the clerk may see it."""
        number = self.cleaned_data["into"]
        member = (
            Membership.objects.filter(appeal__number=number, until_at=None).select_related("case").first()
        )
        try:
            return find_case(member.case.number if member else number, by=self.request.actor).pk
        except Refusal as refusal:
            raise forms.ValidationError(refusal.sentence, code=refusal.reason.key) from refusal

    def _photo_key(self) -> str:
        """Return the key photos of this form wait under, told again with each try; only its own clerk's."""
        try:
            return UUID(self.data.get("photo_key", "")).hex
        except ValueError:
            return uuid4().hex

    @property
    def photos(self) -> list[Photo]:
        """Return the photos that came with this or an earlier try of this form."""
        return list(waiting_photos(waiting_key(self.request, self.photo_key))) if self.photo_key else []

    @property
    def kept(self) -> list[dict[str, str]]:
        """Return those photos as the form shows them again."""
        return [
            {"id": str(photo.pk), "url": reverse("desk:kept_photo", args=[UUID(self.photo_key), photo.pk])}
            for photo in self.photos
        ]

    @property
    def assists_shown(self) -> bool:
        """Return whether assisting units can be named."""
        return "assists" in self.fields

    @property
    def assists_chosen(self) -> int:
        """Return how many assisting units are marked."""
        return len(self["assists"].value() or ()) if self.assists_shown else 0

    def keep_photos(self, at: datetime) -> None:
        """Keep the photos that came (a refused form need not send them again), drop those taken out."""
        if not self.photo_key:
            return
        key = waiting_key(self.request, self.photo_key)
        known = {str(photo.pk): photo.pk for photo in waiting_photos(key)}
        if dropped := [known[text] for text in self.data.getlist("drop") if text in known]:  # type: ignore[attr-defined] # a bound form's data is a QueryDict
            drop_photos(key, dropped)
        for upload in self.cleaned_data.get("evidence") or ():
            try:
                keep_photo(upload.read(), name=upload.name or "", upload_key=key, at=at)
            except Refusal as refusal:
                self.tell(refusal, field="evidence")

    def given(self) -> dict[str, Any]:
        """Return what was told as the move takes it."""
        told = dict(self.cleaned_data)
        for name in (*UNITS, "item"):
            if told.get(name) is not None:
                told[name] = told[name].code
        if told.get("item") == self.case.item_code and "item" not in self.move.needs:
            told["item"] = (
                None  # left as it was: the case keeps the edition of the catalogue it was opened under
            )
        if "evidence" in told:
            told["evidence"] = self.photos
        return told

    def told_texts(self) -> list[tuple[str, str]]:
        """Return label and text of all that was typed: nothing is lost when nothing can be sent."""
        return [
            (str(bound.label), str(bound.value()))
            for bound in self
            if isinstance(bound.field, WordsField) and bound.value()
        ]


def waiting_key(request: DeskRequest, photo_key: str) -> str:
    """Return the upload key of a clerk's form: the account's own, so that nobody reaches another's photos."""
    return f"{request.user.pk.hex}{photo_key}"


@dataclass
class Act:
    """A button on the case page: a move, or the reason why it cannot be made just now.

    Its form is made only when it lies open: most of a page's acts are never asked for, and are fetched when
    they are.
    """

    move: Move
    reason: str = ""
    form: MoveForm | None = None
    is_open: bool = False
    kind: str = "plain"
    phrases: list[dict[str, Any]] = field(default_factory=list)
    phrase_field: str = ""

    @property
    def icon(self) -> str:
        """Return the icon of the button."""
        return LOOKS[self.move.key][0] if self.move.key in LOOKS else "forward"

    @property
    def asks(self) -> bool:
        """Return whether something is asked; a move that takes nothing is one plain button."""
        return not self.reason and bool(asked_by(self.move))


def acts_of(case: Case, request: DeskRequest, opened: MoveForm | None = None, key: str = "") -> list[Act]:
    """Return the acts of a case for this clerk: the main one first, what is nearly possible last.

    Moves that only a rule of the moment forbids (`NEARLY`) are shown with the reason; moves of another state
    or another's right are not. `opened` is a form that was answered,
    `key` names the act to lie open.
    """
    found: list[Act] = []
    for move in MOVES:
        if move.hidden or (isinstance(move.right, Hand) and not move.also):
            continue
        reason = why_not(case, move, by=request.actor, at=request.at)
        if reason is None:
            act = Act(move)
            if opened is not None and opened.move.key == move.key:
                act.form = opened
            elif move.key == key:
                act.form = MoveForm(move, case, request, initial=initial_of(move, case, request))
            act.is_open = act.form is not None
            found.append(act)
        elif reason.key in NEARLY and any(may(request.actor, right, case) for right in move.rights):
            found.append(Act(move, Refusal(reason).sentence))
    for act in found:
        act.kind = "rare" if LOOKS.get(act.move.key, ("", ""))[1] == "rare" else "plain"
    for act in found:
        if not act.reason and LOOKS.get(act.move.key, ("", ""))[1] == "primary":
            act.kind = "primary"
            break
    return sorted(found, key=lambda act: (bool(act.reason), act.kind == "rare", act.kind != "primary"))


def initial_of(move: Move, case: Case, request: DeskRequest) -> dict[str, Any]:
    """Return what a form begins with: the item that was picked, else as judged; whom a return proposes."""
    initial: dict[str, Any] = {}
    picked = request.GET.get("item", "") or case.item_code
    if picked and "item" in (*move.needs, *move.takes):
        initial["item"] = item_choices().value_of(picked)
    if move.key == "redispatch":
        asked = Fact.objects.filter(stream=f"case:{case.pk}", kind="ReturnAsked").order_by("-seq").first()
        if asked is not None:
            known = {str(choice.card.id): choice.value for choice in unit_choices().all}
            initial["unit"] = known.get(asked.data["proposed_unit"], "")
    return initial


def lists_for(acts: Sequence[Act]) -> dict[str, Any]:
    """Return what the forms on the page are completed from while typing, and which acts lie folded."""
    rare = [act for act in acts if act.kind == "rare"]
    names = {name for act in acts if act.form is not None for name in act.form.fields}
    return {
        "unit_choices": unit_choices().all if names.intersection(UNITS) else [],
        "item_choices": item_choices().all if "item" in names else [],
        "rare_acts": rare,
        "rare_open": any(act.is_open for act in rare),
    }  # fmt: skip


def was_done(case: Case, form: MoveForm, *, by: Actor, at: datetime) -> bool:
    """Return whether this very form has just been carried out: the second of two clicks changes nothing.

    It is the same when the only fact since the screen was shown is this clerk's, of this move, moments ago,
    and says the same words.
    """
    fact = Fact.objects.filter(stream=f"case:{case.pk}", seq=form.seen + 1).first()
    if (
        fact is None
        or case.fact_seq != fact.seq
        or (fact.kind, fact.actor_id) != (FACTS.get(form.move.key), by.id)
    ):
        return False
    told = form.given() if form.is_valid() else {}
    texts: dict[str, object] = {
        name: fact.data[name] for name in ("note", "reason") if name in fact.data and name in told
    }
    if fact.kind == NOTED:
        texts["note"] = text_of(fact.data)
    if "public_text" in told:
        reply = Reply.objects.filter(pk=fact.data.get("reply")).values_list("public_text", flat=True).first()
        texts["public_text"] = reply
    same = all((told.get(name) or "") == text for name, text in texts.items())
    return bool(told or not form.fields) and same and at - fact.at < TWICE_WITHIN
