"""One act with many cases: each in its own transaction, each with its own answer, none done twice."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from huying.cases.actions import move_case
from huying.cases.queries import find_cases
from huying.kit.errors import Refusal
from huying.workbench import reasons
from huying.workbench.models import BulkRow, BulkRun, RowState
from huying.workbench.owner import owner_of
from huying.workbench.phrases import blanks_of, check_blanks, fill_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from huying.cases.models import Case
    from huying.ledger.actor import Actor

Fill = Callable[["Case"], "Mapping[str, str]"]
MOST_CASES = 200
# More facts than this no case has.
DIGITS = 9
# So long one request works at a run; the page that answers goes on with the rest.
PATIENCE_SECONDS = 6.0


@dataclass(frozen=True)
class Act:
    """A move that can be made on many cases at once: what is told once for all of them."""

    move: str
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()


ACTS = {
    act.move: act
    for act in (
        Act("sign"),
        Act("hand_to", ("handler",), ("note",)),
        Act("reply", ("public_text", "solved"), ("unsolved_reason", "internal_note"), ("public_text",)),
        Act("note", ("note",)),
    )
}


@dataclass(frozen=True)
class Chosen:
    """A case that was marked: its number, and the last fact the clerk had on the screen."""

    number: str
    seen: int

    @classmethod
    def read(cls, text: str) -> Chosen | None:
        """Return what a box of the list says (`GD…:7`); None for what says nothing."""
        number, _, seen = text.partition(":")
        return cls(number, int(seen)) if number and seen.isdecimal() and len(seen) <= DIGITS else None

    def __str__(self) -> str:
        return f"{self.number}:{self.seen}"


def start_run(
    key: UUID,
    act: str,
    chosen: Sequence[Chosen],
    *,
    given: Mapping[str, Any],
    by: Actor,
    at: datetime,
    retry_of: BulkRun | None = None,
) -> BulkRun:
    """Write down what is to be done with which cases; the same key again returns the run there is.

    Nothing is done yet: `carry_on` does it. Refusals `unknown_act`, `nothing_chosen`, `too_many_chosen`,
    `blank_unknown`. A case the clerk may not see is refused in its row, as one that does not exist.
    """
    if act not in ACTS:
        raise Refusal(reasons.UNKNOWN_ACT)
    asked = list({one.number: one for one in chosen}.values())
    if not asked:
        raise Refusal(reasons.NOTHING_CHOSEN)
    if len(asked) > MOST_CASES:
        raise Refusal(reasons.TOO_MANY_CHOSEN, most=MOST_CASES, count=len(asked))
    told = {name: given[name] for name in (*ACTS[act].needs, *ACTS[act].takes) if given.get(name)}
    for name in ACTS[act].filled:
        check_blanks(str(told.get(name, "")), field=name)
    cases = find_cases([one.number for one in asked], by=by)
    try:
        with transaction.atomic():
            run = BulkRun.objects.create(
                id=key, account_id=owner_of(by), act=act, given=told, asked_at=at, retry_of=retry_of
            )
            BulkRow.objects.bulk_create(
                BulkRow(run=run, number=one.number, case=cases.get(one.number), seen=one.seen)
                for one in asked
            )
    except IntegrityError:
        return find_run(key, by=by)
    return run


def find_run(key: UUID, *, by: Actor) -> BulkRun:
    """Return a run of this person; Refusal `run_not_found`."""
    run = BulkRun.objects.filter(pk=key, account_id=owner_of(by)).first()
    if run is None:
        raise Refusal(reasons.RUN_NOT_FOUND)
    return run


def carry_on(
    run: BulkRun, *, fill: Fill, by: Actor, at: datetime, patience_seconds: float = PATIENCE_SECONDS
) -> int:
    """Work through the cases of a run that wait, as long as there is patience; return how many still wait.

    `fill` gives what the blanks of a text hold for a case. A row and its case change in one transaction, so
    whatever ends this, no case is done twice and none is forgotten. Another request at the same run takes
    other rows.
    """
    until = time.monotonic() + patience_seconds
    while time.monotonic() < until and _take_one(run, fill=fill, by=by, at=at):
        pass
    return run.rows.filter(state=RowState.WAITING).count()


def _take_one(run: BulkRun, *, fill: Fill, by: Actor, at: datetime) -> bool:
    with transaction.atomic():
        waiting = run.rows.filter(state=RowState.WAITING).order_by("id")
        row = waiting.select_for_update(skip_locked=True, of=("self",)).select_related("case").first()
        if row is None:
            return False
        try:
            with transaction.atomic():
                _do(row, run, fill=fill, by=by, at=at)
            row.state = RowState.DONE
        except Refusal as refusal:
            row.state, row.reason, row.sentence = RowState.REFUSED, refusal.reason.key, refusal.sentence
        row.save(update_fields=["state", "reason", "sentence"])
        return True


def _do(row: BulkRow, run: BulkRun, *, fill: Fill, by: Actor, at: datetime) -> None:
    from huying.cases.reasons import NOT_FOUND

    if row.case_id is None or row.case is None:
        raise Refusal(NOT_FOUND)
    given = dict(run.given)
    for name in ACTS[run.act].filled:
        if blanks_of(str(given.get(name, ""))):
            given[name] = filled(str(given[name]), fill(row.case), field=name)
    move_case(row.case_id, run.act, by=by, at=at, seen=row.seen, **given)


def filled(text: str, values: Mapping[str, str], *, field: str = "") -> str:
    """Return the text for one case; Refusal `blank_empty` when a blank would go out unfilled."""
    empty = [name for name in blanks_of(text) if not values.get(name)]
    if empty:
        raise Refusal(reasons.BLANK_EMPTY, field=field, what=f"{{{empty[0]}}}")
    return fill_in(text, values)


def try_again(key: UUID, run: BulkRun, *, by: Actor, at: datetime) -> BulkRun:
    """Start a new run with what was refused, on the cases as they stand now: the clerk has just seen them."""
    refused = run.rows.filter(state=RowState.REFUSED, case__isnull=False).select_related("case")
    chosen = [Chosen(row.number, row.case.fact_seq) for row in refused if row.case is not None]
    return start_run(key, run.act, chosen, given=run.given, by=by, at=at, retry_of=run)
