"""Kinds of incidents: those every town starts with, renamed or switched off, and a town's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from huying.board import reasons
from huying.board.facts import KindOfIncidentSet
from huying.board.models import IncidentKind, KindOfIncident
from huying.kit.errors import Refusal
from huying.kit.names import in_language
from huying.kit.text import on_one_line
from huying.ledger.actions import record
from huying.ledger.snapshots import Snapshot, announce
from huying.people.permissions import Permission
from huying.people.reasons import NOT_ALLOWED

if TYPE_CHECKING:
    from datetime import datetime

    from huying.ledger.actor import Actor

EDITION = "incident_kinds"
MOST_KINDS = 40
LONGEST_NAME, LONGEST_NAME_EN = 40, 40


@dataclass(frozen=True)
class Kind:
    """A kind of incident. `own_name` is the town's, "" while it goes by the words it came with."""

    key: str
    own_name: str = ""
    own_name_en: str = ""
    is_active: bool = True

    @property
    def is_shipped(self) -> bool:
        """Return whether every town starts with it."""
        return self.key in IncidentKind.values

    @property
    def name(self) -> str:
        """Return what it is called, in the reader's language."""
        if self.own_name:
            return in_language(self.own_name, self.own_name_en)
        return str(IncidentKind(self.key).label) if self.is_shipped else self.key


def _build() -> dict[str, Kind]:
    rows = {row.key: row for row in KindOfIncident.objects.order_by("made_at", "key")}
    keys = [*IncidentKind.values, *(key for key in rows if key not in IncidentKind.values)]
    return {key: _kind(key, rows.get(key)) for key in keys}


def _kind(key: str, row: KindOfIncident | None) -> Kind:
    return Kind(key, row.name, row.name_en, row.is_active) if row else Kind(key)


_KINDS = Snapshot(_build, EDITION)


def kinds() -> list[Kind]:
    """Return every kind, those a town starts with first, the town's own in the order they were made."""
    return list(_KINDS.get().values())


def is_kind(key: str) -> bool:
    """Return whether an incident of this kind can be opened now."""
    kind = _KINDS.get().get(key)
    return kind is not None and kind.is_active


def kind_choices() -> list[tuple[str, str]]:
    """Return the kinds that can be chosen now."""
    return [(kind.key, kind.name) for kind in kinds() if kind.is_active]


def kind_name(key: str) -> str:
    """Return what a kind is called, also one nobody can choose any more."""
    kind = _KINDS.get().get(key)
    return kind.name if kind else key


def set_kind(
    key: str, *, name: str, name_en: str = "", is_active: bool = True, by: Actor, at: datetime
) -> Kind:
    """Rename a kind, switch it off or on, or add one of the town's own (an empty `key`).

    Incidents of a kind that is switched off keep it. Refusals `not_allowed`, `words_needed`,
    `kind_name_taken`, `kind_unknown`, `kinds_full`, `last_kind`.
    """
    if not by.holds(Permission.SYSTEM_EDIT):
        raise Refusal(NOT_ALLOWED)
    called, called_en = on_one_line(name)[:LONGEST_NAME], on_one_line(name_en)[:LONGEST_NAME_EN]
    if not called:
        raise Refusal(reasons.WORDS_NEEDED, field="name")
    with transaction.atomic():
        announce(EDITION)  # also lets two who edit wait for each other
        book = _build()
        if key and key not in book:
            raise Refusal(reasons.KIND_UNKNOWN)
        others = [kind for kind in book.values() if kind.key != key]
        if any(called in (kind.own_name, kind.name) for kind in others):
            raise Refusal(reasons.KIND_NAME_TAKEN, field="name")
        if not is_active and not any(kind.is_active for kind in others):
            raise Refusal(reasons.LAST_KIND, field="is_active")
        if not key and len(book) >= MOST_KINDS:
            raise Refusal(reasons.KINDS_FULL)
        before = book.get(key)
        if before and before.is_shipped and called == str(IncidentKind(key).label):
            called = called_en = ""  # the words it came with, in every language
        key = key or next(f"own{n}" for n in range(1, MOST_KINDS + 1) if f"own{n}" not in book)
        row = KindOfIncident.objects.filter(pk=key).first() or KindOfIncident(key=key, made_at=at)
        row.name, row.name_en, row.is_active = called, called_en, is_active
        body = KindOfIncidentSet(
            key=key, name=called, name_en=called_en, is_active=is_active,
            before=[before.own_name, before.own_name_en, before.is_active] if before else [],
        )  # fmt: skip
        record(row, body, district=settings.DISTRICT, by=by, at=at)
        row.save()
        return _kind(key, row)
