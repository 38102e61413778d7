"""Screens on walls: who may hang the board up makes a link; whoever has it sees numbers and no person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huying.board.view import board_of
from huying.board.walls import find_screen, revoke_screen, screens_of, set_screen
from huying.home.desk.access import staff_required
from huying.home.desk.board.board import frame_of, live_answer
from huying.home.desk.board.words import Looks, context_of
from huying.home.desk.choosing import offered_areas
from huying.home.desk_forms import area_field
from huying.home.forms import WordsField
from huying.kit.errors import Refusal
from huying.kit.telling import TellingForm
from huying.people.permissions import Permission
from huying.workbench.modules import is_on
from huying.workbench.reasons import MODULE_OFF

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from huying.home.desk.access import DeskRequest


class ScreenForm(TellingForm):
    """A screen on a wall."""

    name = WordsField(label=gettext_lazy("Where the screen hangs"), max_length=60)
    area = area_field(label=gettext_lazy("Area"))


@require_http_methods(["GET", "POST"])
@staff_required(Permission.BOARD_WATCH)
def screens(request: DeskRequest) -> HttpResponse:
    """Show the screens, and make the link of a new one, which is shown this once."""
    form = ScreenForm(request.POST or None)
    link = ""
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            screen, word = set_screen(told["name"], area=told["area"], by=request.actor, at=request.at)
        except Refusal as refusal:
            form.tell(refusal)
        else:
            link = request.build_absolute_uri(reverse("home:wall", args=[word]))
            messages.success(request, _("The screen “{name}” has its link.").format(name=screen.name))
            form = ScreenForm()
    context = {
        "form": form, "link": link, "screens": screens_of(request.actor, at=request.at),
        "area_choices": offered_areas(),
    }  # fmt: skip
    return render(request, "desk/board/screens.html", context)


@require_POST
@staff_required(Permission.BOARD_WATCH)
def revoke(request: DeskRequest, screen_id: UUID) -> HttpResponse:
    """Take the link of a screen back."""
    revoke_screen(screen_id, by=request.actor, at=request.at)
    messages.success(request, _("The link no longer shows anything."))
    return redirect("desk:board_screens")


@require_safe
@never_cache
def wall(request: HttpRequest, word: str) -> HttpResponse:
    """Show the board of a screen's area to whoever has its link."""
    _open()
    at = timezone.now()
    screen = find_screen(word, at=at)
    shown, looks = board_of([screen.area.path], at=at), Looks(screen.area.code, follows=False, wall=True)
    context = {
        **context_of(shown, looks), **frame_of(shown, screen.area.code), "live_url": f"{request.path}live/"
    }  # fmt: skip
    return _quiet(render(request, "desk/board/board.html", context))


@require_safe
@never_cache
def wall_live(request: HttpRequest, word: str) -> HttpResponse:
    """Return the part of a screen's board that changes."""
    _open()
    at = timezone.now()
    screen = find_screen(word, at=at)
    looks = Looks(screen.area.code, follows=False, wall=True)
    path = screen.area.path
    return _quiet(live_answer(request, repr((path, looks)), lambda: board_of([path], at=at), looks, {}))


def _open() -> None:
    """Refuse where the town does without the board; the gate knows the desk's addresses only."""
    if not is_on("board"):
        raise Refusal(MODULE_OFF, module=_("Duty board"))


def _quiet(response: HttpResponse) -> HttpResponse:
    """Keep the secret address out of other sites' logs and of search engines."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
