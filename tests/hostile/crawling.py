"""Walking over every page one can reach by links, looking for what somebody slipped in."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.test import Client

# Pages that differ only in a number, an id or a place in a list are walked this often.
MOST_OF_A_KIND = 4
_NOT_WALKED = ("/static/", "/admin/", "/ui/", "/api/")
_CHANGING = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|[A-Z]{2}\d{6,}|[A-Za-z0-9_-]{20}(?=/)|\d+|(?<=after=)[^&]+"
)


class Page(HTMLParser):
    """What a page holds that matters here: its links, and everything a browser would run."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.run: list[str] = []
        self._in_script = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note links, scripts without a file, attributes that are scripts, and addresses that run."""
        held = dict(attrs)
        if (
            tag == "script"
            and not held.get("src")
            and held.get("type") not in {"application/json", "text/plain"}
        ):
            self.run.append(self.get_starttag_text() or tag)
        self.run += [f"{tag} {name}={value}" for name, value in attrs if name.startswith("on")]
        for name in ("href", "src", "action", "formaction"):
            address = (held.get(name) or "").strip()
            if re.match(r"(?i)\s*(javascript|vbscript|data:text)", address):
                self.run.append(f"{tag} {name}={address}")
        if tag == "a" and held.get("href"):
            self.links.append(str(held["href"]))


@dataclass
class Walk:
    """Where a walk came to: the HTML of every page, and the links that led nowhere."""

    pages: dict[str, str] = field(default_factory=dict)
    dead: dict[str, str] = field(default_factory=dict)

    def running(self) -> dict[str, list[str]]:
        """Return what the pages would run by themselves, by page."""
        return {address: found for address, html in self.pages.items() if (found := Page(html).run)}


def walk(browser: Client, starts: Iterable[str], *, most: int = 120) -> Walk:
    """Follow links from the starts, as far as they stay on the site, and return what was found."""
    done, kinds = Walk(), dict[str, int]()
    waiting = deque((address, "") for address in starts)
    seen = {address for address, _ in waiting}
    while waiting and len(done.pages) < most:
        address, origin = waiting.popleft()
        answer = browser.get(address, follow=True)
        if answer.status_code != HTTPStatus.OK:
            done.dead[address] = f"{answer.status_code}, linked from {origin or 'the start'}"
            continue
        if not answer.headers["Content-Type"].startswith("text/html"):
            continue
        done.pages[address] = answer.content.decode()
        for link in Page(done.pages[address]).links:
            target = _within(urljoin(address, link))
            if target is None or target in seen:
                continue
            seen.add(target)
            kind = _CHANGING.sub("#", target)
            kinds[kind] = kinds.get(kind, 0) + 1
            if kinds[kind] <= MOST_OF_A_KIND:
                waiting.append((target, address))
    return done


def _within(link: str) -> str | None:
    """Return a link without its fragment when it leads to a page of this site, else None."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc or not parts.path.startswith("/") or parts.path.startswith(_NOT_WALKED):
        return None
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
