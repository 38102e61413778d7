"""Modules: parts of Huying a town can do without, switched on or off as data; their pages follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huying.kit.errors import Refusal
from huying.ledger.actions import record
from huying.ledger.snapshots import Snapshot, announce
from huying.people.permissions import Permission
from huying.people.reasons import NOT_ALLOWED
from huying.workbench import reasons
from huying.workbench.facts import ModuleSwitched
from huying.workbench.models import TownModule

if TYPE_CHECKING:
    from datetime import datetime

    from django_stubs_ext import StrOrPromise

    from huying.ledger.actor import Actor

EDITION = "modules"


@dataclass(frozen=True)
class Module:
    """A part that can be done without: what it is, and the beginnings of the addresses that belong to it."""

    key: str
    label: StrOrPromise
    text: StrOrPromise
    paths: tuple[str, ...]


# Later packages add their line; what stands here is seen in menus, inboxes and the office by itself.
MODULES = (
    Module("near", _("Near me"), _("Residents see on a map what neighbours reported."), ("/near/",)),
    Module("public", _("Public cases"), _("Cases that may be public, with redacted words."), ("/p/",)),
    Module(
        "walks", _("Walks"), _("Plans by month, themes, findings on the phone, tallies; drives and indices."),
        ("/desk/walks/", "/desk/drives/", "/desk/indices/"),
    ),
    Module(
        "admission", _("Admission"),
        _("Departments apply to push tasks down; the town rules, and lists what it admitted."),
        ("/desk/admission/", "/admitted/"),
    ),
    Module(
        "supervision", _("Supervision"),
        _("Topics for meetings, decisions, orders followed to their end, and whether they helped."),
        ("/desk/supervision/", "/progress/"),
    ),
    Module(
        "letters", _("Reminder letters"),
        _("Numbered letters to units about cases that are late or poorly answered."),
        ("/desk/papers/letters/",),
    ),
    Module(
        "bulletins", _("Bulletins"), _("Weekly, monthly and daily bulletins of areas."),
        ("/desk/papers/bulletins/",),
    ),
    Module("rules", _("Proposed duty rules"), _("Units vote on rules a ruling proposed."), ("/desk/rules/",)),
    Module("console", _("Dispatch console"), _("One case after another, by two keys."), ("/desk/console/",)),
    Module("grid", _("On the round"), _("Grid workers' desk for the phone."), ("/desk/grid/",)),
    Module(
        "hot_spots", _("Hot spots"), _("Matters that draw more appeals than usual, and their alerts."),
        ("/desk/hot/",),
    ),
    Module("trends", _("Trends"), _("Months and weeks beside what was to be expected."), ("/desk/trend/",)),
    Module(
        "board", _("Duty board"), _("What happens now and what warns, on one screen; screens on walls."),
        ("/desk/board/", "/wall/"),
    ),
    Module(
        "incidents", _("Incidents"), _("What is out of the ordinary is led from one place, with one voice."),
        ("/desk/incidents/",),
    ),
    Module("rosters", _("Duty rosters"), _("Who is on duty, and whom to call."), ("/desk/rosters/",)),
)  # fmt: skip
MODULE = {module.key: module for module in MODULES}
_BY_PATH = [(path, module) for module in MODULES for path in module.paths]


def _build() -> frozenset[str]:
    return frozenset(TownModule.objects.filter(is_on=False).values_list("key", flat=True))


_OFF = Snapshot(_build, EDITION)


def is_on(key: str) -> bool:
    """Return whether the town uses a module; "" stands for what cannot be switched off."""
    return key not in _OFF.get()


def switched_off() -> frozenset[str]:
    """Return the keys of the modules the town does without."""
    return _OFF.get()


def module_at(path: str) -> Module | None:
    """Return the module an address belongs to, None for what every town has."""
    return next((module for start, module in _BY_PATH if path.startswith(start)), None)


def is_open(path: str) -> bool:
    """Return whether an address belongs to nothing that is switched off."""
    module = module_at(path)
    return module is None or is_on(module.key)


def switch_module(key: str, *, on: bool, by: Actor, at: datetime) -> TownModule:
    """Switch a module on or off; what it holds stays as it is. Refusal `not_allowed` or `module_unknown`."""
    if not by.holds(Permission.SYSTEM_EDIT):
        raise Refusal(NOT_ALLOWED)
    if key not in MODULE:
        raise Refusal(reasons.MODULE_UNKNOWN)
    with transaction.atomic():
        TownModule.objects.get_or_create(key=key, defaults={"changed_at": at})
        row = TownModule.objects.select_for_update().get(key=key)
        if row.is_on == on:
            return row
        row.is_on, row.changed_at = on, at
        record(row, ModuleSwitched(module=key, is_on=on), district=settings.DISTRICT, by=by, at=at)
        row.save()
        announce(EDITION)
        return row
