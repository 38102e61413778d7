"""Posts that change hands: handing one over with all its work, naming a deputy, and the lists both see."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from huying.cases.models import AskKind, Case, TaskKind
from huying.cases.rules import visible_to
from huying.home.desk.access import staff_required
from huying.home.desk.choosing import Choices
from huying.home.desk.inbox import row
from huying.home.desk_forms import ChosenField
from huying.journeys.handing_over import hand_overs_of, hand_post_over
from huying.kit.errors import Refusal
from huying.kit.names import in_language
from huying.kit.telling import TellingForm
from huying.people.handover import name_deputy
from huying.people.models import Account, AccountKind, Post
from huying.people.permissions import Permission

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from huying.home.desk.access import DeskRequest

MOST_SHOWN = 100
HAND_OVER, DEPUTY = "hand_over", "deputy"


def post_choices() -> Choices[Post]:
    """Return the posts that can change hands, by their holder, role and unit."""
    held = Post.objects.held_on(localdate()).filter(admin_of="", deputy_of=None, account__is_active=True)
    posts = held.select_related("account", "role", "unit").order_by("unit__code", "account__name", "id")
    return Choices((post.pk.hex, post_name(post), (post.account.username,), "", post) for post in posts)


def account_choices() -> Choices[Account]:
    """Return the staff a post can go to."""
    staff = Account.objects.filter(kind=AccountKind.STAFF, is_active=True).order_by("name", "username")
    return Choices((one.username, one.name or one.username, (), "", one) for one in staff)


def post_name(post: Post) -> str:
    """Return who holds a post, as what, and where."""
    return f"{post.account} · {in_language(post.role.name, post.role.name_en)} · {post.unit.name}"


class PostForm(TellingForm):
    """What a hand-over and a deputy have in common: which post, to whom, from when."""

    post: ChosenField[Post] = ChosenField(post_choices, "posts", label=gettext_lazy("Post"))
    to: ChosenField[Account] = ChosenField(account_choices, "accounts", label=gettext_lazy("To whom"))
    from_on = forms.DateField(
        label=gettext_lazy("From the day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )


class DeputyForm(PostForm):
    """A deputy acts until a day."""

    until_on = forms.DateField(
        label=gettext_lazy("Until the day (not included)"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )


@require_http_methods(["GET", "POST"])
@staff_required()
def posts(request: DeskRequest) -> HttpResponse:
    """Show what was handed over to or by me; who keeps the posts hands over and names deputies here."""
    if request.method != "POST":
        return _show(request)
    if not request.actor.holds(Permission.PEOPLE_EDIT):
        return _show(request, status=HTTPStatus.FORBIDDEN)
    deputy = request.POST.get("what") == DEPUTY
    form = (DeputyForm if deputy else PostForm)(
        request.POST, auto_id=f"id_{DEPUTY if deputy else HAND_OVER}_%s"
    )
    if form.is_valid():
        told = form.cleaned_data
        try:
            if deputy:
                name_deputy(
                    told["post"].pk, told["to"], from_on=told["from_on"], until_on=told["until_on"],
                    by=request.actor, at=request.at,
                )  # fmt: skip
                messages.success(request, _("The deputy is named; what is done says for whom."))
                return redirect("desk:posts")
            handover = hand_post_over(
                told["post"].pk, told["to"], from_on=told["from_on"], by=request.actor, at=request.at
            )
        except Refusal as refusal:
            form.tell(refusal)
        else:
            messages.success(request, _("The post is handed over."))
            return redirect("desk:handover", handover.pk)
    status = form.refusal.reason.status if form.refusal else HTTPStatus.BAD_REQUEST
    return _show(request, refused=form, status=status)


def _show(request: DeskRequest, refused: PostForm | None = None, status: int = HTTPStatus.OK) -> HttpResponse:
    may_keep = request.actor.holds(Permission.PEOPLE_EDIT)
    today = localdate(request.at)
    is_deputy = isinstance(refused, DeputyForm)
    context: dict[str, Any] = {"may_keep": may_keep, "handovers": hand_overs_of(request.actor)[:MOST_SHOWN]}
    deputies = Post.objects.exclude(deputy_of=None).filter(valid_until__gt=today)
    if may_keep:
        context |= {
            "hand_form": refused if refused and not is_deputy else PostForm(auto_id="id_hand_over_%s"),
            "deputy_form": refused if is_deputy else DeputyForm(auto_id="id_deputy_%s"),
            "posts": post_choices().all, "accounts": account_choices().all, "opened": refused,
        }  # fmt: skip
    else:
        mine = request.user.pk
        deputies = deputies.filter(account_id=mine) | deputies.filter(deputy_of__account_id=mine)
    context["deputies"] = deputies.select_related("account", "role", "unit", "deputy_of__account").order_by(
        "valid_from", "id"
    )[:MOST_SHOWN]
    return render(request, "desk/posts.html", context, status=status)


@require_safe
@staff_required()
def handover(request: DeskRequest, handover_id: UUID) -> HttpResponse:
    """Show what went along with a post: both who gave it and who has it now see the same list."""
    found = get_object_or_404(hand_overs_of(request.actor), pk=handover_id)
    cases = Case.objects.filter(visible_to(request.actor), number__in=found.cases)
    shown = cases.select_related("unit", "item").defer("search").order_by("next_due_at", "number")
    numbers = {case.number for case in shown}
    kinds = dict([*AskKind.choices, *TaskKind.choices])
    told = [part.partition(":") for part in found.parts]
    open_to_me = Case.objects.filter(visible_to(request.actor), number__in={number for number, *_ in told})
    mine = set(open_to_me.values_list("number", flat=True))
    context = {
        "handover": found, "post_name": post_name(found.post), "cases": [row(case) for case in shown],
        "others": [number for number in found.cases if number not in numbers],
        "parts": [
            {"number": number, "kind": kinds.get(kind, kind), "is_mine": number in mine}
            for number, _colon, kind in told
        ],
    }  # fmt: skip
    return render(request, "desk/handover.html", context)
