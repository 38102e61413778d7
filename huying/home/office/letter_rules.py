"""Rules of letters in the office: quiet hours, order of channels, limits, and providers' templates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from huying.home.office.access import StaffRequest, office
from huying.home.office.menu import show
from huying.kit.errors import Refusal
from huying.kit.telling import TellingForm
from huying.notify.letters import LETTERS
from huying.notify.models import Channel, ProviderTemplate, TownRules, default_order
from huying.notify.rules import Rules, town_rules
from huying.notify.settling import set_rules, set_template
from huying.people.permissions import Permission

if TYPE_CHECKING:
    from django.http import HttpResponse

MOST_TEXTS, MOST_CHANGES = 100, 10
CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class RulesForm(TellingForm):
    """What a town decides for all letters."""

    quiet_from = forms.TimeField(label=gettext_lazy("Nobody is disturbed from"), widget=CLOCK)
    quiet_until = forms.TimeField(label=gettext_lazy("Until"), widget=CLOCK)
    first = forms.ChoiceField(label=gettext_lazy("Residents are told first by"))
    second = forms.ChoiceField(label=gettext_lazy("Then by"))
    third = forms.ChoiceField(label=gettext_lazy("Last by"))
    texts_a_day = forms.IntegerField(
        label=gettext_lazy("Text messages to one number a day"), min_value=1, max_value=MOST_TEXTS
    )
    daily_at = forms.TimeField(label=gettext_lazy("Daily summary for staff at"), widget=CLOCK)

    def __init__(self, *given: Any, **more: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*given, **more)
        ways = [(channel, Channel(channel).label) for channel in default_order()]
        for name in ("first", "second", "third"):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = ways


class TemplateForm(TellingForm):
    """A template as a provider approved it."""

    channel = forms.ChoiceField(
        label=gettext_lazy("Sent by"),
        choices=[(one.value, one.label) for one in (Channel.SMS, Channel.WECHAT)],
    )
    kind = forms.ChoiceField(label=gettext_lazy("Letter"), required=False)
    code = forms.CharField(
        label=gettext_lazy("Code at the provider"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Empty: the letter is no longer sent over this channel."),
    )
    blanks = forms.CharField(
        label=gettext_lazy("What its blanks are filled with"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "One a line, in the template's order: the blank's name, =, and one of subject, happened, next, "
            "brief, number, link, town, or a name of the letter."
        ),
    )

    def __init__(self, *given: Any, **more: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*given, **more)
        field = self.fields["kind"]
        if isinstance(field, forms.ChoiceField):
            named = [(kind, str(letter.subject)) for kind, letter in LETTERS.items()]
            field.choices = [("", _("Every letter without one of its own")), *named]


@require_http_methods(["GET", "HEAD", "POST"])
@office(Permission.LETTERS_EDIT)
def rules(request: StaffRequest) -> HttpResponse:
    """Show the rules as they stand and the last changes; set new ones."""
    standing = town_rules()
    order = (*standing.order, *default_order())[:3]
    initial = {
        "quiet_from": standing.quiet_from, "quiet_until": standing.quiet_until, "first": order[0],
        "second": order[1], "third": order[2], "texts_a_day": standing.texts_a_day,
        "daily_at": standing.daily_at,
    }  # fmt: skip
    form = RulesForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        fresh = Rules(
            told["quiet_from"], told["quiet_until"], (told["first"], told["second"], told["third"]),
            told["texts_a_day"], told["daily_at"],
        )  # fmt: skip
        try:
            set_rules(fresh, by=request.actor, at=request.at)
        except Refusal as refusal:
            form.tell(refusal, field="second")
        else:
            messages.success(request, _("The rules stand. What is queued already follows them, too."))
            return redirect("desk:office:letter_rules")
    return _page(request, form, TemplateForm())


@require_POST
@office(Permission.LETTERS_EDIT)
def templates(request: StaffRequest) -> HttpResponse:
    """Enter a provider's template in the place of the one before."""
    form = TemplateForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        try:
            set_template(
                told["channel"], told["kind"], told["code"], told["blanks"].splitlines(),
                by=request.actor, at=request.at,
            )  # fmt: skip
        except Refusal as refusal:
            form.tell(refusal)
        else:
            messages.success(request, _("The template is entered."))
            return redirect("desk:office:letter_rules")
    return _page(request, RulesForm(), form)


def _page(request: StaffRequest, form: RulesForm, template: TemplateForm) -> HttpResponse:
    standing = ProviderTemplate.objects.filter(is_active=True).order_by("channel", "kind")
    context = {
        "form": form,
        "template": template,
        "templates": [
            (one, str(LETTERS[one.kind].subject) if one.kind in LETTERS else _("every letter"))
            for one in standing
        ],
        "changes": TownRules.objects.order_by("-id")[:MOST_CHANGES],
    }
    return show(request, "letter_rules.html", context, status=422 if form.errors or template.errors else 200)
