"""Chromium of 2020 (80) and what it does not know: every script and style we serve is read for it.

Offices and older phones keep such browsers for years. Scripts must parse as ECMAScript 2019, and use no newer
built-in without asking for it first; styles use nothing newer, unless what an old browser makes of it is as
good. Sources: caniuse.com and the compatibility tables of MDN, by version of Chromium.
"""

from __future__ import annotations

import os
import re
import shutil
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

from tests.journeys.people import ARGUMENTS
from tests.town import ROOT

if TYPE_CHECKING:
    from pathlib import Path

ACORN = ROOT / "assets" / "tools" / "acorn" / "acorn.js"
SCRIPTS = sorted(ROOT.glob("huying/*/static/**/*.js"))
STYLES = sorted(ROOT.glob("huying/*/static/**/*.css"))
OURS, THEIRS = 2019, 2020  # ECMAScript; htmx has two signs of 2020 (`?.`, `??`), which came with Chromium 80
# Built-ins that came after Chromium 80, with the version that brought them.
NEW_BUILT_INS = {
    r"\.replaceAll\(": 85, r"\.at\(": 92, r"\.findLast(Index)?\(": 97,
    r"\.toSorted\(|\.toReversed\(|\.toSpliced\(": 110,
    r"\.replaceChildren\(": 86, r"\.submitter\b": 81, r"\brandomUUID\(": 92, r"\bstructuredClone\(": 98,
    r"Object\.hasOwn\(|Object\.groupBy\(": 93, r"Promise\.any\(|AggregateError": 85, r"\bWeakRef\b": 84,
    r"\bcookieStore\b": 87, r"AbortSignal\.(timeout|any)\(": 103, r"\.inert\b": 102, r"\.showPicker\(": 99,
    r"\.checkVisibility\(": 105, r"\bpopover\b|\.showPopover\(": 114, r"\bstartViewTransition\(": 111,
    r"Intl\.(DisplayNames|ListFormat|Segmenter)": 81, r"\bscheduler\.": 94, r"\.setHTML\(": 124,
    r"querySelector(All)?\([^)]*:(has|is|where)\(": 105, r"\bglobalThis\.\w+\?\.": 80,
}  # fmt: skip
# (file, built-in) where the script asks first whether it is there.
ASKED_FOR = {
    (
        "htmx.min.js",
        r"\.submitter\b",
    ): "`submitter` is undefined before 81; htmx then takes the clicked button",
    (
        "htmx.min.js",
        r"\bstartViewTransition\(",
    ): "`if(… && document.startViewTransition)`, and off by default",
}
NEW_STYLES = {
    r":has\(": 105, r":is\(|:where\(": 88, r"@container": 105, r"@layer": 99, r"(?<![\w-])inset\s*:": 87,
    r"inset-(inline|block)": 87, r"(?<![\w-])aspect-ratio\s*:": 88, r"(?<![\w-])gap\s*:": 84,
    r"^\s*&": 112, r"\d(d|s|l)v[hw]\b": 108, r"color-mix\(": 111, r"@property": 85,
    r"overflow\s*:\s*clip": 90, r"@media[^{]*[<>]=?": 104, r":not\([^)]*,": 88, r":\s*revert\b": 84,
    r"(margin|padding)-(inline|block)\s*:": 87, r"@starting-style": 117,
    r"(?<![\w-])(translate|rotate|scale)\s*:": 104,
    r"\blight-dark\(": 123, r"@supports selector": 83,
}  # fmt: skip
# Left out since an old browser loses nothing one needs: `accent-color` (its own blue), `text-spacing-trim`,
# and `appearance`, which stands behind its -webkit- twin.
# Columns of text and grids have known a gap for longer than rows of boxes have.
GAP = re.compile(r"\{([^{}]*(?:row|column)-gap[^{}]*)\}")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def name_of(path: Path) -> str:
    """Return where a file lies, as a test's name."""
    return str(path.relative_to(ROOT))


@pytest.mark.journey
def test_every_script_we_serve_can_be_read_by_a_browser_of_2020() -> None:
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None and not os.environ.get("CI"):
        pytest.skip("no Chromium on this machine: install the package “chromium”")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=ARGUMENTS)
        page = browser.new_page()
        page.add_script_tag(content=ACORN.read_text(encoding="utf-8"))
        parse = """([text, year]) => { try { acorn.parse(text, { ecmaVersion: year }); return ""; }
        catch (error) { return String(error); } }"""
        assert page.evaluate(parse, ["const a = 1;", OURS]) == ""
        for newer in ("a?.b", "a ?? b", "a ||= b", "class A { #b = 1 }", "1_000"):
            assert page.evaluate(parse, [newer, OURS]), newer
        found = {}
        for script in SCRIPTS:
            year = THEIRS if "vendor" in script.parts else OURS
            found[name_of(script)] = page.evaluate(parse, [script.read_text(encoding="utf-8"), year])
        browser.close()
    assert len(found) > 5
    assert {name: fault for name, fault in found.items() if fault} == {}


@pytest.mark.parametrize("path", SCRIPTS, ids=name_of)
def test_no_script_uses_a_built_in_that_came_later(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = {pattern: since for pattern, since in NEW_BUILT_INS.items() if re.search(pattern, text)}
    assert {pattern for pattern in found if (path.name, pattern) not in ASKED_FOR} == set()


@pytest.mark.parametrize("path", STYLES, ids=name_of)
def test_no_style_uses_what_came_later(path: Path) -> None:
    text = COMMENT.sub("", path.read_text(encoding="utf-8"))
    assert {pattern for pattern in NEW_STYLES if re.search(pattern, text, re.MULTILINE)} == set()
    assert [block for block in GAP.findall(text) if not re.search("columns|grid", block)] == []


def test_focus_is_seen_where_focus_visible_is_unknown() -> None:
    """A rule with a selector a browser does not know is dropped whole: `:focus` must stand by itself."""
    for path in STYLES:
        for selector in re.findall(
            r"([^{}]*):focus-visible[^{]*\{", COMMENT.sub("", path.read_text(encoding="utf-8"))
        ):
            assert "," not in selector, f"{name_of(path)}: {selector}"
