"""What became of letters: every delivery with its channel, state and trouble; sending again; counts."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from huying.cases.models import Case
from huying.home.office.access import StaffRequest, office
from huying.home.office.menu import show
from huying.intake.models import Appeal
from huying.kit.errors import Refusal
from huying.notify.channels.open import NEEDS, is_open, missing
from huying.notify.letters import said_of
from huying.notify.models import Channel, Delivery, DeliveryState
from huying.notify.settling import RESENDABLE, send_again
from huying.notify.words import trouble_words
from huying.people.permissions import Permission

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpResponse

PAGE, DAYS, MOST_AGAIN = 50, 7, 500
TONES = {
    DeliveryState.QUEUED: "info", DeliveryState.SENDING: "info", DeliveryState.SENT: "ok",
    DeliveryState.FAILED: "bad", DeliveryState.GIVEN_UP: "bad", DeliveryState.SUPPRESSED: "mute",
}  # fmt: skip


class DeliveryFilter(forms.Form):
    """Which deliveries are listed."""

    channel = forms.ChoiceField(
        label=gettext_lazy("Sent by"),
        required=False,
        choices=[("", gettext_lazy("All")), *Channel.choices],
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", gettext_lazy("All")), *DeliveryState.choices],
    )
    number = forms.CharField(label=gettext_lazy("Number"), required=False, max_length=20)


@require_safe
@office(Permission.LETTERS_EDIT)
def deliveries(request: StaffRequest) -> HttpResponse:
    """List deliveries, newest first, with how many of each state there were in the last days."""
    form = DeliveryFilter(request.GET)
    rows = _filtered(form)
    before = _key(request.GET.get("before", ""))
    listed = list((rows.filter(pk__lt=before) if before else rows).select_related("notice")[: PAGE + 1])
    last = listed[PAGE - 1] if len(listed) > PAGE else None
    chosen = {name: str(request.GET[name]) for name in form.fields if request.GET.get(name)}
    context: dict[str, Any] = {
        "form": form,
        "filtered": bool(chosen),
        "rows": [_row(one) for one in listed[:PAGE]],
        "next_url": f"?{urlencode(chosen | {'before': str(last.pk)})}" if last else "",
        "first_url": f"?{urlencode(chosen)}" if before else "",
        "counts": _counts(request),
        "channels": [_channel(channel) for channel in NEEDS],
        "days": DAYS,
        "query": urlencode(chosen),
    }
    return show(request, "letters.html", context)


def _filtered(form: DeliveryFilter) -> QuerySet[Delivery]:
    rows = Delivery.objects.order_by("-id")
    if not form.is_valid():
        return rows
    told = form.cleaned_data
    rows = rows.filter(channel=told["channel"]) if told["channel"] else rows
    rows = rows.filter(state=told["state"]) if told["state"] else rows
    return _about(rows, told["number"].strip()) if told["number"].strip() else rows


def _about(rows: QuerySet[Delivery], number: str) -> QuerySet[Delivery]:
    """Keep what was written about an appeal, or to the units of a case, by its number."""
    appeal = Appeal.objects.filter(number=number).values_list("pk", flat=True).first()
    if appeal is not None:
        return rows.filter(reader=f"appeal:{appeal}")
    case = Case.objects.filter(number=number).values_list("opened_at", flat=True).first()
    if case is None:
        return rows.none()
    return rows.filter(made_at__gte=case, notice__to_unit__isnull=False, notice__data__number=number)


def _key(text: str) -> str:
    try:
        return str(forms.UUIDField().clean(text)) if text else ""
    except ValidationError:
        return ""


def _row(one: Delivery) -> dict[str, Any]:
    said = said_of(one.notice.kind, one.notice.data)
    number = str(one.notice.data.get("number") or "")
    to_staff = one.notice.to_unit_id is not None or one.notice.to_account_id is not None
    return {
        "delivery": one,
        "subject": said.subject,
        "number": number,
        "url": reverse("desk:case", args=[number]) if number and to_staff else "",
        "tone": TONES[DeliveryState(one.state)],
        "trouble": trouble_words(one.error),
        "again": one.state in RESENDABLE,
        "waits": one.state == DeliveryState.QUEUED,
    }


def _counts(request: StaffRequest) -> list[dict[str, Any]]:
    """Return how many deliveries of the last days stand in each state."""
    since = request.at - timedelta(days=DAYS)
    counted = dict(
        Delivery.objects.filter(made_at__gte=since)
        .order_by()
        .values_list("state")
        .annotate(n=Count("id"))
        .values_list("state", "n")
    )
    return [
        {"label": state.label, "n": counted.get(state.value, 0), "tone": TONES[state], "state": state.value}
        for state in DeliveryState
    ]


def _channel(channel: str) -> dict[str, Any]:
    lacking = missing(channel)
    return {
        "label": Channel(channel).label,
        "open": is_open(channel),
        "half": not is_open(channel) and len(lacking) < len(NEEDS[channel]),
        "missing": [f"HUYING_{name.upper()}" for name in lacking],
    }


@require_POST
@office(Permission.LETTERS_EDIT)
def resend(request: StaffRequest) -> HttpResponse:
    """Send again what was ticked, or everything listed that did not go out, at most so many at once."""
    query = request.POST.get("query", "")
    if request.POST.get("all"):
        form = DeliveryFilter(forms.Form(request.POST).data)
        chosen = list(_filtered(form).filter(state__in=RESENDABLE).values_list("pk", flat=True)[:MOST_AGAIN])
    else:
        keys = [_key(key) for key in request.POST.getlist("delivery")[:MOST_AGAIN]]
        chosen = list(
            Delivery.objects.filter(pk__in=[key for key in keys if key]).values_list("pk", flat=True)
        )
    try:
        count = send_again(chosen, by=request.actor, at=request.at)
    except Refusal as refusal:
        messages.warning(request, refusal.sentence)
    else:
        told = ngettext("{n} letter is sent again.", "{n} letters are sent again.", count).format(n=count)
        messages.success(request, told)
    return redirect(f"{reverse('desk:office:letters')}?{query}" if query else "desk:office:letters")
