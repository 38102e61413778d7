"""Reports of walks as files: what the page shows, for whoever reads the page, and for nobody else."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from docx import Document

from huying.cases.models import Case
from huying.home.tests.desks import desk_of
from huying.testing.cast import staff
from huying.testing.town import EAST
from huying.walks.actions import plan_month
from huying.walks.going import end_walk
from huying.walks.tests.stories import found, planned, theme

if TYPE_CHECKING:
    from huying.walks.models import Walk

pytestmark = pytest.mark.django_db
WORDS = "菜市场后巷的垃圾桶满溢"


def ended() -> Walk:
    """Return a walk of today with a finding, ended by Dong."""
    at, dong = timezone.now(), staff("dong")
    of = theme(at=at)
    plan_month(EAST, timezone.localdate().replace(day=1), theme=of.pk, key_task="背街小巷", by=dong, at=at)
    walk = planned(at=at, of=of)
    found(walk, at=at, text=WORDS)
    return end_walk(walk.pk, summary="后巷一处问题", seen=[walk.stops.all()[0].pk], by=dong, at=at)


def words_of(content: bytes) -> str:
    """Return all words of a Word file, also those of its tables."""
    doc = Document(io.BytesIO(content))
    cells = [cell.text for table in doc.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in doc.paragraphs] + cells)


def test_the_report_of_a_walk_is_handed_out_and_hides_what_its_reader_may_not_see() -> None:
    walk = ended()
    here, case = f"/desk/walks/{walk.pk}/report", Case.objects.get()
    page = desk_of("dong").get(f"{here}/").content.decode()
    assert f"{here}.docx" in page
    text = words_of(desk_of("dong").get(f"{here}.docx").content)
    for told in (
        "竹影社区行走报告",
        walk.number,
        "市容环境＋背街小巷",
        "后巷一处问题",
        case.number,
        case.title,
    ):
        assert told in text
    Case.objects.update(confidential=True)
    hidden = words_of(desk_of("dong").get(f"{here}.docx").content)
    assert case.title not in hidden
    assert walk.checklist.lines.all()[0].text in hidden
    assert desk_of("dong").get(f"{here}.pdf").content.startswith(b"%PDF")
    assert desk_of("dong").get(f"{here}.exe").status_code == 404
    assert desk_of("wu").get(f"{here}.docx").status_code == 404


def test_the_report_of_a_month_counts_what_its_page_counts() -> None:
    walk = ended()
    here = "/desk/walks/tally/report"
    assert f"{here}.pdf?" in desk_of("dong").get(f"{here}/").content.decode()
    text = words_of(desk_of("dong").get(f"{here}.docx?area={EAST}").content)
    for told in ("竹影社区行走工作报告", "共开展行走1次", "市容环境＋背街小巷", walk.number, "不排名次"):
        assert told in text
    assert desk_of("dong").get(f"{here}.pdf").content.startswith(b"%PDF")
    assert desk_of("ge").get(f"{here}.docx").status_code == 403
