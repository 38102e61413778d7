"""The working calendar in the office: a year, a day, hours by season, files looked at before they count."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from huying.catalogue.models import CalendarDay, WorkingHours
from huying.catalogue.queries import CALENDAR, town_clock
from huying.home.tests.desks import desk_of
from huying.kit.tabular import write_xlsx
from huying.ledger.queries import timeline, verify
from huying.ledger.snapshots import edition_now

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db
PAGE = "/desk/office/calendar/"
ON = date(2026, 6, 3)


@pytest.fixture
def guan() -> Client:
    return desk_of("guan")


def look(client: Client, data: str | bytes, name: str = "days.csv") -> Any:  # noqa: ANN401 - a test's answer
    """Hand in a file and return the page that shows what it would change."""
    body = data if isinstance(data, bytes) else data.encode()
    return client.post(f"{PAGE}upload/", {"file": SimpleUploadedFile(name, body)})


def take(client: Client) -> str:
    return client.post(f"{PAGE}take/", follow=True).content.decode()


def kinds() -> list[str]:
    return [fact.kind for fact in timeline(f"towntable:{CALENDAR}")]


# --- the year ----------------------------------------------------------------------------------------
def test_the_calendar_marks_days_in_words_and_links_every_day(
    guan: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    guan.get(PAGE)  # the snapshots of the town are read once for every page
    with django_assert_max_num_queries(6):
        page = guan.get(PAGE, {"year": "2026"}).content.decode()
    assert "is-holiday" in page
    assert "<small>off" in page
    assert "<small>work" in page
    assert page.count(f"{PAGE}day/2026-") == 365


@pytest.mark.parametrize("year", ["", "0000", "9999", "xx", "２０２６", "20266"])
def test_any_year_asked_for_has_a_page(guan: Client, year: str) -> None:
    assert guan.get(PAGE, {"year": year}).status_code == 200


def test_those_who_keep_the_calendar_are_warned_a_quarter_before_its_days_end() -> None:
    assert town_clock().calendar.known_until == date(2026, 12, 31)
    for at, warned in (
        (datetime(2026, 9, 30, 15, 59, tzinfo=UTC), False),
        (datetime(2026, 9, 30, 16, 0, tzinfo=UTC), True),  # the first of October in Shanghai
        (datetime(2026, 11, 1, tzinfo=UTC), True),
    ):
        with patch("huying.home.desk.access.timezone.now", return_value=at):
            guan = desk_of("guan")  # between these moments every session has ended by itself
            for page in (PAGE, "/desk/office/", "/desk/notices/"):
                assert ("Certain days end on 31 Dec 2026" in guan.get(page).content.decode()) is warned
            other = desk_of("lin").get("/desk/notices/").content.decode()
        assert "Certain days end" not in other


# --- one day -----------------------------------------------------------------------------------------
def tell_day(client: Client, on: str = "2026-06-03", **told: str) -> Any:  # noqa: ANN401 - a test's answer
    return client.post(f"{PAGE}day/{on}/", {"kind": "holiday", "name": "", "hours": "", "source": "", **told})


def test_a_day_set_by_hand_is_counted_with_at_once_and_leaves_a_fact(guan: Client) -> None:
    edition = edition_now(CALENDAR)
    assert town_clock().calendar.is_working(ON)
    assert tell_day(guan, name="台风停工", source="区三防办").status_code == 302
    assert not town_clock().calendar.is_working(ON)
    assert edition_now(CALENDAR) == edition + 1
    fact = timeline(f"towntable:{CALENDAR}").latest("seq")
    assert (fact.kind, fact.data["days"]) == ("DaysSet", [["2026-06-03", "holiday", "台风停工", "no", ""]])
    assert fact.data["edition"] == edition + 1
    assert tell_day(guan, kind="weekday").status_code == 302
    assert town_clock().calendar.is_working(ON)
    assert kinds()[-1] == "DayCleared"
    assert not CalendarDay.objects.filter(on=ON).exists()
    assert verify().broken is None
    assert "Day as its weekday again" in guan.get(PAGE).content.decode()


def test_a_half_day_before_a_festival_has_hours_of_its_own(guan: Client) -> None:
    told = {"kind": "workday", "name": "除夕前半天", "hours": "09:00-12:00"}
    assert tell_day(guan, "2026-02-13", **told).status_code == 302
    assert [str(span) for span in town_clock().calendar.spans(date(2026, 2, 13))] == ["09:00-12:00"]
    page = guan.get(PAGE, {"year": "2026"}).content.decode()
    assert "is-short" in page
    assert "09:00-12:00" in guan.get(f"{PAGE}day/2026-02-13/").content.decode()


@pytest.mark.parametrize(
    "told",
    [
        {"kind": "holiday", "hours": "09:00-12:00"},
        {"kind": "workday", "hours": "18:00-09:00"},
        {"kind": "workday", "hours": "09:00-12:00, 11:00-13:00"},
        {"kind": "workday", "hours": "morning"},
        {"kind": "party"},
    ],
)
def test_a_day_the_calendar_could_not_count_with_is_refused(guan: Client, told: dict[str, str]) -> None:
    before = kinds()
    answer = tell_day(guan, **told)
    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()
    assert kinds() == before


def test_of_two_clerks_at_one_day_the_second_is_told(guan: Client) -> None:
    seen = str(town_clock().edition)
    assert tell_day(guan, name="先", seen=seen).status_code == 302
    answer = tell_day(guan, name="后", seen=seen)
    assert answer.status_code == 409
    assert "Somebody changed this table meanwhile" in answer.content.decode()
    assert CalendarDay.objects.get(on=ON).name == "先"


def test_the_same_day_once_more_changes_nothing(guan: Client) -> None:
    tell_day(guan, name="台风")
    before = kinds()
    tell_day(guan, name="台风")
    assert kinds() == before


@pytest.mark.parametrize("on", ["2026-02-30", "x", "1999-01-01", "2101-01-01", "20260603"])
def test_a_day_that_is_none_has_no_page(guan: Client, on: str) -> None:
    assert guan.get(f"{PAGE}day/{on}/").status_code in {404, 200 if on == "20260603" else 404}


# --- hours -------------------------------------------------------------------------------------------
SUMMER = {
    "name": "夏令时", "spans": "08:30-12:00，15:00-18:30", "season_from": "5月1日", "season_until": "09-30",
    "valid_from": "2026-01-01", "valid_until": "",
}  # fmt: skip


def test_summer_hours_come_every_year_until_they_are_taken_away(guan: Client) -> None:
    assert guan.post(f"{PAGE}hours/", SUMMER).status_code == 302
    row = WorkingHours.objects.get(name="夏令时")
    assert (row.season_from, row.season_until) == ("05-01", "09-30")
    for year in (2026, 2030):
        day = next(
            date(year, 7, n) for n in range(1, 8) if town_clock().calendar.is_working(date(year, 7, n))
        )
        assert str(town_clock().calendar.spans(day)[0]) == "08:30-12:00"
    assert str(town_clock().calendar.spans(date(2026, 4, 30))[0]) == "09:00-12:00"
    page = guan.get(f"{PAGE}hours/{row.pk}/")
    assert "08:30-12:00, 15:00-18:30" in page.content.decode()
    assert guan.post(f"{PAGE}hours/{row.pk}/", SUMMER | {"spans": "08:00-12:00"}).status_code == 302
    assert str(town_clock().calendar.spans(date(2026, 7, 1))[0]) == "08:00-12:00"
    assert guan.post(f"{PAGE}hours/{row.pk}/", {"act": "remove"}).status_code == 302
    assert str(town_clock().calendar.spans(date(2026, 7, 1))[0]) == "09:00-12:00"
    assert kinds()[-3:] == ["HoursSet", "HoursSet", "HoursRemoved"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("spans", ""),
        ("spans", "18:00-09:00"),
        ("spans", '[["09:00"]]'),
        ("season_from", "31-31"),
        ("season_until", ""),
        ("valid_from", ""),
        ("valid_until", "2025-01-01"),
    ],
)
def test_hours_the_calendar_cannot_count_with_are_refused(guan: Client, name: str, value: str) -> None:
    count = WorkingHours.objects.count()
    answer = guan.post(f"{PAGE}hours/", SUMMER | {name: value})
    assert answer.status_code == 422
    assert WorkingHours.objects.count() == count


# --- files -------------------------------------------------------------------------------------------
def test_a_file_is_looked_at_before_it_counts(guan: Client) -> None:
    page = look(guan, "日期,类型,名称\n2026年6月3日,放假,台风停工\n2026-06-06,补班,补\n".encode("gb18030"))
    assert page.status_code == 200
    assert [day.on.isoformat() for day, *_ in page.context["days"]] == ["2026-06-03", "2026-06-06"]
    assert town_clock().calendar.is_working(ON)
    assert "2 days were written" in take(guan)
    assert not town_clock().calendar.is_working(ON)
    assert town_clock().calendar.is_working(date(2026, 6, 6))
    assert "管理" in CalendarDay.objects.get(on=ON).source


def test_the_same_file_once_more_changes_nothing(guan: Client) -> None:
    text = "date,kind,name,hours\n2026-06-03,workday,半天,09:00-12:00\n"
    look(guan, text)
    take(guan)
    before = kinds()
    page = look(guan, text)
    assert (page.context["days"], page.context["same"]) == ([], 1)
    assert "Nothing would change" in page.content.decode()
    assert "in the calendar already" in take(guan)
    assert "nothing left to take in" in take(guan)
    assert kinds() == before


def test_excel_is_read_like_a_table_of_text(guan: Client) -> None:
    file = BytesIO()
    write_xlsx(file, ["日期", "类型", "名称", "上班时间"], [["2026-06-03", "工作日", "半天", "09:00-12:00"]])
    page = look(guan, file.getvalue(), "days.xlsx")
    assert [words for _day, _old, words, _was in page.context["days"]] == ["09:00-12:00"]


def test_lines_that_are_no_days_are_told_and_the_rest_is_offered(guan: Client) -> None:
    page = look(
        guan,
        "date,kind,name,hours\n2026-02-30,holiday,x,\n=1+1,holiday,x,\n2026-07-01,party,<script>,\n"
        "2026-07-02,holiday,<script>alert(1)</script>,\n2026-07-02,holiday,again,\n9999-01-01,holiday,x,\n"
        "2026-07-03,workday,x,late\n",
    )
    assert [line for line, _ in page.context["problems"]] == [2, 3, 4, 6, 7, 8]
    assert "<script>alert" not in page.content.decode()
    assert "1 day was written" in take(guan)


def test_what_is_no_calendar_is_refused_beside_the_field(guan: Client) -> None:
    count = CalendarDay.objects.count()
    for text, name in (
        ("a,b\n1,2\n", "days.csv"),
        ("date,name\n2026-01-01,x\n", "days.csv"),
        ("date,kind\n", "days.csv"),
        ("hello", "days.ics"),
        ("BEGIN:VCALENDAR\nEND:VCALENDAR\n", "days.ics"),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\n", "days.ics"),
    ):
        page = look(guan, text, name)
        assert page.status_code == 400
        assert "field-error" in page.content.decode()
    assert CalendarDay.objects.count() == count


def published_2027() -> str:
    """Return a year's notice as a table: ten days off, of which the statutory guesses name only some."""
    days = [*(f"2027-10-{n:02},holiday,国庆节" for n in range(1, 8)), "2027-01-01,holiday,元旦"]
    days += ["2027-02-06,holiday,春节", "2027-02-07,holiday,春节", "2027-10-09,makeup,国庆节调休上班"]
    return "date,kind,name\n" + "\n".join(days) + "\n"


def test_a_published_year_settles_its_guesses(guan: Client) -> None:
    guesses = set(CalendarDay.objects.filter(on__year=2027, provisional=True).values_list("on", flat=True))
    assert guesses
    page = look(guan, published_2027())
    dropped = {day.on for day in page.context["dropped"]}
    assert dropped
    assert dropped < guesses
    take(guan)
    assert not CalendarDay.objects.filter(on__year=2027, provisional=True).exists()
    assert town_clock().calendar.known_until == date(2027, 12, 31)
    assert "Certain days end" not in guan.get(PAGE).content.decode()


def test_others_are_refused_everywhere(client: Client) -> None:
    lin = desk_of("lin")
    for page in (PAGE, f"{PAGE}day/2026-06-03/", f"{PAGE}hours/"):
        assert lin.get(page).status_code == 403
        assert client.get(page).status_code == 302
    for page in (f"{PAGE}upload/", f"{PAGE}take/", f"{PAGE}day/2026-06-03/", f"{PAGE}hours/"):
        assert lin.post(page, {}).status_code == 403
