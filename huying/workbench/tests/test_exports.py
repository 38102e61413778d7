"""Lists taken out: with a right and a reason, marked on every page, harmless in Excel, gone after a week."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone, translation
from PIL import Image
from procrastinate.contrib.django.models import ProcrastinateJob
from python_calamine import CalamineWorkbook

from huying.cases.lists import Order
from huying.cases.models import Case
from huying.ledger.models import Fact
from huying.ledger.queries import verify
from huying.people.models import PersonalAccess, Post, Role
from huying.testing.cast import appeal_of, case_of, staff
from huying.testing.refusals import refused
from huying.workbench import exports, writing
from huying.workbench.exports import ask_export, delete_old, find_export, take_file
from huying.workbench.jobs import write_list
from huying.workbench.lens import Lens
from huying.workbench.models import ExportRun, ExportState, Listed
from huying.workbench.watermark import draw_watermark
from huying.workbench.writing import ListWriter, pages_of

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django.fixtures import Settings

    from huying.ledger.actor import Actor

pytestmark = pytest.mark.django_db
AREA = Lens(Listed.AREA, "to_sign", columns=("status", "unit", "voices"))
WHY = "每周例会用"
TOILET = "听澜花园旁边的公厕很脏很臭，第{day}天没有人打扫"


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


def toilet(day: int = 3) -> Case:
    return case_of(appeal_of(TOILET.format(day=day), name="李小花", phone="13800138000"))


def asked(by: Actor, lens: Lens = AREA, *, contacts: bool = False, key: UUID | None = None) -> ExportRun:
    """Ask for a list as this person and let the job write it."""
    with translation.override("en"):
        run = ask_export(
            key or uuid4(), lens, why=WHY, contacts=contacts, language="en", by=by, at=timezone.now()
        )
        write_list(str(run.pk))
    return ExportRun.objects.get(pk=run.pk)


def rows_of(run: ExportRun, by: Actor) -> list[list[Any]]:
    """Return the rows of a written list, the header first."""
    _, data = take_file(run.pk, by=by, at=timezone.now())
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(1).to_python()


def test_a_list_is_written_by_a_job_with_the_columns_as_chosen() -> None:
    cases, dong = [toilet(day) for day in (3, 4)], staff("dong")
    run = asked(dong)
    assert (run.state, run.rows, run.more) == (ExportState.READY, 2, False)
    rows = rows_of(run, dong)
    assert rows[0] == ["Number", "Matter", "State", "Unit", "Appeals"]
    assert [row[0] for row in rows[1:]] == [case.number for case in cases]
    assert rows[1][2:] == ["Waiting to be signed", "环卫所", 1.0]
    assert [fact.kind for fact in Fact.objects.filter(stream=f"exportrun:{run.pk}").order_by("seq")] == [
        "ListAskedFor", "ListWritten", "ListTaken"
    ]  # fmt: skip
    assert verify().broken is None


def test_every_page_says_who_took_it_out_when_and_what_for() -> None:
    toilet()
    dong = staff("dong")
    run = asked(dong)
    _, data = take_file(run.pk, by=dong, at=timezone.now())
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    cover = {row[0]: row[1] for row in workbook.get_sheet_by_index(0).to_python() if len(row) > 1}
    assert (cover["Taken out by"], cover["What for"]) == ("董东 (dong)", WHY)
    assert cover["Tab"] == "To sign"
    with zipfile.ZipFile(io.BytesIO(data)) as inside:
        sheets = [inside.read(f"xl/worksheets/sheet{number}.xml").decode() for number in (1, 2)]
        pictures = [name for name in inside.namelist() if name.startswith("xl/media/")]
        assert all("<picture r:id" in sheet and "&amp;G" in sheet for sheet in sheets)
        assert all(WHY in sheet and "董东" in sheet for sheet in sheets)
        assert pictures
        Image.open(io.BytesIO(inside.read(pictures[0]))).verify()


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "＝HYPERLINK(1)", "\t=1"])
def test_what_looks_like_a_formula_is_a_text_and_stays_one(text: str) -> None:
    case, dong = toilet(), staff("dong")
    Case.objects.filter(pk=case.pk).update(title=text, place_name="00123456789012345678")
    run = asked(dong, Lens(Listed.AREA, "to_sign", columns=("place",)))
    assert rows_of(run, dong)[1][1:] == [text, "00123456789012345678"]
    _, data = take_file(run.pk, by=dong, at=timezone.now())
    with zipfile.ZipFile(io.BytesIO(data)) as inside:
        sheet, styles = (inside.read(f"xl/{name}.xml").decode() for name in ("worksheets/sheet2", "styles"))
    assert "<f>" not in sheet
    assert 'quotePrefix="1"' in styles


def test_names_and_numbers_are_whole_only_for_who_may_see_them_and_every_look_is_logged() -> None:
    case = toilet()
    dong, ling = staff("dong"), staff("ling")
    Role.objects.filter(key="leader").update(on_area=["case:see", "export:run"])
    with refused("contact_not_yours"):
        asked(staff("ling"), contacts=True)
    # Dong may see contacts of her own unit's work; this case is the cleaners'.
    run = asked(dong, contacts=True)
    assert rows_of(run, dong)[1][-2:] == ["李**", "138****8000"]
    assert not PersonalAccess.objects.exists()
    Case.objects.filter(pk=case.pk).update(unit_id=dong.unit_ids[0])
    run = asked(dong, contacts=True)
    assert rows_of(run, dong)[1][-2:] == ["李小花", "13800138000"]
    seen = PersonalAccess.objects.get()
    assert (seen.seen, seen.account_id, seen.words) == ("export", dong.id, WHY)
    assert ling.holds("case:see")


def test_a_list_holds_only_what_its_owner_sees_at_the_time_of_writing() -> None:
    here, there = toilet(), case_of(appeal_of("荷风雅居旁边的公厕没有人打扫", east=1))
    dong = staff("dong")
    numbers = [row[0] for row in rows_of(asked(dong), dong)[1:]]
    assert here.number in numbers
    assert there.number not in numbers
    run = ask_export(uuid4(), AREA, why=WHY, contacts=False, language="en", by=dong, at=timezone.now())
    Post.objects.filter(account__username="dong").update(valid_until=timezone.localdate())
    write_list(str(run.pk))
    run.refresh_from_db()
    assert (run.state, run.stored_as) == (ExportState.FAILED, "")


def test_without_the_right_or_a_reason_nothing_is_taken_out() -> None:
    for name in ("lin", "hao", "ge", "guan"):
        with refused("not_allowed"):
            asked(staff(name))
    with refused("why_missing"):
        ask_export(
            uuid4(), AREA, why=" 无 ", contacts=False, language="en", by=staff("dong"), at=timezone.now()
        )
    assert not ExportRun.objects.exists()


def test_the_link_is_its_owner_s_only_and_the_file_goes_after_a_week() -> None:
    toilet()
    dong, key = staff("dong"), uuid4()
    run = asked(dong, key=key)
    assert asked(dong, key=key) == run
    for stranger in ("du", "mei"):
        with refused("run_not_found"):
            take_file(run.pk, by=staff(stranger), at=timezone.now())
        with refused("run_not_found"):
            find_export(run.pk, by=staff(stranger))
    stored_as, week = run.stored_as, timezone.now() + timedelta(days=exports.KEPT_DAYS, minutes=1)
    with refused("export_gone"):
        take_file(run.pk, by=dong, at=week)
    assert delete_old(at=timezone.now()) == 0
    assert delete_old(at=week) == 1
    assert not exports.store().exists(stored_as)
    run.refresh_from_db()
    assert (run.state, run.rows) == (ExportState.DELETED, 1)


def test_a_job_that_runs_twice_writes_one_list_and_three_at_a_time_are_enough() -> None:
    toilet()
    dong = staff("dong")
    run = asked(dong)
    write_list(str(run.pk))
    assert Fact.objects.filter(stream=f"exportrun:{run.pk}", kind="ListWritten").count() == 1
    for _ in range(exports.MOST_WAITING):
        ask_export(uuid4(), AREA, why=WHY, contacts=False, language="en", by=dong, at=timezone.now())
    with refused("exports_waiting"):
        asked(dong)
    with refused("export_not_ready"):
        take_file(ExportRun.objects.filter(state="waiting")[0].pk, by=dong, at=timezone.now())
    assert ProcrastinateJob.objects.filter(task_name="workbench.write_list").count() == 4


@pytest.mark.parametrize("order", Order)
def test_pages_hold_every_case_once_in_order_and_the_limit_is_told(
    order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [toilet(day) for day in range(3, 10)]
    Case.objects.filter(pk=cases[1].pk).update(next_due_at=None)
    Case.objects.filter(pk__in=[cases[2].pk, cases[5].pk]).update(grade="A")
    dong, lens = staff("dong"), Lens(Listed.AREA, "to_sign", order=order)
    found = [one.pk for page in pages_of(lens, by=dong, at=timezone.now(), size=2) for one in page]
    assert sorted(found) == sorted(case.pk for case in cases)
    whole = [one.pk for page in pages_of(lens, by=dong, at=timezone.now(), size=100) for one in page]
    assert found == whole
    monkeypatch.setattr(writing, "AT_ONCE", 3)
    writer = ListWriter(lens, contacts=False, by=dong, at=timezone.now(), most=5)
    assert len(list(writer.lines())) == 5
    assert (writer.rows, writer.more) == (5, True)


def test_a_search_is_taken_out_page_by_page_too() -> None:
    cases = [toilet(day) for day in range(3, 8)]
    lens = Lens(Listed.SEARCH, words="公厕")
    found = [one.pk for page in pages_of(lens, by=staff("dong"), at=timezone.now(), size=2) for one in page]
    assert found == [case.pk for case in reversed(cases)]


def test_a_watermark_is_drawn_with_and_without_chinese_type(monkeypatch: pytest.MonkeyPatch) -> None:
    for path in (None, ""):
        if path is not None:
            monkeypatch.setattr("huying.workbench.watermark.chinese_type", lambda: "")
        picture = Image.open(io.BytesIO(draw_watermark(["董东", "dong", "2026-11-27", "E-1"])))
        drawn = max(picture.convert("RGBA").getchannel("A").tobytes())
        assert 0 < drawn < 80, "something is drawn, and it can be read through"
