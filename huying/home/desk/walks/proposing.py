"""What a walk found, proposed as a topic for a meeting: one finding, some, or all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django import forms
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from huying.home.desk.access import staff_required
from huying.home.desk.supervision.forms import TopicForm, area_choices
from huying.home.desk.supervision.words import area_name, unit_name
from huying.journeys.walk_to_topic import findings_to_propose, topic_from_walk
from huying.kit.errors import Refusal
from huying.people.permissions import Permission
from huying.supervision.rules import over_area, proposing_units
from huying.supervision.topics import TopicDraft
from huying.walks.queries import find_walk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpResponse

    from huying.home.desk.access import DeskRequest
    from huying.journeys.walk_to_topic import Proposable
    from huying.ledger.actor import Actor
    from huying.supervision.models import Topic
    from huying.walks.models import Walk


class WalkTopicForm(TopicForm):
    """A topic made of findings of a walk."""

    findings = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Findings it is made of"), coerce=UUID, widget=forms.CheckboxSelectMultiple
    )

    def offer(self, found: Iterable[Proposable]) -> WalkTopicForm:
        """Offer these findings; return the form."""
        field = self.fields["findings"]
        if isinstance(field, forms.TypedMultipleChoiceField):
            field.choices = [(str(one.finding.pk), _told(one)) for one in found]
        return self


def _told(one: Proposable) -> str:
    told = f"{one.case.number} {one.case.title}"
    if one.topic is None:
        return told
    return _("{case} (already in topic no. {number})").format(case=told, number=one.topic.number)


def may_propose_from(walk: Walk, by: Actor) -> bool:
    """Return whether an actor may propose what a walk found: over its area, or for a unit of theirs."""
    return over_area(by, Permission.TOPIC_PROPOSE, walk.area.path) or bool(proposing_units(by))


@require_http_methods(["GET", "POST"])
@staff_required(Permission.TOPIC_PROPOSE)
def walk_topic(request: DeskRequest, walk_id: UUID) -> HttpResponse:
    """Propose findings of a walk; `?finding=` ticks one, without it all that are in no topic are ticked."""
    by = request.actor
    walk = find_walk(walk_id, by=by)
    found = findings_to_propose(walk, by=by)
    areas = area_choices(by, Permission.TOPIC_PROPOSE, Permission.STATS_SEE, Permission.CASE_SEE)
    if walk.area.path not in {path for path, _name in areas}:
        areas = [(walk.area.path, area_name(walk.area.path)), *areas]
    units = [(str(unit), unit_name(unit)) for unit in proposing_units(by)]
    data = request.POST if request.method == "POST" else None
    start = _start(walk, found, request.GET.get("finding", "")) | {"key": uuid4()}
    form = WalkTopicForm(data, areas, units, initial=start).offer(found)
    if data is not None and form.is_valid():
        try:
            topic = _propose(request, walk, form.cleaned_data)
        except Refusal as refusal:
            form.tell(refusal, field={"area": "area_path"}.get(refusal.field or ""))
        else:
            messages.success(request, _("Topic no. {number} is proposed.").format(number=topic.number))
            return redirect("desk:topic", topic_id=topic.pk)
    context = {"walk": walk, "form": form, "any": bool(found)}
    return render(request, "desk/walks/topic.html", context, status=422 if form.errors else 200)


def _start(walk: Walk, found: list[Proposable], wanted: str) -> dict[str, Any]:
    """Return how the form begins: with the words of what is ticked, and its item where it is one."""
    one = [each for each in found if str(each.finding.pk) == wanted]
    ticked = one or [each for each in found if each.topic is None]
    items = {each.case.item_code for each in ticked}
    places = {each.finding.stop.name for each in ticked if each.finding.stop is not None}
    head = _("Found on walk {number} of {day}: {theme}, {area}.").format(
        number=walk.number, day=date_format(walk.on), theme=walk.theme.name, area=walk.area.name
    )
    return {
        "findings": [str(each.finding.pk) for each in ticked],
        "title": ticked[0].case.title if len(ticked) == 1 else f"{walk.area.name}：{walk.theme.name}",
        "why": "\n".join([head, *(each.case.title for each in ticked)]), "area_path": walk.area.path,
        "item_code": items.pop() if len(items) == 1 else "",
        "place_name": places.pop() if len(places) == 1 else "",
    }  # fmt: skip


def _propose(request: DeskRequest, walk: Walk, told: dict[str, Any]) -> Topic:
    draft = TopicDraft(
        told["title"], told["why"], told["area_path"], item_code=told["item_code"],
        place_name=told["place_name"], unit=UUID(told["unit"]) if told["unit"] else None,
    )  # fmt: skip
    return topic_from_walk(
        walk.pk, draft, findings=told["findings"], key=told["key"], district=settings.DISTRICT,
        by=request.actor, at=request.at,
    )  # fmt: skip
