"""Bulletins at the desk: what was released, a draft with everything to change, weeks side by side."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huying.bulletin import bulletins as acts
from huying.bulletin.composing import head_of_table
from huying.bulletin.document import bulletin_paper, issue_of, kept_rows
from huying.bulletin.models import Bulletin, BulletinState, Kept, Promise, Span
from huying.bulletin.numbering import head_of
from huying.bulletin.numbers import COUNTS, NONE, SHARES, WORDS, change_of, counted_of, in_words, told_of
from huying.bulletin.pledges import outcomes, unpromised
from huying.bulletin.reasons import PROMISE_WORDS, ROW_UNKNOWN
from huying.bulletin.rules import MAKING, areas_for, bulletins_visible_to, holds_over
from huying.catalogue.core.calendar import local_day
from huying.home.desk.access import staff_required
from huying.home.desk.paper_files import issued_file
from huying.home.desk.papers.forms import SPAN_NAMES, DraftForm, JudgeForm, PromiseForm
from huying.kit.errors import Refusal
from huying.kit.paper import from_plain, to_html
from huying.people.permissions import Permission
from huying.people.queries import unit_book

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.db.models import QuerySet

    from huying.home.desk.access import DeskRequest
    from huying.kit.paper import Paper

MOST_SHOWN, MOST_SIDE_BY_SIDE, MOST_OFFERED = 60, 6, 50
READING = (Permission.STATS_SEE, *MAKING)


def seen_bulletins(request: DeskRequest) -> QuerySet[Bulletin]:
    """Return the bulletins this actor may see."""
    return Bulletin.objects.filter(bulletins_visible_to(request.actor)).select_related("area")


def _found(request: DeskRequest, key: UUID) -> Bulletin:
    bulletin = seen_bulletins(request).filter(pk=key).first()
    if bulletin is None:
        raise Http404
    return bulletin


@staff_required(*READING)
def bulletins(request: DeskRequest) -> HttpResponse:
    """List bulletins, drafts first, and draft one."""
    areas = areas_for(request.actor, Permission.BULLETIN_WRITE)
    initial = {"day": local_day(request.at) - timedelta(days=7)}
    form = (
        DraftForm(request.POST if request.method == "POST" else None, areas, initial=initial)
        if areas
        else None
    )
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid():
            told = form.cleaned_data
            try:
                made = acts.draft_bulletin(
                    told["area"], told["span"], told["day"], by=request.actor, at=request.at
                )
            except Refusal as refusal:
                form.tell(refusal)
            else:
                return redirect("desk:bulletin", key=made.pk)
    span = request.GET.get("span", "")
    found = seen_bulletins(request).exclude(state=BulletinState.DROPPED).defer("paper", "sections", "numbers")
    if span in Span.values:
        found = found.filter(span=span)
    rows = sorted(
        found.order_by("-starts_on", "area_path", "-edition")[:MOST_SHOWN],
        key=lambda one: one.state != "draft",
    )
    context = {
        "rows": [{"one": one, "issue": issue_of(one), "span": SPAN_NAMES[Span(one.span)]} for one in rows],
        "form": form, "span": span,
        "spans": list(SPAN_NAMES.items()),
    }  # fmt: skip
    status = 200 if form is None or not form.errors else 422
    return render(request, "desk/papers/bulletins.html", context, status=status)


def _paper(bulletin: Bulletin, at: datetime) -> Paper:
    if bulletin.paper:
        return from_plain(bulletin.paper)
    return bulletin_paper(bulletin, list(bulletin.promises.all()), head_of(bulletin.area), at=at)


@require_safe
@staff_required(*READING)
def bulletin(request: DeskRequest, key: UUID) -> HttpResponse:
    """Show a bulletin as it is printed; beside a draft, everything that can be changed."""
    return _page(request, _found(request, key))


def _page(request: DeskRequest, shown: Bulletin, **more: Any) -> HttpResponse:  # noqa: ANN401 - forms that were answered
    by, draft = request.actor, shown.state == BulletinState.DRAFT
    writes = holds_over(by, Permission.BULLETIN_WRITE, shown.area_path)
    promises = list(shown.promises.all())
    came = {} if draft else outcomes(promises, at=request.at)
    context: dict[str, Any] = {
        "one": shown, "span_name": SPAN_NAMES[Span(shown.span)], "draft": draft,
        "issue": issue_of(shown), "paper": to_html(_paper(shown, request.at)),
        "may_edit": draft and writes,
        "promises": [_promise_row(one, came, request) for one in promises],
        "may_release": draft and holds_over(by, Permission.BULLETIN_RELEASE, shown.area_path),
        "may_correct": shown.state == BulletinState.RELEASED and writes,
        "sections": _sections(shown) if draft and writes else [],
        "newer": Bulletin.objects.filter(corrects=shown).exclude(state=BulletinState.DROPPED).first(),
        "units": unit_book().all(), "kept": Kept, "removed": _removed(shown) if writes else [],
    }  # fmt: skip
    if draft and writes:
        context["promise_form"] = PromiseForm(None, unit_book().all())
        context["orders"] = unpromised(shown, at=request.at)[:MOST_OFFERED]
    context |= more
    status = 422 if any(getattr(form, "errors", None) for form in more.values()) else 200
    return render(request, "desk/papers/bulletin.html", context, status=status)


def _promise_row(one: Promise, came: dict[int, tuple[Kept, str]], request: DeskRequest) -> dict[str, Any]:
    kept, told = came.get(one.place, (Kept.OPEN, ""))
    may_see = one.order_key and request.actor.holds(Permission.ORDER_SEE)
    return {"one": one, "kept": kept, "told": told, "order": one.order_key if may_see else ""}


def _sections(shown: Bulletin) -> list[dict[str, Any]]:
    last = len(shown.sections) - 1
    return [
        {
            "section": section, "place": place, "first": place == 0, "last": place == last,
            "rows": section["rows"], "head": _heads(section["key"], shown.span),
        }
        for place, section in enumerate(shown.sections)
    ]  # fmt: skip


def _heads(key: str, span: str) -> tuple[str, ...]:
    try:
        return head_of_table(key, span)
    except KeyError:
        return ()


def _removed(shown: Bulletin) -> list[dict[str, Any]]:
    return [
        {"section": section["title"], "row": " · ".join(row["cells"])[:120], "reason": row["removed"]}
        for section in shown.sections
        for row in section["rows"]
        if row["removed"]
    ]


def _number(request: DeskRequest, name: str) -> int:
    told = request.POST.get(name, "")
    return int(told) if told.isdigit() and len(told) < 7 else -1  # noqa: PLR2004 - nothing is counted so far


@require_POST
@staff_required(*MAKING)
def bulletin_act(request: DeskRequest, key: UUID, act: str) -> HttpResponse:
    """Do one of a bulletin's acts, as `_ACTS` names them."""
    shown = _found(request, key)
    if act not in _ACTS:
        raise Http404
    try:
        to = _ACTS[act](request, shown)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("desk:bulletin", key=key)
    messages.success(request, _done(act))
    return redirect("desk:bulletin", key=to or key)


def _edits(request: DeskRequest, shown: Bulletin) -> list[acts.SectionEdit]:
    """Return the sections as the form has them; a button “up” or “down” moves its section by one."""
    told = request.POST
    edits = [
        acts.SectionEdit(
            section["key"], told.get(f"title-{section['key']}", section["title"]),
            told.get(f"text-{section['key']}", section["text"]), f"on-{section['key']}" in told,
        )
        for section in shown.sections
    ]  # fmt: skip
    move, _dot, key = told.get("move", "").partition(":")
    place = next((place for place, one in enumerate(edits) if one.key == key), None)
    if place is not None:
        to = place + (1 if move == "down" else -1)
        if 0 <= to < len(edits):
            edits[place], edits[to] = edits[to], edits[place]
    return edits


def _edit(request: DeskRequest, shown: Bulletin) -> None:
    acts.edit_bulletin(
        shown.pk, _edits(request, shown), seen=_number(request, "seen"), by=request.actor, at=request.at
    )


def _row(request: DeskRequest, shown: Bulletin) -> None:
    acts.remove_row(
        shown.pk, request.POST.get("section", ""), request.POST.get("row", ""),
        reason=request.POST.get("reason", ""), seen=_number(request, "seen"), by=request.actor, at=request.at,
    )  # fmt: skip


def _promise(request: DeskRequest, shown: Bulletin) -> None:
    form = PromiseForm(request.POST, unit_book().all())
    if not form.is_valid():
        raise Refusal(PROMISE_WORDS)
    told = form.cleaned_data
    acts.add_promise(
        shown.pk, text=told["text"], unit=UUID(told["unit"]) if told["unit"] else None, due_on=told["due_on"],
        by=request.actor, at=request.at,
    )  # fmt: skip


def _order(request: DeskRequest, shown: Bulletin) -> None:
    try:
        order = UUID(request.POST.get("order", ""))
    except ValueError:
        raise Refusal(ROW_UNKNOWN) from None
    acts.promise_order(shown.pk, order, by=request.actor, at=request.at)


def _judge(request: DeskRequest, shown: Bulletin) -> None:
    form = JudgeForm(request.POST)
    promise = Promise.objects.filter(bulletin=shown, place=_number(request, "place")).first()
    if promise is None or not form.is_valid():
        raise Refusal(PROMISE_WORDS)
    acts.judge_promise(promise.pk, **form.cleaned_data, by=request.actor, at=request.at)


_ACTS: dict[str, Callable[[DeskRequest, Bulletin], UUID | None]] = {
    "edit": _edit,
    "row": _row,
    "promise": _promise,
    "order": _order,
    "judge": _judge,
    "unpromise": lambda request, shown: (
        acts.drop_promise(shown.pk, _number(request, "place"), by=request.actor, at=request.at).pk
    ),
    "recount": lambda request, shown: (
        acts.recount_bulletin(shown.pk, seen=_number(request, "seen"), by=request.actor, at=request.at).pk
    ),
    "release": lambda request, shown: (
        acts.release_bulletin(shown.pk, seen=_number(request, "seen"), by=request.actor, at=request.at).pk
    ),
    "correct": lambda request, shown: (
        acts.correct_bulletin(
            shown.pk, correction=request.POST.get("reason", ""), by=request.actor, at=request.at
        ).pk
    ),
    "drop": lambda request, shown: (
        acts.drop_bulletin(
            shown.pk, reason=request.POST.get("reason", ""), by=request.actor, at=request.at
        ).pk
    ),
}


def _done(act: str) -> str:
    return {
        "edit": _("Kept."), "row": _("Kept."), "promise": _("Promised."), "order": _("Promised."),
        "unpromise": _("Taken out."),
        "recount": _("Counted anew."), "release": _("Released; those who may read it are told."),
        "correct": _("A new edition is drafted."), "drop": _("Dropped."),
        "judge": _("Kept; the next bulletin tells it."),
    }[act]  # fmt: skip


@require_safe
@staff_required(*READING)
def bulletin_file(request: DeskRequest, key: UUID, ending: str) -> HttpResponse:
    """Hand out a bulletin as a file: of a released one the bytes that were kept."""
    shown = _found(request, key)
    name = f"bulletin-{shown.span}-{shown.starts_on}-{shown.edition}"
    return issued_file(shown, lambda: _paper(shown, request.at), name, ending)


@require_safe
@staff_required(*READING)
def compare(request: DeskRequest, key: UUID) -> HttpResponse:
    """Show the numbers of a bulletin beside those of the ones before it: the same area, the same length."""
    shown = _found(request, key)
    found = (
        seen_bulletins(request)
        .filter(
            area_id=shown.area_id,
            span=shown.span,
            state=BulletinState.RELEASED,
            starts_on__lt=shown.starts_on,
        )
        .order_by("-starts_on", "-edition")
    )
    newest: dict[Any, Bulletin] = {}
    for one in found[: MOST_SIDE_BY_SIDE * 3]:
        newest.setdefault(one.starts_on, one)
    columns = [shown, *list(newest.values())[: MOST_SIDE_BY_SIDE - 1]]
    rows = []
    for name in (*COUNTS, *SHARES):
        counted = [counted_of(one.numbers.get(name)) for one in columns]
        change = change_of(name, counted[0], counted[1]) if len(counted) > 1 else NONE
        cells = [
            {"told": told_of(name, one), "n": in_words(one.whole) if name in SHARES else ""}
            for one in counted
        ]
        rows.append({"name": WORDS[name][0], "of": WORDS[name][1], "cells": cells, "change": change})
    hot = [
        {
            "one": one,
            "rows": [
                row["cells"][0] for part in one.sections if part["key"] == "hot" for row in kept_rows(part)
            ],
        }
        for one in columns
    ]
    context = {
        "one": shown,
        "span_name": SPAN_NAMES[Span(shown.span)],
        "columns": columns,
        "rows": rows,
        "hot": hot,
    }
    return render(request, "desk/papers/compare.html", context)
