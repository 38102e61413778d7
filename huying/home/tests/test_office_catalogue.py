"""The catalogue in the office: browse, hand out, read in, say what changes, publish."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from huying.catalogue.exchange import COLUMNS, lines_of
from huying.catalogue.models import CatalogueVersion, Item, VersionState
from huying.catalogue.queries import published
from huying.people.models import Account
from huying.testing.cast import appeal_of, case_of

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db
FRONT = "/desk/office/catalogue/"


@pytest.fixture
def guan(client: Client) -> Client:
    client.force_login(Account.objects.get(username="guan"))
    return client


def in_force() -> list[list[str | int]]:
    """Return the lines of the catalogue in force."""
    return list(lines_of(Item.objects.filter(version__state="published").order_by("code")))


def table(lines: list[list[str | int]], header: tuple[str, ...] = COLUMNS) -> bytes:
    """Return a catalogue as CSV."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerows([header, *lines])
    return text.getvalue().encode()


def read_in(client: Client, data: bytes, name: str = "next.csv") -> CatalogueVersion:
    """Upload a table and return the draft it became."""
    answer = client.post(f"{FRONT}upload/", {"file": SimpleUploadedFile(name, data), "name": ""})
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return CatalogueVersion.objects.latest("number")


def test_what_is_handed_out_can_be_read_in_again_unchanged(guan: Client) -> None:
    number = published().number
    for kind in ("csv", "xlsx"):
        data = guan.get(f"{FRONT}{number}/table.{kind}").content
        draft = read_in(guan, data, f"c.{kind}")
        assert list(lines_of(draft.items.order_by("code"))) == in_force()
        assert guan.get(f"{FRONT}{draft.number}/").context["problems"] == []


def test_publishing_says_what_changes_and_open_cases_keep_their_version(guan: Client) -> None:
    case = case_of(appeal_of())
    assert case.item
    before = published().number
    lines = in_force()
    leaf = next(
        n for n in range(len(lines) - 1, -1, -1) if lines[n][0] != case.item.code and lines[n][2] == 3
    )
    gone = lines.pop(leaf)
    lines[0][COLUMNS.index("name")] = "改了名字"
    lines.append(["99", "", 1, "新的大类", *[""] * 17])
    draft = read_in(guan, table(lines))
    page = guan.get(f"{FRONT}{draft.number}/publish/")
    changes = page.context["changes"]
    assert [one.code for one in changes.added] == ["99"]
    assert [one.code for one in changes.removed] == [gone[0]]
    assert [(one.code, one.columns) for one in changes.changed] == [(lines[0][0], ("Name",))]
    assert "open cases keep the version" in page.content.decode()
    assert published().number == before
    assert guan.post(f"{FRONT}{draft.number}/publish/").status_code == 302
    assert published().number == draft.number
    case.refresh_from_db()
    assert case.item
    assert case.item.version.number == before


def test_a_version_is_published_once(guan: Client) -> None:
    draft = read_in(guan, table(in_force()))
    assert guan.post(f"{FRONT}{draft.number}/publish/").status_code == 302
    assert guan.post(f"{FRONT}{draft.number}/publish/").status_code == 409
    assert CatalogueVersion.objects.filter(state=VersionState.PUBLISHED).count() == 1


def test_who_may_not_edit_the_catalogue_is_refused_everywhere(client: Client, guan: Client) -> None:
    draft = read_in(guan, table(in_force()))
    for name in ("lin", "du"):
        client.force_login(Account.objects.get(username=name))
        assert client.get(FRONT).status_code == 403
        assert client.get(f"{FRONT}{draft.number}/").status_code == 403
        assert client.get(f"{FRONT}{draft.number}/table.csv").status_code == 403
        assert client.post(f"{FRONT}{draft.number}/publish/").status_code == 403
        assert client.post(f"{FRONT}upload/", {}).status_code == 403
    draft.refresh_from_db()
    assert draft.state == VersionState.DRAFT


def test_lines_that_cannot_be_taken_are_told_with_their_number(guan: Client) -> None:
    lines: list[list[str | int]] = [
        ["01", "", 1, "甲", *[""] * 17],
        ["01", "", 1, "乙", *[""] * 17],
        ["02", "77", 2, "丙", *[""] * 17],
        ["03", "", 1, "", *[""] * 17],
        ["04", "", 1, "丁", *[""] * 4, "Z", *[""] * 12],
    ]
    draft = read_in(guan, table(lines))
    page = guan.get(f"{FRONT}{draft.number}/")
    assert [line for line, _ in page.context["problems"]] == [3, 4, 5, 6]
    assert draft.items.count() == 1


def test_hostile_cells_stay_text(guan: Client) -> None:
    evil: list[list[str | int]] = [
        ["01", "", 1, "<script>alert(1)</script>", "", "=1+1|<b>x</b>", *[""] * 15],
        ["a/../b?c", "01", 2, "=cmd()", *[""] * 17],
    ]
    draft = read_in(guan, table(evil))
    page = guan.get(f"{FRONT}{draft.number}/").content.decode()
    assert "<script>alert" not in page
    for item in draft.items.all():
        shown = guan.get(
            reverse("desk:office:catalogue_item", kwargs={"number": draft.number, "code": item.code})
        )
        assert shown.status_code == 200
        assert "<script>alert" not in shown.content.decode()
    handed_out = guan.get(f"{FRONT}{draft.number}/table.csv").content.decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(handed_out)) for cell in row]
    assert not any(cell.startswith("=") for cell in cells)


@pytest.mark.parametrize("data", [b"", b"a,b\n1,2\n", b"\x89PNG\r\n\x1a\n" + bytes(99), b"code,name\n"])
def test_a_file_that_is_no_catalogue_is_refused_beside_the_field(guan: Client, data: bytes) -> None:
    count = CatalogueVersion.objects.count()
    answer = guan.post(f"{FRONT}upload/", {"file": SimpleUploadedFile("x.csv", data)})
    assert 400 <= answer.status_code < 500
    assert "field-error" in answer.content.decode()
    assert CatalogueVersion.objects.count() == count


def test_a_search_finds_by_name_keyword_and_code(guan: Client) -> None:
    number = published().number
    leaf = next(item for item in published().leaves if item.keywords)
    for words in (leaf.name, leaf.keywords[0], leaf.code):
        page = guan.get(f"{FRONT}{number}/", {"q": words})
        assert leaf.code in [branch.item.code for branch in page.context["hits"]]
    assert guan.get(f"{FRONT}{number}/", {"q": "没有这个词" * 50}).context["hits"] == []


def test_pages_of_the_catalogue_cost_few_queries(
    guan: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    number, leaf = published().number, published().leaves[0]
    draft = read_in(guan, table(in_force()))
    for page in (
        FRONT,
        f"{FRONT}{number}/",
        f"{FRONT}{number}/item/{leaf.code}/",
        f"{FRONT}{draft.number}/publish/",
    ):
        with django_assert_max_num_queries(12):
            assert guan.get(page).status_code == 200
