"""Taking back a note, or correcting it: with a reason, and the words it had are gone."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from huying.cases.actions import move_case
from huying.cases.noting import may_retract, words_of
from huying.cases.queries import find_case
from huying.home.desk.access import staff_required
from huying.home.forms import WordsField
from huying.kit.errors import Refusal
from huying.kit.telling import TellingForm
from huying.ledger.queries import timeline

if TYPE_CHECKING:
    from django.http import HttpResponse

    from huying.home.desk.access import DeskRequest

LONGEST_NOTE, LONGEST_REASON = 20_000, 500


class RetractForm(TellingForm):
    """Why a note is taken back, and what should have stood there."""

    reason = WordsField(
        label=gettext_lazy("Why is it retracted?"), max_length=LONGEST_REASON,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("The reason stays in the records: do not repeat in it what should be gone."),
    )  # fmt: skip
    note = WordsField(
        label=gettext_lazy("Corrected note"), max_length=LONGEST_NOTE, required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Left empty, only “retracted”, who and when is shown."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@staff_required()
def retract(request: DeskRequest, number: str, seq: int) -> HttpResponse:
    """Ask for the reason and take the note back; only its author, and who supervises the case, may."""
    case = find_case(number, by=request.actor)
    told = list(timeline(f"case:{case.pk}").filter(kind__in=["CaseNoted", "NoteRetracted"]))
    fact = next((one for one in told if one.seq == seq), None)
    words = words_of(case, told)
    if fact is None or seq not in words or not may_retract(fact, case, by=request.actor):
        raise Http404(number)
    form = RetractForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            move_case(
                case.pk, "retract_note", by=request.actor, at=request.at, noted=seq, **form.cleaned_data
            )
        except Refusal as refusal:
            form.tell(refusal)
        else:
            messages.success(request, _("The note is retracted; its words are deleted."))
            return redirect("desk:case", number)
    status = (
        form.refusal.reason.status
        if form.refusal
        else (HTTPStatus.BAD_REQUEST if form.is_bound else HTTPStatus.OK)
    )
    context = {"form": form, "case": case, "words": words[seq]}
    return render(request, "desk/retract.html", context, status=status)
