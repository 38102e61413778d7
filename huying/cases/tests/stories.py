"""Cases brought to where a test begins: one function for each state, and what can be seen of a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from huying.cases.actions import move_case
from huying.cases.models import Case, Deadline, Membership, Status, Task
from huying.feedback.actions import Answer, ask_appellants, rate_reply
from huying.ledger.actor import SYSTEM
from huying.ledger.queries import timeline
from huying.testing.cast import appeal_of, case_of, resident, staff

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from huying.ledger.models import Fact

SHANGHAI = ZoneInfo("Asia/Shanghai")
# A Tuesday morning, with working days around it.
AT = datetime(2026, 9, 22, 10, 0, tzinfo=SHANGHAI)
HOUR = timedelta(hours=1)
RUBBISH_ITEM = "0101"


def waiting(*, at: datetime = AT, **more: Any) -> Case:  # noqa: ANN401 - whatever a draft takes
    """Return a case that waits for a person."""
    return case_of(appeal_of(held_for="filing_often", at=at, **more))


def dispatched(*, at: datetime = AT, **more: Any) -> Case:  # noqa: ANN401 - likewise
    """Return a case the rules gave to the cleaners."""
    return case_of(appeal_of(at=at, **more))


def returned(*, at: datetime = AT) -> Case:
    """Return a case the cleaners say belongs to the city wardens."""
    case = dispatched(at=at)
    return move_case(case.pk, "return", by=staff("lin", at=at), at=at, reason="不归我们", unit="city")


def signed(*, at: datetime = AT) -> Case:
    """Return a case Lin has signed for."""
    return move_case(dispatched(at=at).pk, "sign", by=staff("lin", at=at), at=at)


def replied(*, at: datetime = AT, solved: str = "yes") -> Case:
    """Return a case Lin has replied to."""
    return reply(signed(at=at), at=at, solved=solved)


def reply(case: Case, *, at: datetime = AT, solved: str = "yes", by: str = "lin") -> Case:
    """Let somebody reply to a case in work."""
    words: dict[str, Any] = {
        "public_text": "已清运完毕。",
        "unsolved_reason": "" if solved == "yes" else "还差一车",
    }
    return move_case(case.pk, "reply", by=staff(by, at=at), at=at, solved=solved, **words)


def passed(*, at: datetime = AT, solved: str = "yes") -> Case:
    """Return a case whose reply passed review: it waits for its residents."""
    return move_case(replied(at=at, solved=solved).pk, "pass_review", by=staff("hao", at=at), at=at)


def asked(*, at: datetime = AT) -> Case:
    """Return a case whose residents were asked."""
    case = passed(at=at)
    ask_appellants(case.pk, at=at, window_days=7)
    return case


def closed(*, at: datetime = AT) -> Case:
    """Return a case its resident confirmed."""
    case = asked(at=at)
    rate_reply(voices_of(case)[0], Answer("yes"), by=resident(), at=at)
    return fresh(case)


def merged(*, at: datetime = AT) -> Case:
    """Return a case that went into another."""
    case, other = dispatched(at=at), dispatched(at=at)
    return move_case(case.pk, "merge", by=staff("mei", at=at), at=at, into=other.pk)


def withdrawn(*, at: datetime = AT) -> Case:
    """Return a case whose only resident took the appeal back."""
    return move_case(dispatched(at=at).pk, "withdraw", by=resident(), at=at, reason="已解决")


def inadmissible(*, at: datetime = AT) -> Case:
    """Return a case that belongs to a court."""
    given: dict[str, Any] = {"reason": "已进入诉讼", "route": "litigation"}
    return move_case(waiting(at=at).pk, "inadmissible", by=staff("mei", at=at), at=at, **given)


AT_STATUS: dict[Status, Callable[[], Case]] = {
    Status.SUBMITTED: waiting,
    Status.DISPATCHED: dispatched,
    Status.RETURN_REVIEW: returned,
    Status.IN_PROGRESS: signed,
    Status.REPLIED: replied,
    Status.FOLLOW_UP: passed,
    Status.CLOSED: closed,
    Status.MERGED: merged,
    Status.WITHDRAWN: withdrawn,
    Status.INADMISSIBLE: inadmissible,
}


def fresh(case: Case) -> Case:
    """Return the case as the database has it now."""
    return Case.objects.get(pk=case.pk)


def voices_of(case: Case) -> list[UUID]:
    """Return the appeals a case carries now, the first one first."""
    members = Membership.objects.filter(case=case, until_at=None).order_by("from_at", "id")
    return list(members.values_list("appeal_id", flat=True))


def facts_of(case: Case) -> list[Fact]:
    """Return the facts of a case, the first one first."""
    return list(timeline(f"case:{case.pk}").order_by("seq"))


def running(case: Case) -> dict[str, Deadline]:
    """Return the clocks that run for a case, by kind."""
    return {
        str(clock.clock): clock for clock in Deadline.objects.filter(case=case, met_at=None, ended_at=None)
    }


@dataclass(frozen=True)
class Look:
    """Everything that can be seen of a case, to compare before and after."""

    row: dict[str, Any]
    facts: int
    clocks: list[Any]
    tasks: list[Any]
    members: list[Any]
    replies: int


def look(case: Case) -> Look:
    """Return what can be seen of a case now."""
    row = Case.objects.filter(pk=case.pk).values().get()
    return Look(
        row={key: bytes(value) if isinstance(value, memoryview) else value for key, value in row.items()},
        facts=len(facts_of(case)),
        clocks=list(Deadline.objects.filter(case=case).order_by("pk").values_list()),
        tasks=list(Task.objects.filter(case=case).order_by("pk").values_list()),
        members=list(Membership.objects.filter(case=case).order_by("pk").values_list()),
        replies=case.replies.count(),
    )


def close(case: Case, *, at: datetime = AT) -> Case:
    """Let the system close a case as confirmed."""
    return move_case(case.pk, "close", by=SYSTEM, at=at, closure="confirmed")
