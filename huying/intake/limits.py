"""The abuse limits at the door: counts an event for its network and account, and says what becomes of it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils.encoding import force_bytes

from huying.intake.limits_core import (
    APPEALS,
    Count,
    Level,
    LimitPolicy,
    NetworkUnknown,
    Outcome,
    blinded,
    decide,
    subjects_of,
)
from huying.kit.tally import count_up

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

logger = logging.getLogger("huying.intake")
# All requests whose network cannot be told are counted together.
NETWORK_UNKNOWN = "unknown"


def check_limits(
    ip: str, account: UUID | None, at: datetime, *, policy: LimitPolicy = APPEALS, what: str = "appeal"
) -> str:
    """Count one more event; return the reason key for which a person looks first, "" when it passes freely.

    `ip` as `kit.network.client_ip` gives it, `account` the key of who is signed in. `what` keeps
    the counts of different events apart. Raises Refusal `filing_too_often` with the seconds to wait; a
    refused event is not counted. Staff who type for others and channels with a key of their own are not
    asked here.
    """
    secret = force_bytes(settings.SECRET_KEY)
    asked = [
        (level, window.seconds, f"{what}:{level}:{blinded(level, subject, secret=secret)}")
        for level, subject in _subjects(ip, account).items()
        for window in policy.windows(level)
    ]
    with transaction.atomic():
        seen = count_up([(who, seconds) for _, seconds, who in asked], at=at)
        decision = decide(
            (
                Count(level, seconds, one.running - 1, one.earlier, one.elapsed_seconds)
                for (level, seconds, _), one in zip(asked, seen, strict=True)
            ),
            policy,
        )
        decision.raise_if_refused()
    return (decision.reason_key or "") if decision.outcome is Outcome.HOLD else ""


def _subjects(ip: str, account: UUID | None) -> dict[Level, str]:
    told = str(account) if account else None
    try:
        return subjects_of(ip, told)
    except NetworkUnknown:
        # A proxy that is set up wrongly must cost no resident an appeal; the log says what to mend.
        logger.warning("the network of a request could not be told: look at HUYING_TRUSTED_PROXIES")
        subjects = {Level.NETWORK: NETWORK_UNKNOWN}
        return subjects | {Level.ACCOUNT: told} if told else subjects
