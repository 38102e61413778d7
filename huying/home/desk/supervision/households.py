"""Households of a topic at the desk: listed by paste or file, moved many at once, looked at by state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huying.home.desk.access import staff_required
from huying.home.desk.supervision.forms import HouseholdMoveForm, HouseholdsForm
from huying.home.desk.supervision.topics import found_topic
from huying.home.desk.supervision.words import topic_row
from huying.kit.errors import Refusal
from huying.kit.tabular import read_table
from huying.supervision.households import MOST, labels_in, list_households, move_households, progress_of
from huying.supervision.rules import SUPERVISING, keeps_households
from huying.supervision.states import HouseholdState

if TYPE_CHECKING:
    from uuid import UUID

    from django.core.files.uploadedfile import UploadedFile
    from django.http import HttpResponse

    from huying.home.desk.access import DeskRequest
    from huying.kit.telling import TellingForm
    from huying.supervision.models import Topic

LOOKS = {
    HouseholdState.OPEN: ("mute", "clock"), HouseholdState.AT_WORK: ("info", "edit"),
    HouseholdState.DONE: ("ok", "check"),
}  # fmt: skip


@require_safe
@staff_required(*SUPERVISING)
def households(request: DeskRequest, topic_id: UUID) -> HttpResponse:
    """Show the households of a topic and how far each is."""
    return _page(request, found_topic(request, topic_id))


def _page(
    request: DeskRequest, shown: Topic, answered: TellingForm | None = None, act: str = ""
) -> HttpResponse:
    state = request.GET.get("state", "")
    rows = shown.households.order_by("place")
    if state in HouseholdState.values:
        rows = rows.filter(state=state)
    marked = set(request.POST.getlist("chosen"))
    found = progress_of(shown)
    context = topic_row(shown) | {
        "rows": [
            {"one": row, "look": LOOKS[HouseholdState(row.state)], "marked": row.label in marked}
            for row in rows[:MOST]
        ],
        "progress": found, "state": state,
        "states": [
            (key, label, getattr(found, key)) for key, label in HouseholdState.choices
        ],
        "keeps": keeps_households(request.actor, shown),
        "list_form": answered if act == "list" else HouseholdsForm(auto_id="list_%s"),
        "move_form": answered if act == "move" else HouseholdMoveForm(auto_id="move_%s"),
    }  # fmt: skip
    status = 200 if answered is None else answered.refusal.reason.status if answered.refusal else 422
    return render(request, "desk/supervision/households.html", context, status=status)


@require_POST
@staff_required(*SUPERVISING)
def households_list(request: DeskRequest, topic_id: UUID) -> HttpResponse:
    """List households from what was pasted, or from the first column of a file."""
    shown, form = (
        found_topic(request, topic_id),
        HouseholdsForm(request.POST, request.FILES, auto_id="list_%s"),
    )
    if not form.is_valid():
        return _page(request, shown, form, "list")
    try:
        labels = [*labels_in(form.cleaned_data["labels"]), *_from_file(form.cleaned_data["file"])]
        added = list_households(shown.pk, labels, by=request.actor, at=request.at)
    except Refusal as refusal:
        form.tell(refusal, field="labels")
        return _page(request, shown, form, "list")
    messages.success(request, _("{added} households were listed.").format(added=added))
    return redirect("desk:households", topic_id=topic_id)


def _from_file(upload: UploadedFile[bytes] | None) -> list[str]:
    """Return the first column of an uploaded table; its heading is one when it holds no number.

    Refusals of `kit.tabular` name what is wrong with the file.
    """
    if upload is None:
        return []
    with read_table(upload.read(), name=upload.name or "") as table:
        heading = table.header[0] if table.header else ""
        cells = [row.values.get(heading, "") for row in table]
    told = [cell for cell in cells if cell.strip()]
    return [heading, *told] if any(sign.isdigit() for sign in heading) else told


@require_POST
@staff_required(*SUPERVISING)
def households_move(request: DeskRequest, topic_id: UUID) -> HttpResponse:
    """Say how far the marked and the pasted households are."""
    shown, form = found_topic(request, topic_id), HouseholdMoveForm(request.POST, auto_id="move_%s")
    if not form.is_valid():
        return _page(request, shown, form, "move")
    told = form.cleaned_data
    labels = [*request.POST.getlist("chosen")[:MOST], *labels_in(told["labels"])]
    try:
        moved = move_households(
            shown.pk, labels, told["state"], note=told["note"], by=request.actor, at=request.at
        )
    except Refusal as refusal:
        form.tell(refusal)
        return _page(request, shown, form, "move")
    messages.success(request, _("{moved} households changed.").format(moved=moved))
    return redirect("desk:households", topic_id=topic_id)
