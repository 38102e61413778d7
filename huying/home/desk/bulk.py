"""Many cases at once: marked in a list, asked about once, told case by case what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django import forms
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huying.cases.models import Solved
from huying.cases.moves import MOVE
from huying.cases.queries import find_cases, first_voices
from huying.cases.words import FIELDS
from huying.home.desk.access import staff_required
from huying.home.desk.choosing import item_name
from huying.home.desk.frame import safe_next
from huying.home.forms import WordsField
from huying.kit.errors import Refusal
from huying.kit.telling import TellingForm
from huying.people.permissions import Permission
from huying.people.queries import holders_over
from huying.workbench import reasons
from huying.workbench.bulk import ACTS, MOST_CASES, Chosen, carry_on, filled, find_run, start_run, try_again
from huying.workbench.models import BulkRow, RowState
from huying.workbench.phrases import PLACEHOLDERS, check_blanks, phrases_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from django.http import HttpResponse

    from huying.cases.models import Case
    from huying.home.desk.access import DeskRequest

PREVIEWED = 3
LONGEST = 20_000
DONE_TONES = {RowState.DONE: "ok", RowState.REFUSED: "bad", RowState.WAITING: "mute"}


def blanks_for(request: DeskRequest) -> Callable[[Case], dict[str, str]]:
    """Return what gives the values of a text's placeholders for a case, as it stands now.

    Every appellant of a case reads its reply, and clerks do: so nobody is addressed by name.
    """

    def values(case: Case) -> dict[str, str]:
        voice = first_voices([case.pk]).get(case.pk)
        local = timezone.localtime
        return {
            "resident": str(_("Dear resident")),
            "number": case.number, "appeal": voice.number if voice else "",
            "item": item_name(case.item), "place": case.place_name,
            "unit": case.unit.name if case.unit else "", "phone": case.unit.phone if case.unit else "",
            "me": request.actor.name, "today": local(request.at).strftime("%Y-%m-%d"),
            "due": local(case.due_at).strftime("%Y-%m-%d") if case.due_at else "",
        }  # fmt: skip

    return values


class BulkForm(TellingForm):
    """What an act needs and takes, told once for all the cases."""

    def __init__(self, act: str, cases: Sequence[Case], request: DeskRequest, data: Any = None) -> None:  # noqa: ANN401 - as Django's
        super().__init__(data)
        self.act, self.request = act, request
        for name in (*ACTS[act].needs, *ACTS[act].takes):
            self.fields[name] = self._field(name, cases, required=name in ACTS[act].needs)

    def _field(self, name: str, cases: Sequence[Case], *, required: bool) -> forms.Field:
        label = FIELDS[name]
        if name == "handler":
            people = [("", "—"), *_colleagues(cases, self.request.at)]
            return forms.ChoiceField(choices=people, label=_("To whom"), required=required)
        if name == "solved":
            return forms.ChoiceField(choices=Solved.choices, widget=forms.RadioSelect, label=label)
        text = forms.Textarea({"rows": 7 if name == "public_text" else 2})
        return WordsField(label=label, required=required, max_length=LONGEST, widget=text)

    def clean(self) -> dict[str, Any]:
        """Refuse a placeholder nothing is known for, and a result without its reason."""
        told = super().clean() or self.cleaned_data
        for name in ACTS[self.act].filled:
            try:
                check_blanks(str(told.get(name) or ""), field=name)
            except Refusal as refusal:
                self.tell(refusal)
        if told.get("solved") not in (None, Solved.YES) and not told.get("unsolved_reason"):
            self.add_error("unsolved_reason", _("What is not solved needs a reason."))
        return told


def _colleagues(cases: Iterable[Case], at: datetime) -> list[tuple[str, str]]:
    """Return whom any of the cases could be given to; a case of another unit tells so in its row."""
    found: dict[UUID, str] = {}
    for unit in dict.fromkeys(case.unit_id for case in cases if case.unit_id):
        for holder in holders_over(unit, Permission.CASE_WORK, at=at):
            found.setdefault(holder.id, f"{holder.name} · {holder.unit_name}")
    return [(str(key), name) for key, name in found.items()]


@require_POST
@staff_required(Permission.CASE_SEE)
def bulk(request: DeskRequest) -> HttpResponse:
    """Ask what the act needs for the cases that were marked, show what it would say, then do it.

    An act that needs nothing is done at once. The key of the form makes a second click the same run.
    """
    told = request.POST
    act, back = told.get("act", ""), safe_next(request, reverse("desk:inbox"))
    if act not in ACTS:
        raise Refusal(reasons.UNKNOWN_ACT)
    chosen = [mark for text in told.getlist("chosen") if (mark := Chosen.read(text)) is not None]
    if not chosen:
        raise Refusal(reasons.NOTHING_CHOSEN)
    if len(chosen) > MOST_CASES:
        raise Refusal(reasons.TOO_MANY_CHOSEN, most=MOST_CASES, count=len(chosen))
    cases = list(find_cases([mark.number for mark in chosen], by=request.actor).values())
    step = told.get("step", "")
    form = BulkForm(act, cases, request, told if step else None)
    if (step == "do" and form.is_valid()) or not form.fields:
        given = dict(form.cleaned_data) if form.is_bound else {}
        run = start_run(_key(told.get("key", "")), act, chosen, given=given, by=request.actor, at=request.at)
        carry_on(run, fill=blanks_for(request), by=request.actor, at=request.at)
        return redirect(f"{reverse('desk:bulk_run', args=[run.pk])}?{_next(back)}")
    context = {
        "form": form, "act": act, "label": MOVE[act].label, "cases": cases, "chosen": chosen, "next": back,
        "key": _key(told.get("key", "")), "previews": _previews(form, cases, request),
        "phrases": phrases_for(request.actor, act) if ACTS[act].filled else [],
        "placeholders": PLACEHOLDERS.items() if ACTS[act].filled else [],
        "hidden": len(chosen) - len(cases),
    }  # fmt: skip
    status = 422 if step and form.errors else 200
    return render(request, "desk/bulk.html", context, status=status)


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()


def _next(back: str) -> str:
    return urlencode({"next": back})


def _previews(form: BulkForm, cases: Sequence[Case], request: DeskRequest) -> list[dict[str, str]]:
    """Return what the first cases would get, or why they would get nothing."""
    text = str(form.data.get("public_text", "")) if form.is_bound and not form.errors else ""
    found, values = [], blanks_for(request)
    for case in cases[:PREVIEWED] if text else ():
        try:
            found.append({"number": case.number, "text": filled(text, values(case)), "reason": ""})
        except Refusal as refusal:
            found.append({"number": case.number, "text": "", "reason": refusal.sentence})
    return found


@staff_required(Permission.CASE_SEE)
def run(request: DeskRequest, key: UUID) -> HttpResponse:
    """Show what came of each case; asked to, go on with the rest, or try again what was refused."""
    found = find_run(key, by=request.actor)
    back = _safe(request, request.GET.get("next", ""))
    here = f"{request.path}?{_next(back)}"
    if request.method == "POST":
        act = request.POST.get("act", "")
        if act == "again":
            found = try_again(_key(request.POST.get("key", "")), found, by=request.actor, at=request.at)
            here = f"{reverse('desk:bulk_run', args=[found.pk])}?{_next(back)}"
        if act in ("again", "go_on"):
            carry_on(found, fill=blanks_for(request), by=request.actor, at=request.at)
        return redirect(here)
    rows = list(found.rows.select_related("case").order_by("id"))
    counts = {state.value: sum(row.state == state for row in rows) for state in RowState}
    shown = [
        {
            "row": row, "tone": DONE_TONES[RowState(row.state)],
            "title": row.case.title if row.case else "", "status": row.case.status if row.case else "",
            "url": reverse("desk:case", args=[row.number]) if row.case else "",
        }
        for row in sorted(rows, key=_refused_first)
    ]  # fmt: skip
    again = any(row.state == RowState.REFUSED and row.case_id for row in rows)
    context = {
        "run": found, "label": MOVE[found.act].label, "rows": shown, "counts": counts, "again": again,
        "key": uuid4(), "next": back, "here": here,
    }  # fmt: skip
    return render(request, "desk/bulk_run.html", context)


def _refused_first(row: BulkRow) -> tuple[bool, int]:
    return (row.state != RowState.REFUSED, row.pk)


def _safe(request: DeskRequest, target: str) -> str:
    ok = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if ok else reverse("desk:inbox")
