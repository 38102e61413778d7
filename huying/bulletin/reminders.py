"""Every write to reminder letters: drafted, signed, issued, received, answered, closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction

from huying.bulletin import facts, reasons
from huying.bulletin.letters import TITLES, default_text, digest, letter_paper
from huying.bulletin.models import UNDER_WAY, Reminder, ReminderCase, ReminderReason, ReminderState
from huying.bulletin.numbering import head_of, next_number, symbol_of
from huying.bulletin.printing import keep_prints
from huying.bulletin.rules import covers, may_answer, need, tops_of
from huying.bulletin.sources import chosen, set_key
from huying.catalogue.core.calendar import local_day
from huying.catalogue.core.clock import Limit, Unit, due_at
from huying.catalogue.queries import town_clock
from huying.kit.errors import Refusal
from huying.kit.paper import to_plain
from huying.kit.redact import find
from huying.kit.text import clean, on_one_line
from huying.ledger.actions import record
from huying.people.permissions import Permission
from huying.people.queries import unit_book
from huying.places.queries import town_map

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime
    from uuid import UUID

    from huying.bulletin.sources import CaseLine
    from huying.ledger.actor import Actor
    from huying.ledger.chain import FactBody
    from huying.people.queries import UnitCard

MOST_CASES, LONGEST_TITLE, LONGEST_TEXT, LONGEST_WHY = 50, 80, 2_000, 300
MOST_DAYS = 30
SERIES = "reminder"
ISSUING_LEVELS = ("street", "district", "city")


def draft_reminder(
    unit_id: UUID, numbers: Collection[str], *, reason: str, title: str = "", text: str = "", days: int = 3,
    by: Actor, at: datetime,
) -> Reminder:  # fmt: skip
    """Draft a letter to a unit about cases it has in hand; the area is the writer's own that covers the unit.

    Drafted twice (a double click, two who had the same thought) it is one letter: Refusal `letter_there`
    names it. Others: `not_your_paper`, `no_cases`, `most_cases`, `personal_in_paper`.
    """
    unit = unit_book().by_id.get(unit_id)
    if unit is None or reason not in ReminderReason.values:
        raise Refusal(reasons.PAPER_NOT_FOUND)
    area_path = issuing_area(by, unit)
    area = town_map().by_code(area_path.rpartition("/")[2])
    if area is None:
        raise Refusal(reasons.NOT_YOUR_PAPER)
    cases = _cases(numbers, unit, area_path)
    letter = Reminder(
        district=settings.DISTRICT, area_id=area.id, area_path=area_path,
        unit_id=unit.id, reason=reason, set_key=set_key(unit.id, reason, [one.id for one in cases]),
        drafted_at=at, drafted_by_id=by.id, drafted_by=by.name[:80],
    )  # fmt: skip
    letter.title = on_one_line(title)[:LONGEST_TITLE] or TITLES[ReminderReason(reason)]
    letter.text = clean(text)[:LONGEST_TEXT] or default_text(reason, cases, at=at)
    letter.answer_days = min(max(days, 1), MOST_DAYS)
    _no_personal(letter)
    body = facts.ReminderDrafted(unit.name, reason, [one.number for one in cases], letter.title)
    try:
        with transaction.atomic():
            record(letter, body, district=letter.district, by=by, at=at)
            letter.save(force_insert=True)
            ReminderCase.objects.bulk_create(
                ReminderCase(
                    reminder=letter, case_id=one.id, number=one.number, title=one.title[:120],
                    place=one.place[:120], due_at=one.due_at,
                )
                for one in cases
            )  # fmt: skip
    except IntegrityError:
        # Somebody was a moment faster; the database keeps one letter a set.
        there = Reminder.objects.filter(set_key=letter.set_key, state__in=UNDER_WAY).first()
        if there is None:
            raise
        raise Refusal(reasons.LETTER_THERE, letter=str(there)) from None
    return letter


def issuing_area(by: Actor, unit: UnitCard) -> str:
    """Return the path of the area that issues a letter to a unit: its street, or whatever lies above it.

    A community is reminded by its street. Where the writer has no right there, it is the nearest area of
    theirs that covers the unit. Refusal `not_your_paper`.
    """
    tops = tops_of(by, Permission.REMINDER_WRITE)
    town = town_map()
    for code in reversed(unit.area_path.split("/")):
        card = town.by_code(code)
        if card is not None and card.level in ISSUING_LEVELS and any(covers(top, card.path) for top in tops):
            return card.path
    covering = [top for top in tops if not unit.area_path or covers(top, unit.area_path)]
    if not covering:
        raise Refusal(reasons.NOT_YOUR_PAPER)
    return max(covering, key=len)


def _cases(numbers: Collection[str], unit: UnitCard, area_path: str) -> list[CaseLine]:
    if len(numbers) > MOST_CASES:
        raise Refusal(reasons.MOST_CASES, most=MOST_CASES)
    found = chosen(numbers, unit.id, area_path)
    if not found:
        raise Refusal(reasons.NO_CASES, field="numbers")
    return found


def _no_personal(letter: Reminder) -> None:
    for name in ("title", "text"):
        told = getattr(letter, name)
        left = [told[span.start : span.end] for span in find(told)]
        if left:
            raise Refusal(reasons.PERSONAL_IN_PAPER, field=name, what="、".join(left[:3]))


def edit_reminder(
    key: UUID, *, title: str, text: str, days: int, seen: int, by: Actor, at: datetime
) -> Reminder:
    """Word a draft anew; `seen` is the length of its history on the screen. Also takes up one sent back."""
    with transaction.atomic():
        letter = _locked(key, ReminderState.DRAFT)
        need(by, Permission.REMINDER_WRITE, letter.area_path)
        if letter.fact_seq != seen:
            raise Refusal(reasons.DRAFT_MOVED)
        letter.title, letter.text = on_one_line(title)[:LONGEST_TITLE], clean(text)[:LONGEST_TEXT]
        letter.answer_days = min(max(days, 1), MOST_DAYS)
        for name in ("title", "text"):
            if not getattr(letter, name):
                raise Refusal(reasons.LETTER_WORDS, field=name)
        _no_personal(letter)
        # Who worded it last has drafted it: another signs.
        letter.drafted_by_id, letter.drafted_by, letter.sent_back = by.id, by.name[:80], ""
        numbers = list(letter.cases.values_list("number", flat=True))
        return _told(
            letter,
            facts.ReminderDrafted(letter.unit.name, letter.reason, numbers, letter.title),
            by=by,
            at=at,
        )


def sign_reminder(key: UUID, *, seen: int, by: Actor, at: datetime) -> Reminder:
    """Sign a draft: it gets its number, its document is frozen and printed, and the unit hears of it.

    Refusals: `own_letter`, `not_your_paper`, `letter_moved`, `draft_moved` when its words changed meanwhile.
    """
    with transaction.atomic():
        letter = _locked(key, ReminderState.DRAFT)
        need(by, Permission.REMINDER_SIGN, letter.area_path)
        if by.id is not None and by.id == letter.drafted_by_id:
            raise Refusal(reasons.OWN_LETTER)
        if letter.fact_seq != seen:
            raise Refusal(reasons.DRAFT_MOVED)
        head, town = head_of(letter.area), town_clock(at)
        letter.year = local_day(at).year
        letter.number = next_number(SERIES, letter.area_id, letter.year)
        letter.symbol = symbol_of(head.word, letter.year, letter.number)
        letter.issued_at, letter.signed_by_id, letter.signed_by = at, by.id, by.name[:80]
        letter.answer_by = due_at(at, Limit(letter.answer_days, Unit.WORKING_DAYS), town.calendar).at
        letter.state = ReminderState.ISSUED
        cases = list(letter.cases.all())
        paper = letter_paper(letter, cases, head, at=at)
        letter.paper, letter.sha256 = to_plain(paper), digest(paper)
        body = facts.ReminderIssued(
            letter.unit.name, letter.symbol, letter.title, [one.number for one in cases],
            letter.answer_by.isoformat(), letter.sha256,
        )  # fmt: skip
        _told(letter, body, by=by, at=at)
        keep_prints(letter, paper, {}, at=at)
        return letter


def send_back_reminder(key: UUID, *, reason: str, by: Actor, at: datetime) -> Reminder:
    """Send a draft back to who wrote it, with a reason; it stays a draft."""
    with transaction.atomic():
        letter = _locked(key, ReminderState.DRAFT)
        need(by, Permission.REMINDER_SIGN, letter.area_path)
        letter.sent_back = _why(reason)
        return _told(letter, facts.ReminderSentBack(letter.unit.name, letter.sent_back), by=by, at=at)


def drop_reminder(key: UUID, *, reason: str, by: Actor, at: datetime) -> Reminder:
    """Drop a draft; it never had a number, so the series has no gap."""
    with transaction.atomic():
        letter = _locked(key, ReminderState.DRAFT)
        need(by, Permission.REMINDER_WRITE, letter.area_path)
        letter.state, letter.outcome = ReminderState.DROPPED, _why(reason)
        return _told(letter, facts.ReminderDropped(letter.unit.name, letter.outcome), by=by, at=at)


def receive_reminder(key: UUID, *, by: Actor, at: datetime) -> Reminder:
    """Confirm for the unit that the letter is there; done twice, the first counts."""
    with transaction.atomic():
        letter = _locked(key)
        _mine(letter, by)
        if letter.state != ReminderState.ISSUED:
            return letter
        letter.state, letter.received_at, letter.received_by = ReminderState.RECEIVED, at, by.name[:80]
        return _told(letter, facts.ReminderReceived(letter.unit.name, letter.symbol), by=by, at=at)


def answer_reminder(key: UUID, *, answer: str, by: Actor, at: datetime) -> Reminder:
    """Answer a letter for the unit; whoever answers has received it. `letter_words`, `letter_moved`."""
    told = clean(answer)[:LONGEST_TEXT]
    with transaction.atomic():
        letter = _locked(key, ReminderState.ISSUED, ReminderState.RECEIVED)
        _mine(letter, by)
        if not told:
            raise Refusal(reasons.LETTER_WORDS, field="answer")
        bodies: list[FactBody] = []
        if letter.state == ReminderState.ISSUED:
            letter.received_at, letter.received_by = at, by.name[:80]
            bodies.append(facts.ReminderReceived(letter.unit.name, letter.symbol))
        letter.state, letter.answer, letter.answered_at = ReminderState.ANSWERED, told, at
        letter.answered_by, letter.outcome = by.name[:80], ""
        return _told(
            letter, *bodies, facts.ReminderAnswered(letter.unit.name, letter.symbol, told), by=by, at=at
        )


def refuse_answer(key: UUID, *, reason: str, by: Actor, at: datetime) -> Reminder:
    """Say that an answer will not do, and why; the unit has its working days again."""
    with transaction.atomic():
        letter = _locked(key, ReminderState.ANSWERED)
        need(by, Permission.REMINDER_WRITE, letter.area_path)
        letter.state, letter.outcome = ReminderState.RECEIVED, _why(reason)
        limit = Limit(letter.answer_days, Unit.WORKING_DAYS)
        letter.answer_by = due_at(at, limit, town_clock(at).calendar).at
        body = facts.ReminderAnswerRefused(
            letter.unit.name, letter.symbol, letter.outcome, letter.answer_by.isoformat()
        )
        return _told(letter, body, by=by, at=at)


def close_reminder(key: UUID, *, outcome: str, by: Actor, at: datetime) -> Reminder:
    """Close a letter that was answered, saying what came of it."""
    with transaction.atomic():
        letter = _locked(key, ReminderState.ANSWERED)
        need(by, Permission.REMINDER_WRITE, letter.area_path)
        letter.state, letter.outcome, letter.closed_at = ReminderState.CLOSED, _why(outcome, "outcome"), at
        body = facts.ReminderClosed(letter.unit.name, letter.symbol, letter.outcome)
        return _told(letter, body, by=by, at=at)


def _locked(key: UUID, *states: ReminderState) -> Reminder:
    letter = (
        Reminder.objects.select_for_update(of=("self",)).select_related("unit", "area").filter(pk=key).first()
    )
    if letter is None:
        raise Refusal(reasons.PAPER_NOT_FOUND)
    if states and letter.state not in states:
        raise Refusal(reasons.LETTER_MOVED, state=ReminderState(letter.state).label)
    return letter


def _mine(letter: Reminder, by: Actor) -> None:
    if not may_answer(by, letter.unit_id) or letter.state in {ReminderState.DRAFT, ReminderState.DROPPED}:
        raise Refusal(reasons.PAPER_NOT_FOUND)


def _why(text: str, field: str = "reason") -> str:
    told = on_one_line(text)[:LONGEST_WHY]
    if not told:
        raise Refusal(reasons.SAY_WHY_GONE, field=field)
    return told


def _told(letter: Reminder, *bodies: FactBody, by: Actor, at: datetime) -> Reminder:
    record(letter, *bodies, district=letter.district, by=by, at=at)
    letter.save()
    return letter


def sets_of(lines: Sequence[CaseLine]) -> list[tuple[UnitCard, list[CaseLine]]]:
    """Return cases by the unit that has them in hand, the unit with most first."""
    book = unit_book().by_id
    sets: dict[UUID, list[CaseLine]] = {}
    for line in lines:
        if line.unit_id in book:
            sets.setdefault(line.unit_id, []).append(line)
    found = [(book[unit], cases) for unit, cases in sets.items()]
    return sorted(found, key=lambda one: (-len(one[1]), one[0].code))
