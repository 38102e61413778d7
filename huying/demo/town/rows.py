"""The rows of the demo's appeals: what was said, by whom, and what becomes of it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

Outcome = Literal[
    "waiting_for_person",
    "dispatched",
    "in_progress",
    "overdue",
    "returned",
    "redispatched",
    "replied",
    "follow_up",
    "reworking",
    "closed_satisfied",
    "closed_partly",
    "closed_unconfirmed",
    "reworked_then_closed",
    "rework_twice",
    "withdrawn",
    "inadmissible",
    "answered_at_once",
    "merged",
]
Hand = Literal["dispatcher", "receiver", "handler", "reviewer", "resident", "phone_desk", "system"]


@dataclass(frozen=True, slots=True)
class Step:
    """One move of a case, or an answer of its resident.

    `move` is a key of the table of moves, or `rate` (the appellant answers), or `lapse` (the window closes
    without an answer). `after` is the time since the appeal came in. `given` is what the move needs and
    takes: units by code, an item by code, another appeal by key. With `when_held` the step is made only if
    the pipe gave the appeal to a person's queue.
    """

    move: str
    after: timedelta
    hand: Hand
    given: dict[str, Any] = field(default_factory=dict)
    when_held: bool = False


@dataclass(frozen=True, slots=True)
class Fate:
    """The planned outcome of an appeal at the end of the demo, and the steps that lead there."""

    outcome: Outcome
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Resident:
    """Who is behind an appeal; empty where it was not said. Numbers begin with 1990000, mail is .invalid."""

    name: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class PhotoRow:
    """A photo to be drawn by `photos.photo_bytes`."""

    kind: str
    seed: int


@dataclass(frozen=True, slots=True)
class AppealRow:
    """One appeal. `item` and `area` are the truth it should be judged by, not what came in.

    `says_where` is False where neither the text, nor the words for the place, nor a point tell the place.

    `hold` marks what a person must decide (pass it on as held); `joins` is the key of the appeal whose case
    the resident joined with "me too"; `matter` is shared by voices about the same thing.
    """

    key: str
    channel: str
    received_at: datetime
    language: str
    title: str
    text: str
    place_words: str
    lat: float | None
    lon: float | None
    says_where: bool
    area: str
    item: str
    danger: bool
    hold: bool
    matter: str
    joins: str | None
    resident: Resident
    typed_by: str | None
    told_how: str
    photos: tuple[PhotoRow, ...]
    fate: Fate
