"""What stands around every page of the desk: menu with counts, search, who is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from huying.bulletin.rules import ANSWERING, MAKING, WRITING
from huying.cases.lists import CENTRE_TABS, MOST_COUNTED, Tab, counts, my_areas
from huying.catalogue.queries import known_until
from huying.home.desk.shortcuts import Group, shortcuts_for
from huying.home.office.menu import rooms_of
from huying.insight.lists import open_alerts
from huying.kit.moments import in_words
from huying.notify.models import Notice
from huying.people.permissions import Permission
from huying.people.power import may_take_power, running_power
from huying.people.queries import unit_book
from huying.places.queries import town_map
from huying.sealed.queries import count_waiting
from huying.sealed.rules import RIGHTS as SEALED_RIGHTS
from huying.supervision.rules import SUPERVISING
from huying.workbench.modules import is_open

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django_stubs_ext import StrOrPromise

    from huying.home.desk.access import DeskRequest
    from huying.ledger.actor import Actor
    from huying.people.models import PowerSession

MOST_UNREAD = 99
INBOX = "desk:inbox"
# Who has to do with admission: departments that apply, areas that rule.
GUARDING = (Permission.ADMISSION_APPLY, Permission.ADMISSION_RULE)
# Who plans walks, goes on them, or sees what they came to.
WALKING = (Permission.WALK_PLAN, Permission.WALK_GO)
# Who has a say on proposed duty rules: units that are asked, and those who decide.
RULING = (Permission.CASE_WORK, Permission.CASE_DISPATCH, Permission.CATALOGUE_EDIT)
Entry = dict[str, Any]


@dataclass
class Frame:
    """The frame of one request: what is counted is counted once. `path` is the address of the page."""

    by: Actor
    at: datetime
    path: str = ""
    may_configure: bool = False

    @cached_property
    def counts(self) -> dict[Tab, int]:
        """How much each tab of this actor's units and of the dispatch centre has."""
        return counts(self.by, at=self.at)

    @cached_property
    def unread(self) -> int:
        """How many notices of an actor's units nobody has read, up to `MOST_UNREAD` + 1."""
        new = Notice.objects.filter(to_unit_id__in=self.by.unit_ids, read_at=None)
        return new[: MOST_UNREAD + 1].count() if self.by.unit_ids else 0

    @cached_property
    def alerts(self) -> int:
        """How many alerts of hot spots wait for an actor."""
        return open_alerts(by=self.by)[: MOST_UNREAD + 1].count()

    @property
    def user(self) -> dict[str, Any]:
        """Who is signed in, for the pop-up at the top."""
        book = unit_book().by_id
        units = [book[unit].name for unit in self.by.unit_ids if unit in book]
        others = dict.fromkeys(grant.acting_for for grant in self.by.grants if grant.acting_for)
        units += [_("acting for %(name)s") % {"name": name} for name in others]
        links = [
            {"label": _("Second step of signing in"), "url": reverse("people:second_step"), "icon": "lock"},
            {"label": _("Change password"), "url": reverse("people:password"), "icon": "edit"},
        ]
        return {"name": self.by.name, "post": " · ".join(units), "links": links}

    @cached_property
    def entries(self) -> list[dict[str, Any]]:
        """The menu, put together once."""
        return self.menu()

    def _shortcuts(self) -> list[Group]:
        return shortcuts_for(entry for group in self.entries for entry in group["items"])

    def menu(self) -> list[dict[str, Any]]:
        """Return the menu of an actor: only what the posts give a right to."""
        groups = (
            (_("Cases"), list(self._cases())),
            (_("Command"), list(self._command())),
            (_("Supervision"), list(self._supervision())),
            (_("Outside"), list(self._outside())),
            (_("Team"), list(self._team())),
            (_("Office"), list(self._office())),
        )
        kept = [(label, [one for one in entries if is_open(one["url"])]) for label, entries in groups]
        return [{"label": label, "items": entries} for label, entries in kept if entries]

    def _entry(
        self,
        page: str,
        label: StrOrPromise,
        icon: str,
        *,
        count: int = 0,
        most: int = MOST_COUNTED,
        tone: str = "",
    ) -> Entry:
        shown = f"{most}+" if count > most else str(count) if count else ""
        url = reverse(page)
        # Everything lies below the inbox, so that entry is current only on its own page.
        current = self.path == url or (page != INBOX and self.path.startswith(url))
        return {
            "label": label, "icon": icon, "url": url, "count": shown, "tone": tone, "current": current
        }  # fmt: skip

    def _outside(self) -> Iterable[Entry]:
        if any(map(self.by.holds, WALKING)):
            yield self._entry("desk:walks", _("Walks"), "map")
        if any(map(self.by.holds, (Permission.DRIVE_RUN, Permission.STATS_SEE))):
            yield self._entry("desk:drives", _("Drives"), "flag")

    def _cases(self) -> Iterable[Entry]:
        by, found = self.by, self.counts
        yield self._entry("desk:today", _("Waiting for me"), "home")
        if works_for_units(by):
            yield self._entry(INBOX, _("My inbox"), "inbox", count=found.get(Tab.OVERDUE, 0), tone="bad")
        if by.holds(Permission.CASE_WORK) and by.holds(Permission.APPEAL_ENTER):
            yield self._entry("desk:grid", _("On the round"), "pin")
        for tab, label, icon in (
            (Tab.QUEUE, _("Waiting for dispatch"), "route"),
            (Tab.RETURNS, _("Returns to rule on"), "return"),
        ):
            if tab in found:
                yield self._entry(f"desk:{tab}", label, icon, count=found[tab], tone="warn")
        if by.holds(Permission.CASE_DISPATCH):
            yield self._entry("desk:console", _("Dispatch console"), "send")
        if my_areas(by):
            yield self._entry("desk:area", _("My area"), "map")
        yield from self._seen_early()
        if by.holds(Permission.APPEAL_ENTER):
            yield self._entry("desk:enter", _("Enter for a resident"), "plus")
        if any(map(by.holds, SEALED_RIGHTS)):
            yield self._entry(
                "desk:sealed", _("Sealed reports"), "shield", count=count_waiting(by), tone="warn"
            )
        yield self._entry("desk:notices", _("Notices"), "bell", count=self.unread, most=MOST_UNREAD)
        if by.holds(Permission.EXPORT_RUN):
            yield self._entry("desk:exports", _("Lists taken out"), "archive")
        yield self._entry("desk:items", _("What can be asked"), "list")

    def _seen_early(self) -> Iterable[Entry]:
        if self.by.holds(Permission.HOTSPOT_SEE):
            yield self._entry("desk:hot_spots", _("Hot spots"), "chart", count=self.alerts, tone="warn")
        if self.by.holds(Permission.STATS_SEE):
            yield self._entry("desk:trend", _("Trends"), "chart")

    def _supervision(self) -> Iterable[Entry]:
        if not any(map(self.by.holds, SUPERVISING)):
            return
        yield self._entry("desk:orders", _("Supervision list"), "flag")
        yield self._entry("desk:topics", _("Topics"), "list")
        if any(map(self.by.holds, (Permission.TOPIC_PROPOSE, Permission.MEETING_RUN))):
            yield self._entry("desk:meetings", _("Meetings"), "users")
        yield self._entry("desk:guides", _("Working guides"), "file")

    def _command(self) -> Iterable[Entry]:
        if self.by.holds(Permission.STATS_SEE):
            yield self._entry("desk:board", _("Duty board"), "chart")
        yield self._entry("desk:incidents", _("Incidents"), "flag")

    def _team(self) -> Iterable[Entry]:
        yield self._entry("desk:phrases", _("Quick phrases"), "edit")
        yield self._entry("desk:rosters", _("Duty rosters"), "clock")
        yield self._entry("desk:posts", _("Posts that change hands"), "users")

    def _office(self) -> Iterable[Entry]:
        for room in rooms_of(self.by):
            yield self._entry(room.page, room.label, room.icon)
        if any(map(self.by.holds, (*WRITING, *ANSWERING))):
            yield self._entry("desk:letters", _("Reminder letters"), "flag")
        if any(map(self.by.holds, (Permission.STATS_SEE, *MAKING))):
            yield self._entry("desk:bulletins", _("Bulletins"), "list")
        if any(map(self.by.holds, GUARDING)):
            yield self._entry("desk:admissions", _("Admission"), "shield")
        if any(map(self.by.holds, RULING)):
            yield self._entry("desk:rules", _("Proposed duty rules"), "users")
        if self.by.holds(Permission.SYSTEM_EDIT):
            yield self._entry("desk:papers_setup", _("Heads of papers"), "edit")
            yield self._entry("desk:modules", _("Modules"), "settings")
        if may_take_power(self.by):
            yield self._entry("desk:power", _("Power in an emergency"), "alert")
        if self.may_configure:
            yield self._entry("admin:index", _("Configuration"), "settings")

    def warnings(self) -> list[dict[str, str]]:
        """Return what those who keep the town's tables must know on every page."""
        if not self.by.holds(Permission.CATALOGUE_EDIT):
            return []
        until, ends_soon = known_until(self.at)
        if not ends_soon:
            return []
        if until is None:
            told = _("No year is known with certainty. Please take in the yearly notice on holidays.")
        else:
            told = _(
                "Certain days end on {day}. Please take in the yearly notice on holidays; until then time "
                "limits beyond it are provisional."
            ).format(day=in_words(until, "day"))
        link = _("Working calendar")
        return [{"text": told, "url": reverse("desk:office:calendar"), "link": link}]

    def context(self) -> dict[str, Any]:
        """Return what the base template of the desk shows; the menu is put together when it is shown."""
        return {
            "desk_menu": SimpleLazyObject(lambda: self.entries), "desk_user": self.user,
            "desk_shortcuts": SimpleLazyObject(self._shortcuts),
            "search_url": reverse("desk:search"), "desk_warnings": self.warnings(),
            "power": self._power(),
            "may_enter": self.by.holds(Permission.APPEAL_ENTER), "site_name": _site_name(), "now": self.at,
        }  # fmt: skip

    def _power(self) -> PowerSession | None:
        """Return the session of power this page is read in, for the banner."""
        if self.by.power is None or self.by.id is None:
            return None
        return running_power(self.by.id, at=self.at)


def _site_name() -> str:
    root = town_map().root
    return root.name if root else ""


def safe_next(request: DeskRequest, default: str) -> str:
    """Return where a form said to go afterwards, if that is a page of this site; else `default`."""
    target = request.POST.get("next", "")
    ok = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if ok else default


def counted(number: int) -> str:
    """Return a count as it is shown: "999+" beyond what is counted."""
    return f"{MOST_COUNTED}+" if number > MOST_COUNTED else str(number)


def works_for_units(by: Actor) -> bool:
    """Return whether an actor sees the work of a unit, and not only looks over an area."""
    return any(Permission.CASE_SEE in grant.on_unit for grant in by.grants)


def may_dispatch(by: Actor) -> bool:
    """Return whether an actor works in the dispatch centre at all."""
    return any(my_areas(by, *rights) for rights in CENTRE_TABS.values())
