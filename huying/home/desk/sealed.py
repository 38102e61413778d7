"""Sealed reports on the desk: for officers of discipline, under an alias; for others there are none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms as fields
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from huying.home.desk.access import staff_required
from huying.intake.photos import show_once
from huying.kit.errors import Refusal
from huying.kit.telling import TellingForm
from huying.people.models import Account, AccountKind, Unit
from huying.people.permissions import Permission
from huying.sealed import actions, unsealing
from huying.sealed.models import Outcome, Report, State
from huying.sealed.pictures import open_picture, pictures_of
from huying.sealed.queries import OPEN, about_of, find_report, messages_of, narrowed, reports, text_of
from huying.sealed.reasons import NO_SUCH_REPORT
from huying.sealed.rules import RIGHTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.http import HttpResponse

    from huying.home.desk.access import DeskRequest

MOST = 100


class TextForm(TellingForm):
    """A message to the reporter."""

    text = fields.CharField(
        label=gettext_lazy("Write to the reporter"), max_length=actions.LONGEST_MESSAGE,
        widget=fields.Textarea({"rows": 3}),
    )  # fmt: skip


class AnswerForm(TextForm):
    """The reply, and what was found."""

    outcome = fields.ChoiceField(
        label=gettext_lazy("What was found"), choices=Outcome.choices, widget=fields.RadioSelect
    )


class ReasonForm(TellingForm):
    """Why the identity has to be opened."""

    reason = fields.CharField(label=gettext_lazy("Why must it be known who reported?"), max_length=500)


class AimForm(TellingForm):
    """Whom the report accuses."""

    accused_unit = fields.ModelChoiceField(
        label=gettext_lazy("Accused unit"), required=False, queryset=Unit.objects.order_by("path")
    )
    accused = fields.CharField(
        label=gettext_lazy("Accused persons (user names, with spaces between)"),
        required=False,
        max_length=300,
    )

    def clean_accused(self) -> list[Account]:
        """Return the accounts meant."""
        names = self.cleaned_data["accused"].split()
        found = list(Account.objects.filter(username__in=names, kind=AccountKind.STAFF))
        if len(found) != len(set(names)):
            raise fields.ValidationError(_("There is no account of staff with this user name."))
        return found


class FilterForm(fields.Form):
    """What the list is narrowed to: never who reported, which nobody can search for."""

    q = fields.CharField(label=gettext_lazy("Number or alias"), required=False, max_length=20)
    state = fields.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=[("", gettext_lazy("Any")), *State.choices]
    )
    outcome = fields.ChoiceField(
        label=gettext_lazy("What was found"), required=False,
        choices=[("", gettext_lazy("Any")), *Outcome.choices],
    )  # fmt: skip
    since = fields.DateField(
        label=gettext_lazy("From"), required=False, widget=fields.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    until = fields.DateField(
        label=gettext_lazy("To"), required=False, widget=fields.DateInput({"type": "date"}, "%Y-%m-%d")
    )


FORMS: dict[str, type[TellingForm]] = {
    "write": TextForm, "answer": AnswerForm, "aim": AimForm, "ask": ReasonForm,
}  # fmt: skip
ACTS: dict[str, Callable[..., object]] = {
    "take": actions.take,
    "write": actions.write_message,
    "answer": actions.answer,
    "aim": actions.aim,
    "ask": unsealing.ask_unsealing,
    "grant": lambda number, **told: unsealing.decide_unsealing(number, granted=True, **told),
    "refuse": lambda number, **told: unsealing.decide_unsealing(number, granted=False, **told),
}


@require_safe
@staff_required()
def sealed(request: DeskRequest) -> HttpResponse:
    """List the reports an officer may see: those open, or those closed."""
    if not any(map(request.actor.holds, RIGHTS)):
        raise Refusal(NO_SUCH_REPORT)
    closed = request.GET.get("closed") == "1"
    found = reports(request.actor, [State.CLOSED] if closed else OPEN).prefetch_related("unsealings")
    form = FilterForm(request.GET or None)
    if form.is_valid():
        told = dict(form.cleaned_data)
        found = narrowed(found, words=told.pop("q"), **told)
    listed = [
        {"report": one, "asked": any(u.decided_at is None for u in one.unsealings.all())}
        for one in found[:MOST]
    ]
    return render(request, "desk/sealed.html", {"reports": listed, "closed": closed, "form": form})


@require_safe
@staff_required()
def sealed_report(request: DeskRequest, number: str) -> HttpResponse:
    """Show a report under its alias; 404 for whoever may not see it, as if there were none."""
    return _show(request, find_report(number, by=request.actor))


@require_safe
@staff_required()
def sealed_picture(request: DeskRequest, number: str, picture_id: UUID) -> HttpResponse:
    """Show a photo of a report to an officer who may see the report; 404 for everybody else."""
    return show_once(open_picture(find_report(number, by=request.actor), picture_id))


def _show(
    request: DeskRequest,
    report: Report,
    *,
    person: unsealing.Person | None = None,
    forms: dict[str, TellingForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    by = request.actor
    asked = report.unsealings.select_related("asked_by").filter(decided_at=None).first()
    mine = report.handler_id == by.id
    openable = report.unsealings.filter(asked_by=by.id, granted=True, open_until__gt=request.at).exists()
    accused = " ".join(report.accused.values_list("account__username", flat=True))
    first = AimForm(initial={"accused_unit": report.accused_unit, "accused": accused})
    context = {
        "report": report, "text": text_of(report), "about": about_of(report), "said": messages_of(report),
        "pictures": pictures_of(report),
        "mine": mine, "free": report.handler_id is None and by.holds(Permission.SEALED_HANDLE),
        "working": mine and report.state == State.WORKING, "open": report.state != State.CLOSED,
        "asked": asked,
        "may_decide": asked is not None and asked.asked_by_id != by.id and by.holds(Permission.SEALED_UNSEAL),
        "openable": openable, "person": person, "write": TextForm(), "answer": AnswerForm(), "aim": first,
        "ask": ReasonForm(), "anonymous": not hasattr(report, "identity"),
    }  # fmt: skip
    return render(request, "desk/sealed_report.html", context | (forms or {}), status=status)


@require_POST
@staff_required()
def sealed_act(request: DeskRequest, number: str, act: str) -> HttpResponse:
    """Take, write, answer, aim, ask to open, grant or refuse."""
    report = find_report(number, by=request.actor)
    if act not in ACTS:
        raise Http404(act)
    form = FORMS[act](request.POST) if act in FORMS else None
    if form is not None and not form.is_valid():
        return _show(request, report, status=400, forms={act: form})
    told = form.cleaned_data if form else {}
    try:
        ACTS[act](number, **told, by=request.actor, at=request.at)
    except Refusal as refusal:
        if form is None:
            messages.error(request, refusal.sentence)
            return redirect("desk:sealed")
        form.tell(refusal)
        return _show(request, report, status=refusal.reason.status, forms={act: form})
    messages.success(request, _("Done."))
    try:
        find_report(number, by=request.actor)
    except Refusal:
        return redirect("desk:sealed")
    return redirect("desk:sealed_report", number)


@require_POST
@staff_required()
def sealed_open(request: DeskRequest, number: str) -> HttpResponse:
    """Show who reported, on this one page, to whom it was granted; the look is written down."""
    report = find_report(number, by=request.actor)
    try:
        person = unsealing.open_identity(number, by=request.actor, at=request.at)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("desk:sealed_report", number)
    return _show(request, report, person=person)
