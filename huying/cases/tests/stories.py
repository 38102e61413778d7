"""Cases brought to where a test begins: one function for each state, and what can be seen of a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from huying.cases.actions import move_case
from huying.cases.models import Case, Deadline, Membership, Status, Task
from huying.catalogue.models import ItemStage
from huying.catalogue.queries import CATALOGUE
from huying.feedback.actions import Answer, ask_appellants, rate_reply
from huying.ledger.actor import SYSTEM
from huying.ledger.queries import timeline
from huying.ledger.snapshots import announce
from huying.people.actions import give_post
from huying.people.models import Account, Unit
from huying.testing.cast import appeal_of, case_of, resident, staff
from huying.testing.town import FOUNDED_ON

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


def by_hand(*, at: datetime = AT) -> Case:
    """Return a case Mei gave to the city wardens."""
    return move_case(waiting(at=at).pk, "dispatch", by=staff("mei", at=at), at=at, unit="city", item="010101")


def returned(*, at: datetime = AT) -> Case:
    """Return a case the cleaners say belongs to the city wardens."""
    case = dispatched(at=at)
    return move_case(case.pk, "return", by=staff("lin", at=at), at=at, reason="不归我们", unit="city")


def signed(*, at: datetime = AT) -> Case:
    """Return a case Lin has signed for."""
    return move_case(dispatched(at=at).pk, "sign", by=staff("lin", at=at), at=at)


def in_stages() -> None:
    """Give the item of the cast's matter three stages, as its version is drafted."""
    item = dispatched().item
    assert item is not None
    for order, (name, amount, unit) in enumerate(
        (("停工", 4, "working_hours"), ("处罚", 7, "working_days"), ("拆除", 20, "working_days")), 1
    ):
        ItemStage.objects.create(item=item, order=order, name=name, amount=amount, unit=unit)
    announce(CATALOGUE)


def staged(*, at: datetime = AT) -> Case:
    """Return a case Lin has signed for whose item runs in three stages."""
    if not ItemStage.objects.exists():
        in_stages()
    return signed(at=at)


def stage_over(*, at: datetime = AT) -> Case:
    """Return such a case when Lin says that its first stage is done."""
    return made(staged(at=at), "stage_done", "lin", at=at, result="已责令停工")


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


def noted(*, at: datetime = AT) -> Case:
    """Return a waiting case Shou wrote a note on: the third fact of it."""
    return made(waiting(at=at), "note", "shou", at=at, note="住户王小明（3栋）来过电话")


def found_inadmissible(*, at: datetime = AT) -> Case:
    """Return a case Shou says belongs to a court; nobody has confirmed it yet."""
    given: dict[str, Any] = {"reason": "已进入诉讼", "route": "litigation"}
    return made(waiting(at=at), "find_inadmissible", "shou", at=at, **given)


def inadmissible(*, at: datetime = AT) -> Case:
    """Return a case that belongs to a court, as two people say."""
    return made(found_inadmissible(at=at), "inadmissible", "mei", at=at)


def made(case: Case, move: str, by: str, *, at: datetime = AT, **given: Any) -> Case:  # noqa: ANN401 - as move_case
    """Let somebody make a move."""
    who = resident() if by == "resident" else staff(by, at=at) if by else SYSTEM
    return move_case(case.pk, move, by=who, at=at, **given)


def need_info(*, at: datetime = AT) -> Case:
    """Return a case whose resident is asked for details."""
    return made(waiting(at=at), "ask_info", "shou", at=at, question="请问是几号楼？")


def lapsed(*, at: datetime = AT) -> Case:
    """Return a case whose details never came."""
    return made(need_info(at=at), "lapse", "", at=at)


def transferred(*, at: datetime = AT) -> Case:
    """Return a case that went to a court, with its receipt."""
    given: dict[str, Any] = {"route": "litigation", "receipt": "（2026）民初1号", "reason": "已立案"}
    return made(waiting(at=at), "transfer", "shou", at=at, **given)


def given_back(*, at: datetime = AT) -> Case:
    """Return a case that was returned once, and given to the city wardens."""
    return made(returned(at=at), "redispatch", "mei", at=at, unit="city", reason="应归城管")


def disputed(*, at: datetime = AT) -> Case:
    """Return a case the city wardens work on while they dispute it."""
    return made(given_back(at=at), "dispute", "wu", at=at, reason="属环卫保洁", unit="cleaning")


def extension_asked(*, at: datetime = AT) -> Case:
    """Return a case Lin needs more time for."""
    return made(signed(at=at), "ask_extension", "lin", at=at, reason="等设备到货", days="3")


def suspension_asked(*, at: datetime = AT) -> Case:
    """Return a case Lin asks to suspend."""
    return made(
        signed(at=at), "ask_suspension", "lin", at=at,
        reason="等待立项", plan="列入下季度改造", review_on="2026-10-22",
    )  # fmt: skip


def suspended(*, at: datetime = AT) -> Case:
    """Return a case that rests for a cause nobody here can mend."""
    return made(suspension_asked(at=at), "suspend", "du", at=at)


def helped(*, at: datetime = AT) -> Case:
    """Return a case the community was asked to assist in."""
    return made(signed(at=at), "add_assist", "lin", at=at, unit="east", note="请拆除围挡")


def called_in(*, at: datetime = AT) -> Case:
    """Return a case the community was called in for."""
    return made(signed(at=at), "call_in", "lin", at=at, unit="east", note="请到现场")


def street_has(*, at: datetime = AT) -> Case:
    """Return a case the street itself works on, by the hand of Ling, who got a post there for it."""
    street = Unit.objects.get(code="street")
    give_post(Account.objects.get(username="ling"), unit=street, role="handler", valid_from=FOUNDED_ON)
    case = made(waiting(at=at), "dispatch", "mei", at=at, unit="street", item="010101")
    return made(case, "sign", "ling", at=at)


def reworked(*, at: datetime = AT) -> Case:
    """Return a case its residents sent back to work."""
    return made(passed(at=at), "rework", "", at=at, reason="resident_not_satisfied")


def claimed(*, at: datetime = AT) -> Case:
    """Return a case Lin says cannot reasonably be asked for."""
    return made(
        reworked(at=at), "claim_unreasonable", "lin", at=at,
        reason="要求单独设站", public_text="按规划此处不能设站，已说明理由。",
    )  # fmt: skip


def seconded(*, at: datetime = AT) -> Case:
    """Return such a case when Hao agrees."""
    return made(claimed(at=at), "second_unreasonable", "hao", at=at, reason="属实")


def answered_and_closed(*, at: datetime = AT) -> Case:
    """Return a closed case that no unit ever had."""
    return close(made(waiting(at=at), "answer_at_once", "shou", at=at, public_text="每天八点清运。"), at=at)


def supervised(*, at: datetime = AT) -> Case:
    """Return a case under yellow supervision."""
    return made(signed(at=at), "supervise", "du", at=at, colour="yellow", reason="久拖")


def confidential(*, at: datetime = AT) -> Case:
    """Return a case only those who work on it may see."""
    return made(dispatched(at=at), "keep_confidential", "mei", at=at, reason="涉及举报")


def archived(*, at: datetime = AT) -> Case:
    """Return a case that was put away."""
    return made(closed(at=at), "archive", "", at=at)


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
    Status.NEED_INFO: need_info,
    Status.LAPSED: lapsed,
    Status.SUSPENDED: suspended,
    Status.TRANSFERRED: transferred,
    Status.ARCHIVED: archived,
}


def part_of(case: Case) -> str:
    """Return the key of the part the community has in a case."""
    return str(Task.objects.get(case=case, state="open", unit__code="east").pk)


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
