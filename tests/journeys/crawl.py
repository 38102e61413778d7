"""Every page of the address tables, found as people find them: by the links of the pages they may open."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve
from playwright.sync_api import Error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

_LINK = re.compile(r"<a\b[^>]*?\shref=\"([^\"#]+)")
# The machines' door, and Django's own pages for a town's lists.
NOT_OURS = {"admin", "api"}


@dataclass
class Crawl:
    """What was looked at so far, by the name of its address; "a file" for what is no page.

    Pages that are not `mine` are read for their links only.
    """

    look: Callable[[Page, str], None]
    mine: Callable[[str], bool] = lambda _name: True
    seen: dict[str, str] = field(default_factory=dict)

    def open(self, page: Page, address: str) -> None:
        """Look at an address, whatever was looked at before."""
        answer = page.goto(address)
        assert answer is not None, address
        assert answer.ok, f"{address}: {answer.status}"
        name = name_of(page.url)
        assert name is not None, page.url
        self._look(page, address, name)

    def walk(self, page: Page, *starts: str) -> None:
        """Follow the links from these addresses, one of each name; look at what nobody has looked at.

        What was looked at before is only read for its links, without a browser, and only where this walk
        begins and one step from there: what else somebody alone may open is named as a start.
        """
        waiting, walked = [(start, 0) for start in starts], set[str]()
        while waiting:
            address, steps = waiting.pop(0)
            name = name_of(address)
            if name is None or name in walked or (name in self.seen and steps > 1):
                continue
            walked.add(name)
            waiting += [(link, steps + 1) for link in self._visit(page, address, name)]

    def _visit(self, page: Page, address: str, name: str) -> list[str]:
        if name not in self.seen and self.mine(name):
            return self._first_visit(page, address, name)
        answer = page.request.get(address)
        return links_of(answer.url, answer.text()) if answer.ok else []

    def _first_visit(self, page: Page, address: str, name: str) -> list[str]:
        try:
            answer = page.goto(address)
        except Error as error:
            if "Download is starting" not in error.message:
                raise
            answer = None
        if answer is None or not answer.headers.get("content-type", "").startswith("text/html"):
            self.seen.setdefault(name, "a file")
            return []
        if not answer.ok:
            return []
        links = links_of(page.url, answer.text())
        if name_of(page.url) == name:
            self._look(page, address, name)
        return links

    def _look(self, page: Page, address: str, name: str) -> None:
        self.seen[name] = address
        self.look(page, f"{name} at {address}")


def links_of(address: str, text: str) -> list[str]:
    """Return where the links of a page lead to on this site."""
    links = [unescape(link) for link in _LINK.findall(text)]
    return [urljoin(address, link) for link in links if not urlsplit(link).netloc]


def name_of(address: str) -> str | None:
    """Return the name of an address with its name space; None where the site has no such page of its own."""
    try:
        found = resolve(urlsplit(address).path)
    except Resolver404:
        return None
    return None if NOT_OURS & {*found.app_names, *found.namespaces} else found.view_name


def pages() -> set[str]:
    """Return the names of all addresses of the site that answer to GET."""
    return {name for name, view in _addresses(get_resolver()) if "GET" in _methods(view)}


def _addresses(table: URLResolver, space: str = "") -> Iterator[tuple[str, Any]]:
    for entry in table.url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{space}{entry.name}", entry.callback
        elif not NOT_OURS & {entry.app_name, entry.namespace}:
            yield from _addresses(entry, f"{space}{entry.namespace}:" if entry.namespace else space)


def _methods(view: Any) -> set[str]:  # noqa: ANN401 - a view may be any callable
    """Return what a view answers to: what its decorator of Django's says, else everything."""
    while view is not None:
        for cell in getattr(view, "__closure__", None) or ():
            told = cell.cell_contents
            if isinstance(told, list) and told and all(str(word).isupper() for word in told):
                return {str(word) for word in told}
        view = getattr(view, "__wrapped__", None)
    return {"GET", "POST"}
