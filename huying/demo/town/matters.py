"""Settles the voices of one matter: who opens the case, who says "me too", whose case is merged into it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from huying.demo.town import timing
from huying.demo.town.dice import happens
from huying.demo.town.fate import RATING_WINDOW_DAYS, Life, Planner, Subject
from huying.demo.town.rows import AppealRow, Fate, Outcome, Step

JOINERS = ("web", "wechat")
Way = Literal["own", "me_too", "merge"]


def settle_matter(
    rows: Sequence[AppealRow], subjects: Sequence[Subject], planner: Planner
) -> list[AppealRow]:
    """Return the rows of one matter, in order of time, with their fates."""
    lead = rows[0]
    life = planner.life(subjects[0])
    settled = []
    open_end = False
    for row, own in zip(rows[1:], subjects[1:], strict=True):
        way, at = _way(row, own, life, planner)
        if way == "own":
            alone = planner.life(own)
            settled.append(replace(row, fate=alone.fate(planner.end, first_state(row))))
            continue
        steps, pending = _last_word(row, life, planner)
        open_end = open_end or pending
        if way == "merge":
            step = Step("merge", at - row.received_at, "dispatcher", {"into": lead.key})
            settled.append(replace(row, fate=Fate("merged", (step, *steps))))
        else:
            settled.append(replace(row, joins=lead.key, fate=Fate("merged", steps)))
    fate = life.fate(planner.end, first_state(lead))
    if open_end and fate.outcome in (
        "closed_satisfied",
        "closed_partly",
        "reworked_then_closed",
        "rework_twice",
    ):
        fate = replace(fate, outcome="follow_up")
    return [
        replace(lead, fate=fate),
        *(
            replace(row, fate=replace(row.fate, outcome=fate.outcome)) if row.joins else row
            for row in settled
        ),
    ]


def first_state(row: AppealRow) -> Outcome:
    """Return where an appeal stands before anybody has touched it."""
    return "dispatched" if row.says_where and not row.hold else "waiting_for_person"


def _way(row: AppealRow, subject: Subject, lead: Life, planner: Planner) -> tuple[Way, datetime]:
    """Choose how a further voice comes in, if the first one's case still takes it."""
    rng = planner.rng
    at = (
        row.received_at + timedelta(minutes=rng.uniform(10, 40))
        if subject.urgent
        else timing.after_office(row.received_at, rng.uniform(8, 160))
    ).replace(microsecond=0)
    latest = lead.final_reply_at or planner.end
    opened = lead.start + timedelta(minutes=3)
    if (
        row.channel in JOINERS
        and happens(rng, 0.4)
        and opened < row.received_at < latest - timedelta(minutes=30)
    ):
        return "me_too", row.received_at
    if happens(rng, 0.66) and at < min(latest - timedelta(minutes=5), planner.end):
        return "merge", at
    return "own", at


def _last_word(row: AppealRow, lead: Life, planner: Planner) -> tuple[tuple[Step, ...], bool]:
    """Return what a further voice says about the common reply, and whether its answer is still awaited."""
    rng = planner.rng
    asked = lead.final_pass_at
    if asked is None or asked >= planner.end:
        return (), False
    if not lead.content or not happens(rng, 0.58):
        closes = asked + timedelta(days=RATING_WINDOW_DAYS, minutes=5)
        step = Step("lapse", closes - row.received_at, "system")
        return ((step,) if closes < planner.end else ()), closes >= planner.end
    at = timing.awake(asked + timedelta(hours=0.5 + rng.expovariate(1 / 20)), rng)
    at = min(at, asked + timedelta(days=RATING_WINDOW_DAYS, minutes=-25)).replace(microsecond=0)
    given = planner.speech.good_rating(fair=happens(rng, 0.25))
    step = Step("rate", at - row.received_at, "resident", given)
    return ((step,) if at < planner.end else ()), at >= planner.end
