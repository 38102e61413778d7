"""What a first view costs a resident with a slow phone, in bytes on the wire, measured in the browser."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from tests.journeys.people import PHONE, file_appeal

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.journeys.people import People

pytestmark = pytest.mark.journey
MOST_BYTES = 200_000
WORKER_BYTES = 150_000
KEPT = "async () => { await navigator.serviceWorker.ready; return (await caches.keys()).length; }"


def weigh(page: Page, way: str) -> Counter[str]:
    """Open a page with an empty cache and return the bytes that came, head and body, by path."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    paths: dict[str, str] = {}
    came: Counter[str] = Counter()

    def asked(event: dict[str, Any]) -> None:
        paths[event["requestId"]] = urlsplit(event["request"]["url"]).path

    def done(event: dict[str, Any]) -> None:
        came[paths.get(event["requestId"], "?")] += int(event["encodedDataLength"])

    session.on("Network.requestWillBeSent", asked)
    session.on("Network.loadingFinished", done)
    page.goto(way)
    page.wait_for_load_state("networkidle")
    session.detach()
    return came


def test_a_first_view_is_under_200_kilobytes(people: People) -> None:
    filed = file_appeal(people.somebody(PHONE), "听澜花园东门的健身器材松了，孩子在上面玩很危险")
    told = []
    for way in ("/", "/file/", filed.link, f"{filed.link}done/", "/my/"):
        page = people.somebody(PHONE)
        came = weigh(page, way)
        told.append(f"{came.total() / 1000:6.1f} kB  {page.title()}")
        assert 10_000 < came.total() < MOST_BYTES, came.most_common()
        page.context.close()
    print("\n" + "\n".join(told))  # noqa: T201 - read with pytest -s


def test_what_the_worker_fetches_afterwards_is_small_too(people: People) -> None:
    """It is fetched once, after the page: everything filing needs without a network."""
    page = people.somebody(PHONE)
    page.goto("/")
    assert page.evaluate(KEPT) == 1
    sizes: list[int] = page.evaluate(
        """async () => { const found = [];
        for (const name of await caches.keys()) for (const one of await (await caches.open(name)).keys()) {
          const answer = await fetch(one.url, { cache: "reload" });
          found.push(Number(answer.headers.get("Content-Length") || 0)); }
        return found; }"""
    )
    assert len(sizes) > 10
    assert sum(sizes) < WORKER_BYTES
