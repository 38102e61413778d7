"""What an appeal leaves open is said to clerk and resident, and nothing waits for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from huying.home.tests.desks import TOILET, desk_of
from huying.home.tests.residents import file_appeal, page_of
from huying.intake.models import Appeal
from huying.testing.cast import appeal_of, case_of

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


def test_the_case_page_says_what_is_left_open() -> None:
    case = case_of(appeal_of(TOILET))
    page = page_of(desk_of("lin").get(f"/desk/cases/{case.number}/"))
    assert "Not told yet:" in page
    assert "since when · what is wanted · a photo would help" in page


def test_the_page_of_questions_says_it_and_the_appeal_goes_all_the_same(client: Client) -> None:
    page = page_of(file_appeal(client, text="路灯不亮", place_words=""))
    assert "Not told yet: since when" in " ".join(page.split())
    file_appeal(client, text="路灯不亮", place_words="", step="check")
    assert Appeal.objects.filter(text="路灯不亮").exists()


def test_while_somebody_writes_it_is_said_what_is_open_and_nothing_is_kept(client: Client) -> None:
    told = page_of(client.post("/file/hints/", {"text": "路灯不亮了啊", "name": "李小花", "phone": "1"}))
    assert "Not told yet:" in told
    assert "since when" in told
    assert "李小花" not in told, "what was written never comes back"
    whole = {"text": "听澜花园北门的路灯昨晚起不亮，请派人来修"}
    assert page_of(client.post("/file/hints/", whole)).strip() == ""
    assert "where it is" not in page_of(
        client.post("/file/hints/", {"text": "灯不亮了没人管", "place_words": "北门"})
    )
    assert "where it is" not in page_of(
        client.post("/file/hints/", {"text": "灯不亮了没人管", "lat": "22.7", "lon": "114"})
    )
    assert page_of(client.post("/file/hints/", {"text": "路灯"})).strip() == "", "just begun"
    assert page_of(client.post("/file/hints/", {})).strip() == ""
    assert client.get("/file/hints/").status_code == 405
    assert not Appeal.objects.exists()


def test_both_forms_ask_for_hints_and_without_scripts_they_come_after_sending(client: Client) -> None:
    assert 'hx-post="/file/hints/"' in page_of(client.get("/file/"))
    assert 'hx-post="/file/hints/"' in page_of(desk_of("dian").get("/desk/enter/"))
    done = client.get(file_appeal(client, text=TOILET, place_words="听澜花园").headers["Location"])
    assert "Not told yet: since when" in " ".join(page_of(done).split())
    danger = client.get(file_appeal(client, text="听澜花园三栋起火了", place_words="").headers["Location"])
    assert "Not told yet" not in page_of(danger), "in danger nothing else is spoken of"
