"""Quick phrases kept and put into replies, and the sheet of a case for paper."""

from __future__ import annotations

import pytest

from huying.home.tests.desks import TOILET, desk_of, signed_case, toilet_case
from huying.people.models import Unit
from huying.workbench.models import QuickPhrase

pytestmark = pytest.mark.django_db
PHRASES = "/desk/phrases/"


def test_a_phrase_is_kept_changed_offered_filled_in_and_deleted() -> None:
    case, lin = signed_case(), desk_of("lin")
    form = {"title": "已清运", "text": "{resident}您好，{number}已清运。", "move": "reply", "unit": ""}
    assert lin.post(PHRASES, form).status_code == 302
    phrase = QuickPhrase.objects.get()
    page = lin.get(
        f"/desk/cases/{case.number}/moves/reply/", headers={"HX-Target": "form-reply"}
    ).content.decode()
    assert f"{case.number}已清运。" in page
    filled = lin.get(f"/desk/cases/{case.number}/moves/reply/?phrase={phrase.pk.hex}").content.decode()
    assert f"{case.number}已清运。</textarea>" in filled
    lin.post(f"{PHRASES}{phrase.pk}/", form | {"text": "改了。"})
    assert QuickPhrase.objects.get().text == "改了。"
    assert desk_of("wu").post(f"{PHRASES}{phrase.pk}/delete/").status_code == 404
    lin.post(f"{PHRASES}{phrase.pk}/delete/")
    assert not QuickPhrase.objects.exists()


def test_a_unit_s_phrases_are_kept_by_its_heads_and_a_wrong_placeholder_is_told() -> None:
    hao, cleaning = desk_of("hao"), Unit.objects.get(code="cleaning")
    form = {"title": "正在安排", "text": "正在安排。", "move": "", "unit": str(cleaning.pk)}
    hao.post(PHRASES, form)
    assert QuickPhrase.objects.get().unit == cleaning
    assert "正在安排" in desk_of("lin").get(PHRASES).content.decode()
    assert desk_of("lin").post(PHRASES, form).status_code == 400
    wrong = hao.post(PHRASES, form | {"text": "{谁}您好"})
    assert wrong.status_code == 400
    assert "{谁}" in wrong.content.decode()


def test_the_sheet_has_number_code_words_and_story_and_masks_the_contact_for_everybody() -> None:
    case = toilet_case()
    page = desk_of("lin").get(f"/desk/cases/{case.number}/sheet/").content.decode()
    assert all(words in page for words in (case.number, TOILET, "data:image/svg+xml", "Case sheet"))
    assert "13800138000" not in page
    assert "李小花" not in page
    assert "138****8000" in page
    assert desk_of("wu").get(f"/desk/cases/{case.number}/sheet/").status_code == 404
