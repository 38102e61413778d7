"""What stories read off facts: whose fact it is, and a moment as letters write it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone
from django.utils.dateparse import parse_datetime

if TYPE_CHECKING:
    from huying.ledger.models import Fact


def case_id_of(fact: Fact) -> UUID:
    """Return the key of the case whose fact it is."""
    return UUID(fact.stream.partition(":")[2])


def when(moment: datetime | str | None) -> str:
    """Return a moment in the town's time as letters write it; a dash for none."""
    at = parse_datetime(moment) if isinstance(moment, str) and moment else moment
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if isinstance(at, datetime) else "—"
