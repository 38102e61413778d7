"""Reporting a violation through the pages: sealed on the way in, and not there at all for the accused."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huying.home.tests.desks import desk_of
from huying.intake.tests.photos import exif, lamp, written
from huying.people.models import PersonalAccess, Unit
from huying.sealed.models import Identity, Report
from huying.sealed.pictures import pictures_of
from huying.testing.town import CAST

pytestmark = pytest.mark.django_db

TEXT = "环卫所队长收了商户的红包，视而不见"
WHO = {"name": "周举报", "phone": "13900139000", "email": ""}


def reader() -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    return client


def file_it(client: Client, unit: str = "cleaning", **told: object) -> tuple[str, str]:
    accused = str(Unit.objects.get(code=unit).pk)
    answer = client.post(
        "/report/", {"text": TEXT, "accused_unit": accused, "about": ""} | WHO | told, follow=True
    )
    page = answer.content.decode()
    number, code = re.findall(r'big-number num">([^<]+)<', page)
    return number, code


def follow(client: Client, number: str, code: str) -> str:
    return client.post("/report/follow/", {"number": number, "code": code}, follow=True).content.decode()


def test_a_resident_reports_follows_writes_and_rates_without_an_account() -> None:
    number, code = file_it(reader())
    report = Report.objects.get(number=number)
    her, ji = reader(), desk_of("ji")
    page = follow(her, number, code)
    assert TEXT in page
    assert "周举报" not in page
    her.post("/report/mine/", {"text": "证据在门卫室"})
    page = ji.get(f"/desk/sealed/{number}/").content.decode()
    assert TEXT in page
    assert "证据在门卫室" in page
    assert report.alias in page
    assert "周举报" not in page
    ji.post(f"/desk/sealed/{number}/take/")
    assert ji.post(f"/desk/sealed/{number}/answer/", {"text": "已查实"}).status_code == 400
    ji.post(f"/desk/sealed/{number}/answer/", {"text": "已查实", "outcome": "confirmed"})
    assert "已查实" in her.get("/report/mine/").content.decode()
    her.post("/report/mine/", {"stars": "5", "comment": "谢谢"})
    report.refresh_from_db()
    assert (report.state, report.stars) == ("closed", 5)
    her.post("/report/leave/")
    assert her.get("/report/mine/").status_code == 302


def test_number_and_code_are_shown_once_and_guessing_is_stopped() -> None:
    client = reader()
    number, code = file_it(client)
    assert client.get("/report/sent/").status_code == 302
    for _try in range(10):
        assert "wrong" in follow(client, number, "AAAABBBBCCCC")
    assert "Too many tries" in follow(client, number, code)


@pytest.mark.parametrize("username", [row[0] for row in CAST if not row[3].startswith("discipline")])
def test_nobody_else_reaches_or_counts_it(username: str) -> None:
    client = desk_of(username)
    before = {page: client.get(page).content for page in ("/desk/notices/", "/desk/items/")}
    number, _code = file_it(reader())
    for address in ("", "identity/", "take/", "grant/", "write/"):
        method = client.get if not address else client.post
        assert method(f"/desk/sealed/{number}/{address}").status_code == 404
    assert client.get("/desk/sealed/").status_code == 404
    assert f"/desk/sealed/{number}" not in client.get("/desk/search/", {"q": number}).content.decode()
    assert TEXT not in client.get("/desk/search/", {"q": "红包"}).content.decode()
    for page, held in before.items():
        now = client.get(page).content
        assert re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", now).count(b"count") == held.count(
            b"count"
        )


def test_an_officer_who_is_accused_gets_a_404_as_if_there_were_none() -> None:
    number, _code = file_it(reader(), unit="discipline")
    for username in ("ji", "lian"):
        client = desk_of(username)
        unknown = client.get("/desk/sealed/JB000000000000/")
        answer = client.get(f"/desk/sealed/{number}/")
        assert (answer.status_code, unknown.status_code) == (404, 404)
        assert number not in client.get("/desk/sealed/").content.decode()
        assert 'class="count' not in client.get("/desk/sealed/").content.decode()


def test_two_officers_open_an_identity_on_one_page_only() -> None:
    number, _code = file_it(reader())
    ji, lian = desk_of("ji"), desk_of("lian")
    ji.post(f"/desk/sealed/{number}/take/")
    ji.post(f"/desk/sealed/{number}/ask/", {"reason": "需要当面核实账目"})
    assert "Grant" not in ji.get(f"/desk/sealed/{number}/").content.decode()
    assert "周举报" not in ji.post(f"/desk/sealed/{number}/identity/", follow=True).content.decode()
    lian.post(f"/desk/sealed/{number}/grant/")
    assert "周举报" not in lian.post(f"/desk/sealed/{number}/identity/", follow=True).content.decode()
    page = ji.post(f"/desk/sealed/{number}/identity/").content.decode()
    assert "周举报" in page
    assert 'class="watermark"' in page
    assert "周举报" not in ji.get(f"/desk/sealed/{number}/").content.decode()
    assert PersonalAccess.objects.get().seen == "identity"
    shen = desk_of("shen").get("/desk/office/audit/").content.decode()
    assert number in shen
    assert "周举报" not in shen


def test_an_anonymous_report_keeps_nobody() -> None:
    client = reader()
    file_it(client, name="", phone="")
    assert not Identity.objects.exists()
    session = dict(client.session)
    assert "sealed_fresh" not in session


def test_the_front_page_shows_the_way() -> None:
    assert 'href="/report/"' in reader().get("/").content.decode()


def test_officers_narrow_the_list_by_alias_state_and_day_and_never_by_who() -> None:
    number, _code = file_it(reader())
    other, _code = file_it(reader())
    report, ji = Report.objects.get(number=number), desk_of("ji")

    def shown(**asked: str) -> set[str]:
        page = ji.get("/desk/sealed/", asked).content.decode()
        return {one for one in (number, other) if f"/desk/sealed/{one}/" in page}

    day = report.received_on.isoformat()
    assert shown() == {number, other}
    assert shown(q=report.alias) == shown(q=number.lower()) == {number}
    assert shown(q="周举报") == shown(q="13900139000") == shown(q="红包") == set()
    assert shown(state="new", since=day, until=day) == {number, other}
    assert shown(state="replied") == shown(until="2020-01-01") == shown(outcome="confirmed") == set()
    assert shown(since="no day") == {number, other}, "what is no day narrows nothing"


def test_a_photo_goes_along_and_only_reporter_and_officers_see_it() -> None:
    shot = SimpleUploadedFile("x.jpg", written(lamp(), "JPEG", exif=exif()), "image/jpeg")
    number, code = file_it(reader(), photos=shot)
    report = Report.objects.get(number=number)
    (picture,) = pictures_of(report)
    her, ji = reader(), desk_of("ji")
    mine, desk = f"/report/mine/picture/{picture}/", f"/desk/sealed/{number}/picture/{picture}/"
    assert her.get(mine).status_code == 404, "before it was opened by its code"
    assert mine in follow(her, number, code)
    seen = her.get(mine)
    assert (seen.status_code, seen.headers["Content-Type"]) == (200, "image/jpeg")
    assert "no-store" in seen.headers["Cache-Control"]
    assert b"SECRET-MAKER" not in seen.content
    assert desk in ji.get(f"/desk/sealed/{number}/").content.decode()
    assert ji.get(desk).content == seen.content
    for name in ("lin", "guan", "shen"):
        assert desk_of(name).get(desk).status_code in {403, 404}
    other, _code = file_it(reader())
    assert ji.get(f"/desk/sealed/{other}/picture/{picture}/").status_code == 404


def test_what_is_no_photo_is_told_and_no_report_is_filed() -> None:
    told = {"text": TEXT, "photos": SimpleUploadedFile("x.jpg", b"no picture", "image/jpeg")}
    answer = reader().post("/report/", told | WHO)
    assert 400 <= answer.status_code < 500
    assert "error" in answer.content.decode()
    assert not Report.objects.exists()
