"""Where an appeal stands, in words for the resident: state, steps, time left, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from huying.cases.models import OPEN, Case, Membership, Status
from huying.cases.queries import StageNow, stage_now
from huying.feedback.models import Outcome, RatingRequest
from huying.intake.proxies import proxies_of
from huying.notify.models import Notice

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from uuid import UUID

    from huying.home.pages.reach import Reached
    from huying.intake.models import Appeal, Proxy

TITLE_LENGTH = 60
WITHDRAWN = str(Status.WITHDRAWN)
# The step of the way a state stands at, counted from 1; six is beyond the last: all done.
_STEP = {
    "submitted": 1,
    "need_info": 1,
    "dispatched": 2,
    "return_review": 2,
    "in_progress": 3,
    "suspended": 3,
    "replied": 3,
    "follow_up": 4,
    "closed": 6,
    "archived": 6,
}
_TIMED = frozenset({"dispatched", "return_review", "in_progress"})
# States in which nothing goes on until the resident has said something.
WAITS_FOR_RESIDENT = ("need_info",)


def title_of(appeal: Appeal) -> str:
    """Return the beginning of what the resident wrote, on one line."""
    words = " ".join((appeal.title or appeal.text).split())
    return words if len(words) <= TITLE_LENGTH else f"{words[:TITLE_LENGTH]}…"


@dataclass(frozen=True)
class Standing:
    """How one appeal stands. `unread` counts the notices its resident has not seen."""

    number: str
    url: str
    title: str
    at: datetime
    status: str
    unit: str
    due_at: datetime | None
    unread: int = 0
    asked: bool = False
    waits: str = ""
    filed_for: str = ""


def standings(reached: Sequence[Reached]) -> list[Standing]:
    """Return how these appeals stand, in the same order; the number of queries does not grow with them."""
    ids = [one.appeal.pk for one in reached]
    cases = present_cases(ids)
    unread: dict[UUID, int] = {}
    for appeal_id in Notice.objects.filter(to_appeal_id__in=ids, read_at=None).values_list(
        "to_appeal_id", flat=True
    ):
        if appeal_id is not None:
            unread[appeal_id] = unread.get(appeal_id, 0) + 1
    asked = set(
        RatingRequest.objects.filter(appeal_id__in=ids, outcome=Outcome.WAITING).values_list(
            "appeal_id", flat=True
        )
    )
    typed = proxies_of(ids)
    return [_standing(one, cases.get(one.appeal.pk), unread, asked, typed) for one in reached]


def present_cases(appeal_ids: Sequence[UUID]) -> dict[UUID, Case]:
    """Return the case each of these appeals belongs to now; a withdrawn appeal belongs to none."""
    members = Membership.objects.filter(appeal_id__in=appeal_ids, until_at=None)
    return {member.appeal_id: member.case for member in members.select_related("case__unit", "case__route")}


def _standing(
    one: Reached, case: Case | None, unread: dict[UUID, int], asked: set[UUID], typed: dict[UUID, Proxy]
) -> Standing:
    appeal = one.appeal
    status = status_of(appeal, case)
    return Standing(
        number=appeal.number, url=one.url(), title=title_of(appeal), at=appeal.received_at, status=status,
        unit=case.unit.name if case and case.unit else "", due_at=due_of(status, case),
        unread=unread.get(appeal.pk, 0), asked=appeal.pk in asked,
        waits=waits_for(status, asked=appeal.pk in asked),
        filed_for=str(typed[appeal.pk].get_relation_display()) if appeal.pk in typed else "",
    )  # fmt: skip


def waits_for(status: str, *, asked: bool) -> str:
    """Return what waits for the resident, "" for nothing."""
    if status in WAITS_FOR_RESIDENT:
        return _("Please tell us more")
    return _("Please rate the answer") if asked else ""


def status_of(appeal: Appeal, case: Case | None) -> str:
    """Return the state to show: the case's, unless the resident took the appeal back."""
    return WITHDRAWN if appeal.withdrawn_at or case is None else case.status


def due_of(status: str, case: Case | None) -> datetime | None:
    """Return the promised moment, while there is one to wait for."""
    return case.due_at if case is not None and status in _TIMED else None


@dataclass(frozen=True)
class Outlook:
    """Where an appeal stands on its way, and the sentence that says what comes next."""

    status: str
    step: int
    steps: list[str]
    next: str
    due_at: datetime | None
    can_withdraw: bool
    stage: StageNow | None = None
    facts: dict[str, Any] = field(default_factory=dict)


def outlook(appeal: Appeal, case: Case | None, *, asked_until: datetime | None, at: datetime) -> Outlook:
    """Return the outlook of an appeal; `asked_until` is set while its resident is asked to rate."""
    status = status_of(appeal, case)
    return Outlook(
        status=status,
        step=_STEP.get(status, 0),
        steps=[_("Received"), _("Sent to the unit"), _("Being worked on"), _("Answered"), _("Closed")],
        next=next_step(status, case, at=at, asked=asked_until is not None),
        due_at=due_of(status, case),
        can_withdraw=status in OPEN,
        stage=stage_now(case) if case is not None and due_of(status, case) else None,
    )


def next_step(status: str, case: Case | None, *, asked: bool, at: datetime) -> str:
    """Return what happens next, and by whom; a date that has passed is owned up to."""
    if status == Status.FOLLOW_UP:
        return _asked(asked=asked)
    if status == Status.CLOSED:
        return _closed(case)
    unit = case.unit.name if case is not None and case.unit else _("the unit")
    due = due_of(status, case)
    late = _("The date promised has passed. We are sorry that you wait. ") if due and due < at else ""
    return late + _NEXT.get(status, lambda: "")() % {"unit": unit}


_NEXT: dict[str, Callable[[], str]] = {
    "submitted": lambda: _("Next: a person reads it and gives it to the unit that answers for it."),
    "dispatched": lambda: _("Next: %(unit)s takes it on, gets in touch or deals with it."),
    "return_review": lambda: _(
        "Next: the dispatch centre decides which unit deals with it. You need do nothing."
    ),
    "in_progress": lambda: _("Next: %(unit)s deals with it and answers you here."),
    "replied": lambda: _("Next: a second person checks the answer of %(unit)s; then you can read it here."),
    "withdrawn": lambda: _("You took this appeal back. You can file it again at any time."),
    "inadmissible": lambda: _("This matter belongs to another route; below you read which one, and why."),
    "merged": lambda: _(
        "It is handled together with what your neighbours reported. You still get your own answer."
    ),
    "need_info": lambda: _("Next: you. Something is missing; below you read what, and can supply it."),
    "lapsed": lambda: _("It rests, because something is missing. Tell us below, and it goes on."),
    "suspended": lambda: _(
        "It is on hold for a cause nobody can mend now; it is not closed. Below you read the plan."
    ),
    "transferred": lambda: _(
        "It was handed to the authority that decides it; below you read its number there."
    ),
    "archived": lambda: _("It is closed and archived. If it comes back, file it again."),
}


def _asked(*, asked: bool) -> str:
    if asked:
        return _(
            "Next: tell us whether it is solved. Without your word it counts as unconfirmed, not as solved."
        )
    return _(
        "Thank you for your verdict. It is closed when the neighbours who reported the same have spoken too."
    )


def _closed(case: Case | None) -> str:
    if case is not None and case.closure == "confirmed":
        return _(
            "It is closed, and you or your neighbours said it is solved. If it comes back, file it again."
        )
    return _(
        "It is closed without anybody's word, and counted as unconfirmed. If it is not solved, file it again."
    )
