"""The words of letters in the office: what each says in three languages, by default or as the town has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from huying.home.office.access import StaffRequest, office
from huying.home.office.menu import show
from huying.kit.errors import Refusal
from huying.kit.telling import TellingForm
from huying.notify.letters import LETTERS, is_for_staff, names_of, said_of
from huying.notify.models import Wording
from huying.notify.reasons import LETTER_UNKNOWN
from huying.notify.settling import MOST, check_words, newest_wording, restore_default, set_wording
from huying.notify.wordings import town_words
from huying.people.permissions import Permission

if TYPE_CHECKING:
    from django.http import HttpResponse

MOST_VERSIONS = 20
SAMPLES = {
    "number": "SQ260922000018", "unit": "环卫所", "due": "2026-09-30 18:00", "until": "2026-09-30 18:00",
    "reason": "……", "question": "……", "plan": "……", "review": "2026-12-31", "route": "信访", "clock": "……",
    "receipt": "HZ-001", "title": "……", "round": "1", "task": "……", "n": "3",
}  # fmt: skip


class WordingForm(TellingForm):
    """A letter in one language."""

    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=MOST["subject"])
    happened = forms.CharField(
        label=gettext_lazy("What it says happened"),
        max_length=MOST["happened"],
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    next = forms.CharField(
        label=gettext_lazy("What is next"), max_length=MOST["next"], widget=forms.Textarea(attrs={"rows": 3})
    )
    brief = forms.CharField(
        label=gettext_lazy("What is next, briefly"),
        max_length=MOST["brief"],
        help_text=gettext_lazy("For channels that take some twenty characters."),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)


@require_safe
@office(Permission.LETTERS_EDIT)
def words(request: StaffRequest) -> HttpResponse:
    """List every letter as it reads now, with the languages the town has its own words in."""
    languages = dict(settings.LANGUAGES)
    listed = [
        {
            "kind": kind,
            "said": said_of(kind, _samples(kind)),
            "languages": [
                {"code": code, "name": name, "own": town_words(kind, code) is not None}
                for code, name in languages.items()
            ],
        }
        for kind in LETTERS
    ]
    residents = [one for one in listed if not is_for_staff(str(one["kind"]))]
    groups = [
        (_("To residents"), residents),
        (_("To staff"), [one for one in listed if one not in residents]),
    ]
    return show(request, "words.html", {"groups": groups})


def _samples(kind: str) -> dict[str, str]:
    return {name: SAMPLES.get(name, "……") for name in names_of(LETTERS[kind])}


@require_http_methods(["GET", "HEAD", "POST"])
@office(Permission.LETTERS_EDIT)
def wording(request: StaffRequest, kind: str, language: str) -> HttpResponse:
    """Show a letter in one language with its history; preview, keep, or go back to the default words."""
    if kind not in LETTERS or language not in dict(settings.LANGUAGES):
        raise Refusal(LETTER_UNKNOWN)
    newest = newest_wording(kind, language)
    version = newest.version if newest else 0
    form = WordingForm(request.POST or None, initial=_now(kind, language) | {"seen": version})
    preview = None
    if request.method == "POST":
        try:
            done = _act(request, form, kind, language)
        except Refusal as refusal:
            form.tell(refusal)
        else:
            if done:
                return redirect("desk:office:words")
            preview = _preview(kind, form) if form.is_valid() else None
    context: dict[str, Any] = {
        "kind": kind, "language": language, "language_name": dict(settings.LANGUAGES)[language],
        "form": form, "preview": preview, "own": town_words(kind, language) is not None,
        "version": version, "names": sorted(names_of(LETTERS[kind])),
        "versions": Wording.objects.filter(kind=kind, language=language).order_by("-version")[:MOST_VERSIONS],
    }  # fmt: skip
    return show(request, "wording.html", context, status=422 if form.errors else 200)


def _act(request: StaffRequest, form: WordingForm, kind: str, language: str) -> bool:
    """Do what the pressed button says; return whether that is over, False for a preview."""
    act = request.POST.get("act", "")
    if act == "default":
        seen = int(request.POST.get("seen") or 0) if (request.POST.get("seen") or "0").isdecimal() else 0
        restore_default(kind, language, seen=seen, by=request.actor, at=request.at)
        messages.success(request, _("The words that come with Huying count again."))
        return True
    if not form.is_valid():
        return False
    told = form.cleaned_data
    check_words(kind, language, told)
    if act != "keep":
        return False
    set_wording(kind, language, told, seen=told["seen"], by=request.actor, at=request.at)
    messages.success(request, _("Kept. Letters from now on are written so."))
    return True


def _now(kind: str, language: str) -> dict[str, str]:
    with translation.override(language):
        own = town_words(kind, language) or {}
        letter = LETTERS[kind]
        return {part: own.get(part) or str(getattr(letter, part)) for part in letter.PARTS}


def _preview(kind: str, form: WordingForm) -> dict[str, str]:
    return {part: form.cleaned_data[part].format_map(_samples(kind)) for part in LETTERS[kind].PARTS}
