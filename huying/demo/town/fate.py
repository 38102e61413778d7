"""Plans what becomes of an appeal: every step with its moment, cut off where the demo ends."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from huying.catalogue.core.clock import due_at
from huying.demo.town import timing
from huying.demo.town.dice import happens
from huying.demo.town.items import ItemRow
from huying.demo.town.organisation import UnitRow, unit_for
from huying.demo.town.rows import Fate, Hand, Outcome, Step
from huying.demo.town.speech import Speech
from huying.demo.town.topics import Topic

# Days a resident has to rate a reply, as the settings start with.
RATING_WINDOW_DAYS = 7
MOST_ROUNDS = 3
STUCK_DAYS = 24
LEFT_SHARE = 0.75


@dataclass(frozen=True, slots=True)
class Subject:
    """What a plan is made for."""

    item: ItemRow
    area: str
    place: str
    received_at: datetime
    topic: Topic | None = None
    lost: bool = False
    anonymous: bool = False
    hot: bool = False
    shared: bool = False

    @property
    def urgent(self) -> bool:
        """Whether everybody hurries."""
        return self.item.urgent or bool(self.topic and self.topic.danger)


@dataclass(slots=True)
class Life:
    """A life as planned to its end: every step with its moment and the state it leads to."""

    start: datetime
    steps: list[tuple[datetime, Step, Outcome]] = field(default_factory=list)
    final_reply_at: datetime | None = None
    final_pass_at: datetime | None = None
    content: bool = False
    due: datetime | None = None

    def add(
        self, move: str, at: datetime, hand: Hand, state: Outcome, given: dict[str, Any] | None = None
    ) -> datetime:
        """Add a step and return its moment, whole seconds and never before the one before it."""
        at = max(at.replace(microsecond=0), self.now + timedelta(seconds=41))
        self.steps.append((at, Step(move, at - self.start, hand, given or {}), state))
        return at

    @property
    def now(self) -> datetime:
        """The moment of the last step."""
        return self.steps[-1][0] if self.steps else self.start

    def fate(self, end: datetime, first: Outcome, stop: Outcome | None = None) -> Fate:
        """Return the part of this life before `end`, and not beyond the first time it stands at `stop`.

        `first` is the state before any step.
        """
        kept = [(step, state) for at, step, state in self.steps if at < end]
        if stop == first:
            kept = []
        elif stop is not None:
            states = [state for _, state in kept]
            kept = kept[: states.index(stop) + 1 if stop in states else None]
        outcome = kept[-1][1] if kept else first
        if outcome == "in_progress" and self.due is not None and self.due < end:
            outcome = "overdue"
        return Fate(outcome, tuple(step for step, _ in kept))


@dataclass(slots=True)
class Planner:
    """Plans lives with one source of chance."""

    rng: random.Random
    units: Sequence[UnitRow]
    speech: Speech
    end: datetime

    def life(self, subject: Subject) -> Life:
        """Plan the whole life of an appeal that gets a case of its own."""
        life = Life(subject.received_at)
        topic = subject.topic
        if topic is not None and topic.route:
            self._refuse(life, topic)
        elif topic is not None and topic.answer:
            self._answer(life, subject, topic)
        elif not self._left_waiting(subject):
            self._work(life, subject)
        return life

    def _left_waiting(self, subject: Subject) -> bool:
        vague = bool(subject.topic and subject.topic.vague)
        return vague and self._recent(subject, 4) and happens(self.rng, LEFT_SHARE)

    def _recent(self, subject: Subject, days: int) -> bool:
        return self.end - subject.received_at < timedelta(days=days)

    def _refuse(self, life: Life, topic: Topic) -> None:
        at = timing.after_office(life.start, self.rng.uniform(15, 400))
        given = {"route": topic.route, "reason": self.speech.inadmissible(topic.route)}
        life.add("inadmissible", at, "receiver", "inadmissible", given)

    def _answer(self, life: Life, subject: Subject, topic: Topic) -> None:
        at = timing.after_office(life.start, self.rng.uniform(5, 150))
        given = {"public_text": topic.answer, "internal_note": "知识库答复"}
        life.final_pass_at = life.add("answer_at_once", at, "receiver", "answered_at_once", given)
        life.final_reply_at = life.final_pass_at
        self._verdict(life, subject, round_=0, solved="yes", closed="answered_at_once")

    def _work(self, life: Life, subject: Subject) -> None:
        rng = self.rng
        self._dispatch_if_held(life, subject)
        if happens(rng, 0.024) and not subject.shared:
            at = timing.awake(life.now + timedelta(hours=rng.uniform(1, 30)), rng)
            given = {"reason": self.speech.remark("withdrawals")}
            life.add("withdraw", at, "resident", "withdrawn", given)
            return
        life.due = due_at(life.now, subject.item.limit, timing.calendar()).at.astimezone(timing.SHANGHAI)
        if happens(rng, 0.16 if self._recent(subject, 21) else 0.045) and not subject.urgent:
            self._return(life, subject)
        self._sign(life, subject)
        if (
            self._recent(subject, STUCK_DAYS)
            and not subject.urgent
            and happens(rng, 0.2 if subject.hot else 0.1)
        ):
            return
        for round_ in range(MOST_ROUNDS):
            solved = self._reply(life, subject, round_)
            if self._verdict(life, subject, round_=round_, solved=solved):
                return

    def _dispatch_if_held(self, life: Life, subject: Subject) -> None:
        """Let a dispatcher place what the pipe could not; left out where the pipe could."""
        rng = self.rng
        waits = rng.uniform(20, 330) if subject.lost else rng.uniform(6, 90)
        at = (
            subject.received_at + timedelta(minutes=rng.uniform(2, 9))
            if subject.urgent
            else timing.after_office(subject.received_at, waits)
        )
        unit = self._unit(subject, subject.item.lead)
        given = {"unit": unit, "item": subject.item.code, "note": "人工研判后分拨"}
        at = at.replace(microsecond=0)
        step = Step("dispatch", at - life.start, "dispatcher", given, when_held=True)
        life.steps.append((at, step, "dispatched"))

    def _unit(self, subject: Subject, role: str) -> str:
        for key in (role, subject.item.fallback, "street-office"):
            unit = unit_for(key, subject.area, self.units) if key else None
            if unit is not None:
                return unit.code
        return "yingxi-office"

    def _return(self, life: Life, subject: Subject) -> None:
        """Have the unit return it with a proposal, and the dispatch centre rule."""
        rng = self.rng
        mine = self._unit(subject, subject.item.lead)
        other = self._unit(subject, subject.item.fallback or "community")
        if other == mine:
            other = self._unit(subject, "community")
        if other == mine:
            return
        names = {unit.code: unit.name for unit in self.units}
        given: dict[str, Any] = {
            "unit": other,
            "reason": self.speech.remark("return_reasons").format(to=names[other]),
        }
        life.add("return", timing.after_office(life.now, rng.uniform(8, 70)), "handler", "returned", given)
        ruled = timing.after_office(life.now, rng.uniform(25, 420))
        if happens(rng, 0.62):
            given = {
                "unit": other,
                "reason": self.speech.remark("redispatch_reasons").format(to=names[other]),
            }
            life.add("redispatch", ruled, "dispatcher", "redispatched", given)
        else:
            given = {"reason": self.speech.remark("refusals")}
            life.add("refuse_return", ruled, "dispatcher", "redispatched", given)

    def _sign(self, life: Life, subject: Subject) -> None:
        rng = self.rng
        if subject.urgent:
            life.add("sign", life.now + timedelta(minutes=rng.uniform(2, 14)), "handler", "in_progress")
            contact = life.now + timedelta(minutes=rng.uniform(4, 45))
        else:
            waits = rng.uniform(5, 105) if happens(rng, 0.93) else rng.uniform(130, 500)
            life.add("sign", timing.after_office(life.now, waits), "handler", "in_progress")
            contact = timing.after_office(life.now, rng.uniform(12, 300))
        given = {"note": self.speech.remark("contacts")}
        life.add("first_contact", contact, "handler", "in_progress", given)

    def _reply(self, life: Life, subject: Subject, round_: int) -> str:
        """Add the reply of a round and its review; return what the unit says about the matter."""
        rng = self.rng
        at = self._reply_moment(life, subject, round_)
        weights = (50, 35, 15) if subject.hot and round_ == 0 else (84, 11, 5)
        if round_ == MOST_ROUNDS - 1:
            weights = (1, 0, 0)
        solved = rng.choices(("yes", "partly", "no"), weights)[0]
        life.add("reply", at, "handler", "replied", self.speech.reply(subject, solved, at, life.start))
        if happens(rng, 0.06) and not subject.urgent:
            checked = timing.after_office(life.now, rng.uniform(20, 300))
            given = {"reason": self.speech.remark("fail_reviews")}
            life.add("fail_review", checked, "reviewer", "in_progress", given)
            again = timing.after_office(life.now, rng.uniform(60, 420))
            life.add(
                "reply", again, "handler", "replied", self.speech.reply(subject, solved, again, life.start)
            )
        life.final_reply_at = life.now
        passed = (
            life.now + timedelta(minutes=rng.uniform(8, 110))
            if subject.urgent
            else timing.after_office(life.now, rng.uniform(15, 380))
        )
        note = self.speech.remark("passes") if happens(rng, 0.5) else ""
        life.final_pass_at = life.add("pass_review", passed, "reviewer", "follow_up", {"note": note})
        return solved

    def _reply_moment(self, life: Life, subject: Subject, round_: int) -> datetime:
        rng = self.rng
        due = life.due or life.now
        room = max(due - life.now, timedelta(minutes=40))
        if round_:
            room = max((due - life.start) * 0.6, timedelta(hours=6))
        if subject.hot:
            room = max(room, timedelta(days=rng.uniform(1, 6)))
        at = life.now + room * (rng.betavariate(1.7, 2.6) * 0.9 + 0.05)
        if happens(rng, 0.05):
            at = life.now + room + max(room * rng.uniform(0.1, 0.6), timedelta(hours=20))
        return at if subject.urgent else timing.after_office(at, rng.uniform(1, 45))

    def _lapse(self, life: Life, asked: datetime) -> None:
        """Let the window to answer close in silence."""
        life.add(
            "lapse", asked + timedelta(days=RATING_WINDOW_DAYS, minutes=5), "system", "closed_unconfirmed"
        )

    def _verdict(
        self, life: Life, subject: Subject, *, round_: int, solved: str, closed: Outcome | None = None
    ) -> bool:
        """Add what the resident says; return whether the case is over (False: it goes back to work)."""
        rng = self.rng
        asked = life.now
        if not happens(rng, 0.6 if subject.anonymous else 0.82):
            self._lapse(life, asked)
            return True
        at = min(
            timing.awake(asked + timedelta(hours=0.4 + rng.expovariate(1 / 22)), rng),
            asked + timedelta(days=RATING_WINDOW_DAYS, minutes=-30),
        )
        hand: Hand = "phone_desk" if happens(rng, 0.12) and not subject.anonymous else "resident"
        if round_ < MOST_ROUNDS - 1 and closed is None and happens(rng, _displeased(subject, round_, solved)):
            life.add("rate", at, hand, "reworking", self.speech.bad_rating())
            return False
        if solved == "no":
            self._lapse(life, asked)
            return True
        life.content = True
        given = self.speech.good_rating(fair=solved != "yes" or round_ > 0)
        life.add("rate", at, hand, closed or _closed(round_, solved), given)
        return True


def _displeased(subject: Subject, round_: int, solved: str) -> float:
    base = {"yes": 0.12, "partly": 0.32, "no": 0.55}[solved]
    if subject.hot:
        base += 0.4 if round_ == 0 else 0.2
    return base + 0.08 * round_


def _closed(round_: int, solved: str) -> Outcome:
    if round_ == 0:
        return "closed_satisfied" if solved == "yes" else "closed_partly"
    return "reworked_then_closed" if round_ == 1 else "rework_twice"
