"""Households of a matter settled door by door (逐户解决): listed by label, moved many at once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, Max

from huying.kit.errors import Refusal
from huying.kit.redact import Kind, find
from huying.kit.text import on_one_line
from huying.supervision import facts, reasons
from huying.supervision.models import Household
from huying.supervision.states import HouseholdState
from huying.supervision.topics import check_topic, lock_topic, write_topic

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from huying.ledger.actor import Actor
    from huying.supervision.models import Topic

MOST, LONGEST_LABEL, LONGEST_NOTE = 5_000, 30, 120
# A flat or shop has a number; what else a label holds are words of buildings, never a phone or a name.
_NUMBERED = re.compile(r"\d|[一二三四五六七八九十]")
_PERSONAL = frozenset({Kind.PHONE, Kind.NAME, Kind.ID_NUMBER, Kind.BANK_CARD, Kind.EMAIL, Kind.PLATE})
_TITLES = re.compile(r"先生|女士|小姐|阿姨|大爷|大妈|业主[:：]|户主")


@dataclass(frozen=True)
class Progress:
    """How far the households of a topic are: how many in each state, and all of them."""

    open: int
    at_work: int
    done: int

    @property
    def total(self) -> int:
        """How many there are."""
        return self.open + self.at_work + self.done

    @property
    def share_done(self) -> float | None:
        """The share that is done, None without any."""
        return self.done / self.total if self.total else None


def labels_in(text: str) -> list[str]:
    """Return the labels of a pasted list: one a line, or parted by commas, semicolons or tabs; each once."""
    parts = (on_one_line(part) for part in re.split(r"[\n\r\t,，;；、]+", text))
    return list(dict.fromkeys(part for part in parts if part))


def _check_label(label: str) -> str:
    if (
        len(label) > LONGEST_LABEL
        or not _NUMBERED.search(label)
        or _TITLES.search(label)
        or any(span.kind in _PERSONAL for span in find(label))
    ):
        raise Refusal(reasons.LABEL_WRONG, field="labels", label=label[:LONGEST_LABEL])
    return label


def list_households(topic_id: UUID, labels: Iterable[str], *, by: Actor, at: datetime) -> int:
    """Add households to a topic by their labels; return how many were new.

    Refusals: `no_labels`, `label_wrong` naming the first that reads like a person or like no flat,
    `too_many_labels`, those of `why_not_topic`.
    """
    told = [_check_label(label) for label in dict.fromkeys(map(on_one_line, labels)) if label]
    if not told:
        raise Refusal(reasons.NO_LABELS, field="labels")
    with transaction.atomic():
        topic = lock_topic(topic_id)
        check_topic(topic, "list_households", by=by)
        known = set(topic.households.values_list("label", flat=True))
        fresh = [label for label in told if label not in known]
        if len(known) + len(fresh) > MOST:
            raise Refusal(reasons.TOO_MANY_LABELS, field="labels", most=MOST)
        if not fresh:
            return 0
        last = topic.households.aggregate(last=Max("place"))["last"] or 0
        Household.objects.bulk_create(
            Household(topic=topic, place=place, label=label, changed_at=at)
            for place, label in enumerate(fresh, start=last + 1)
        )
        body = facts.HouseholdsListed(topic.number, len(fresh), len(known) + len(fresh))
        write_topic(topic, body, by=by, at=at)
        return len(fresh)


def move_households(
    topic_id: UUID, labels: Sequence[str], state: str, *, note: str = "", by: Actor, at: datetime
) -> int:
    """Say how far these households are; return how many changed. All are in the list, or none moves."""
    words = on_one_line(note)[:LONGEST_NOTE]
    left = [words[span.start : span.end] for span in find(words) if span.kind in _PERSONAL]
    if left:
        raise Refusal(reasons.NOTE_PERSONAL, field="note", what=left[0])
    wanted = list(dict.fromkeys(map(on_one_line, labels)))
    if not wanted or state not in HouseholdState.values:
        raise Refusal(reasons.NO_LABELS, field="labels")
    with transaction.atomic():
        topic = lock_topic(topic_id)
        check_topic(topic, "move_households", by=by)
        rows = {row.label: row for row in topic.households.filter(label__in=wanted)}
        for label in wanted:
            if label not in rows:
                raise Refusal(reasons.LABEL_UNKNOWN, field="labels", label=label[:LONGEST_LABEL])
        moved = [row for row in rows.values() if row.state != state or (words and row.note != words)]
        for row in moved:
            row.state, row.changed_at = state, at
            row.note = words or row.note
            row.done_at = at if state == HouseholdState.DONE else None
        Household.objects.bulk_update(moved, ["state", "changed_at", "note", "done_at"])
        if moved:
            found = progress_of(topic)
            body = facts.HouseholdsMoved(topic.number, len(moved), state, found.done, found.total)
            write_topic(topic, body, by=by, at=at)
        return len(moved)


def progress_of(topic: Topic) -> Progress:
    """Return how far the households of a topic are."""
    rows = topic.households.order_by().values("state").annotate(number=Count("pk"))
    found = {row["state"]: row["number"] for row in rows}
    return Progress(*(found.get(state, 0) for state in HouseholdState.values))
