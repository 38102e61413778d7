"""The story of an incident in words, read off its facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huying.kit.moments import read_out
from huying.ledger.actions import stream_of
from huying.ledger.actor import ActorKind
from huying.ledger.queries import timeline

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django_stubs_ext import StrOrPromise

    from huying.board.models import Incident

WORDS: dict[str, StrOrPromise] = {
    "IncidentOpened": gettext_lazy("The incident was opened; {spokes_unit} speaks for the town."),
    "GroupFormed": gettext_lazy("The group “{name}” stands, led by {lead}."),
    "IncidentTaskSet": gettext_lazy("“{group}” was given a task: {words}"),
    "IncidentTaskEnded": gettext_lazy("A task ended: {words}"),
    "IncidentTaskLate": gettext_lazy("A task of “{group}” is late: {words}"),
    "StatementDrafted": gettext_lazy("Statement {number} was drafted."),
    "StatementTakenDown": gettext_lazy("Statement {number} is no longer shown: {reason}"),
    "IncidentReported": gettext_lazy("The report of {day} was made."),
    "IncidentClosed": gettext_lazy("The incident is over: {words}"),
}


@dataclass(frozen=True)
class Told:
    """One line of the story."""

    at: datetime
    by: str
    words: str


def tell_story(incident: Incident) -> list[Told]:
    """Return what happened in an incident, the newest first."""
    return [
        Told(fact.at, _by(fact.actor_kind, fact.actor_name), _said(fact.kind, fact.data))
        for fact in reversed(timeline(stream_of(incident)))
    ]


def _by(kind: str, name: str) -> str:
    return name if kind != ActorKind.SYSTEM else _("Huying, by itself")


def _said(kind: str, data: Mapping[str, Any]) -> str:
    if kind == "StatementDecided":
        if data["approved"]:
            return _("Statement {number} was approved and is shown to residents.").format(**data)
        return _("Statement {number} was not approved: {reason}").format(**data)
    words = {key: read_out(told) if isinstance(told, str) else told for key, told in data.items()}
    return str(WORDS[kind]).format(**words)
