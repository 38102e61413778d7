"""Topics at the desk: the list, one topic with its pack, proposing, households, and every move."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from huying.home.desk.access import staff_required
from huying.home.desk.supervision.forms import CasesForm, ReasonForm, TopicForm, area_choices
from huying.home.desk.supervision.words import (
    area_name,
    order_row,
    pack_shown,
    story_of,
    topic_row,
    unit_name,
)
from huying.insight.hotspots import hot_matter, hot_matters
from huying.journeys.hotspot_to_topic import (
    case_keys,
    put_on_agenda,
    running_topics,
    topic_from_hot_spot,
    topic_from_overdue,
)
from huying.journeys.packing import make_pack
from huying.kit.errors import Refusal
from huying.people.permissions import Permission
from huying.supervision.guides import may_write
from huying.supervision.households import progress_of
from huying.supervision.meetings import meetings_open
from huying.supervision.models import AgendaItem, Topic
from huying.supervision.moves import TOPIC_MOVE
from huying.supervision.rules import (
    SUPERVISING,
    areas_of,
    keeps_households,
    meetings_visible_to,
    over_area,
    proposing_units,
    topic_moves,
    topics_visible_to,
    why_not_topic,
)
from huying.supervision.states import Outcome, TopicState
from huying.supervision.topics import TopicDraft, add_cases, move_topic, propose_topic

if TYPE_CHECKING:
    from django.http import HttpResponse

    from huying.home.desk.access import DeskRequest
    from huying.insight.hotspots import HotMatter
    from huying.kit.telling import TellingForm
    from huying.ledger.actor import Actor

MOST_SHOWN, MOST_HOT = 100, 12
TABS = {
    "open": (TopicState.PROPOSED, TopicState.LISTED, TopicState.DECIDED),
    "over": (TopicState.ENDED, TopicState.DROPPED),
}


@require_safe
@staff_required(*SUPERVISING)
def topics(request: DeskRequest) -> HttpResponse:
    """List topics, and what is hot without being one yet."""
    tab = request.GET.get("tab", "open")
    tab = tab if tab in TABS else "open"
    seen = Topic.objects.filter(topics_visible_to(request.actor), state__in=TABS[tab])
    tops = areas_of(request.actor, Permission.TOPIC_PROPOSE)
    hot = hot_matters(at=request.at, areas=tops, limit=MOST_HOT * 2) if tops and tab == "open" else []
    taken = running_topics([matter.key for matter in hot])
    context = {
        "rows": [topic_row(topic) for topic in seen.order_by("-number")[:MOST_SHOWN]], "tab": tab,
        "hot": [matter for matter in hot if matter.key not in taken][:MOST_HOT],
        "may_propose": bool(tops or proposing_units(request.actor)),
    }  # fmt: skip
    return render(request, "desk/supervision/topics.html", context)


def found_topic(request: DeskRequest, topic_id: UUID) -> Topic:
    """Return a topic the actor may see; Http404 otherwise."""
    seen = Topic.objects.filter(topics_visible_to(request.actor)).prefetch_related("orders__assists")
    topic = seen.filter(pk=topic_id).first()
    if topic is None:
        raise Http404
    return topic


@staff_required(Permission.TOPIC_PROPOSE)
def topic_new(request: DeskRequest) -> HttpResponse:
    """Propose a topic: by hand, from a hot spot (`?hot=`), from what is overdue (`?from=overdue`)."""
    hot = _hot(request)
    overdue = request.GET.get("from") == "overdue"
    units = [(str(unit), unit_name(unit)) for unit in proposing_units(request.actor)]
    areas = area_choices(request.actor, Permission.TOPIC_PROPOSE) or _unit_areas(request)
    if hot is not None and hot.area_code not in {path for path, _name in areas}:
        areas = [(hot.area_code, area_name(hot.area_code)), *areas]
    form = TopicForm(request.POST if request.method == "POST" else None, areas, units, initial=_initial(hot))
    if request.method == "POST" and form.is_valid():
        try:
            topic = _propose(request, form, hot, overdue=overdue)
        except Refusal as refusal:
            names = {"cases": "numbers", "area": "area_path"}
            form.tell(refusal, field=names.get(refusal.field or ""))
        else:
            messages.success(request, _("Topic no. {number} is proposed.").format(number=topic.number))
            return redirect("desk:topic", topic_id=topic.pk)
    status = 422 if form.errors else 200
    context = {"form": form, "hot": hot, "overdue": overdue}
    return render(request, "desk/supervision/topic_new.html", context, status=status)


def _unit_areas(request: DeskRequest) -> list[tuple[str, str]]:
    """Return where somebody who proposes for a unit alone may propose: the areas of those posts."""
    return area_choices(request.actor, Permission.STATS_SEE, Permission.CASE_SEE)


def _hot(request: DeskRequest) -> HotMatter | None:
    told = request.GET.get("hot", "")
    if not told:
        return None
    try:
        matter = hot_matter(UUID(told))
    except ValueError as error:
        raise Http404 from error
    tops = areas_of(request.actor, Permission.TOPIC_PROPOSE)
    if matter is None or not any(f"{matter.area_code}/".startswith(f"{top}/") for top in tops):
        raise Http404
    return matter


def _initial(hot: HotMatter | None) -> dict[str, Any]:
    if hot is None:
        return {}
    return {
        "title": hot.title, "why": "\n".join(hot.evidence), "area_path": hot.area_code,
        "item_code": hot.item_code, "place_name": hot.place,
    }  # fmt: skip


def _propose(request: DeskRequest, form: TopicForm, hot: HotMatter | None, *, overdue: bool) -> Topic:
    told: dict[str, Any] = form.cleaned_data
    unit = UUID(told["unit"]) if told["unit"] else None
    who: dict[str, Any] = {
        "key": told["key"], "district": settings.DISTRICT, "by": request.actor, "at": request.at
    }  # fmt: skip
    if hot is not None:
        return topic_from_hot_spot(hot.key, title=told["title"], why=told["why"], unit=unit, **who)
    draft = TopicDraft(
        told["title"], told["why"], told["area_path"], item_code=told["item_code"],
        place_name=told["place_name"], unit=unit,
        cases=() if overdue else tuple(case_keys(told["numbers"], by=request.actor)),
    )  # fmt: skip
    return topic_from_overdue(draft, **who) if overdue else propose_topic(draft, **who)


@require_safe
@staff_required(*SUPERVISING)
def topic(request: DeskRequest, topic_id: UUID) -> HttpResponse:
    """Show a topic: why, the pack as it would be now, orders, households, story."""
    return show_topic(request, found_topic(request, topic_id))


def show_topic(
    request: DeskRequest, shown: Topic, answered: TellingForm | None = None, act: str = ""
) -> HttpResponse:
    """Show a topic; a form that was refused stands where it was, with what was typed."""
    by = request.actor
    # Whoever only carries out an order of it sees the order and the households, not what residents said.
    reads = over_area(by, Permission.TOPIC_PROPOSE, shown.area_path) or shown.unit_id in proposing_units(by)
    meetings = meetings_open(at=request.at).filter(meetings_visible_to(by)) if _may(shown, "list", by) else []
    context = topic_row(shown) | {
        "orders": [order_row(order, at=request.at) for order in shown.orders.order_by("year", "number")],
        "pack": pack_shown(make_pack(shown, at=request.at)) if reads else None,
        "moves": [
            {"move": move, "opened": act == move.key, "form": answered if answered and act == move.key
             else ReasonForm(auto_id=f"{move.key}_%s")}
            for move in topic_moves(shown, by=by)
        ],
        "meetings": [one for one in meetings if _lies_in(shown, one.area_path)],
        "agendas": _agendas(shown), "events": story_of(f"topic:{shown.pk}"), "now": request.at,
        "cases_form": (answered if act == "add_cases" else CasesForm(auto_id="add_%s"))
        if _may(shown, "add_cases", by) else None,
        "progress": progress_of(shown), "keeps_households": keeps_households(by, shown),
        "may_release": over_area(by, Permission.CASE_PUBLISH, shown.area_path), "key": uuid4(),
        "may_guide": may_write(by, shown.area_path),
    }  # fmt: skip
    status = 200 if answered is None else answered.refusal.reason.status if answered.refusal else 422
    return render(request, "desk/supervision/topic.html", context, status=status)


def _may(shown: Topic, key: str, by: Actor) -> bool:
    return why_not_topic(shown, TOPIC_MOVE[key], by=by) is None


def _lies_in(shown: Topic, path: str) -> bool:
    return f"{shown.area_path}/".startswith(f"{path}/")


def _agendas(shown: Topic) -> list[AgendaItem]:
    items = AgendaItem.objects.filter(topic=shown).exclude(outcome=Outcome.TAKEN_OFF)
    return list(items.select_related("meeting__body").order_by("-meeting__starts_at"))


@require_POST
@staff_required(Permission.MEETING_RUN)
def topic_move(request: DeskRequest, topic_id: UUID, key: str) -> HttpResponse:
    """Drop a topic, take it up after all, end it or open it again."""
    shown, form = found_topic(request, topic_id), ReasonForm(request.POST, auto_id=f"{key}_%s")
    move = TOPIC_MOVE.get(key)
    if move is None or move.hidden:
        raise Http404
    if not form.is_valid():
        return show_topic(request, shown, form, key)
    try:
        move_topic(shown.pk, key, reason=form.cleaned_data["reason"], by=request.actor, at=request.at)
    except Refusal as refusal:
        form.tell(refusal)
        return show_topic(request, found_topic(request, topic_id), form, key)
    messages.success(request, str(move.label))
    return redirect("desk:topic", topic_id=topic_id)


@require_POST
@staff_required(Permission.TOPIC_PROPOSE)
def topic_cases(request: DeskRequest, topic_id: UUID) -> HttpResponse:
    """Add cases to a topic by their numbers."""
    shown, form = found_topic(request, topic_id), CasesForm(request.POST, auto_id="add_%s")
    if not form.is_valid():
        return show_topic(request, shown, form, "add_cases")
    try:
        keys = case_keys(form.cleaned_data["numbers"], by=request.actor)
        added = add_cases(shown.pk, keys, by=request.actor, at=request.at)
    except Refusal as refusal:
        form.tell(refusal, field="numbers")
        return show_topic(request, shown, form, "add_cases")
    told = ngettext("{number} case was added.", "{number} cases were added.", added)
    messages.success(request, told.format(number=added))
    return redirect("desk:topic", topic_id=topic_id)


@require_POST
@staff_required(Permission.MEETING_RUN)
def topic_list(request: DeskRequest, topic_id: UUID) -> HttpResponse:
    """Put a topic on an agenda; its pack is frozen."""
    shown = found_topic(request, topic_id)
    try:
        meeting = UUID(request.POST.get("meeting", ""))
        put_on_agenda(meeting, shown.pk, by=request.actor, at=request.at)
    except ValueError as error:
        raise Http404 from error
    except Refusal as refusal:
        form = ReasonForm({"reason": "-"})
        form.tell(refusal)
        return show_topic(request, shown, form, "list")
    messages.success(request, _("On the agenda; the pack is frozen as it is now."))
    return redirect("desk:meeting", meeting_id=meeting)
