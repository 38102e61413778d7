"""Every page for everybody, opened by somebody who may: clear, and not too wide."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.journeys.looking import Share, of_residents, on_a_desk, signed_in
from tests.town import Town, running_town

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.journeys.people import People


pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def town(empty_tables: str | None) -> Iterator[Town]:
    """Give a town of its own: in that of all journeys a new case may be joined to somebody else's."""
    with running_town(empty_tables, HUYING_TRUSTED_PROXIES="1") as town:
        yield town


def test_every_page_of_residents_is_in_nobodys_way(people: People) -> None:
    share = Share(people, of_residents)
    _strangers_pages(share, people)
    mine = share.staged["mine"]
    own = signed_in(people, share.staged["sessions"]["r-every-page"])
    share.crawl.walk(own, "/", mine, f"{mine}reach/", f"{mine}for/")
    share.walk("guan", "/desk/")
    share.judge()


def _strangers_pages(share: Share, people: People) -> None:
    """Look at what everybody may see: residents' pages, an appeal by its link, a report by its code."""
    page, crawl, link = on_a_desk(people), share.crawl, share.staged["link"]
    crawl.walk(
        page,
        "/",
        share.staged["public"],
        share.staged["progress"],
        link,
        f"{link}done/",
        f"{link}reach/",
        f"{link}for/",
    )
    page.goto("/report/follow/")
    page.locator("[name=number]").fill(share.staged["report"]["number"])
    page.locator("[name=code]").fill(share.staged["report"]["code"])
    page.locator("[name=code]").press("Enter")
    expect(page).to_have_url(re.compile("/report/mine/"))
    crawl.open(page, "/report/mine/")
