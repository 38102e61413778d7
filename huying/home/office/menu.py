"""The rooms of the office: what each is for, and which of them an actor may enter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from huying.people.permissions import Permission

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django_stubs_ext import StrOrPromise

    from huying.home.office.access import StaffRequest
    from huying.ledger.actor import Actor


@dataclass(frozen=True)
class Room:
    """A part of the office: its page, the right it takes, and what it is called."""

    key: str
    page: str
    permission: Permission
    icon: str
    label: StrOrPromise
    text: StrOrPromise


ROOMS = (
    Room(
        "numbers",
        "desk:numbers",
        Permission.STATS_SEE,
        "chart",
        _("Numbers"),
        _("What came in, how fast it was dispatched, what was really solved."),
    ),
    Room(
        "catalogue",
        "desk:office:catalogue",
        Permission.CATALOGUE_EDIT,
        "list",
        _("Catalogue of items"),
        _("What can be asked, in which words, with which time limit and who answers."),
    ),
    Room(
        "learning",
        "desk:office:learning",
        Permission.CATALOGUE_EDIT,
        "soon",
        _("Judging texts"),
        _("How well items are recognised, which are mistaken for each other, and what was learnt."),
    ),
    Room(
        "duties",
        "desk:office:duties",
        Permission.CATALOGUE_EDIT,
        "route",
        _("Duty rules"),
        _("Which unit answers for an item in an area, and a test of it."),
    ),
    Room(
        "calendar",
        "desk:office:calendar",
        Permission.CATALOGUE_EDIT,
        "clock",
        _("Working calendar"),
        _("Holidays and make-up days every time limit is counted with."),
    ),
    Room(
        "clocks",
        "desk:office:clocks",
        Permission.CATALOGUE_EDIT,
        "soon",
        _("Clocks"),
        _("How long the town takes to accept, sign, contact, rule and look back, and by which rule."),
    ),
    Room(
        "grades",
        "desk:office:grades",
        Permission.CATALOGUE_EDIT,
        "flag",
        _("Grades"),
        _("What makes a matter grave, which level answers for it and who approves."),
    ),
    Room(
        "letters",
        "desk:office:letters",
        Permission.LETTERS_EDIT,
        "bell",
        _("Letters sent out"),
        _("The words of notices, when and how they are sent, and what became of each."),
    ),
    Room(
        "imports",
        "desk:office:imports",
        Permission.IMPORT_RUN,
        "inbox",
        _("Import"),
        _("Take in appeals from a table or letters from a mailbox file."),
    ),
    Room(
        "areas",
        "desk:office:areas",
        Permission.PLACES_EDIT,
        "map",
        _("Areas and boundaries"),
        _("Streets, communities and grids: their tree, outlines and mergers."),
    ),
    Room(
        "bodies",
        "desk:office:bodies",
        Permission.SYSTEM_EDIT,
        "users",
        _("Meetings and effects"),
        _("Which bodies take topics up, their standing item, and when an order counts as having helped."),
    ),
    Room(
        "incident_kinds",
        "desk:office:incident_kinds",
        Permission.SYSTEM_EDIT,
        "flag",
        _("Kinds of incidents"),
        _("What may befall the town, as chosen when an incident is opened."),
    ),
    Room(
        "erasures",
        "desk:office:erasures",
        Permission.DATA_DECIDE,
        "shield",
        _("Requests to be forgotten"),
        _("What residents ask of the data held on them: to decide, and what still waits."),
    ),
    Room(
        "accounts",
        "desk:office:accounts",
        Permission.PEOPLE_EDIT,
        "user",
        _("Accounts of staff"),
        _("Who works here: made, locked, helped when a password or a phone is lost."),
    ),
    Room(
        "posts",
        "desk:office:posts",
        Permission.PEOPLE_EDIT,
        "users",
        _("Posts"),
        _("Who answers for what and where; administrators are confirmed by a second person."),
    ),
    Room(
        "roles",
        "desk:office:roles",
        Permission.PEOPLE_EDIT,
        "shield",
        _("Roles and rights"),
        _("What holders of a post may do over their unit's work and over an area."),
    ),
    Room(
        "proposals",
        "desk:office:posts",
        Permission.SYSTEM_EDIT,
        "users",
        _("Posts and proposals"),
        _("Who holds which post, and administrators waiting to be confirmed."),
    ),
    Room(
        "retention",
        "desk:office:retention",
        Permission.SYSTEM_EDIT,
        "archive",
        _("How long data is kept"),
        _("After how many days what points at a person is taken out, and what must stay whole."),
    ),
    Room(
        "audit",
        "desk:office:audit",
        Permission.AUDIT_SEE,
        "lock",
        _("Audit"),
        _("Who looked at personal data, came in, changed rights or took power."),
    ),
)
OFFICE_PERMISSIONS = tuple(dict.fromkeys(room.permission for room in ROOMS))


def rooms_of(actor: Actor) -> list[Room]:
    """Return the rooms an actor may enter, in their order."""
    rooms: dict[str, Room] = {}
    for room in ROOMS:  # one page, one room: who holds two rights to it enters by the first
        if actor.holds(room.permission):
            rooms.setdefault(room.page, room)
    return list(rooms.values())


def show(request: StaffRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Show a page of the office; the desk's frame around it comes by itself."""
    return render(request, f"office/{template}", context, status=status)
