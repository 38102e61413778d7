"""Meetings at the desk: called, their agendas, minutes written while they go on, decisions, release."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huying.home.desk.access import staff_required
from huying.home.desk.paper_files import paper_file
from huying.home.desk.supervision.forms import (
    AttendanceForm,
    CallForm,
    LineForm,
    NotesForm,
    OrderForm,
    ReasonForm,
)
from huying.home.desk.supervision.minutes import paper_of
from huying.home.desk.supervision.words import order_row, pack_shown
from huying.kit.errors import Refusal
from huying.kit.names import in_language
from huying.people.permissions import Permission
from huying.supervision.deciding import decide, take_off
from huying.supervision.meetings import (
    Call,
    add_business,
    agenda_of,
    area_of,
    call_meeting,
    digest_of,
    order_items,
    release_minutes,
    write_attendance,
    write_notes,
)
from huying.supervision.models import AgendaItem, Body, Meeting
from huying.supervision.rules import SUPERVISING, may_run, meetings_visible_to, over_area
from huying.supervision.states import MeetingState, Outcome, Presence

if TYPE_CHECKING:
    from collections.abc import Callable

    from huying.home.desk.access import DeskRequest
    from huying.kit.telling import TellingForm

MOST_SHOWN = 60


def found_meeting(request: DeskRequest, meeting_id: UUID) -> Meeting:
    """Return a meeting the actor may see; Http404 otherwise."""
    seen = Meeting.objects.filter(meetings_visible_to(request.actor)).select_related("body__area")
    meeting = seen.filter(pk=meeting_id).first()
    if meeting is None:
        raise Http404
    return meeting


@staff_required(*SUPERVISING)
def meetings(request: DeskRequest) -> HttpResponse:
    """List the meetings, the latest first, and call a new one."""
    bodies = [
        body
        for body in Body.objects.filter(is_active=True).select_related("area").order_by("name")
        if over_area(request.actor, Permission.MEETING_RUN, area_of(body))
    ]
    choices = [(str(body.pk), in_language(body.name, body.name_en)) for body in bodies]
    form = CallForm(request.POST if request.method == "POST" else None, choices) if choices else None
    if request.method == "POST" and form is not None and form.is_valid():
        told = form.cleaned_data
        call = Call(told["starts_at"], told["where"], told["chaired_by"], told["written_by"])
        try:
            made = call_meeting(
                UUID(told["body"]), call, key=told["key"], district=settings.DISTRICT, by=request.actor,
                at=request.at,
            )  # fmt: skip
        except Refusal as refusal:
            form.tell(refusal)
        else:
            return redirect("desk:meeting", meeting_id=made.pk)
    found = Meeting.objects.filter(meetings_visible_to(request.actor)).select_related("body")
    context = {"rows": found.order_by("-starts_at")[:MOST_SHOWN], "form": form, "now": request.at}
    status = 422 if form is not None and form.errors else 200
    return render(request, "desk/supervision/meetings.html", context, status=status)


@require_safe
@staff_required(*SUPERVISING)
def meeting(request: DeskRequest, meeting_id: UUID) -> HttpResponse:
    """Show a meeting: agenda, who is there, what was said and decided."""
    return show_meeting(request, found_meeting(request, meeting_id))


def show_meeting(
    request: DeskRequest, shown: Meeting, answered: TellingForm | None = None, act: str = ""
) -> HttpResponse:
    """Show a meeting; a form that was refused stands where it was, with what was typed. `act` names it."""
    runs = may_run(request.actor, shown) and shown.state == MeetingState.CALLED
    there = list(shown.attendance.order_by("place").values_list("who", "presence"))
    by_presence = {key: [who for who, one in there if one == key] for key in Presence.values}
    held = {key: "\n".join(names) for key, names in by_presence.items()}
    held |= {"chaired_by": shown.chaired_by, "written_by": shown.written_by, "where": shown.where}
    context = {
        "one": shown, "runs": runs, "now": request.at, "opened": act,
        "items": [_item(request, item, answered, act, runs=runs) for item in agenda_of(shown)],
        "there": [(Presence(key).label, names) for key, names in by_presence.items() if names],
        "attendance": answered if act == "attendance" else AttendanceForm(initial=held, auto_id="there_%s"),
        "business": answered if act == "business" else LineForm(auto_id="business_%s"),
        "releasing": answered if act == "release" else None,
        "has_begun": request.at >= shown.starts_at,
    }  # fmt: skip
    status = 200 if answered is None else answered.refusal.reason.status if answered.refusal else 422
    return render(request, "desk/supervision/meeting.html", context, status=status)


def _item(
    request: DeskRequest, item: AgendaItem, answered: TellingForm | None, act: str, *, runs: bool
) -> dict[str, Any]:
    key = item.pk.hex
    notes = NotesForm(initial={"notes": item.notes, "seen": digest_of(item.notes)}, auto_id=f"notes_{key}_%s")
    order = OrderForm(initial={"title": item.title}, auto_id=f"decide_{key}_%s")
    reason = ReasonForm(auto_id=f"off_{key}_%s")
    forms: dict[str, Any] = {"notes": notes, "decide": order, "off": reason}
    name, _colon, whose = act.partition(":")
    if answered is not None and whose == key:
        forms[name] = answered
    return {
        "one": item, "forms": forms if runs else None, "opened": name if whose == key else "",
        "orders": [
            order_row(one.order, at=request.at) | {"text": one.text}
            for one in sorted(item.decisions.all(), key=lambda one: one.place)
        ],
        "may_decide": runs and item.outcome != Outcome.PUT_OFF and not item.is_standing,
        "may_put_off": runs and item.topic_id is not None and not item.outcome,
    }  # fmt: skip


def _done(
    request: DeskRequest, meeting_id: UUID, form: TellingForm, act: str, do: Callable[[], Any], *, said: str
) -> HttpResponse:
    """Do what a form asks for and show the meeting; a refusal stays on the form, with what was typed."""
    shown = found_meeting(request, meeting_id)
    if not form.is_valid():
        return show_meeting(request, shown, form, act)
    try:
        do()
    except Refusal as refusal:
        form.tell(refusal)
        return show_meeting(request, found_meeting(request, meeting_id), form, act)
    messages.success(request, said)
    answer = redirect("desk:meeting", meeting_id=meeting_id)
    anchor = act.partition(":")[2]
    if anchor:
        answer["Location"] += f"#item-{anchor}"
    return answer


@require_POST
@staff_required(Permission.MEETING_RUN)
def attendance(request: DeskRequest, meeting_id: UUID) -> HttpResponse:
    """Write down who is there."""
    form = AttendanceForm(request.POST, auto_id="there_%s")

    def do() -> None:
        told, shown = form.cleaned_data, found_meeting(request, meeting_id)
        call = Call(shown.starts_at, told["where"], told["chaired_by"], told["written_by"])
        write_attendance(meeting_id, form.there(), call=call, by=request.actor, at=request.at)

    return _done(request, meeting_id, form, "attendance", do, said=_("Written down."))


@require_POST
@staff_required(Permission.MEETING_RUN)
def business(request: DeskRequest, meeting_id: UUID) -> HttpResponse:
    """Add an item that is no topic."""
    form = LineForm(request.POST, auto_id="business_%s")

    def do() -> None:
        told = form.cleaned_data
        add_business(meeting_id, told["title"], key=told["key"], by=request.actor, at=request.at)

    return _done(request, meeting_id, form, "business", do, said=_("Added to the agenda."))


@require_POST
@staff_required(Permission.MEETING_RUN)
def item_up(request: DeskRequest, meeting_id: UUID, item_id: UUID) -> HttpResponse:
    """Move an item of the agenda one place up among its kind."""
    shown = found_meeting(request, meeting_id)
    items = agenda_of(shown)
    mine = next((item for item in items if item.pk == item_id), None)
    if mine is None:
        raise Http404
    kind = [
        item for item in items if (item.topic_id is None) == (mine.topic_id is None) and not item.is_standing
    ]
    if mine in kind and (place := kind.index(mine)) > 0:
        kind[place - 1], kind[place] = kind[place], kind[place - 1]
        rest = [item for item in items if item not in kind]
        order_items(meeting_id, [item.pk for item in (*rest, *kind)], by=request.actor, at=request.at)
    return redirect("desk:meeting", meeting_id=meeting_id)


@require_POST
@staff_required(Permission.MEETING_RUN)
def notes(request: DeskRequest, meeting_id: UUID, item_id: UUID) -> HttpResponse:
    """Write down what was said about an item."""
    form = NotesForm(request.POST, auto_id=f"notes_{item_id.hex}_%s")

    def do() -> None:
        told = form.cleaned_data
        write_notes(meeting_id, item_id, told["notes"], seen=told["seen"], by=request.actor, at=request.at)

    return _done(request, meeting_id, form, f"notes:{item_id.hex}", do, said=_("Written down."))


@require_POST
@staff_required(Permission.MEETING_RUN)
def decision(request: DeskRequest, meeting_id: UUID, item_id: UUID) -> HttpResponse:
    """Write down a decision; it becomes an order at once."""
    form = OrderForm(request.POST, auto_id=f"decide_{item_id.hex}_%s")

    def do() -> None:
        key = form.cleaned_data["key"]
        decide(meeting_id, item_id, form.draft(), key=key, by=request.actor, at=request.at)

    said = _("Decided; the order is with its unit.")
    return _done(request, meeting_id, form, f"decide:{item_id.hex}", do, said=said)


@require_POST
@staff_required(Permission.MEETING_RUN)
def item_off(request: DeskRequest, meeting_id: UUID, item_id: UUID) -> HttpResponse:
    """Put a topic off to a later meeting, or take it off the agenda, as the button says."""
    form = ReasonForm(request.POST, auto_id=f"off_{item_id.hex}_%s")
    outcome = Outcome.TAKEN_OFF if request.POST.get("act") == "take_off" else Outcome.PUT_OFF

    def do() -> None:
        reason = form.cleaned_data["reason"]
        take_off(meeting_id, item_id, outcome=outcome, reason=reason, by=request.actor, at=request.at)

    return _done(request, meeting_id, form, f"off:{item_id.hex}", do, said=str(outcome.label))


@require_POST
@staff_required(Permission.MEETING_RUN)
def release(request: DeskRequest, meeting_id: UUID) -> HttpResponse:
    """Release the minutes; from here they stay as they are."""
    form = ReasonForm({"reason": "-"})
    said = request.POST.get("seen", "")
    seen = int(said) if said.isdecimal() else -1

    def do() -> None:
        release_minutes(meeting_id, seen=seen, by=request.actor, at=request.at)

    return _done(request, meeting_id, form, "release", do, said=_("The minutes are released."))


@require_safe
@staff_required(*SUPERVISING)
def pack(request: DeskRequest, meeting_id: UUID, item_id: UUID) -> HttpResponse:
    """Show what the meeting was given to read about a topic, as it was frozen."""
    shown = found_meeting(request, meeting_id)
    item = shown.items.select_related("pack", "topic").filter(pk=item_id, pack__isnull=False).first()
    if item is None:
        raise Http404
    context = {"one": shown, "item": item, "pack": pack_shown(item.pack.data), "made_at": item.pack.made_at}
    return render(request, "desk/supervision/pack.html", context)


@require_safe
@staff_required(*SUPERVISING)
def minutes(request: DeskRequest, meeting_id: UUID, kind: str) -> HttpResponse:
    """Return the minutes as a Word document or as PDF; those not released yet say that they are a draft."""
    shown = found_meeting(request, meeting_id)
    return paper_file(paper_of(shown, at=request.at), f"minutes-{shown.year}-{shown.number}", kind)
