"""Filed for a parent or another: saying so, both following it, and ending it."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING

from django import forms
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from huying.home.forms import LONGEST_NAME, LONGEST_PHONE, WordsField
from huying.home.pages.reach import Reached, actor_at, keep_staff_out, reach, resident_of, show, sign_in_first
from huying.intake.links import link_of, token_of
from huying.intake.models import Relation
from huying.intake.proxies import Told, end_proxy, name_proxy, proxy_of
from huying.kit.errors import Refusal
from huying.kit.telling import TellingForm
from huying.kit.texting import send_text

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

logger = logging.getLogger("huying.home")


class ProxyForm(TellingForm):
    """For whom an appeal was typed."""

    relation = forms.ChoiceField(
        label=gettext_lazy("Who is it for?"), widget=forms.RadioSelect, choices=Relation.choices
    )
    name = WordsField(
        label=gettext_lazy("Their name"),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    phone = WordsField(
        label=gettext_lazy("Their phone"),
        required=False,
        max_length=LONGEST_PHONE,
        help_text=gettext_lazy(
            "The unit calls there, and the link to this appeal goes there by text message."
        ),
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )
    consent = forms.BooleanField(
        label=gettext_lazy("They know of it and agree that I follow this appeal for them"), required=False
    )


@never_cache
def filed_for(request: HttpRequest, number: str, token: str = "") -> HttpResponse:
    """Ask for whom an appeal was filed, and keep the answer."""
    if not token and resident_of(request) is None:
        return sign_in_first(request)
    reached, at = reach(request, number, token), timezone.now()
    keep_staff_out(request)
    if proxy_of(reached.appeal.pk) is not None:
        return redirect(reached.url())
    form = ProxyForm(request.POST) if request.method == "POST" else ProxyForm()
    if request.method == "POST" and form.is_valid():
        told = Told(**form.cleaned_data)
        try:
            name_proxy(reached.appeal.pk, told, by=actor_at(request, at=at), at=at)
        except Refusal as refusal:
            form.tell(refusal)
        else:
            _send_link(reached, told.phone, at=at)
            messages.success(request, _("It is noted. Both of you can follow it now."))
            return redirect(reached.url())
    refused = form.refusal.reason.status if form.refusal else HTTPStatus.BAD_REQUEST
    status = refused if form.is_bound else HTTPStatus.OK
    context = {"appeal": reached.appeal, "form": form, "tab": "appeals", "back_url": reached.url()}
    return show(request, "home/filed_for.html", context, status=status)


def _send_link(reached: Reached, phone: str, *, at: datetime) -> None:
    """Send the link to the person it is about; without a phone, or when it fails, it can be shown instead."""
    if not phone:
        return
    appeal = reached.appeal
    address = f"{settings.SITE_URL}{link_of(appeal.pk, appeal.number, edition=appeal.link_edition)}"
    text = _(
        "Huying: somebody filed appeal %(number)s for you. Follow it, rate it or end this here: %(address)s"
    )
    try:
        told = {"number": appeal.number, "address": address}
        send_text(phone, text % told, kind="filed_for_link", data=told, at=at)
    except (OSError, Refusal):
        logger.exception("the link could not be sent", extra={"number": appeal.number})


@require_POST
def ended(request: HttpRequest, number: str, token: str = "") -> HttpResponse:
    """End it: the typist follows no longer, the other goes on by a new link."""
    reached, at = reach(request, number, token), timezone.now()
    keep_staff_out(request)
    by_typist = request.POST.get("as") == "typist" or not token
    appeal = end_proxy(reached.appeal.pk, by_typist=by_typist, by=actor_at(request, at=at), at=at)
    if by_typist:
        messages.success(
            request, _("You no longer follow this appeal. It goes on for the person it is about.")
        )
        return redirect("home:appeals")
    messages.success(request, _("Only you follow it now. This is its new link; the old one is worthless."))
    return redirect(Reached(appeal, token_of(appeal.pk, edition=appeal.link_edition)).url())
