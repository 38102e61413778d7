"""How long personal data is kept: days and basis by kind of ending, and what must stay whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huying.home.office.access import StaffRequest, office
from huying.home.office.forms_people import HoldForm, RetentionForm
from huying.home.office.menu import show
from huying.intake.masking import STARTER_RETENTION, lift_hold, set_hold, set_retention
from huying.intake.models import Appeal, LegalHold, RetentionRule
from huying.intake.reasons import APPEAL_NOT_FOUND
from huying.kit.errors import Refusal
from huying.people.permissions import Permission

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

MOST_HOLDS = 100


@office(Permission.SYSTEM_EDIT)
def retention(request: StaffRequest, kind: str = "") -> HttpResponse:
    """Show the kinds with their days, and change one."""
    form = None
    if request.method == "POST" and kind:
        rule = get_object_or_404(RetentionRule, pk=kind)
        form = RetentionForm(request.POST, auto_id=f"{rule.kind}-%s")
        if form.is_valid():
            try:
                set_retention(kind, **form.cleaned_data, by=request.actor, at=request.at)
            except Refusal as refusal:
                form.tell(refusal)
            else:
                messages.success(request, _("Kept. It holds from the coming night on."))
                return redirect("desk:office:retention")
    return _show(request, refused=(kind, form) if form else None)


def _show(
    request: StaffRequest, *, refused: tuple[str, RetentionForm] | None = None, hold: HoldForm | None = None
) -> HttpResponse:
    words = {row.kind: row.words for row in STARTER_RETENTION}
    rules = [
        {
            "rule": rule, "words": words.get(rule.kind, rule.kind),
            "form": refused[1] if refused and refused[0] == rule.kind else RetentionForm(
                initial={"days": rule.days, "basis": rule.basis}, auto_id=f"{rule.kind}-%s"
            ),
            "open": bool(refused and refused[0] == rule.kind),
        }
        for rule in RetentionRule.objects.order_by("kind")
    ]  # fmt: skip
    holds = LegalHold.objects.filter(lifted_at=None).select_related("appeal").order_by("-set_at")
    context = {"rules": rules, "holds": holds[:MOST_HOLDS], "hold": hold or HoldForm()}
    bad = refused is not None or hold is not None
    return show(request, "retention.html", context, status=422 if bad else 200)


@require_POST
@office(Permission.SYSTEM_EDIT)
def hold_set(request: StaffRequest) -> HttpResponse:
    """Let an appeal stay whole, by its number and with a reason."""
    form = HoldForm(request.POST)
    if not form.is_valid():
        return _show(request, hold=form)
    appeal = Appeal.objects.filter(number=form.cleaned_data["number"].strip().upper()).first()
    if appeal is None:
        form.tell(Refusal(APPEAL_NOT_FOUND), field="number")
        return _show(request, hold=form)
    try:
        set_hold(appeal.pk, reason=form.cleaned_data["reason"], by=request.actor, at=request.at)
    except Refusal as refusal:
        form.tell(refusal)
        return _show(request, hold=form)
    messages.success(request, _("It stays whole until the hold is lifted."))
    return redirect("desk:office:retention")


@require_POST
@office(Permission.SYSTEM_EDIT)
def hold_lift(request: StaffRequest, hold_id: UUID) -> HttpResponse:
    """Lift a hold."""
    get_object_or_404(LegalHold, pk=hold_id)
    lift_hold(hold_id, by=request.actor, at=request.at)
    messages.success(request, _("The hold is lifted."))
    return redirect("desk:office:retention")
