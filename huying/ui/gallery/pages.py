"""Shows the gallery; addressed in debug mode only, and by the tests."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import gettext as _

from huying.ui.gallery import forms, samples
from huying.ui.status import GRADES, STAFF

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


def _tabs() -> list[dict[str, Any]]:
    return [
        {"label": _("To sign"), "url": "?tab=sign", "count": 8, "tone": "", "current": False},
        {"label": _("In progress"), "url": "?tab=work", "count": 50, "tone": "", "current": True},
        {"label": _("Soon due"), "url": "?tab=soon", "count": 12, "tone": "warn", "current": False},
        {"label": _("Overdue"), "url": "?tab=over", "count": 3, "tone": "bad", "current": False},
        {"label": _("To review"), "url": "?tab=review", "count": 7, "tone": "", "current": False},
    ]


def _photos() -> list[dict[str, str]]:
    before, after = static("ui/gallery/before.svg"), static("ui/gallery/after.svg")
    return [
        {"url": before, "alt": _("A loose manhole cover on a pavement"), "tag": _("Before")},
        {"url": after, "alt": _("The same place with a new cover"), "tag": _("After")},
    ]


def _components() -> dict[str, Any]:
    now = samples.NOW
    wrong = forms.AppealForm({"text": "", "lat": "x"})
    return {
        "form": forms.AppealForm(),
        "wrong": wrong,
        "rating": forms.RatingForm(),
        "limits": [
            now + timedelta(days=6),
            now + timedelta(hours=3),
            now + timedelta(minutes=20),
            now - timedelta(days=2),
        ],
        "statuses": [key for key in STAFF if key not in {"archived", "transferred"}],
        "grades": list(GRADES),
        "story": samples.story(),
        "tabs": _tabs(),
        "steps": [_("Received"), _("Sent to the unit"), _("Being worked on"), _("Answered"), _("Closed")],
        "cells": [
            {
                "title": _("My appeals"),
                "text": _("See how far they are"),
                "icon": "list",
                "url": "#",
                "side": "3",
            },
            {"title": _("Notices"), "icon": "bell", "url": "#"},
            {"title": _("Number"), "side": "QR26031604127"},
        ],
        "photos": _photos(),
    }


def _home() -> dict[str, Any]:
    return {"tab": "home", "appeals": samples.appeals(), "site_name": "青榕街道"}


def _file() -> dict[str, Any]:
    return {
        "tab": "file",
        "form": forms.AppealForm(initial={"lat": 22.7002, "lon": 114.3461}),
        "site_name": "青榕街道",
    }


def _appeal() -> dict[str, Any]:
    return {
        "tab": "appeals",
        "appeal": samples.appeals()[0]
        | {"status": "follow_up", "lat": 22.7002, "lon": 114.3461, "place": "榕荫花园 2 栋东侧"},
        "story": samples.story(),
        "steps": [_("Received"), _("Sent to the unit"), _("Being worked on"), _("Answered"), _("Closed")],
        "rating": forms.RatingForm(),
        "photos": _photos(),
        "site_name": "青榕街道",
    }


def _inbox() -> dict[str, Any]:
    return {"tabs": _tabs(), "cases": samples.rows(), "filters": forms.FilterForm(), **_desk("inbox")}


def _case() -> dict[str, Any]:
    case = samples.rows()[0]
    case |= {
        "lat": 22.7002,
        "lon": 114.3461,
        "status": "in_progress",
        "due_at": samples.NOW + timedelta(hours=9),
    }
    return {
        "case": case,
        "story": samples.story(),
        "reply": forms.ReplyForm(),
        "return_form": forms.ReturnForm(),
        "photos": _photos(),
        **_desk("inbox"),
    }


def _queue() -> dict[str, Any]:
    return {"waiting": samples.queue(), **_desk("queue")}


def _desk(current: str) -> dict[str, Any]:
    return {
        "desk_menu": samples.menu(current),
        "desk_user": {"name": "陈晓岚", "post": "城市管理办 · 榕前社区", "links": []},
        "site_name": "青榕街道",
    }


def _sign_in() -> dict[str, Any]:
    accounts = [
        ("resident", "李美玲", _("Resident")),
        ("grid", "黄志强", _("Grid worker")),
        ("dispatcher", "吴婷", _("Dispatcher")),
        ("unit", "陈晓岚", _("Unit handler")),
        ("reviewer", "何志远", _("Reviewer")),
        ("admin", "管理员", _("Administrator")),
    ]
    return {
        "form": forms.SignInForm(),
        "demo_accounts": [{"username": u, "name": n, "role": r} for u, n, r in accounts],
        "site_name": "青榕街道",
    }


PAGES: dict[str, Callable[[], dict[str, Any]]] = {
    "components": _components,
    "home": _home,
    "file": _file,
    "appeal": _appeal,
    "inbox": _inbox,
    "case": _case,
    "queue": _queue,
    "sign_in": _sign_in,
}


def show(request: HttpRequest, name: str = "") -> HttpResponse:
    """Show one page of the gallery, or the list of them."""
    # A gallery knows no town, so no module is switched off in it.
    known: dict[str, object] = {"modules_off": frozenset(), "now": samples.NOW}
    if not name:
        return render(request, "ui/gallery.html", {"names": list(PAGES), **known})
    if name not in PAGES:
        raise Http404(name)
    context = PAGES[name]()
    boundaries_url = static("ui/gallery/boundaries.json")
    return render(request, f"ui/gallery/{name}.html", {**known, "boundaries_url": boundaries_url, **context})
