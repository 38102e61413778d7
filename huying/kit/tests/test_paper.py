"""What is written comes out as Word, PDF and page, laid out as GB/T 9704-2012 measures it."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pypdfium2
import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from PIL import Image

from huying.kit.paper import (
    Figure,
    Form,
    Heading,
    Labelled,
    Listed,
    Matter,
    Minutes,
    Paper,
    Para,
    Quote,
    Table,
    from_plain,
    minutes_paper,
    to_docx,
    to_html,
    to_pdf,
    to_plain,
    to_pngs,
)
from huying.kit.paper.model import chinese_number, closing_indents

DAY = date(2026, 11, 9)
HOSTILE = '<script>alert(1)</script> #eval("1") $x$ *粗* `code` \\u{0} @ref ' + chr(7) + chr(0x202E)


def picture() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(kept, "PNG")
    return kept.getvalue()


LETTER = Paper(
    title="关于限期办理超期诉求的提醒函",
    form=Form.LETTER,
    issuer="青梧街道办事处",
    number="青梧街提〔2026〕3号",
    addressee="城市管理办公室",
    blocks=(
        Heading("基本情况"),
        Para("你单位有下列诉求超过办理时限，请于3个工作日内办结并书面回复。", lead="一是"),
        Heading("诉求清单", 2),
        Table(
            ("工单号", "件数"),
            (("HY20261109001", "3"), ("HY20261109002", "4")),
            "表1",
            "注：含延期。",
            figures=(1,),
        ),
        Heading("夜间噪声", 3),
        Heading("簕杜鹃路", 4),
        Quote("半夜还在施工。", "江岭社区"),
        Listed(("第一", "第二")),
        Labelled("出席", "甲、乙"),
        Figure(picture(), "一张红色的图", "图1"),
    ),
    signed_by="青梧街道办事处",
    dated_on=DAY,
    copies_to=("街道纪工委", "党政综合办"),
    annexes=("诉求清单", "回执"),
    remark="联系人：督办专班",
    printed_by="青梧街道办事处",
    printed_on=DAY,
)


def text_of(pdf: bytes) -> str:
    return "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))


def packed(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_a_word_file_has_the_page_margins_and_grid_of_the_standard() -> None:
    doc = Document(io.BytesIO(to_docx(LETTER)))
    section = doc.sections[0]
    wide, high = section.page_width or 0, section.page_height or 0
    above, below = section.top_margin or 0, section.bottom_margin or 0
    left, right = section.left_margin or 0, section.right_margin or 0
    measures = [wide, high, above, left, wide - left - right, high - above - below]
    assert [round(one / Mm(1)) for one in measures] == [210, 297, 37, 28, 156, 225]
    grid = section._sectPr.find(qn("w:docGrid"))
    assert int(225 / 25.4 * 72 * 20) // int(grid.get(qn("w:linePitch"))) == 22
    character = 16 + int(grid.get(qn("w:charSpace"))) / 4096
    assert int(156 / 25.4 * 72 / character) == 28


def test_a_word_file_names_the_types_and_sizes_of_the_standard() -> None:
    doc = Document(io.BytesIO(to_docx(LETTER)))
    runs = {run.text: run for line in doc.paragraphs for run in line.runs}

    def face(text: str) -> tuple[str, float, bool]:
        run = runs[text]
        fonts: Any = run._r.get_or_add_rPr().rFonts
        assert fonts.get(qn("w:ascii")) == fonts.get(qn("w:eastAsia"))
        return fonts.get(qn("w:eastAsia")), (run.font.size or Pt(0)).pt, bool(run.font.bold)

    assert face("关于限期办理超期诉求的提醒函") == ("方正小标宋简体", 22.0, False)
    assert face("一、基本情况") == ("黑体", 16.0, False)
    assert face("（一）诉求清单") == ("楷体_GB2312", 16.0, False)
    assert face("1.夜间噪声") == ("仿宋_GB2312", 16.0, True)
    assert face("（1）簕杜鹃路") == ("仿宋_GB2312", 16.0, False)
    assert face("你单位有下列诉求超过办理时限，请于3个工作日内办结并书面回复。") == (
        "仿宋_GB2312",
        16.0,
        False,
    )
    assert face("抄送：街道纪工委，党政综合办。") == ("仿宋_GB2312", 14.0, False)
    head = doc.paragraphs[0].runs[0]
    assert (head.text, str(head.font.color.rgb)) == ("青梧街道办事处", "E60012")


def test_a_word_file_numbers_its_pages_between_dashes_odd_right_and_even_left() -> None:
    doc = Document(io.BytesIO(to_docx(replace(LETTER, form=Form.DOCUMENT))))
    section = doc.sections[0]
    for foot, side in ((section.footer, 2), (section.even_page_footer, 0)):
        line = foot.paragraphs[0]
        assert line.alignment == side
        assert {run.font.size for run in line.runs} == {Pt(14)}
        assert "PAGE" in line._p.xml
        assert line.text.startswith("— ")
        assert line.text.endswith(" —")


def test_the_day_stands_four_characters_from_the_right_and_the_name_over_its_middle() -> None:
    assert closing_indents("青梧街道办事处", "2026年11月9日") == (3.75, 4.0)
    assert closing_indents("青", "2026年11月9日") == (6.75, 4.0)
    name, day = closing_indents("深圳市坪山区马峦街道党建和群众诉求服务办公室", "2026年11月9日")
    assert (name, day) == (2.0, 9.75)
    doc = Document(io.BytesIO(to_docx(LETTER)))
    dated = next(line for line in doc.paragraphs if line.text == "2026年11月9日")
    assert 'w:rightChars="400"' in dated._p.xml


@pytest.mark.parametrize("form", list(Form))
def test_every_form_prints_all_it_holds_in_every_way(form: Form) -> None:
    paper = replace(LETTER, form=form, masthead="民生诉求周报" if form == Form.BULLETIN else "", mark="草稿")
    printed = packed(text_of(to_pdf(paper)))
    shown = packed(str(to_html(paper)))
    word = packed("".join(Document(io.BytesIO(to_docx(paper))).element.itertext()))
    for text in (
        "关于限期办理超期诉求的提醒函", "青梧街提〔2026〕3号", "一、", "（一）诉求清单", "HY20261109002",
        "注：含延期。", "“半夜还在施工。”", "附件：", "2.回执", "2026年11月9日",
        "（联系人：督办专班）", "抄送：街道纪工委，党政综合办。",
        "出席：", "草稿",
    ):  # fmt: skip
        assert text in printed
        assert text in word
        assert text in re.sub("<[^>]*>", "", shown)


def test_what_people_wrote_is_text_and_never_runs() -> None:
    paper = Paper(title=HOSTILE, blocks=(Para(HOSTILE), Table((HOSTILE,), ((HOSTILE,),)), Quote(HOSTILE)))
    assert "<script>alert(1)</script>" in text_of(to_pdf(paper))
    assert "<script>" not in to_html(paper)
    doc = Document(io.BytesIO(to_docx(paper)))
    assert doc.tables[0].cell(0, 0).text == '<script>alert(1)</script> #eval("1") $x$ *粗* `code` \\u{0} @ref'


def test_the_same_document_gives_the_same_bytes_and_survives_being_kept() -> None:
    kept = from_plain(json.loads(json.dumps(to_plain(LETTER))))
    assert kept == LETTER
    assert to_pdf(kept) == to_pdf(LETTER)


def test_types_are_in_the_pdf_so_that_every_machine_shows_it_alike() -> None:
    pdf = to_pdf(LETTER)
    assert b"NotoSerifSC-Regular" in pdf
    page = pypdfium2.PdfDocument(pdf)[0]
    assert tuple(round(one / 72 * 25.4) for one in page.get_size()) == (210, 297)
    assert to_pngs(LETTER, ppi=36)[0].startswith(b"\x89PNG")


def test_twenty_two_lines_of_twenty_eight_characters_fill_a_page() -> None:
    pages = pypdfium2.PdfDocument(to_pdf(Paper(title="", blocks=(Para("字" * (28 * 25 - 2)),))))
    assert len(pages) == 2
    assert pages[0].get_textpage().get_text_range().count("字") == 28 * 22 - 2


def test_minutes_tell_who_was_there_what_was_decided_and_whose_it_is() -> None:
    minutes = Minutes(
        body="青梧街道党工委", issuer="青梧街道党政综合办公室", number="〔2026〕5号", held_on=DAY,
        place="三楼会议室", chair="甲某", present=("乙某", "丙某"), excused=("丁某",),
        attending=("物业公司",), recorder="戊某",
        matters=(Matter("关于青梧花园漏水问题", "听取了汇报。", ("由城建办牵头。", "月底前完成。")),),
        orders=(("维修187户", "城建办", "青梧社区", "2026年12月31日"),), printed_on=DAY,
    )  # fmt: skip
    printed = packed(text_of(to_pdf(minutes_paper(minutes))))
    for text in (
        "青梧街道党工委会议纪要", "2026年11月9日，甲某在三楼会议室主持召开",
        "一、关于青梧花园漏水问题", "会议决定：由城建办牵头。", "维修187户",
        "出席：乙某、丙某", "请假：丁某", "列席：物业公司", "记录：戊某",
    ):  # fmt: skip
        assert text in printed


def test_headings_count_in_chinese() -> None:
    assert [chinese_number(number) for number in (1, 10, 11, 20, 99)] == [
        "一",
        "十",
        "十一",
        "二十",
        "九十九",
    ]
