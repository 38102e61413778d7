"""Reminder letters at the desk: what calls for one, those under way, one with every act on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huying.bulletin import reminders
from huying.bulletin.letters import letter_paper
from huying.bulletin.models import UNDER_WAY, Reminder, ReminderCase, ReminderReason, ReminderState
from huying.bulletin.numbering import head_of
from huying.bulletin.rules import ANSWERING, WRITING, holds_over, letters_visible_to, may_answer, tops_of
from huying.bulletin.sources import in_hand, late, near, poorly_answered
from huying.home.desk.access import staff_required
from huying.home.desk.paper_files import issued_file
from huying.home.desk.papers.forms import AnswerForm, LetterForm, WhyForm, WordsForm
from huying.home.desk.telling import who
from huying.kit.errors import Refusal
from huying.kit.paper import from_plain, to_html
from huying.ledger.queries import timeline
from huying.people.permissions import Permission
from huying.people.queries import unit_book

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet

    from huying.bulletin.sources import CaseLine
    from huying.home.desk.access import DeskRequest
    from huying.kit.paper import Paper
    from huying.kit.telling import TellingForm
    from huying.ledger.models import Fact

MOST_SHOWN = 100
READING = (*WRITING, *ANSWERING)
TABS: dict[str, list[ReminderState]] = {
    "open": list(UNDER_WAY),
    "closed": [ReminderState.CLOSED],
    "dropped": [ReminderState.DROPPED],
}
LOOKS: dict[str, tuple[str, str]] = {
    ReminderState.DRAFT: ("mute", "edit"), ReminderState.ISSUED: ("warn", "send"),
    ReminderState.RECEIVED: ("warn", "clock"), ReminderState.ANSWERED: ("info", "reply"),
    ReminderState.CLOSED: ("ok", "check"), ReminderState.DROPPED: ("mute", "ban"),
}  # fmt: skip
_SOURCES: dict[str, Callable[[str, Any], list[CaseLine]]] = {
    ReminderReason.OVERDUE: lambda top, at: late(top, at=at),
    ReminderReason.DUE_SOON: lambda top, at: near(top, at=at),
    ReminderReason.POOR_REPLY: lambda top, _at: poorly_answered(top),
}


def seen_letters(request: DeskRequest) -> QuerySet[Reminder]:
    """Return the letters this actor may see."""
    return Reminder.objects.filter(letters_visible_to(request.actor)).select_related("unit", "area")


def _found(request: DeskRequest, key: UUID) -> Reminder:
    letter = seen_letters(request).filter(pk=key).first()
    if letter is None:
        raise Http404
    return letter


@require_safe
@staff_required(*READING)
def letters(request: DeskRequest) -> HttpResponse:
    """List the letters of the actor's areas and units, those to answer first, and what calls for a letter."""
    tab = request.GET.get("tab", "open")
    tab = tab if tab in TABS else "open"
    found = seen_letters(request).filter(state__in=TABS[tab])
    order = ("answer_by", "-drafted_at") if tab == "open" else ("-drafted_at",)
    rows = [
        {"one": one, "tone": LOOKS[one.state][0], "icon": LOOKS[one.state][1]}
        for one in found.order_by(*order)[:MOST_SHOWN]
    ]
    may_write = request.actor.holds(Permission.REMINDER_WRITE)
    reason = request.GET.get("reason", ReminderReason.OVERDUE)
    reason = reason if reason in _SOURCES else ReminderReason.OVERDUE
    context = {
        "rows": rows, "tab": tab, "now": request.at, "may_write": may_write,
        "sets": _sets(request, reason) if may_write and tab == "open" else [],
        "reason": reason, "reasons": [(key, ReminderReason(key).label) for key in _SOURCES],
        "units": unit_book().all() if may_write else [],
    }  # fmt: skip
    return render(request, "desk/papers/letters.html", context)


def _sets(request: DeskRequest, reason: str) -> list[dict[str, Any]]:
    """Return what calls for a letter, by unit: cases no letter under way names already."""
    tops = tops_of(request.actor, Permission.REMINDER_WRITE)
    lines = {line.id: line for top in tops for line in _SOURCES[reason](top, request.at)}
    named = ReminderCase.objects.filter(
        case_id__in=list(lines), reminder__state__in=UNDER_WAY, reminder__reason=reason
    ).values_list("case_id", flat=True)
    free = [line for key, line in lines.items() if key not in set(named)]
    return [
        {
            "unit": unit,
            "count": len(cases),
            "first": min((one.due_at for one in cases if one.due_at), default=None),
        }
        for unit, cases in reminders.sets_of(free)
    ]


@staff_required(Permission.REMINDER_WRITE)
def letter_new(request: DeskRequest) -> HttpResponse:
    """Draft a letter to a unit: which of the cases it has in hand, and why."""
    told = request.POST if request.method == "POST" else request.GET
    try:
        unit = unit_book().by_id[UUID(told.get("unit", ""))]
    except (ValueError, KeyError):
        raise Http404 from None
    reason = told.get("reason", ReminderReason.OVERDUE)
    top = reminders.issuing_area(request.actor, unit)
    hand = in_hand(unit.id, top)
    ticked = {line.number for line in _SOURCES[reason](top, request.at)} if reason in _SOURCES else set()
    cases = [(line.number, f"{line.number} {line.title} · {line.place}") for line in hand]
    initial = {"unit": unit.id, "reason": reason, "numbers": [key for key, _label in cases if key in ticked]}
    form = LetterForm(request.POST if request.method == "POST" else None, cases, initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = reminders.draft_reminder(
                unit.id, form.cleaned_data["numbers"][: reminders.MOST_CASES + 1],
                reason=form.cleaned_data["reason"], by=request.actor, at=request.at,
            )  # fmt: skip
        except Refusal as refusal:
            form.tell(refusal)
        else:
            messages.success(request, _("Drafted. Look over the words; somebody else signs."))
            return redirect("desk:letter", key=made.pk)
    context = {"form": form, "unit": unit, "any": bool(cases)}
    return render(request, "desk/papers/letter_new.html", context, status=_status(form))


def _status(form: TellingForm | None) -> int:
    if form is None or not form.errors:
        return 200
    return form.refusal.reason.status if form.refusal else 422


@require_safe
@staff_required(*READING)
def letter(request: DeskRequest, key: UUID) -> HttpResponse:
    """Show a letter as it is printed, with what this member of staff may do about it."""
    return _page(request, _found(request, key))


def _page(
    request: DeskRequest, shown: Reminder, answered: TellingForm | None = None, act: str = ""
) -> HttpResponse:
    by = request.actor
    writes = holds_over(by, Permission.REMINDER_WRITE, shown.area_path)
    signs = holds_over(by, Permission.REMINDER_SIGN, shown.area_path)
    draft, given = shown.state == ReminderState.DRAFT, shown.state == ReminderState.ANSWERED
    own = by.id == shown.drafted_by_id
    mine = may_answer(by, shown.unit_id) and shown.state in {ReminderState.ISSUED, ReminderState.RECEIVED}
    words = {"title": shown.title, "text": shown.text, "days": shown.answer_days}
    forms: dict[str, tuple[bool, Callable[[], TellingForm]]] = {
        "edit": (draft and writes, lambda: WordsForm(initial=words)),
        "send_back": (draft and signs, lambda: WhyForm(auto_id="back_%s")),
        "drop": (draft and writes, lambda: WhyForm(auto_id="drop_%s")),
        "answer": (mine, AnswerForm),
        "refuse": (given and writes, lambda: WhyForm(auto_id="refuse_%s")),
        "close": (given and writes, lambda: WhyForm(auto_id="close_%s")),
    }
    shown_forms = {
        name: (answered if act == name else make()) if may else None for name, (may, make) in forms.items()
    }
    book = unit_book().by_id
    context = {
        "one": shown, "tone": LOOKS[shown.state][0], "icon": LOOKS[shown.state][1], "now": request.at,
        "paper": to_html(_paper(shown, request)), "cases": shown.cases.all(), "forms": shown_forms,
        "may_sign": draft and signs and not own, "own": draft and signs and own,
        "may_receive": mine and shown.state == ReminderState.ISSUED,
        "may_see_cases": shown.unit_id in book and by.holds(Permission.CASE_SEE),
        "events": [_event(fact) for fact in reversed(timeline(f"reminder:{shown.pk}"))],
    }  # fmt: skip
    return render(request, "desk/papers/letter.html", context, status=_status(answered))


def _paper(shown: Reminder, request: DeskRequest) -> Paper:
    if shown.paper:
        return from_plain(shown.paper)
    return letter_paper(shown, list(shown.cases.all()), head_of(shown.area), at=request.at)


def _event(fact: Fact) -> dict[str, Any]:
    words = {
        "ReminderDrafted": _("Drafted"), "ReminderSentBack": _("Sent back to the drafter"),
        "ReminderDropped": _("Dropped"), "ReminderIssued": _("Signed and issued"),
        "ReminderReceived": _("Received by the unit"), "ReminderAnswered": _("Answered"),
        "ReminderAnswerRefused": _("The answer will not do"), "ReminderClosed": _("Closed"),
    }  # fmt: skip
    icons = {
        "ReminderIssued": "send", "ReminderAnswered": "reply", "ReminderClosed": "check",
        "ReminderDropped": "ban", "ReminderSentBack": "return", "ReminderAnswerRefused": "return",
    }  # fmt: skip
    text = fact.data.get("reason", "") if fact.kind != "ReminderDrafted" else ""
    return {
        "title": words.get(fact.kind, fact.kind), "icon": icons.get(fact.kind, "edit"), "at": fact.at,
        "who": who(fact), "text": text or fact.data.get("outcome", ""),
    }  # fmt: skip


@require_POST
@staff_required(*READING)
def letter_act(request: DeskRequest, key: UUID, act: str) -> HttpResponse:
    """Do one of a letter's acts: edit, sign, send_back, drop, receive, answer, refuse, close."""
    shown = _found(request, key)
    forms = {"edit": WordsForm, "answer": AnswerForm}
    form = None if act in {"sign", "receive"} else forms.get(act, WhyForm)(request.POST)
    if act not in _ACTS:
        raise Http404
    if form is not None and not form.is_valid():
        return _page(request, shown, form, act)
    try:
        _ACTS[act](request, key, form.cleaned_data if form else {})
    except Refusal as refusal:
        if form is None:
            messages.error(request, refusal.sentence)
            return redirect("desk:letter", key=key)
        form.tell(refusal)
        return _page(request, shown, form, act)
    messages.success(request, _done(act))
    return redirect("desk:letter", key=key)


def _seen(request: DeskRequest) -> int:
    told = request.POST.get("seen", "")
    return int(told) if told.isdigit() and len(told) < 7 else -1  # noqa: PLR2004 - no history is so long


_ACTS: dict[str, Callable[[DeskRequest, UUID, dict[str, Any]], Reminder]] = {
    "edit": lambda request, key, told: reminders.edit_reminder(
        key, **told, seen=_seen(request), by=request.actor, at=request.at
    ),
    "sign": lambda request, key, _told: reminders.sign_reminder(
        key, seen=_seen(request), by=request.actor, at=request.at
    ),
    "send_back": lambda request, key, told: reminders.send_back_reminder(
        key, **told, by=request.actor, at=request.at
    ),
    "drop": lambda request, key, told: reminders.drop_reminder(key, **told, by=request.actor, at=request.at),
    "receive": lambda request, key, _told: reminders.receive_reminder(key, by=request.actor, at=request.at),
    "answer": lambda request, key, told: reminders.answer_reminder(
        key, **told, by=request.actor, at=request.at
    ),
    "refuse": lambda request, key, told: reminders.refuse_answer(
        key, **told, by=request.actor, at=request.at
    ),
    "close": lambda request, key, told: reminders.close_reminder(
        key, outcome=told["reason"], by=request.actor, at=request.at
    ),
}


def _done(act: str) -> str:
    return {
        "edit": _("Kept; somebody else signs."), "sign": _("Signed and issued; the unit is told."),
        "send_back": _("Sent back to the drafter."), "drop": _("Dropped."),
        "receive": _("Receipt confirmed."),
        "answer": _("Answered."), "refuse": _("Sent back to the unit, with its days anew."),
        "close": _("Closed."),
    }[act]  # fmt: skip


@require_safe
@staff_required(*READING)
def letter_file(request: DeskRequest, key: UUID, ending: str) -> HttpResponse:
    """Hand out a letter as a file: of an issued one the bytes that were kept."""
    shown = _found(request, key)
    name = f"letter-{shown.year or 'draft'}-{shown.number or shown.pk}"
    return issued_file(shown, lambda: _paper(shown, request), name, ending)
