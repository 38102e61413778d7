"""Roles and posts in the office: who may do what, changed by who administers security, each change a fact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huying.home.office.access import StaffRequest, office
from huying.home.office.forms_people import PostForm, RoleForm
from huying.home.office.forms_town import offered_areas
from huying.home.office.menu import show
from huying.kit.errors import Refusal
from huying.people.models import AdminProposal, Post, Role
from huying.people.new_rights import give_new_right, new_rights
from huying.people.permissions import AdminKind, Permission
from huying.people.queries import role_names
from huying.people.rights import appoint, decide_admin, end_post, open_proposals, set_role
from huying.people.words import ADMIN_KINDS, words_of_right

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

MOST_POSTS = 200


def _words(rights: list[str]) -> list[str]:
    return [words_of_right(right) for right in rights]


@require_safe
@office(Permission.PEOPLE_EDIT)
def roles(request: StaffRequest) -> HttpResponse:
    """List the roles with their rights in words, and how many hold each today."""
    today = localdate(request.at)
    held = Q(posts__valid_from__lte=today) & (Q(posts__valid_until=None) | Q(posts__valid_until__gt=today))
    listed = [
        {
            "role": role, "on_unit": _words(role.on_unit), "on_area": _words(role.on_area),
            "kind": ADMIN_KINDS[AdminKind(role.admin_of)],
        }
        for role in Role.objects.annotate(held=Count("posts", filter=held)).order_by("key")
    ]  # fmt: skip
    names = role_names()
    fresh = [
        {
            "right": str(new.right), "words": words_of_right(new.right),
            "roles": [names[key] for key in new.roles],
        }
        for new in new_rights()
    ]  # fmt: skip
    return show(request, "roles.html", {"roles": listed, "fresh": fresh})


@require_POST
@office(Permission.PEOPLE_EDIT)
def role_new_right(request: StaffRequest) -> HttpResponse:
    """Give a right a new version brought to the roles new towns begin with it."""
    try:
        given = give_new_right(request.POST.get("right", ""), by=request.actor, at=request.at)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        if given:
            told = {"roles": "、".join(role.name for role in given)}
            messages.success(request, _("Given to: %(roles)s. It holds from now on.") % told)
    return redirect("desk:office:roles")


@office(Permission.PEOPLE_EDIT)
def role(request: StaffRequest, key: str = "") -> HttpResponse:
    """Make a role, or change what one gives."""
    found = get_object_or_404(Role, pk=key) if key else None
    form = RoleForm(request.POST if request.method == "POST" else None, role=found)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            set_role(
                told["key"], name=told["name"], name_en=told["name_en"], on_unit=told["on_unit"],
                on_area=told["on_area"], new=found is None, by=request.actor, at=request.at,
            )  # fmt: skip
        except Refusal as refusal:
            form.tell(refusal)
        else:
            messages.success(request, _("The role is set; it holds from now on."))
            return redirect("desk:office:roles")
    return show(request, "role.html", {"form": form, "role": found}, status=_status(form))


def _status(form: Any) -> int:  # noqa: ANN401 - any of our forms
    return form.refusal.reason.status if form.refusal else 422 if form.errors else 200


@require_safe
@office(Permission.PEOPLE_EDIT, Permission.SYSTEM_EDIT)
def posts(request: StaffRequest) -> HttpResponse:
    """List the posts held today, those proposed first; found by name, user name, unit or role."""
    words = request.GET.get("q", "").strip()[:60]
    found = Post.objects.held_on(localdate(request.at)).select_related("account", "role", "unit", "area")
    if words:
        found = found.filter(
            Q(account__name__contains=words) | Q(account__username__startswith=words.lower())
            | Q(unit__name__contains=words) | Q(role__name__contains=words)
        )  # fmt: skip
    listed = list(found.order_by("account__username", "valid_from")[: MOST_POSTS + 1])
    proposals = [
        {"proposal": one, "may": request.actor.id not in (one.proposed_by_id, one.account_id)}
        for one in open_proposals()
    ]
    context = {
        "posts": listed[:MOST_POSTS], "more": len(listed) > MOST_POSTS, "words": words,
        "proposals": proposals, "may_change": request.actor.holds(Permission.PEOPLE_EDIT),
    }  # fmt: skip
    return show(request, "posts.html", context)


@office(Permission.PEOPLE_EDIT)
def post(request: StaffRequest) -> HttpResponse:
    """Give a post; an administrator's waits for somebody else to confirm it."""
    given = request.POST if request.method == "POST" else None
    start = {"valid_from": localdate(request.at), "account": request.GET.get("account", "")}
    form = PostForm(given, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            made = appoint(**form.cleaned_data, by=request.actor, at=request.at)
        except Refusal as refusal:
            form.tell(refusal)
        else:
            said = _("The post is given.")
            if isinstance(made, AdminProposal):
                said = _("Proposed. Somebody else has to confirm an administrator.")
            messages.success(request, said)
            return redirect("desk:office:posts")
    return show(request, "post.html", {"form": form, "areas": offered_areas()}, status=_status(form))


@require_POST
@office(Permission.PEOPLE_EDIT)
def post_end(request: StaffRequest, post_id: UUID) -> HttpResponse:
    """End a post now."""
    get_object_or_404(Post, pk=post_id)
    try:
        end_post(post_id, by=request.actor, at=request.at)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("The post has ended."))
    return redirect("desk:office:posts")


@require_POST
@office(Permission.PEOPLE_EDIT, Permission.SYSTEM_EDIT)
def proposal(request: StaffRequest, proposal_id: UUID) -> HttpResponse:
    """Confirm or refuse a proposed administrator."""
    get_object_or_404(AdminProposal, pk=proposal_id)
    confirmed = request.POST.get("decision") == "confirm"
    try:
        decide_admin(proposal_id, confirmed=confirmed, by=request.actor, at=request.at)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("Confirmed.") if confirmed else _("Refused."))
    return redirect("desk:office:posts")
