"""Working guides at the desk: the list, one guide with its comments and editions, and every act."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huying.catalogue.core.calendar import local_day
from huying.home.desk.access import staff_required
from huying.home.desk.paper_files import paper_file
from huying.home.desk.supervision.guide_forms import CommentForm, GuideForm, UntilForm, WordsForm
from huying.home.desk.supervision.words import area_name, unit_name
from huying.kit.errors import Refusal
from huying.kit.paper import Form, Heading, Paper, Para
from huying.people.permissions import Permission
from huying.supervision import guides as acts
from huying.supervision.models import Guide, GuideEdition, Topic
from huying.supervision.rules import SUPERVISING, topics_visible_to
from huying.supervision.states import GuideState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.http import HttpResponse

    from huying.home.desk.access import DeskRequest
    from huying.kit.paper import Block
    from huying.kit.telling import TellingForm

MOST_SHOWN = 100
TONES = {
    GuideState.DRAFT: ("mute", "edit"), GuideState.COMMENTS: ("info", "users"),
    GuideState.PUBLISHED: ("ok", "check"), GuideState.WITHDRAWN: ("mute", "ban"),
}  # fmt: skip


@require_safe
@staff_required(*SUPERVISING)
def guides(request: DeskRequest) -> HttpResponse:
    """List the guides an actor may see, those in force and out for comments first."""
    found = Guide.objects.filter(acts.guides_visible_to(request.actor)).order_by("-changed_at")
    order = [GuideState.COMMENTS, GuideState.DRAFT, GuideState.PUBLISHED, GuideState.WITHDRAWN]
    rows = sorted(found[:MOST_SHOWN], key=lambda one: order.index(GuideState(one.state)))
    may_write = request.actor.holds(Permission.ORDER_APPROVE)
    context = {"rows": [_row(one) for one in rows], "may_write": may_write}
    return render(request, "desk/supervision/guides.html", context)


def _row(one: Guide) -> dict[str, Any]:
    tone, icon = TONES[GuideState(one.state)]
    return {"one": one, "tone": tone, "icon": icon, "area": area_name(one.area_path)}


def _found(request: DeskRequest, guide_id: UUID) -> Guide:
    seen = Guide.objects.filter(acts.guides_visible_to(request.actor)).select_related("topic")
    guide = seen.filter(pk=guide_id).first()
    if guide is None:
        raise Http404
    return guide


def _topic(request: DeskRequest) -> Topic | None:
    """Return the topic a guide is drawn from; Http404 for one that is not the actor's to see."""
    told = request.GET.get("topic", "")
    if not told:
        return None
    try:
        topic = Topic.objects.filter(topics_visible_to(request.actor), pk=UUID(told)).first()
    except ValueError as error:
        raise Http404 from error
    if topic is None or not acts.may_write(request.actor, topic.area_path):
        raise Http404
    return topic


@staff_required(Permission.ORDER_APPROVE)
def guide_new(request: DeskRequest) -> HttpResponse:
    """Begin a guide, drawn from a topic (`?topic=`) or from nothing."""
    topic = _topic(request)
    begun: dict[str, Any] = {}
    if topic is not None:
        begun = {
            "title": _("Working guide: {title}").format(title=topic.title), "text": acts.outline_of(topic),
            "area_path": topic.area_path,
        }  # fmt: skip
    form = GuideForm(request.POST if request.method == "POST" else None, by=request.actor, initial=begun)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        draft = acts.GuideDraft(told["area_path"], told["title"], told["text"])
        try:
            made = acts.draft_guide(
                draft, key=told["key"], district=settings.DISTRICT, topic=topic, by=request.actor,
                at=request.at,
            )  # fmt: skip
        except Refusal as refusal:
            form.tell(refusal)
        else:
            return redirect("desk:guide", guide_id=made.pk)
    status = form.refusal.reason.status if form.refusal else 422 if form.errors else 200
    return render(request, "desk/supervision/guide_new.html", {"form": form, "topic": topic}, status=status)


@require_safe
@staff_required(*SUPERVISING)
def guide(request: DeskRequest, guide_id: UUID) -> HttpResponse:
    """Show a guide."""
    return _page(request, _found(request, guide_id))


def _page(
    request: DeskRequest, shown: Guide, answered: TellingForm | None = None, act: str = ""
) -> HttpResponse:
    writes = acts.may_write(request.actor, shown.area_path)
    editions = list(shown.editions.order_by("-number"))
    is_open = shown.state in {GuideState.DRAFT, GuideState.COMMENTS}
    until = shown.comments_until if shown.state == GuideState.COMMENTS else None
    forms: dict[str, TellingForm] = {
        "edit": WordsForm(initial={"title": shown.title, "text": shown.text}, auto_id="edit_%s"),
        "out": UntilForm(auto_id="out_%s"),
        "comment": CommentForm(initial={"key": uuid4()}, auto_id="comment_%s"),
    }
    if answered is not None:
        forms[act] = answered
    context = _row(shown) | {
        "writes": writes, "is_open": is_open, "editions": editions, "forms": forms, "act": act,
        "in_force": editions[0] if editions and shown.state != GuideState.WITHDRAWN else None,
        "may_comment": until is not None and local_day(request.at) <= until,
        "comments": [
            {"one": one, "unit": unit_name(one.unit_id)} for one in shown.comments.order_by("-edition", "at")
        ],
    }  # fmt: skip
    status = 200
    if answered is not None:
        status = answered.refusal.reason.status if answered.refusal else 422
    return render(request, "desk/supervision/guide.html", context, status=status)


@require_POST
@staff_required(*SUPERVISING)
def guide_act(request: DeskRequest, guide_id: UUID, act: str) -> HttpResponse:
    """Do one of a guide's acts; what a form was refused for stands beside its field."""
    shown = _found(request, guide_id)
    if act in _FORMS:
        form = _FORMS[act](request.POST, auto_id=f"{act}_%s")
        if not form.is_valid():
            return _page(request, shown, form, act)
        try:
            _WITH_FORM[act](request, shown, form.cleaned_data)
        except Refusal as refusal:
            form.tell(refusal)
            return _page(request, shown, form, act)
    elif act in _PLAIN:
        try:
            _PLAIN[act](request, shown)
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
            return redirect("desk:guide", guide_id=guide_id)
    else:
        raise Http404
    messages.success(request, _("Done."))
    return redirect("desk:guide", guide_id=guide_id)


_FORMS: dict[str, type[TellingForm]] = {"edit": WordsForm, "out": UntilForm, "comment": CommentForm}
_WITH_FORM: dict[str, Callable[[DeskRequest, Guide, dict[str, Any]], object]] = {
    "edit": lambda request, shown, told: acts.edit_guide(
        shown.pk, **told, seen=_seen(request), by=request.actor, at=request.at
    ),
    "out": lambda request, shown, told: acts.ask_comments(shown.pk, **told, by=request.actor, at=request.at),
    "comment": lambda request, shown, told: acts.comment_guide(
        shown.pk, **told, by=request.actor, at=request.at
    ),
}
_PLAIN: dict[str, Callable[[DeskRequest, Guide], object]] = {
    "answer": lambda request, _shown: acts.answer_comment(
        _key(request, "comment"), answer=request.POST.get("answer", ""), by=request.actor, at=request.at
    ),
    "publish": lambda request, shown: acts.publish_guide(
        shown.pk, seen=_seen(request), by=request.actor, at=request.at
    ),
    "revise": lambda request, shown: acts.revise_guide(shown.pk, by=request.actor, at=request.at),
    "withdraw": lambda request, shown: acts.withdraw_guide(
        shown.pk, reason=request.POST.get("reason", ""), by=request.actor, at=request.at
    ),
}


def _seen(request: DeskRequest) -> int:
    told = request.POST.get("seen", "")
    return int(told) if told.isdigit() and len(told) < 7 else -1  # noqa: PLR2004 - no guide has so many facts


def _key(request: DeskRequest, name: str) -> UUID:
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError as error:
        raise Http404 from error


@require_safe
@staff_required(*SUPERVISING)
def guide_file(request: DeskRequest, guide_id: UUID, number: str, kind: str) -> HttpResponse:
    """Hand out an edition as Word or PDF; number 0 is the draft as it stands, marked as one."""
    shown = _found(request, guide_id)
    edition = shown.editions.filter(number=int(number)).first()
    if edition is None and (int(number) or shown.state not in {GuideState.DRAFT, GuideState.COMMENTS}):
        raise Http404
    return paper_file(_paper(shown, edition), f"guide-{shown.made_at:%Y%m%d}-{number}", kind)


def _paper(shown: Guide, edition: GuideEdition | None) -> Paper:
    told = edition or shown
    mark = "" if edition else "征求意见稿" if shown.state == GuideState.COMMENTS else "草稿"
    return Paper(
        title=told.title, form=Form.DOCUMENT, issuer=area_name(shown.area_path), mark=mark,
        blocks=tuple(_blocks(told.text)), number=f"第{edition.number}版" if edition else "",
        dated_on=local_day(edition.published_at if edition else shown.changed_at),
        signed_by=area_name(shown.area_path),
    )  # fmt: skip


def _blocks(text: str) -> Iterator[Block]:
    """Yield a text's blocks: a line that begins as a heading is numbered (一、) is one."""
    for line in filter(None, (line.strip() for line in text.split("\n"))):
        number, mark, rest = line.partition("、")
        is_heading = mark and number and all(one in "一二三四五六七八九十" for one in number)
        yield Heading(rest) if is_heading else Para(line)
