"""Computing running dates anew: which cases, how many, why; then the act, recorded on each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from huying.cases.recomputing import MOST_AT_ONCE, Begin, Which, matching, recompute_deadlines
from huying.catalogue.queries import grade_table
from huying.home.office.access import StaffRequest, office
from huying.home.office.forms_town import item_choices
from huying.home.office.menu import show
from huying.kit.telling import TellingForm
from huying.kit.text import clean
from huying.people.permissions import Permission
from huying.people.queries import unit_book

if TYPE_CHECKING:
    from django.http import HttpResponse

MOST_REASON = 300


class WhichForm(TellingForm):
    """Which cases are meant."""

    item = forms.ChoiceField(label=gettext_lazy("Items"), required=False)
    grade = forms.ChoiceField(label=gettext_lazy("Grade"), required=False)
    unit = forms.ChoiceField(label=gettext_lazy("Unit"), required=False)
    older = forms.BooleanField(
        label=gettext_lazy("Only what was computed by older tables than today's"), required=False
    )
    provisional = forms.BooleanField(label=gettext_lazy("Only provisional dates"), required=False)

    def __init__(self, data: Any = None) -> None:  # noqa: ANN401 - Django's own
        super().__init__(data)
        offered = {
            "item": [("", _("every item")), *item_choices()],
            "grade": [("", _("All")), *grade_table().choices()],
            "unit": [("", _("any")), *((card.code, card.name) for card in unit_book().all())],
        }
        for name, choices in offered.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices

    def which(self) -> Which:
        """Return what was chosen and could be read."""
        told = self.cleaned_data if self.is_valid() else {}
        return Which(
            item=told.get("item") or "",
            grade=told.get("grade") or "",
            unit=told.get("unit") or "",
            older=bool(told.get("older")),
            provisional=bool(told.get("provisional")),
        )


class ActForm(TellingForm):
    """From when the new dates count, and why."""

    begin = forms.ChoiceField(
        label=gettext_lazy("Count the time"),
        choices=[
            (Begin.START, gettext_lazy("from when each clock began")),
            (Begin.NOW, gettext_lazy("from today, the whole limit anew")),
        ],
        widget=forms.RadioSelect,
        initial=Begin.START,
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=MOST_REASON,
        help_text=gettext_lazy("It stands in the history of every case."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean_reason(self) -> str:
        """Return the reason without control characters."""
        reason = clean(self.cleaned_data["reason"])
        if not reason:
            raise forms.ValidationError(_("Please give a reason."), code="required")
        return reason


@office(Permission.CATALOGUE_EDIT, Permission.CASE_SUPERVISE)
def recompute(request: StaffRequest) -> HttpResponse:
    """Count the cases meant; on a second word compute their dates anew."""
    asked = request.GET or {"older": "on"}
    which_form = WhichForm(asked)
    cases = matching(which_form.which(), by=request.actor, at=request.at)
    form = ActForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        done = recompute_deadlines(
            cases.values_list("pk", flat=True)[:MOST_AT_ONCE],
            by=request.actor,
            at=request.at,
            reason=form.cleaned_data["reason"],
            begin=Begin(form.cleaned_data["begin"]),
        )
        told = ngettext("{n} case has new dates.", "{n} cases have new dates.", done.changed)
        messages.success(request, told.format(n=done.changed))
        if done.refused:
            told = ngettext("{n} case is not yours.", "{n} cases are not yours.", done.refused)
            messages.warning(request, told.format(n=done.refused))
        return redirect(f"{reverse('desk:office:recompute')}?{request.GET.urlencode()}")
    count = cases.count()
    context = {
        "which": which_form,
        "form": form,
        "count": count,
        "most": MOST_AT_ONCE,
        "query": request.GET.urlencode(),
        "may_edit": request.actor.holds(Permission.CATALOGUE_EDIT),
    }
    return show(request, "recompute.html", context, status=422 if form.errors else 200)
