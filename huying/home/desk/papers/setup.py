"""How a town's papers are headed, and which bulletins draft themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from huying.bulletin.models import Span
from huying.bulletin.numbering import head_of
from huying.bulletin.planning import plan_of, set_letterhead, set_plan
from huying.bulletin.rules import PAPER_LEVELS
from huying.home.desk.access import staff_required
from huying.home.desk.papers.forms import SPAN_NAMES, HeadForm
from huying.kit.errors import Refusal
from huying.kit.names import in_language
from huying.people.permissions import Permission
from huying.places.models import Area
from huying.places.queries import levels, town_map

if TYPE_CHECKING:
    from django.http import HttpResponse

    from huying.home.desk.access import DeskRequest

FIELDS = ("issuer", "word", "masthead", "printed_by", "copies_to")


@staff_required(Permission.SYSTEM_EDIT)
def setup(request: DeskRequest) -> HttpResponse:
    """Show and set the plan of bulletins and the heads of an area's papers."""
    cards = [card for card in town_map().areas.values() if card.level in PAPER_LEVELS]
    code = request.POST.get("area", request.GET.get("area", "")) or (cards[0].code if cards else "")
    card = next((one for one in cards if one.code == code), None)
    if card is None:
        raise Http404
    area = Area.objects.get(pk=card.id)
    head = head_of(area)
    form = HeadForm(
        request.POST if request.method == "POST" and "issuer" in request.POST else None,
        initial={name: getattr(head, name) for name in FIELDS},
    )
    if request.method == "POST" and (not form.is_bound or form.is_valid()):
        try:
            if form.is_bound:
                set_letterhead(area.pk, by=request.actor, **form.cleaned_data)
            else:
                for level, span in _pairs():
                    name = f"{level}-{span}"
                    is_on, by_itself = f"on-{name}" in request.POST, f"self-{name}" in request.POST
                    set_plan(level, span, is_on=is_on, by_itself=by_itself, by=request.actor)
        except Refusal as refusal:
            form.tell(refusal)
        else:
            messages.success(request, _("Kept."))
            return redirect(f"{request.path}?area={code}")
    context = {"form": form, "cards": cards, "card": card, "plans": _plans()}
    return render(request, "desk/papers/setup.html", context, status=422 if form.errors else 200)


def _pairs() -> list[tuple[str, str]]:
    known = {level.key for level in levels()}
    return [(level, span) for level in PAPER_LEVELS if level in known for span in Span.values]


def _plans() -> list[dict[str, object]]:
    names = {level.key: in_language(level.name, level.name_en) for level in levels()}
    found = []
    for level, span in _pairs():
        is_on, by_itself = plan_of(level, span)
        found.append(
            {
                "name": f"{level}-{span}", "level": names[level], "span": SPAN_NAMES[Span(span)],
                "is_on": is_on, "by_itself": by_itself,
            }
        )  # fmt: skip
    return found
