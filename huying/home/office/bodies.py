"""Bodies that meet and the thresholds of effects in the office: a town's own, each change on record."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from huying.home.desk.choosing import offered_areas
from huying.home.desk_forms import area_field
from huying.home.forms import WordsField
from huying.home.office.access import StaffRequest, office
from huying.home.office.menu import show
from huying.kit.errors import Refusal
from huying.kit.telling import TellingForm
from huying.ledger.queries import timeline
from huying.people.permissions import Permission
from huying.supervision.judging import Thresholds
from huying.supervision.models import Body
from huying.supervision.settings import (
    BODIES,
    EFFECTS,
    LONGEST_NAME,
    RANGES,
    BodyDraft,
    set_body,
    set_thresholds,
    thresholds,
)

if TYPE_CHECKING:
    from typing import Any
    from uuid import UUID

    from django.http import HttpResponse

MOST_CHANGES = 10


class BodyForm(TellingForm):
    """A body that meets."""

    name = WordsField(label=gettext_lazy("Name"), max_length=LONGEST_NAME)
    name_en = WordsField(label=gettext_lazy("English name"), max_length=LONGEST_NAME, required=False)
    area = area_field(
        label=gettext_lazy("Whose matters it takes up"), required=False,
        help_text=gettext_lazy("Empty: those of the whole town."),
    )  # fmt: skip
    standing_title = WordsField(
        label=gettext_lazy("Standing item"), max_length=LONGEST_NAME, required=False,
        help_text=gettext_lazy("It stands on every agenda called from now on; empty: none does."),
    )  # fmt: skip
    standing_last = forms.BooleanField(label=gettext_lazy("That item comes last"), required=False)
    is_active = forms.BooleanField(label=gettext_lazy("It meets, and can be called"), required=False)


class EffectForm(TellingForm):
    """From when on an order counts as having helped."""

    fewest_people = forms.IntegerField(
        label=gettext_lazy("Different people who speak again before it has come back")
    )
    as_before_percent = forms.IntegerField(
        label=gettext_lazy("From this share of the former pace it is as before (%)"),
        help_text=gettext_lazy("Below it there are fewer appeals than before."),
    )
    more_percent = forms.IntegerField(
        label=gettext_lazy("Beyond this share of the former pace it is more than before (%)")
    )
    fewest_to_tell = forms.IntegerField(
        label=gettext_lazy("Appeals before and after, together, below which nothing is said")
    )
    pace_after_days = forms.IntegerField(label=gettext_lazy("Days after which a pace is known"))

    def __init__(self, *given: Any, **more: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*given, **more)
        for name, (least, most) in RANGES.items():
            field = self.fields[name]
            field.widget.attrs.update(min=least, max=most)


@require_safe
@office(Permission.SYSTEM_EDIT)
def bodies(request: StaffRequest) -> HttpResponse:
    """Show the bodies that meet and the thresholds, with who changed them."""
    context = {
        "bodies": Body.objects.select_related("area").order_by("-is_active", "name"),
        "rule": thresholds(),
        "changes": timeline(f"supervisiontable:{BODIES}").reverse()[:MOST_CHANGES],
        "rule_changes": timeline(f"supervisiontable:{EFFECTS}").reverse()[:MOST_CHANGES],
    }
    return show(request, "bodies.html", context)


@require_http_methods(["GET", "POST"])
@office(Permission.SYSTEM_EDIT)
def body(request: StaffRequest, body_id: UUID | None = None) -> HttpResponse:
    """Add a body that meets, or change one."""
    shown = Body.objects.select_related("area").filter(pk=body_id).first() if body_id else None
    if body_id and shown is None:
        raise Http404
    form = BodyForm(request.POST if request.method == "POST" else None, initial=_initial(shown))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        area = told.pop("area")
        try:
            set_body(
                BodyDraft(**told, area=area.code if area else ""), body=body_id, by=request.actor,
                at=request.at,
            )  # fmt: skip
        except Refusal as refusal:
            form.tell(refusal)
        else:
            messages.success(request, _("Kept. Meetings called before stay as they are."))
            return redirect("desk:office:bodies")
    context = {"form": form, "shown": shown, "area_choices": offered_areas()}
    return show(request, "body.html", context, status=_status(form))


def _initial(shown: Body | None) -> dict[str, Any]:
    if shown is None:
        return {"standing_last": True, "is_active": True}
    return {
        "name": shown.name, "name_en": shown.name_en, "area": shown.area.name if shown.area else "",
        "standing_title": shown.standing_title, "standing_last": shown.standing_last,
        "is_active": shown.is_active,
    }  # fmt: skip


@require_http_methods(["GET", "POST"])
@office(Permission.SYSTEM_EDIT)
def effect(request: StaffRequest) -> HttpResponse:
    """Set from when on an order counts as having helped."""
    form = EffectForm(request.POST if request.method == "POST" else None, initial=asdict(thresholds()))
    if request.method == "POST" and form.is_valid():
        try:
            set_thresholds(Thresholds(**form.cleaned_data), by=request.actor, at=request.at)
        except Refusal as refusal:
            form.tell(refusal)
        else:
            messages.success(request, _("Kept. Effects that were found already stay as they are."))
            return redirect("desk:office:bodies")
    return show(request, "effect_rule.html", {"form": form}, status=_status(form))


def _status(form: TellingForm) -> int:
    if form.refusal is not None:
        return form.refusal.reason.status
    return 422 if form.errors else 200
