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
