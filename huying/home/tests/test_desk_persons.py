"""Residents are masked on the desk; a clerk says why, looks for minutes, and that is written down."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from huying.cases.models import Case
from huying.home.tests.desks import asked_case, desk_of
from huying.intake.models import Appeal
from huying.kit.text import bigrams
from huying.people.models import PersonalAccess
from huying.site.urls import urlpatterns
from huying.testing.cast import appeal_of, case_of
from huying.testing.town import CAST

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.test import Client


pytestmark = pytest.mark.django_db

NAME, PHONE, ID_CARD = "李小花", "13800138000", "440399199001011234"
TEXT = f"听澜花园旁边的公厕很脏很臭，没有人打扫，我是{NAME}，请打{PHONE}，证件{ID_CARD}"


def personal_case() -> Case:
    return case_of(appeal_of(TEXT, title=f"公厕 {PHONE}", name=NAME, phone=PHONE, email="li@example.org"))


def ask_to_see(client: Client, case: Case, *, reason: str = "visit", words: str = "") -> None:
    number = Appeal.objects.get(memberships__case=case).number
    client.post(f"/desk/cases/{case.number}/appeals/{number}/show/", {"reason": reason, "words": words})


def page_of(client: Client, case: Case) -> str:
    return client.get(f"/desk/cases/{case.number}/").content.decode()


def traces(page: str) -> list[str]:
    return [trace for trace in (NAME, PHONE, ID_CARD, "li@example.org") if trace in page]


def words_of(body: bytes) -> str:
    """Return the words of an answer: of its text, or of every part of a file that is a packed folder."""
    if body.startswith(b"PK"):
        with ZipFile(BytesIO(body)) as packed:
            body = b"\n".join(map(packed.read, packed.namelist()))
    return body.decode(errors="replace")


def test_a_clerk_sees_residents_masked_until_they_say_why_and_then_for_ten_minutes() -> None:
    case, lin = personal_case(), desk_of("lin")
    page = page_of(lin, case)
    assert traces(page) == []
    assert "李**" in page
    assert "138****8000" in page
    assert "watermark" not in page.replace("watermark.svg", "")
    ask_to_see(lin, case)
    page = page_of(lin, case)
    assert traces(page) == [NAME, PHONE, ID_CARD, "li@example.org"]
    assert f'href="tel:{PHONE}"' in page
    assert 'class="watermark"' in page
    (kept,) = PersonalAccess.objects.all()
    assert (kept.account_name, kept.subject, kept.reason) == ("林清", case.number, "visit")


def test_the_moment_passes_and_counts_for_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    case, lin = personal_case(), desk_of("lin")
    ask_to_see(lin, case)
    assert traces(page_of(desk_of("wu"), case)) == []
    later = timezone.now() + timedelta(minutes=10)
    monkeypatch.setattr("huying.home.desk.access.timezone.now", lambda: later)
    assert traces(page_of(lin, case)) == []


@pytest.mark.parametrize(("reason", "words"), [("", ""), ("nosy", ""), ("other", "x")])
def test_without_a_good_reason_nothing_is_shown_and_nothing_noted(reason: str, words: str) -> None:
    case, lin = personal_case(), desk_of("lin")
    ask_to_see(lin, case, reason=reason, words=words)
    assert traces(page_of(lin, case)) == []
    assert not PersonalAccess.objects.exists()


@pytest.mark.parametrize("username", ["mei", "hao", "wu", "ling", "guan"])
def test_who_may_not_see_contacts_cannot_ask(username: str) -> None:
    case, client = personal_case(), desk_of(username)
    ask_to_see(client, case)
    assert traces(page_of(client, case)) == []
    assert not PersonalAccess.objects.exists()


def test_a_follow_up_call_is_a_reason_of_its_own() -> None:
    case, dian = asked_case(), desk_of("dian")
    page = page_of(dian, case)
    assert PHONE not in page
    assert 'name="reason" value="follow_up"' in page
    ask_to_see(dian, case, reason="follow_up")
    assert f'href="tel:{PHONE}"' in page_of(dian, case)
    assert PersonalAccess.objects.get().reason == "follow_up"


def _addresses(patterns: Iterable[Any], case: Case, names: str = "") -> Iterable[str]:
    """Yield every page of the desk that a case's number, or nothing, leads to."""
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            inner = f"{names}{pattern.namespace}:" if pattern.namespace else names
            yield from _addresses(pattern.url_patterns, case, inner)
        elif pattern.name:
            for told in ({}, {"number": case.number}):
                try:
                    yield reverse(f"{names}{pattern.name}", kwargs=told)
                except NoReverseMatch:
                    continue


@pytest.mark.slow
@pytest.mark.parametrize("username", [row[0] for row in CAST])
def test_no_page_of_the_desk_or_the_api_leaks_a_resident_to_any_role(username: str) -> None:
    case = personal_case()
    waiting = case_of(appeal_of(f"嗯嗯好的 {PHONE} {ID_CARD}", name=NAME, phone=PHONE))
    client = desk_of(username)
    seen = 0
    addresses = {
        address
        for one in (case, waiting)
        for address in _addresses(urlpatterns, one)
        if address.startswith(("/desk/", "/api/"))
    }
    for address in sorted(addresses | {"/desk/search/?q=公厕"}):
        answer = client.get(address)
        if answer.status_code == 200 and not answer.streaming:
            seen += 1
            assert (address, traces(words_of(answer.content))) == (address, [])
    assert seen > 5


def test_nobody_is_found_by_the_number_of_a_resident() -> None:
    case = personal_case()
    # The number of a case may hold any digits: what of the search index comes from elsewhere is looked at.
    digits = set(bigrams(PHONE)) - set(bigrams(case.number))
    assert digits
    assert not digits & set(Case.objects.get(pk=case.pk).search)
    assert case.number not in desk_of("lin").get("/desk/search/", {"q": PHONE}).content.decode()
    assert case.number in desk_of("lin").get("/desk/search/", {"q": "公厕很脏"}).content.decode()


def test_the_watermark_names_who_looks_and_is_kept_by_no_cache() -> None:
    answer = desk_of("lin").get("/desk/watermark.svg")
    assert "林清 lin" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
