"""The telephone desk's follow-up: one form for each appellant of a case that waits for its residents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from huying.cases.models import Solved, Status
from huying.cases.queries import find_case, voices
from huying.cases.rules import may
from huying.feedback.actions import AXES, Answer
from huying.feedback.models import Outcome, RatingRequest
from huying.home.desk.access import staff_required
from huying.home.forms import LONGEST_COMMENT, WordsField
from huying.journeys.calling import record_call
from huying.kit.errors import Refusal
from huying.kit.telling import TellingForm
from huying.people.permissions import Permission
from huying.ui.fields import StarsField

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse

    from huying.cases.models import Case
    from huying.home.desk.access import DeskRequest

REACHED = (("yes", gettext_lazy("Reached")), ("no", gettext_lazy("Not reached")))
NO_VERDICT = gettext_lazy("No verdict")


class CallForm(TellingForm):
    """What a follow-up call brought."""

    reached = forms.ChoiceField(
        label=gettext_lazy("Was the resident reached?"), choices=REACHED, widget=forms.RadioSelect
    )
    solved = forms.ChoiceField(
        label=gettext_lazy("Is it solved, in the resident's words?"), required=False,
        choices=[("", NO_VERDICT), *Solved.choices], widget=forms.RadioSelect,
    )  # fmt: skip
    speed = StarsField(label=gettext_lazy("Speed"), required=False)
    result = StarsField(label=gettext_lazy("Result"), required=False)
    service = StarsField(label=gettext_lazy("Service"), required=False)
    process = StarsField(label=gettext_lazy("Process"), required=False)
    comment = WordsField(
        label=gettext_lazy("What else was said"), required=False, max_length=LONGEST_COMMENT,
        widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip

    def answer(self) -> Answer | None:
        """Return the verdict, None when the resident gave none."""
        told = self.cleaned_data
        if not told["solved"]:
            return None
        return Answer(told["solved"], **{axis: told[axis] for axis in AXES}, comment=told["comment"])


def calls_of(
    case: Case,
    voices_told: Sequence[dict[str, Any]],
    request: DeskRequest,
    refused: tuple[str, CallForm] | None = None,
) -> list[dict[str, Any]]:
    """Return a form for each appellant still asked; none unless the case waits and the clerk may call."""
    if case.status != Status.FOLLOW_UP or not may(request.actor, Permission.CASE_FOLLOW_UP, case):
        return []
    open_ = set(
        RatingRequest.objects.filter(case=case, round=case.round, outcome=Outcome.WAITING).values_list(
            "appeal_id", flat=True
        )
    )
    told = []
    for voice in voices_told:
        if voice["id"] not in open_:
            continue
        number = voice["number"]
        ours = refused is not None and refused[0] == number
        form = refused[1] if refused is not None and ours else None
        told.append({"number": number, "form": form, "is_open": ours, "party": voice["party"]})
    if len(told) == 1 and told[0]["form"] is None:
        told[0] |= {"form": _blank(told[0]["number"]), "is_open": True}
    return told


def _blank(number: str) -> CallForm:
    return CallForm(auto_id=f"id_{number}_%s")


@require_http_methods(["GET", "POST"])
@staff_required(Permission.CASE_FOLLOW_UP)
def call(request: DeskRequest, number: str, appeal: str) -> HttpResponse:
    """Record a call to one appellant, with the verdict if there was one; asked for, show its form open."""
    from huying.home.desk.case import show_case

    found = find_case(number, by=request.actor)
    voice = voices(found).filter(number=appeal).first()
    if voice is None:
        raise Http404(appeal)
    if request.method != "POST":
        if request.headers.get("HX-Target") == f"form-call-{appeal}":
            told = request.GET.get("seen", "")
            context = {"case": found, "call": {"number": appeal, "form": _blank(appeal)}}
            return render(
                request, "desk/parts/call_form.html", context | ({"seen": told} if told.isdecimal() else {})
            )
        return show_case(request, found, call=(appeal, _blank(appeal)))
    form = CallForm(request.POST, auto_id=f"id_{appeal}_%s")
    seen = request.POST.get("seen", "")
    if form.is_valid():
        try:
            record_call(
                found.pk, voice.pk, form.answer(), reached=form.cleaned_data["reached"] == "yes",
                by=request.actor,
                at=request.at, seen=int(seen) if seen.isdecimal() else -1,
            )  # fmt: skip
        except Refusal as refusal:
            form.tell(refusal)
            found = find_case(number, by=request.actor)
        else:
            messages.success(request, _("The call is recorded."))
            return redirect("desk:case", number)
    status = form.refusal.reason.status if form.refusal else 400
    return show_case(request, found, call=(appeal, form), status=status)
