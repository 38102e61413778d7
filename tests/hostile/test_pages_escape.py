"""Whatever residents and staff write, every page that shows it shows it as words and runs nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from huying.cases.actions import move_case
from huying.feedback.actions import Answer, ask_appellants, rate_reply
from huying.intake.links import link_of, token_of
from huying.intake.models import Appeal
from huying.people.models import Account
from huying.testing.cast import appeal_of, case_of, resident, staff
from tests.hostile.crawling import Page, walk

if TYPE_CHECKING:
    from huying.journeys.appeal import Taken
    from tests.hostile.crawling import Walk

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
SCRIPT = "<script>alert(1)</script>"
BREAKOUT = "\"'><img src=x onerror=alert(2)>"
TEMPLATE = "{{ 7*7 }}{% now 'Y' %}"
LINK = "javascript:alert(3)"
EVERYTHING = f"垃圾 {SCRIPT} {BREAKOUT} {TEMPLATE} {LINK} </textarea></title><svg/onload=alert(4)>"


@pytest.fixture
def marked() -> Taken:
    """Give an appeal that went the whole way twice, with hostile words wherever somebody may write."""
    words: dict[str, Any] = {"place_words": BREAKOUT, "name": SCRIPT, "phone": "13800138000"}
    taken = appeal_of(EVERYTHING, title=EVERYTHING, **words)
    case, at = case_of(taken), timezone.now()
    if case.status == "submitted":
        item = "010101"
        move_case(case.pk, "dispatch", by=staff("mei"), at=at, unit="cleaning", item=item, note=EVERYTHING)
    lin, hao = staff("lin"), staff("hao")
    move_case(case.pk, "note", by=lin, at=at, note=EVERYTHING)
    move_case(case.pk, "sign", by=lin, at=at)
    move_case(case.pk, "first_contact", by=lin, at=at, note=EVERYTHING)
    reply: dict[str, Any] = {"public_text": EVERYTHING, "internal_note": EVERYTHING, "solved": "yes"}
    move_case(case.pk, "reply", by=lin, at=at, **reply)
    move_case(case.pk, "fail_review", by=hao, at=at, reason=EVERYTHING)
    move_case(case.pk, "reply", by=lin, at=at, **reply)
    move_case(case.pk, "pass_review", by=hao, at=at, note=EVERYTHING)
    ask_appellants(case.pk, at=at, window_days=7)
    rate_reply(taken.appeal_id, Answer("no", comment=EVERYTHING), by=resident(SCRIPT), at=at)
    appeal_of(EVERYTHING, title=EVERYTHING, **words)
    return taken


def harmless(walked: Walk) -> None:
    """Fail when a page would run anything by itself, or has a link that leads nowhere."""
    assert walked.running() == {}
    assert walked.dead == {}
    for address, html in walked.pages.items():
        assert SCRIPT not in html, address
        assert "<img src=x" not in html, address
        assert "<svg/onload" not in html, address


def test_the_looking_itself_would_notice_what_is_slipped_in() -> None:
    for slipped in (SCRIPT, f'<p title="{BREAKOUT}">', f'<a href="{LINK}">x</a>', "<svg/onload=alert(1)>"):
        assert Page(f"<html>{slipped}</html>").run, slipped
    assert Page('<script src="/static/a.js"></script><a href="/x/">&lt;script&gt;</a>').run == []


def test_the_resident_reads_words_and_nothing_runs(marked: Taken) -> None:
    browser, token = Client(), token_of(marked.appeal_id)
    browser.cookies["mine"] = f"{marked.number}.{token}"
    walked = walk(browser, ["/", link_of(marked.appeal_id, marked.number), "/my/", "/file/", "/find/"])
    harmless(walked)
    own = walked.pages[link_of(marked.appeal_id, marked.number)]
    assert own.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 2, (
        "the text and the reply are shown, as words"
    )
    assert "{{ 7*7 }}" in own


@pytest.mark.parametrize("username", ["mei", "shou", "lin", "hao", "dian", "dong", "du", "ling", "guan"])
def test_staff_read_words_and_nothing_runs_and_no_link_is_dead(marked: Taken, username: str) -> None:
    browser = Client(raise_request_exception=False)
    browser.force_login(Account.objects.get(username=username))
    number = case_of(marked).number
    words = ("垃圾", number, marked.number, SCRIPT, BREAKOUT, "%00", "a" * 3000)
    searches = [] if username == "guan" else [f"/desk/search/?{urlencode({'q': word})}" for word in words]
    walked = walk(browser, ["/desk/", *searches])
    harmless(walked)
    assert len(walked.pages) > 3
    if username in {"mei", "lin", "hao", "du"}:
        shown = [html for address, html in walked.pages.items() if number in address]
        assert shown, "the case is found by its number and its page is linked"
        assert any("&lt;script&gt;" in html for html in shown)


@pytest.mark.parametrize("field", ["text", "place_words", "name", "phone", "key", "lat", "step", "same"])
def test_a_refused_form_shows_what_was_written_as_words(field: str) -> None:
    told = {"text": "", "place_words": "", "name": "", "phone": "x", "lat": "x", "lon": "x", "step": "write"}
    answer = Client().post("/file/", told | {field: EVERYTHING})
    assert answer.status_code >= 400
    assert Page(answer.content.decode()).run == []
    assert not Appeal.objects.exists()


def test_a_wrong_sign_in_shows_the_name_as_words() -> None:
    answer = Client().post("/desk/sign-in/", {"username": EVERYTHING, "password": EVERYTHING})
    assert answer.status_code < 500
    assert Page(answer.content.decode()).run == []


def test_every_page_forbids_scripts_from_elsewhere(marked: Taken) -> None:
    for address in ("/", "/file/", link_of(marked.appeal_id, marked.number), "/desk/sign-in/", "/nowhere/"):
        policy = Client().get(address).headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
