"""How staff want to be told outside the desk: over which channel, and how soon for each kind of thing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from huying.home.desk.access import staff_required
from huying.journeys.delivering import mask
from huying.kit.errors import Refusal
from huying.kit.telling import TellingForm
from huying.notify.channels.open import is_open
from huying.notify.letters import LETTERS
from huying.notify.models import Channel, Pace
from huying.notify.preferences import agree, choose_paces, paces_of, reach_of, staff_kinds
from huying.notify.rules import town_rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpResponse

    from huying.home.desk.access import DeskRequest
    from huying.notify.models import Reach

NO_NUMBER = "…"
# Chinese reads on without the number; English keeps the dots that stand for it.
_NOT_NEEDED = re.compile(r"\s*…\s*(?=[\u4e00-\u9fff：]|$)|(?<=[\u4e00-\u9fff])\s*…\s*")


class StaffReachForm(TellingForm):
    """Addresses, and a pace for each kind of letter."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("Empty: no e-mail."),
    )
    sms = forms.BooleanField(required=False)

    def __init__(
        self, data: Mapping[str, Any] | None, said: Mapping[str, Reach], paces: Mapping[str, str], phone: str
    ) -> None:
        wanted = {channel: row for channel, row in said.items() if row.stopped_at is None}
        email = wanted[Channel.EMAIL].address if Channel.EMAIL in wanted else ""
        initial = {"email": email, "sms": Channel.SMS in wanted}
        super().__init__(
            data, initial=initial | {kind: paces.get(kind, Pace.AT_ONCE) for kind in staff_kinds()}
        )
        if not is_open(Channel.EMAIL):
            del self.fields["email"]
        if is_open(Channel.SMS) and phone:
            self.fields["sms"].label = _("Text message to {phone}").format(phone=mask(phone))
        else:
            del self.fields["sms"]
        for kind in staff_kinds():
            label = _NOT_NEEDED.sub("", str(LETTERS[kind].subject).format_map(_Blank()))
            self.fields[kind] = forms.ChoiceField(label=label, choices=Pace.choices)

    @property
    def kinds(self) -> list[forms.BoundField]:
        """Return the fields of the kinds of letters."""
        return [self[kind] for kind in staff_kinds()]


class _Blank(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return NO_NUMBER


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required()
def reaching(request: DeskRequest) -> HttpResponse:
    """Show and set how I am told."""
    account = request.user
    posted = request.POST if request.method == "POST" else None
    form = StaffReachForm(posted, reach_of(account=account.pk), paces_of(account.pk), account.phone or "")
    if posted is not None and form.is_valid():
        told = form.cleaned_data
        wanted = {Channel.EMAIL.value: told["email"]} if told.get("email") else {}
        wanted |= {Channel.SMS.value: ""} if told.get("sms") else {}
        try:
            agree(wanted, account=account.pk, at=request.at)
            choose_paces(account.pk, {kind: told[kind] for kind in staff_kinds()})
        except Refusal as refusal:
            form.tell(refusal)
        else:
            messages.success(request, _("Noted. On this page you can change it at any time."))
            return redirect("desk:reaching")
    context = {"form": form, "rules": town_rules()}
    return render(request, "desk/reaching.html", context, status=422 if form.errors else 200)
