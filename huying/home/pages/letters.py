"""How shall we reach you about one appeal, and ending letters by a link."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from huying.home.pages.reach import Reached, keep_staff_out, reach, resident_of, show, sign_in_first
from huying.journeys.delivering import mask
from huying.kit.errors import Refusal
from huying.kit.telling import TellingForm
from huying.notify.channels.open import open_channels
from huying.notify.models import Channel
from huying.notify.preferences import agree, reach_of
from huying.notify.unsubscribing import read_token, unsubscribe
from huying.people.phones import fold_phone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

    from huying.notify.models import Reach


class ReachForm(TellingForm):
    """The channels a resident can be reached over, each with the address it would go to."""

    channels = forms.MultipleChoiceField(
        label=gettext_lazy("Tell me also by"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Mapping[str, Any] | None, offered: Mapping[str, str], chosen: set[str]) -> None:
        super().__init__(data, initial={"channels": sorted(chosen)})
        labels = dict(Channel.choices)
        field = self.fields["channels"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [
                (channel, f"{labels[channel]} · {address}" if address else str(labels[channel]))
                for channel, address in offered.items()
            ]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def of_appeal(request: HttpRequest, number: str, token: str = "") -> HttpResponse:
    """Choose how we write about one appeal: to the phone and address given with it, and nowhere else."""
    if not token and resident_of(request) is None:
        return sign_in_first(request)
    reached = reach(request, number, token)
    party = getattr(reached.appeal, "party", None)
    account = reached.appeal.account
    said = reach_of(appeal=reached.appeal.pk)
    of_account = reach_of(account=account.pk) if account else {}
    phone = plain_phone(party.phone if party else "") or plain_phone((account.phone if account else "") or "")
    kept = {**of_account, **said}
    email = (party.email if party else "") or (kept[Channel.EMAIL].address if Channel.EMAIL in kept else "")
    offered = offered_ways(phone, email, kept)
    return _page(request, offered, wanted_ways(kept), reached, number=number)


def _page(
    request: HttpRequest,
    offered: dict[str, str],
    chosen: set[str],
    reached: Reached,
    *,
    number: str,
) -> HttpResponse:
    form = ReachForm(request.POST if request.method == "POST" else None, offered, chosen & set(offered))
    if request.method == "POST":
        keep_staff_out(request)
        if form.is_valid():
            try:
                wanted = dict.fromkeys(form.cleaned_data["channels"], "")
                agree(wanted, appeal=reached.appeal.pk, at=timezone.now())
            except Refusal as refusal:
                form.tell(refusal, field="channels")
            else:
                messages.success(request, _("Noted. On this page you can change it at any time."))
                return redirect(reached.url())
    context = {"form": form, "offered": offered, "back": reached.url(), "number": number, "tab": "appeals"}
    return show(request, "home/reach.html", context, status=422 if form.errors else 200)


def offered_ways(phone: str, email: str, said: Mapping[str, Reach]) -> dict[str, str]:
    """Return the channels there is an address for, with the address as it may be shown."""
    opened = open_channels()
    wechat = said.get(Channel.WECHAT)
    known = {
        Channel.WECHAT.value: wechat.address if wechat else "",
        Channel.SMS.value: phone,
        Channel.EMAIL.value: email,
    }
    return {
        channel: "" if channel == Channel.WECHAT else mask(address)
        for channel, address in known.items()
        if address and channel in opened
    }


def wanted_ways(said: Mapping[str, Reach]) -> set[str]:
    """Return the channels somebody agreed to and has not ended."""
    return {channel for channel, row in said.items() if row.stopped_at is None}


def plain_phone(given: str) -> str:
    """Return a phone as a channel takes it, "" for what is no mobile."""
    try:
        return fold_phone(given)
    except Refusal:
        return ""


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """End letters by the link that stands in each: looking changes nothing, a post ends them (RFC 8058).

    The post needs no session and no CSRF token, for mail programs send it; all it can do is end letters.
    """
    _reader, channel = read_token(token)
    if request.method == "POST":
        unsubscribe(token, at=timezone.now())
    context = {"channel": Channel(channel).label, "done": request.method == "POST"}
    return show(request, "home/stop.html", context)
