"""The person behind an appeal on the desk: masked, until a clerk says why and looks for minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from huying.cases.queries import find_case, voices
from huying.cases.rules import may
from huying.home.desk.access import staff_required
from huying.kit.errors import Refusal
from huying.kit.personal import mask_words
from huying.kit.text import mask_email, mask_name, mask_phone
from huying.kit.watermark import watermark_svg, watermark_text
from huying.people.access import ACCESS_REASONS, FOLLOW_UP, Look, open_contacts
from huying.people.permissions import Permission

if TYPE_CHECKING:
    from datetime import datetime

    from huying.home.desk.access import DeskRequest
    from huying.intake.models import Appeal, Party


class LookForm(forms.Form):
    """Why somebody needs to see whom an appeal comes from."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Why do you need to see it?"),
        choices=[("", gettext_lazy("Please choose")), *ACCESS_REASONS.items()],
    )  # fmt: skip
    words = forms.CharField(label=gettext_lazy("In your own words"), required=False, max_length=300)


def look_form(number: str) -> LookForm:
    """Return the form that asks why, its fields named apart from those of other voices on the page."""
    return LookForm(auto_id=f"look-{number}-%s")


def party_of(appeal: Appeal, *, until: datetime | None, may_see: bool) -> dict[str, Any]:
    """Return the person behind an appeal for a page: whole until a moment, else masked.

    `may_ask` says whether this clerk may ask to see them; `until` is None while nobody has asked.
    """
    party: Party | None = getattr(appeal, "party", None)
    whole = may_see and until is not None
    if party is None:
        return {"may_ask": may_see and not whole, "until": until if whole else None}
    name, phone, email = party.name, party.phone, party.email
    dial = "".join(digit for digit in phone if digit.isdigit() or digit == "+") if whole else ""
    if not whole:
        name, phone, email = mask_name(name), mask_phone(phone), mask_email(email)
    return {
        "name": name, "phone": phone, "email": email, "told_how": party.told_how, "dial": dial,
        "masked": not whole, "may_ask": may_see and not whole, "until": until if whole else None,
    }  # fmt: skip


def words_of(appeal: Appeal, text: str, *, whole: bool = False) -> str:
    """Return words of an appellant for a page: as written, or with what points at a person masked."""
    party: Party | None = getattr(appeal, "party", None)
    return text if whole else mask_words(text, names=(party.name,) if party else ())


@require_POST
@staff_required(Permission.CONTACT_SEE)
def show(request: DeskRequest, number: str, appeal: str) -> HttpResponse:
    """Show one appellant whole for some minutes, to a clerk who says why; it is written down."""
    found = find_case(number, by=request.actor)
    voice = voices(found).filter(number=appeal).first()
    if voice is None or not may(request.actor, Permission.CONTACT_SEE, found):
        raise Http404(appeal)
    look = Look(request.POST.get("reason", ""), request.POST.get("words", ""))
    try:
        open_contacts([voice.pk], look, subject=number, page="desk:case", by=request.actor, at=request.at)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("Shown for ten minutes. It is written down that you looked, and why."))
    answer = redirect("desk:case", number)
    answer["Location"] += f"#{'calls-title' if look.reason == FOLLOW_UP else f'voice-{appeal}'}"
    return answer


@require_safe
@staff_required()
def watermark(request: DeskRequest) -> HttpResponse:
    """Return the tile behind a page that shows somebody whole: who looks, and when."""
    text = watermark_text(f"{request.user.name} {request.user.username}", at=request.at)
    answer = HttpResponse(watermark_svg(text, dark="dark" in request.GET), content_type="image/svg+xml")
    answer["Cache-Control"] = "private, no-store"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
