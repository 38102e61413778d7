"""What a reader in Hong Kong is told: the words of there, not the mainland's in other letters."""

from __future__ import annotations

import polib
import pytest

from tests.town import ROOT

TEXTS = sorted(ROOT.glob("huying/*/locale/zh_Hant/LC_MESSAGES/django.po"))
# Words a Hong Kong reader finds foreign in their own letters, and letters that are not theirs.
FOREIGN = (
    "您", "訴求", "工作人員", "工作日", "辦理", "辦結", "掛賬", "督辦", "催辦", "分撥", "秒撥", "超期",
    "領導", "短信", "信息", "登錄", "鏈接", "默認", "打印", "視頻", "郵箱", "小區", "用户", "表單", "聯網",
    "響應", "設備", "複核", "瞭解", "説", "户", "啓", "“", "”",
)  # fmt: skip
SENTENCES = {
    "My appeals": "我的個案",
    "See how it goes on": "查看處理進展",
    "Kept on this device; sent by itself once there is a network": "儲存在本裝置，恢復網絡後自動提交",
    "It is dealt with together with what your neighbours reported; you get your own answer.": (
        "與街坊反映的同一件事一起處理，會單獨給你答覆。"
    ),
    "Closed": "已完結",
}


def texts() -> dict[str, list[str]]:
    """Return every text for Hong Kong by its English, with the package it stands in."""
    found: dict[str, list[str]] = {}
    for path in TEXTS:
        for entry in polib.pofile(str(path), encoding="utf-8"):
            said = [entry.msgstr] if entry.msgstr else list(entry.msgstr_plural.values())
            found.setdefault(entry.msgid, []).extend(f"{path.parts[-4]}: {text}" for text in said)
    return found


@pytest.mark.parametrize("word", FOREIGN)
def test_no_text_for_hong_kong_speaks_like_the_mainland(word: str) -> None:
    assert [text for said in texts().values() for text in said if word in text] == []


@pytest.mark.parametrize("english", SENTENCES)
def test_chosen_sentences_read_as_a_hong_kong_page_would_say_them(english: str) -> None:
    assert {text.partition(": ")[2] for text in texts()[english]} == {SENTENCES[english]}


def test_the_place_of_a_case_is_not_taken_for_a_department() -> None:
    """「工單」 and 「位置」 side by side hold 「單位」, which Hong Kong calls 「部門」."""
    assert [text for said in texts().values() for text in said if "工部門置" in text] == []
