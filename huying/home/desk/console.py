"""The dispatchers' console: one waiting case after another, each given away by two keystrokes."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from huying.cases import reasons
from huying.cases.actions import move_case
from huying.cases.lists import Tab, inbox
from huying.cases.moves import MOVE
from huying.cases.queries import find_case
from huying.catalogue.models import Grade
from huying.home.desk.access import staff_required
from huying.home.desk.case import say_done
from huying.home.desk.choosing import item_choices, unit_choices
from huying.home.desk.inbox import row
from huying.home.desk.moving import MoveForm, was_done
from huying.home.desk.queue import waiting_rows
from huying.kit.errors import Refusal
from huying.people.permissions import Permission
from huying.workbench.models import Doing
from huying.workbench.presence import give_sign, others_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse

    from huying.cases.models import Case
    from huying.home.desk.access import DeskRequest


@require_safe
@staff_required(Permission.CASE_DISPATCH)
def console(request: DeskRequest) -> HttpResponse:
    """Show the case to decide on next, or the one the address names."""
    return _show(request, number=request.GET.get("case", ""), after=request.GET.get("after", ""))


@require_POST
@staff_required(Permission.CASE_DISPATCH)
def decide(request: DeskRequest, number: str) -> HttpResponse:
    """Dispatch a case and go on to the next; a refusal is told where one looks, and nothing is lost."""
    found = find_case(number, by=request.actor)
    form = MoveForm(MOVE["dispatch"], found, request)
    form.full_clean()
    if not form.is_valid():
        return _show(request, number=number, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        moved = move_case(
            found.pk, "dispatch", by=request.actor, at=request.at, seen=form.seen, **form.given()
        )
    except Refusal as refusal:
        found = find_case(number, by=request.actor)
        twice = refusal.reason == reasons.CHANGED_MEANWHILE and was_done(
            found, form, by=request.actor, at=request.at
        )
        if not twice:
            form.tell(refusal)
            return _show(request, number=number, form=form, status=refusal.reason.status)
    else:
        say_done(request, moved, "dispatch")
    if in_place(request):
        return _show(request)
    return redirect("desk:console")


def in_place(request: DeskRequest) -> bool:
    """Return whether the console asks for its own part only."""
    return request.headers.get("HX-Target") == "console"


def _show(
    request: DeskRequest,
    *,
    number: str = "",
    after: str = "",
    form: MoveForm | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """Render the console: the queue at the side, the case at hand, and the form that was refused, if any."""
    cases = _by_waiting(inbox(Tab.QUEUE, by=request.actor, at=request.at).cases)
    others = others_at([case.pk for case in cases], by=request.actor, at=request.at)
    at_hand = _choose(cases, taken={key for key in others if others[key]}, number=number, after=after)
    if at_hand is not None:
        give_sign(at_hand.pk, Doing.DECIDING, by=request.actor, at=request.at)
    context: dict[str, Any] = {
        "rows": [row(case) | {"others": others.get(case.pk, [])} for case in cases],
        "one": waiting_rows([at_hand], request)[0] if at_hand else None,
        "others": others.get(at_hand.pk, []) if at_hand else [],
        "gone": number if form is not None and (at_hand is None or at_hand.number != number) else "",
        "form": form, "total": request.frame.counts.get(Tab.QUEUE, 0),
        "here_url": reverse("desk:here", args=[at_hand.number]) if at_hand else "",
    }  # fmt: skip
    if in_place(request):
        return render(request, "desk/parts/console.html", context, status=status)
    context |= {"item_choices": item_choices().all, "unit_choices": unit_choices().all}
    return render(request, "desk/console.html", context, status=status)


def _by_waiting(cases: Sequence[Case]) -> list[Case]:
    """Return cases in the order they are decided: danger first, then who has waited longest."""
    return sorted(cases, key=lambda case: (case.grade != Grade.A, case.opened_at, case.pk))


def _choose(cases: Sequence[Case], *, taken: set[Any], number: str, after: str) -> Case | None:
    """Return the case to decide on: the one named, else the first (after one put off) nobody else has."""
    named = next((case for case in cases if case.number == number), None)
    if named is not None:
        return named
    start = next((place + 1 for place, case in enumerate(cases) if case.number == after), 0)
    line = [*cases[start:], *cases[:start]]
    return next((case for case in line if case.pk not in taken), line[0] if line else None)
