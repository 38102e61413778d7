"""A bulletin is drafted, edited, released and never changes; its promises are asked for a week later."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from huying.bulletin.bulletins import (
    SectionEdit,
    add_promise,
    correct_bulletin,
    draft_bulletin,
    drop_bulletin,
    drop_promise,
    edit_bulletin,
    judge_promise,
    recount_bulletin,
    release_bulletin,
    remove_row,
)
from huying.bulletin.models import Bulletin, BulletinState, Span
from huying.bulletin.numbers import change_of, days_of, in_words, told_of
from huying.bulletin.planning import draft_what_is_due, set_plan
from huying.bulletin.rules import bulletins_visible_to
from huying.bulletin.sources import Voice, fair_sample, short
from huying.bulletin.tests.papers import IN_THE_WEEK, MONDAY, cleaners, praised, released, week
from huying.cases.tests.stories import AT, closed, dispatched
from huying.insight.core.telling import Counted
from huying.ledger.queries import timeline, verify
from huying.testing.cast import appeal_of, staff
from huying.testing.refusals import refused
from huying.testing.town import EAST, STREET, WEST

pytestmark = pytest.mark.django_db


def section(bulletin: Bulletin, key: str) -> dict[str, Any]:
    return next(one for one in bulletin.sections if one["key"] == key)


def words_of(bulletin: Bulletin, ending: str = "docx") -> str:
    return "".join(Document(io.BytesIO(bytes(bulletin.prints.get(ending=ending).data))).element.itertext())


def test_a_draft_tells_numbers_with_what_they_are_of_and_hides_small_ones() -> None:
    for _ in range(6):
        closed()
    bulletin = week()
    rows = {row["key"]: row["cells"] for row in section(bulletin, "numbers")["rows"]}
    assert rows["came_in"][1:3] == ["6", "0"]
    assert rows["solved"][4].startswith("回答的诉求人 6")
    assert "～" in rows["solved"][1]
    assert rows["returned"][1] in {"不足5", "0%～39%"}
    assert "收到群众诉求6件" in section(bulletin, "numbers")["text"]


def test_fewer_than_five_are_never_told_and_neither_is_their_change() -> None:
    dispatched()
    bulletin = week()
    rows = {row["key"]: row["cells"] for row in section(bulletin, "numbers")["rows"]}
    assert rows["came_in"][1] == "不足5"
    assert rows["came_in"][3] == "—"
    assert {row["cells"][1] for row in section(bulletin, "parts")["rows"]} <= {"不足5"}


@given(st.integers(0, 200), st.integers(0, 200))
def test_no_count_below_five_can_be_worked_out(now: int, before: int) -> None:
    told = told_of("came_in", Counted(now, now))
    assert told == in_words(now)
    change = change_of("came_in", Counted(now, now), Counted(before, before))
    if 0 < now < 5 or 0 < before < 5:
        assert change == "—"
    elif now != before:
        assert int(change) == now - before


def test_what_residents_say_is_redacted_and_praise_names_no_person() -> None:
    praised()
    appeal_of("听澜花园李小花13912345678说垃圾没人清，臭得要命", at=AT)
    bulletin = week()
    everything = str(bulletin.sections)
    assert "13800138000" not in everything
    assert "13912345678" not in everything
    assert short("听澜花园12栋三单元的电梯坏了") == "听澜花园某楼的电梯坏了"
    assert section(bulletin, "praised")["rows"][0]["cells"][1] == "环卫所"
    assert section(bulletin, "voices")["rows"]


def test_a_fair_sample_hears_every_kind_and_is_the_same_for_whoever_asks() -> None:
    voices = [
        Voice(f"n{place}", "话", "", None, item)
        for place, item in enumerate(["01"] * 20 + ["02"] * 3 + ["03"])
    ]
    picked = fair_sample(voices, 6)
    assert [voice.item_code for voice in picked] == ["01", "02", "03", "01", "02", "01"]
    assert len({voice.number for voice in picked}) == 6
    dispatched()
    dispatched()
    one, other = week(), week()
    assert section(one, "voices") == section(other, "voices")


def test_sections_are_reordered_reworded_left_out_and_rows_go_with_a_reason() -> None:
    dispatched()
    bulletin = week()
    ling = staff("ling", at=MONDAY)
    edits = [
        SectionEdit("voices", "群众来信", "两则。"), SectionEdit("numbers", "总体情况", "平稳。"),
        SectionEdit("early", "苗头", "", on=False),
    ]  # fmt: skip
    bulletin = edit_bulletin(bulletin.pk, edits, seen=0, by=ling, at=MONDAY)
    assert [one["key"] for one in bulletin.sections[:3]] == ["voices", "numbers", "early"]
    with refused("draft_moved"):
        edit_bulletin(bulletin.pk, edits, seen=0, by=ling, at=MONDAY)
    row = section(bulletin, "voices")["rows"][0]["key"]
    with refused("say_why_gone"):
        remove_row(bulletin.pk, "voices", row, reason="", seen=1, by=ling, at=MONDAY)
    bulletin = remove_row(bulletin.pk, "voices", row, reason="可认出本人", seen=1, by=ling, at=MONDAY)
    out = released(bulletin)
    told = words_of(out)
    assert "群众来信" in told
    assert "苗头" not in told
    assert "苍蝇到处飞" not in told
    removed = next(fact for fact in timeline(f"bulletin:{out.pk}") if fact.kind == "BulletinRowRemoved")
    assert removed.data["reason"] == "可认出本人"


def test_personal_data_is_not_written_into_a_bulletin() -> None:
    bulletin = week()
    with refused("personal_in_paper"):
        edit_bulletin(
            bulletin.pk, [SectionEdit("numbers", "情况", "请致电13800138000")], seen=0,
            by=staff("ling", at=MONDAY), at=MONDAY,
        )  # fmt: skip
    bulletin.refresh_from_db()
    assert "13800138000" not in str(bulletin.sections)


def test_a_released_bulletin_never_changes_whatever_happens_afterwards() -> None:
    for _ in range(6):
        dispatched()
    out = released()
    kept = {one.ending: bytes(one.data) for one in out.prints.all()}
    assert set(kept) == {"docx", "pdf", "xlsx"}
    for _ in range(6):
        dispatched(at=AT + timedelta(hours=1))
    with refused("no_draft"):
        recount_bulletin(out.pk, seen=out.revision, by=staff("ling", at=MONDAY), at=MONDAY)
    again = week()
    assert again.pk == out.pk
    assert {one.ending: bytes(one.data) for one in again.prints.all()} == kept
    for change in ("numbers = '{}'", "sections = '[]'", "paper = '{}'", "number = 7"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE bulletin_bulletin SET {change}")  # noqa: S608 - the words above
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(kept["xlsx"])).get_sheet_by_index(0).to_python()
    assert sheet[1][:2] == ["收到诉求（件）", 6]
    assert verify().broken is None


def test_a_correction_is_a_new_edition_under_the_same_issue() -> None:
    first = released()
    ling = staff("ling", at=MONDAY)
    with refused("say_why_gone"):
        correct_bulletin(first.pk, correction="", by=ling, at=MONDAY)
    draft = correct_bulletin(first.pk, correction="更正办结件数", by=ling, at=MONDAY)
    assert correct_bulletin(first.pk, correction="再次", by=ling, at=MONDAY).pk == draft.pk
    second = released(draft)
    assert (second.number, second.edition) == (first.number, 2)
    assert "更正说明：更正办结件数" in words_of(second)
    assert "更正说明" not in words_of(first)


def test_what_was_promised_stands_in_the_next_bulletin_with_what_came_of_it() -> None:
    bulletin = week()
    ling = staff("ling", at=MONDAY)
    add_promise(
        bulletin.pk, text="清空听澜花园垃圾堆", unit=cleaners(), due_on=date(2026, 10, 2), by=ling, at=MONDAY
    )
    gone = add_promise(bulletin.pk, text="写错了", unit=None, due_on=None, by=ling, at=MONDAY)
    bulletin = drop_promise(bulletin.pk, gone.place, by=ling, at=MONDAY)
    first = released(bulletin)
    assert "清空听澜花园垃圾堆" in words_of(first)
    promise = first.promises.get()
    with refused("promise_words"):
        judge_promise(promise.pk, outcome="kept", told="", by=ling, at=MONDAY)
    judge_promise(promise.pk, outcome="kept", told="10月1日清运完毕", by=ling, at=MONDAY)
    later = MONDAY + timedelta(days=7)
    following = draft_bulletin(
        STREET, Span.WEEK, IN_THE_WEEK + timedelta(days=7), by=staff("ling", at=later), at=later
    )
    (row,) = section(following, "promised")["rows"]
    assert row["cells"] == ["清空听澜花园垃圾堆", "环卫所", "2026年10月2日", "已落实：10月1日清运完毕"]


def test_issues_have_no_gaps_and_dropped_drafts_take_none() -> None:
    draft = week()
    drop_bulletin(draft.pk, reason="重做", by=staff("ling", at=MONDAY), at=MONDAY)
    assert released(week()).number == 1
    later = MONDAY + timedelta(days=7)
    ling = staff("ling", at=later)
    following = draft_bulletin(STREET, Span.WEEK, IN_THE_WEEK + timedelta(days=7), by=ling, at=later)
    assert release_bulletin(following.pk, seen=0, by=ling, at=later).number == 2


def test_who_may_write_release_and_read() -> None:
    draft = week(EAST, by="dong")
    with refused("not_your_paper"):
        draft_bulletin(WEST, Span.WEEK, IN_THE_WEEK, by=staff("dong", at=MONDAY), at=MONDAY)
    with refused("not_your_paper"):
        release_bulletin(draft.pk, seen=0, by=staff("du", at=MONDAY), at=MONDAY)
    street = released()

    def seen(name: str) -> set[object]:
        return set(
            Bulletin.objects.filter(bulletins_visible_to(staff(name, at=MONDAY))).values_list("pk", flat=True)
        )

    assert seen("dong") == {draft.pk, street.pk}
    assert seen("ling") == {draft.pk, street.pk}
    assert seen("lin") == set()
    assert seen("mei") == {street.pk}


def test_days_that_are_not_over_are_not_told() -> None:
    with refused("span_runs"):
        draft_bulletin(STREET, Span.WEEK, IN_THE_WEEK, by=staff("ling", at=AT), at=AT)
    assert days_of(Span.MONTH, date(2026, 2, 10)).last == date(2026, 2, 28)
    assert days_of(Span.WEEK, date(2026, 1, 1)).first == date(2025, 12, 29)


def test_on_monday_morning_drafts_stand_and_nothing_goes_out_unless_the_town_says_so() -> None:
    at = datetime(2026, 9, 28, 7, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    made = draft_what_is_due(at=at)
    assert sorted(one.area_path.rpartition("/")[2] for one in made) == [STREET, EAST, WEST]
    assert {one.state for one in made} == {BulletinState.DRAFT}
    assert {one.pk for one in draft_what_is_due(at=at)} == {one.pk for one in made}
    assert draft_what_is_due(at=at + timedelta(days=1)) == []
    guan = staff("guan", at=at)
    with refused("not_allowed"):
        set_plan("street", Span.WEEK, is_on=True, by_itself=True, by=staff("ling", at=at))
    set_plan("street", Span.WEEK, is_on=True, by_itself=True, by=guan)
    set_plan("community", Span.WEEK, is_on=False, by_itself=True, by=guan)
    (street,) = draft_what_is_due(at=at)
    assert (street.state, street.released_by) == (BulletinState.RELEASED, "Huying")
