"""Detours of the last hour: cases that wait for details, rest, or need more time or other units."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from huying.cases.actions import move_case
from huying.cases.approving import approver_of
from huying.cases.models import Case, Status
from huying.demo.acts import unit_of
from huying.kit.errors import Refusal
from huying.people.queries import unit_book

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from huying.demo.acts import Stage
    from huying.demo.tale import Tale
    from huying.ledger.actor import Actor

MINUTES_BEFORE_THE_END = 20


def take_detours(stage: Stage, end: datetime) -> int:
    """Let staff take the detours there are, each on a case that stands right for it; return how many."""
    at = end - timedelta(minutes=MINUTES_BEFORE_THE_END)
    told = [tale for _, tale in sorted(stage.tales.items()) if tale.appeal_id is not None]
    waiting, working = _standing(stage, told, Status.SUBMITTED), _standing(stage, told, Status.IN_PROGRESS)
    return _ask_for_details(stage, waiting, at) + sum(
        _try(detour, stage, *found, at) for detour, found in zip(DETOURS, working, strict=False)
    )


def _standing(stage: Stage, told: list[Tale], status: Status) -> Iterator[tuple[Tale, Case]]:
    """Yield the newest tales whose case stands so, and nothing has happened to since the last hour began."""
    seen = set()
    for tale in reversed(told):
        case = stage.case_of(tale)
        if case is not None and case.status == status and case.pk not in seen:
            seen.add(case.pk)
            yield tale, case


def _ask_for_details(stage: Stage, waiting: Iterator[tuple[Tale, Case]], at: datetime) -> int:
    found = next(waiting, None)
    if found is None:
        return 0
    tale, case = found
    _make(case, "ask_info", stage.clerk(tale, "receiver", at), at, question="请问具体在几号楼、哪个位置？")
    return 1


def _try(detour: Any, stage: Stage, tale: Tale, case: Case, at: datetime) -> int:  # noqa: ANN401 - a function of this room
    try:
        detour(stage, tale, case, at)
    except Refusal:
        return 0  # its date is over, or another unit has a part already: the demo shows it on another case
    return 1


def _make(case: Case, move: str, by: Actor, at: datetime, **given: Any) -> None:  # noqa: ANN401 - as move_case
    move_case(case.pk, move, by=by, at=at, **given)


def _suspend(stage: Stage, tale: Tale, case: Case, at: datetime) -> None:
    worker = stage.handler(tale, case, at)
    review_on = (at + timedelta(days=45)).date().isoformat()
    _make(
        case, "ask_suspension", worker, at,
        reason="需列入下一季度的改造计划，资金尚未下达。", plan="已报街道立项，资金到位后两周内开工。",
        review_on=review_on,
    )  # fmt: skip
    approver = "leader" if approver_of(case) == "leader" else "supervisor"
    _make(case, "suspend", stage.clerk(tale, approver, at), at, note="同意，按期复查。")


def _ask_for_time(stage: Stage, tale: Tale, case: Case, at: datetime) -> None:
    reason = "所需配件须由厂家发货，预计三天到货。"
    _make(case, "ask_extension", stage.handler(tale, case, at), at, reason=reason, days="3")


def _get_time(stage: Stage, tale: Tale, case: Case, at: datetime) -> None:
    _ask_for_time(stage, tale, case, at)
    reviewer = stage.roster.reviewer(unit_of(case), other_than=case.handler_id, at=at, rng=tale.rng)
    _make(case, "grant_extension", reviewer, at)


def _call_in(stage: Stage, tale: Tale, case: Case, at: datetime) -> None:
    other = next(
        card for card in sorted(unit_book().all(), key=lambda card: card.code) if card.id != case.unit_id
    )
    worker = stage.handler(tale, case, at)
    _make(case, "call_in", worker, at, unit=other.code, note="请到现场一并核实处置。")


def _supervise(stage: Stage, tale: Tale, case: Case, at: datetime) -> None:
    supervisor = stage.clerk(tale, "supervisor", at)
    _make(case, "supervise", supervisor, at, colour="yellow", reason="多次反映，请三日内报告进展。")
    _make(case, "leader_note", stage.clerk(tale, "leader", at), at, note="请逐项核实，给居民一个明确答复。")


def _keep_confidential(stage: Stage, tale: Tale, case: Case, at: datetime) -> None:
    _make(case, "keep_confidential", stage.clerk(tale, "dispatcher", at), at, reason="居民要求保密。")


DETOURS = (_suspend, _ask_for_time, _get_time, _call_in, _supervise, _keep_confidential, _suspend)
