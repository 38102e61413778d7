"""Opening a case for a fresh appeal: its rows and facts, as values for the one statement that writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from huying.cases.actions import membership_row
from huying.cases.deadlines import deadline_row, with_stage
from huying.cases.facts import CaseDispatched, CaseOpened, CaseWaits
from huying.cases.models import Clock, How, Status, TaskKind, TaskState
from huying.cases.parting import part_times
from huying.catalogue.models import Grade
from huying.catalogue.queries import grade_table, published
from huying.kit.ids import new_id
from huying.kit.text import bigrams
from huying.ledger.chain import Link, link_facts
from huying.triage.core.summary import line_of

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from huying.catalogue.queries import ItemCard
    from huying.dispatch.actions import Assigned
    from huying.ledger.actor import Actor
    from huying.ledger.chain import FactBody

CASE_PREFIX = "GD"
TITLE_LENGTH = 48
SEARCHED_LENGTH = 240
# What is left to be seen of a hidden number or address: nobody is found by it.
_HIDDEN = re.compile(r"[0-9A-Za-z@.+-]*\*+[0-9A-Za-z@.+-]*")


@dataclass(frozen=True)
class Matter:
    """What a new case is about, as intake and triage leave it."""

    appeal_id: UUID
    number: str
    district: str
    title: str
    text: str
    item: ItemCard | None
    grade: str
    area_id: UUID | None
    place_id: UUID | None
    area_path: str
    place_name: str
    lat: float | None
    lon: float | None
    waits_for: str  # reason key when a person decides, else ""
    concerns_many: bool = False


@dataclass
class Opened:
    """A case about to be written: its rows by table, its facts, and what the resident is told."""

    case_id: UUID
    number: str
    rows: list[tuple[str, dict[str, Any]]]
    facts: list[dict[str, Any]]
    unit_name: str
    due_at: datetime | None


def open_case(matter: Matter, assigned: Assigned | None, *, by: Actor, at: datetime) -> Opened:
    """Return a new case for a matter: dispatched when there is an assignment, else waiting for a person."""
    case_id = new_id()
    clocks = (Clock.SIGN, Clock.CONTACT, Clock.HANDLE) if assigned else (Clock.RECEIVE,)
    deadlines = [
        deadline_row(case_id, clock, item=matter.item, grade=matter.grade, at=at) for clock in clocks
    ]
    deadlines += with_stage(deadlines, at=at)
    due = next((row["due_at"] for row in deadlines if row["clock"] == Clock.HANDLE), None)
    link = Link()
    facts = link_facts(
        f"case:{case_id}", _facts(matter, assigned, due), link=link, district=matter.district, by=by, at=at
    )
    case = _case_row(case_id, matter, assigned, at=at)
    nearest = min(deadlines, key=lambda row: row["due_at"])
    case |= {
        "due_at": due,
        "next_due_at": nearest["due_at"],
        "warn_at": nearest["warn_at"],
        "fact_seq": link.seq,
        "fact_hash": link.hash,
    }
    rows = [
        ("cases_case", case),
        ("cases_membership", membership_row(case_id, matter.appeal_id, how=How.OPENED, at=at)),
        *(("cases_deadline", row) for row in deadlines),
        *(("cases_task", row) for row in _tasks(case_id, assigned, at=at)),
    ]
    unit_name = assigned.duty.lead.name if assigned else ""
    return Opened(case_id, matter.number, rows, facts, unit_name, due)


def _facts(matter: Matter, assigned: Assigned | None, due: datetime | None) -> list[FactBody]:
    opened = CaseOpened(
        number=matter.number,
        appeal=str(matter.appeal_id),
        item=matter.item.code if matter.item else "",
        grade=matter.grade,
        area=matter.area_path,
        catalogue=published().number,
    )
    if assigned is None or matter.item is None:
        return [opened, CaseWaits(why=matter.waits_for)]
    lead = assigned.duty.lead
    return [
        opened,
        CaseDispatched(
            before=Status.SUBMITTED,
            after=Status.DISPATCHED,
            unit=str(lead.id),
            unit_name=lead.name,
            item=matter.item.code,
            automatic=True,
            why=assigned.duty.why,
            due_at=due.isoformat() if due else "",
        ),
    ]


def _case_row(case_id: UUID, matter: Matter, assigned: Assigned | None, *, at: datetime) -> dict[str, Any]:
    title = line_of(matter.title, matter.text).replace("\n", " ")
    searched = " ".join(
        (
            matter.number,
            title,
            matter.title if matter.title != title else "",
            matter.place_name,
            matter.item.name if matter.item else "",
            matter.text[:SEARCHED_LENGTH],
        )
    )
    return {
        "id": case_id,
        "number": matter.number,
        "district": matter.district,
        "status": str(Status.DISPATCHED if assigned else Status.SUBMITTED),
        "resolution": "",
        "closure": "",
        "title": title[:TITLE_LENGTH],
        "concerns_many": matter.concerns_many,
        "item_id": matter.item.id if matter.item else None,
        "item_code": matter.item.code if matter.item else "",
        "grade": matter.grade or str(Grade.C),
        "area_id": matter.area_id,
        "place_id": matter.place_id,
        "area_path": matter.area_path,
        "place_name": matter.place_name[:120],
        "lat": matter.lat,
        "lon": matter.lon,
        "unit_id": assigned.duty.lead.id if assigned else None,
        "assignment_id": assigned.row["id"] if assigned else None,
        "appeal_count": 1,
        "round": 0,
        "dispatch_count": 1 if assigned else 0,
        "first_dispatch_automatic": assigned is not None,
        "returned": False,
        "supervised": False,
        "held_for": matter.waits_for,
        "opened_at": at,
        "opened_level": grade_table().level(matter.grade or str(Grade.C)),
        "dispatched_at": at if assigned else None,
        "search": bigrams(_HIDDEN.sub(" ", searched)),
    }


def _tasks(case_id: UUID, assigned: Assigned | None, *, at: datetime) -> list[dict[str, Any]]:
    if assigned is None:
        return []
    duty = assigned.duty
    parts = [(duty.lead, TaskKind.LEAD), *((unit, TaskKind.ASSIST) for unit in duty.assists)]
    return [
        {
            "id": new_id(),
            "case_id": case_id,
            "unit_id": unit.id,
            "kind": str(kind),
            "state": str(TaskState.OPEN),
            "assignment_id": assigned.row["id"],
            "opened_at": at,
            **(part_times(kind, at=at) if kind == TaskKind.ASSIST else {"due_at": None, "warn_at": None}),
        }
        for unit, kind in parts
    ]
