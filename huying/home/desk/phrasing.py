"""Quick phrases at the desk: the page they are kept on, and their words filled in for a case."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from huying.cases.moves import MOVES
from huying.home.desk.access import staff_required
from huying.home.desk.choosing import item_name
from huying.home.forms import WordsField
from huying.kit.errors import Refusal
from huying.kit.telling import TellingForm
from huying.people.models import Unit
from huying.people.queries import unit_book
from huying.workbench.models import LONGEST_PHRASE
from huying.workbench.phrases import PLACEHOLDERS, drop_phrase, fill_in, keep_phrase, keeps_for, phrases_for
from huying.workbench.reasons import PHRASE_NOT_FOUND

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from django.http import HttpResponse

    from huying.cases.models import Case
    from huying.home.desk.access import DeskRequest
    from huying.home.desk.moving import Act
    from huying.workbench.models import QuickPhrase

# The field of a move a phrase is put into: the first of these it asks for.
FIELDS = ("public_text", "question", "reason", "note")


class PhraseForm(TellingForm):
    """A phrase: its name, its words, the move it is for, and whether the unit shares it."""

    title = WordsField(label=gettext_lazy("Name of the phrase"), max_length=40)
    text = WordsField(
        label=gettext_lazy("Words of the phrase"),
        max_length=LONGEST_PHRASE,
        widget=forms.Textarea({"rows": 4}),
    )
    move = forms.ChoiceField(label=gettext_lazy("For which act"), required=False)
    unit = forms.ChoiceField(label=gettext_lazy("For whom"), required=False)

    def __init__(self, request: DeskRequest, *args: Any, **more: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*args, **more)
        asked = [(move.key, move.label) for move in MOVES if {*move.needs, *move.takes} & set(FIELDS)]
        book = unit_book().by_id
        shared = [(str(key), book[key].name) for key in keeps_for(request.actor) if key in book]
        for name, first, choices in (("move", _("Every act"), asked), ("unit", _("Only me"), shared)):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [("", first), *choices]


@require_http_methods(["GET", "POST"])
@staff_required()
def phrases(request: DeskRequest, phrase_id: UUID | None = None) -> HttpResponse:
    """Show my phrases and my units', and take a new one in or a change of one."""
    own = (
        next((one for one in phrases_for(request.actor) if one.pk == phrase_id), None) if phrase_id else None
    )
    if phrase_id and own is None:
        raise Refusal(PHRASE_NOT_FOUND)
    status = HTTPStatus.OK
    if request.method == "POST":
        form = PhraseForm(request, request.POST)
        if form.is_valid() and _kept(request, form, phrase_id):
            messages.success(request, _("The phrase is kept."))
            return redirect("desk:phrases")
        status = HTTPStatus(form.refusal.reason.status if form.refusal else HTTPStatus.BAD_REQUEST)
    else:
        form = PhraseForm(request, initial=_begun(own) if own else None)
    mine = keeps_for(request.actor)
    labels = {move.key: move.label for move in MOVES}
    told = [
        {
            "phrase": one,
            "move": labels.get(one.move, ""),
            "may_change": one.unit_id is None or one.unit_id in mine,
        }
        for one in phrases_for(request.actor)
    ]
    context = {"phrases": told, "form": form, "changing": own, "placeholders": PLACEHOLDERS}
    return render(request, "desk/phrases.html", context, status=status)


def _begun(own: QuickPhrase) -> dict[str, str]:
    return {"title": own.title, "text": own.text, "move": own.move, "unit": str(own.unit_id or "")}


def _kept(request: DeskRequest, form: PhraseForm, phrase_id: UUID | None) -> bool:
    told = form.cleaned_data
    unit = next((key for key in keeps_for(request.actor) if str(key) == told["unit"]), None)
    try:
        keep_phrase(
            title=told["title"], text=told["text"], move=told["move"], unit_id=unit, phrase_id=phrase_id,
            by=request.actor, at=request.at,
        )  # fmt: skip
    except Refusal as refusal:
        form.tell(refusal)
        return False
    return True


@require_POST
@staff_required()
def delete(request: DeskRequest, phrase_id: UUID) -> HttpResponse:
    """Delete a phrase of mine, or of a unit whose words I keep."""
    drop_phrase(phrase_id, by=request.actor)
    messages.success(request, _("The phrase is deleted."))
    return redirect("desk:phrases")


def offer_phrases(
    case: Case, acts: Sequence[Act], voices: Sequence[dict[str, Any]], request: DeskRequest
) -> None:
    """Put the phrases of each act on it, filled in for this case; `?phrase=` puts one into its field."""
    forms_ = [act for act in acts if act.form is not None and _field(act)]
    kept = list(phrases_for(request.actor)) if forms_ else []
    if not kept:
        return
    values = _values(case, voices, request)
    picked = request.GET.get("phrase", "")
    for act in forms_:
        fitting = [one for one in kept if one.move in ("", act.move.key)]
        act.phrase_field = _field(act)
        act.phrases = [
            {"id": one.pk.hex, "title": one.title, "text": fill_in(one.text, values), "shared": one.unit}
            for one in fitting
        ]
        chosen = next((one["text"] for one in act.phrases if one["id"] == picked), "")
        if chosen and act.form is not None and act.is_open and not act.form.is_bound:
            act.form.initial[act.phrase_field] = chosen


def _field(act: Act) -> str:
    return next((name for name in FIELDS if act.form is not None and name in act.form.fields), "")


def _values(case: Case, voices: Sequence[dict[str, Any]], request: DeskRequest) -> dict[str, str]:
    """Return what the placeholders stand for. A name only where the case has one voice that is open.

    Every appellant reads the reply: a neighbour's name has no place in it.
    """
    party = voices[0]["party"] if len(voices) == 1 and case.appeal_count == 1 else {}
    name = party.get("name", "") if party and not party.get("masked") else ""
    unit = Unit.objects.filter(pk=case.unit_id).first() if case.unit_id else None
    return {
        "resident": name or _("dear resident"), "number": case.number,
        "appeal": voices[0]["number"] if len(voices) == 1 else case.number,
        "item": item_name(case.item), "place": case.place_name, "unit": unit.name if unit else "",
        "phone": unit.phone if unit else "", "me": request.actor.name,
        "today": localtime(request.at).strftime("%Y-%m-%d"),
        "due": localtime(case.due_at).strftime("%Y-%m-%d") if case.due_at else "",
    }  # fmt: skip
