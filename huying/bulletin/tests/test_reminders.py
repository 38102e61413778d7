"""A reminder letter goes from a draft over a second person to the unit, and back with an answer."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from docx import Document

from huying.bulletin.models import Print, Reminder, ReminderState
from huying.bulletin.reminders import (
    answer_reminder,
    close_reminder,
    draft_reminder,
    drop_reminder,
    edit_reminder,
    receive_reminder,
    refuse_answer,
    send_back_reminder,
    sets_of,
    sign_reminder,
)
from huying.bulletin.rules import letters_visible_to
from huying.bulletin.sources import late, near
from huying.bulletin.tests.papers import LATER, cleaners, drafted, issued
from huying.cases.actions import move_case
from huying.cases.tests.stories import AT, closed, dispatched
from huying.kit.paper import from_plain
from huying.ledger.queries import timeline, verify
from huying.people.queries import unit_book
from huying.testing.cast import staff
from huying.testing.refusals import refused

pytestmark = pytest.mark.django_db


def test_a_letter_goes_from_draft_to_closed_and_every_step_is_told() -> None:
    letter = issued()
    assert (letter.state, letter.symbol) == (ReminderState.ISSUED, "映溪街提〔2026〕1号")
    lin, du = staff("lin", at=LATER), staff("du", at=LATER)
    receive_reminder(letter.pk, by=lin, at=LATER)
    answer_reminder(letter.pk, answer="车辆故障，今日清运完毕。", by=lin, at=LATER)
    letter = close_reminder(letter.pk, outcome="已核实", by=du, at=LATER)
    assert letter.state == ReminderState.CLOSED
    assert [fact.kind for fact in timeline(f"reminder:{letter.pk}")] == [
        "ReminderDrafted", "ReminderIssued", "ReminderReceived", "ReminderAnswered", "ReminderClosed",
    ]  # fmt: skip
    assert verify().broken is None


def test_whoever_drafted_or_worded_a_letter_last_does_not_sign_it() -> None:
    letter = drafted()
    du, ling, at = staff("du", at=LATER), staff("ling", at=LATER), LATER
    with refused("not_your_paper"):
        sign_reminder(letter.pk, seen=letter.fact_seq, by=du, at=at)
    with refused("not_your_paper"):
        edit_reminder(letter.pk, title="标题", text="正文", days=3, seen=letter.fact_seq, by=ling, at=at)
    Reminder.objects.filter(pk=letter.pk).update(drafted_by_id=ling.id)
    with refused("own_letter"):
        sign_reminder(letter.pk, seen=letter.fact_seq, by=ling, at=at)
    with pytest.raises(IntegrityError, match="nobody_signs_a_reminder_of_their_own"), transaction.atomic():
        Reminder.objects.filter(pk=letter.pk).update(signed_by_id=ling.id)


def test_what_is_signed_is_what_was_read() -> None:
    letter = drafted()
    seen = letter.fact_seq
    edit_reminder(
        letter.pk, title="另一标题", text="另一正文", days=5, seen=seen, by=staff("du", at=LATER), at=LATER
    )
    with refused("draft_moved"):
        sign_reminder(letter.pk, seen=seen, by=staff("ling", at=LATER), at=LATER)
    letter.refresh_from_db()
    assert (letter.state, letter.title, letter.number) == ("draft", "另一标题", None)


def test_an_issued_letter_never_changes_and_its_files_are_kept_byte_for_byte() -> None:
    case = dispatched()
    letter = issued(case)
    files = {one.ending: bytes(one.data) for one in letter.prints.all()}
    text = "".join(Document(io.BytesIO(files["docx"])).element.itertext())
    assert letter.symbol in text
    assert case.number in text
    assert files["pdf"].startswith(b"%PDF")
    assert letter.paper is not None
    assert from_plain(letter.paper).number == letter.symbol
    for change in ("sha256 = 'x'", "number = 9", "paper = '{}'", "symbol = 'x'"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE bulletin_reminder SET {change}")  # noqa: S608 - the words above
    with pytest.raises(Exception, match=r"append|refuse|only"), transaction.atomic():
        Print.objects.all().delete()


def test_numbers_have_no_gaps_drafts_take_none_and_a_year_begins_anew() -> None:
    first = issued(dispatched())
    dropped = drafted(dispatched())
    drop_reminder(dropped.pk, reason="已办结", by=staff("du", at=LATER), at=LATER)
    second = issued(dispatched())
    assert (first.number, second.number) == (1, 2)
    next_year = LATER + timedelta(days=120)
    letter = draft_reminder(
        cleaners(), [dispatched().number], reason="other", by=staff("du", at=next_year), at=next_year
    )
    letter = sign_reminder(letter.pk, seen=letter.fact_seq, by=staff("ling", at=next_year), at=next_year)
    assert (letter.year, letter.number) == (2027, 1)


def test_a_set_of_cases_is_reminded_of_once_until_that_letter_is_closed() -> None:
    case = dispatched()
    drafted(case)
    with refused("letter_there"):
        drafted(case)
    drafted(case, reason="other")
    drafted(case, dispatched())
    assert Reminder.objects.count() == 3


def test_a_letter_names_only_cases_the_unit_has_in_hand() -> None:
    du = staff("du", at=LATER)
    for numbers in ([], ["HY000"], [closed().number]):
        with refused("no_cases"):
            draft_reminder(cleaners(), numbers, reason="overdue", by=du, at=LATER)
    city = unit_book().by_code["city"].id
    with refused("no_cases"):
        draft_reminder(city, [dispatched().number], reason="overdue", by=du, at=LATER)
    case = dispatched()
    move_case(case.pk, "keep_confidential", by=du, at=LATER, reason="涉及隐私")
    with refused("no_cases"):
        draft_reminder(cleaners(), [case.number], reason="overdue", by=du, at=LATER)
    assert not Reminder.objects.exists()


def test_personal_data_stays_out_of_a_letter() -> None:
    case = dispatched()
    with refused("personal_in_paper", field="text"):
        draft_reminder(
            cleaners(),
            [case.number],
            reason="other",
            text="请联系李女士13800138000",
            by=staff("du", at=LATER),
            at=LATER,
        )
    assert not Reminder.objects.exists()


def test_the_unit_sees_a_letter_once_it_is_issued_and_a_neighbour_never() -> None:
    letter = drafted()

    def seen_by(name: str) -> bool:
        return Reminder.objects.filter(letters_visible_to(staff(name, at=LATER)), pk=letter.pk).exists()

    assert [seen_by(name) for name in ("du", "ling", "lin", "hao", "wu", "dong")] == [
        True, True, False, False, False, False,
    ]  # fmt: skip
    sign_reminder(letter.pk, seen=letter.fact_seq, by=staff("ling", at=LATER), at=LATER)
    assert [seen_by(name) for name in ("du", "ling", "lin", "hao", "wu", "dong")] == [
        True, True, True, True, False, False,
    ]  # fmt: skip
    with refused("paper_not_found"):
        answer_reminder(letter.pk, answer="不是我们", by=staff("wu", at=LATER), at=LATER)
    with refused("paper_not_found"):
        receive_reminder(letter.pk, by=staff("wu", at=LATER), at=LATER)


def test_an_answer_that_will_not_do_goes_back_with_a_reason_and_new_days() -> None:
    letter = issued()
    lin, du = staff("lin", at=LATER), staff("du", at=LATER)
    with refused("letter_words", field="answer"):
        answer_reminder(letter.pk, answer=" ", by=lin, at=LATER)
    answer_reminder(letter.pk, answer="知道了", by=lin, at=LATER)
    later = LATER + timedelta(days=7)
    back = refuse_answer(letter.pk, reason="请说明办结时间", by=du, at=later)
    assert (back.state, back.outcome) == (ReminderState.RECEIVED, "请说明办结时间")
    assert back.answer_by is not None
    assert back.answer_by > later
    answer_reminder(letter.pk, answer="周五前清运完毕。", by=lin, at=later)
    with refused("letter_moved"):
        answer_reminder(letter.pk, answer="再答", by=lin, at=later)


def test_a_letter_sent_back_says_why_until_it_is_worded_anew() -> None:
    letter = drafted()
    ling, du = staff("ling", at=LATER), staff("du", at=LATER)
    with refused("say_why_gone"):
        send_back_reminder(letter.pk, reason=" ", by=ling, at=LATER)
    back = send_back_reminder(letter.pk, reason="语气过重", by=ling, at=LATER)
    assert back.sent_back == "语气过重"
    again = edit_reminder(
        letter.pk, title=back.title, text="请抓紧办理。", days=3, seen=back.fact_seq, by=du, at=LATER
    )
    assert again.sent_back == ""


def test_late_and_nearly_late_cases_are_found_by_unit() -> None:
    case = dispatched()
    assert [one.number for one in late(case.area_path, at=LATER)] == [case.number]
    assert late(case.area_path, at=AT) == []
    assert case.warn_at is not None
    assert [one.number for one in near(case.area_path, at=case.warn_at + timedelta(minutes=1))] == [
        case.number
    ]
    ((unit, cases),) = sets_of(late("440399", at=LATER))
    assert (unit.code, len(cases)) == ("cleaning", 1)
