"""Every page of the address tables, found as people find them: by the links of the pages they may open."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

_LINK = re.compile(r"<a\b[^>]*?\shref=\"([^\"#]+)")
# The machines' door, and Django's own pages for a town's lists.
NOT_OURS = {"admin", "api"}


@dataclass
class Crawl:
    """What was looked at so far, by the name of its address; "a file" for what is no page."""

    look: Callable[[Page, str], None]
    seen: dict[str, str] = field(default_factory=dict)

    def open(self, page: Page, address: str) -> None:
        """Look at an address, whatever was looked at before."""
        answer = page.goto(address)
        assert answer is not None, address
        assert answer.ok, f"{address}: {answer.status}"
        name = name_of(page.url)
        assert name is not None, page.url
        self.seen[name] = address
        self.look(page, f"{name} at {address}")

    def walk(self, page: Page, *starts: str) -> None:
        """Follow the links from these addresses, one of each name; look at what nobody has looked at.

        What was looked at before is only read for its links, without a browser.
        """
        waiting, walked = list(starts), set[str]()
        while waiting:
            address = waiting.pop(0)
            name = name_of(address)
            if name is not None and name not in walked:
                walked.add(name)
                waiting += self._visit(page, address, name)

    def _visit(self, page: Page, address: str, name: str) -> list[str]:
        answer = page.request.get(address)
        if not answer.ok:
            return []
        if not answer.headers.get("content-type", "").startswith("text/html"):
            self.seen.setdefault(name, "a file")
            return []
        if name not in self.seen and name_of(answer.url) == name:
            self.open(page, address)
        return links_of(address, answer.text())


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
