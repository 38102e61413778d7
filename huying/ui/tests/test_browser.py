"""The look in real Chromium: what is seen, what the keyboard reaches, what the scripts do. No server."""

from __future__ import annotations

import base64
import gzip
import io
import mimetypes
import shutil
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from django.test import Client
from PIL import Image
from playwright.sync_api import expect, sync_playwright

from huying.ui.gallery.pages import PAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, Page, Route

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("own_addresses")]
SITE = "http://localhost"  # a trustworthy origin to browsers; every request is answered in _serve
PHONE = (360, 780)
DESK = (1440, 900)
ENOUGH_RULES = 30  # axe finds this many rules to apply on each page; fewer means that it did not run
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium on this machine: install the package “chromium”")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


def _serve(route: Route, client: Client, weights: list[int]) -> None:
    """Answer a browser's request from Django itself; nothing listens on a port."""
    parts = urlsplit(route.request.url)
    if parts.path.startswith("/static/"):
        found = finders.find(parts.path.removeprefix("/static/"))
        if not isinstance(found, str):
            route.fulfill(status=404)
            return
        weights.append(len(gzip.compress(Path(found).read_bytes())))
        route.fulfill(path=found, content_type=mimetypes.guess_type(found)[0] or "text/plain")
        return
    answer = client.get(parts.path, headers={"cookie": route.request.headers.get("cookie", "")})
    weights.append(len(gzip.compress(answer.content)))
    route.fulfill(status=answer.status_code, body=answer.content, headers=dict(answer.items()))


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Open gallery pages; every script error and every breach of the content policy fails the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def go(
        name: str,
        size: tuple[int, int] = PHONE,
        *,
        language: str = "zh-hans",
        care: bool = False,
        script: bool = True,
        weights: list[int] | None = None,
    ) -> Page:
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]}, java_script_enabled=script
        )
        contexts.append(context)
        cookies = {"django_language": language} | ({"care": "1"} if care else {})
        context.add_cookies([{"name": key, "value": value, "url": SITE} for key, value in cookies.items()])
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
        client, sizes = Client(), weights if weights is not None else []
        page.route("**/*", lambda route: _serve(route, client, sizes))
        page.set_default_timeout(5_000)
        page.goto(f"{SITE}/ui/gallery/{name}/")
        return page

    yield go
    for context in contexts:
        context.close()
    assert faults == []


@pytest.mark.parametrize(
    ("name", "size", "care"),
    [
        ("components", PHONE, False),
        ("home", PHONE, False),
        ("file", PHONE, True),
        ("appeal", PHONE, False),
        ("inbox", DESK, False),
        ("case", DESK, False),
        ("queue", DESK, False),
        ("sign_in", PHONE, False),
    ],
)
def test_nothing_stands_in_the_way_of_a_screen_reader(
    visit: Callable[..., Page], name: str, size: tuple[int, int], *, care: bool
) -> None:
    page = visit(name, size, care=care)
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    found = Axe().run(page).response
    assert len(found["passes"]) > ENOUGH_RULES
    assert [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in found["violations"]] == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_page_is_wider_than_a_phone(visit: Callable[..., Page], language: str) -> None:
    page = visit("home", language=language)
    wide = {}
    for name in PAGES:
        page.goto(f"{SITE}/ui/gallery/{name}/", wait_until="domcontentloaded")
        wide[name] = page.evaluate("document.documentElement.scrollWidth") - PHONE[0]
    assert {name: by for name, by in wide.items() if by} == {}


def test_the_care_mode_has_no_letter_under_eighteen_pixels(visit: Callable[..., Page]) -> None:
    smallest = """() => Math.min(...[...document.querySelectorAll("body *")]
        .filter((part) => part.offsetParent && [...part.childNodes]
            .some((node) => node.nodeType === 3 && node.textContent.trim())
            && !part.closest(".map"))
        .map((part) => parseFloat(getComputedStyle(part).fontSize)))"""
    page = visit("home", care=True)
    assert page.evaluate(smallest) >= 18
    page.goto(f"{SITE}/ui/gallery/appeal/")
    assert page.evaluate(smallest) >= 18


def test_the_first_view_of_a_resident_weighs_little(visit: Callable[..., Page]) -> None:
    weights: list[int] = []
    visit("home", weights=weights)
    assert sum(weights) < 60_000
    weights.clear()
    page = visit("file", weights=weights)
    page.wait_for_selector(".map.is-live")
    assert sum(weights) < 120_000


def test_the_care_switch_keeps_what_was_typed(visit: Callable[..., Page]) -> None:
    page = visit("file")
    page.fill("#id_text", "三栋路灯不亮")
    page.click("[data-care-form] button")
    assert page.evaluate("document.documentElement.hasAttribute('data-care')")
    assert page.input_value("#id_text") == "三栋路灯不亮"
    assert "care=1" in page.evaluate("document.cookie")
    page.click("[data-care-form] button")
    assert "care=1" not in page.evaluate("document.cookie")


def test_stars_are_given_with_the_keyboard_and_fill_up_to_the_chosen_one(visit: Callable[..., Page]) -> None:
    page = visit("appeal", script=False)
    page.focus("#id_speed_2")
    page.keyboard.press("Space")
    filled = page.locator(".stars").first.locator("label svg")
    colours = [filled.nth(at).evaluate("(star) => getComputedStyle(star).fill") for at in range(5)]
    assert colours.count("none") == 2
    page.keyboard.press("ArrowUp")
    assert page.is_checked("#id_speed_3")


def test_the_first_tab_stop_leads_to_the_content(visit: Callable[..., Page]) -> None:
    page = visit("inbox", DESK)
    page.keyboard.press("Tab")
    assert "skip" in page.evaluate("document.activeElement.className")
    assert page.evaluate("getComputedStyle(document.activeElement).position") == "fixed"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_every_stop_of_the_tab_key_can_be_seen(visit: Callable[..., Page]) -> None:
    page = visit("home")
    for _ in range(14):
        page.keyboard.press("Tab")
        style = page.evaluate(
            """() => { const style = getComputedStyle(document.activeElement);
            return [style.outlineStyle, style.outlineWidth]; }"""
        )
        assert style == ["solid", "3px"]


def test_a_form_on_its_way_is_not_sent_twice(visit: Callable[..., Page]) -> None:
    page = visit("sign_in")
    page.evaluate(
        """() => { window.sent = 0; const form = document.querySelector("form.form"); form.noValidate = true;
        form.action = "javascript:void 0"; form.target = "elsewhere";
        form.addEventListener("submit", () => { window.sent += 1; }); }"""
    )
    blocked = page.evaluate(
        """async () => { const form = document.querySelector("form.form"); const seen = [];
        const fire = () => { const event = new Event("submit", {bubbles: true, cancelable: true});
            form.dispatchEvent(event); seen.push(event.defaultPrevented); };
        fire(); await new Promise((next) => setTimeout(next, 20)); fire(); return seen; }"""
    )
    assert blocked == [False, True]
    assert page.locator("form.form button[aria-busy=true]").count() == 1


def test_a_point_on_the_map_is_written_into_the_form(visit: Callable[..., Page]) -> None:
    page = visit("file", (700, 1800))
    page.wait_for_selector(".map.is-live .map-pin")
    assert page.input_value("#id_lat") == "22.7002"
    page.locator(".map").click(position={"x": 120, "y": 60})
    expect(page.locator("#id_lat")).not_to_have_value("22.7002")
    assert 22.69 < float(page.input_value("#id_lat")) < 22.72
    assert page.inner_text("[data-map-said]")


def test_a_map_nobody_touched_says_nothing_about_the_place(visit: Callable[..., Page]) -> None:
    page = visit("components", (700, 1800))
    page.wait_for_selector(".map.is-live .map-pin")
    page.wait_for_timeout(300)
    assert page.input_value("#id_lat") == ""


def test_a_large_photo_is_made_smaller_and_keeps_its_place_and_time(
    visit: Callable[..., Page], tmp_path: Path
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x0132] = "2026:03:18 10:20:00"
    big = Image.effect_noise((2400, 1600), 60).convert("RGB")
    big.save(tmp_path / "big.jpg", exif=exif, quality=95)
    page = visit("file")
    page.set_input_files("#id_photos", [str(tmp_path / "big.jpg")])
    page.wait_for_selector(".photo canvas", timeout=15_000)
    sent = page.evaluate(
        """() => new Promise((done) => { const reader = new FileReader();
        reader.onload = () => done(reader.result);
        reader.readAsDataURL(document.querySelector("#id_photos").files[0]); })"""
    )
    data = base64.b64decode(sent.partition(",")[2])
    assert len(data) < (tmp_path / "big.jpg").stat().st_size
    with Image.open(io.BytesIO(data)) as image:
        assert image.size == (1365, 2048)
        assert image.getexif()[0x0132] == "2026:03:18 10:20:00"
        assert image.getexif()[0x0112] == 1


def test_a_photo_can_be_taken_back_and_too_many_are_named(visit: Callable[..., Page], tmp_path: Path) -> None:
    paths = []
    for number in range(10):
        path = tmp_path / f"{number}.png"
        Image.new("RGB", (40, 40), (number * 20, 90, 90)).save(path)
        paths.append(str(path))
    page = visit("file")
    page.set_input_files("#id_photos", paths)
    expect(page.locator(".photo")).to_have_count(9)
    assert "9" in page.inner_text("[data-photos-said]")
    page.click(".photo:first-child .photo-remove")
    assert page.evaluate("document.querySelector('#id_photos').files.length") == 8


def test_without_scripts_the_forms_are_still_there(visit: Callable[..., Page]) -> None:
    page = visit("file", script=False)
    assert page.is_visible("#id_photos")
    assert page.is_hidden(".uploader-button")
    assert page.is_hidden("[data-voice]")
    assert page.is_hidden(".map")
    case = visit("case", DESK, script=False)
    assert case.is_hidden("#id_public_text")
    case.click("summary.btn-primary")
    assert case.is_visible("#id_public_text")


def test_on_a_phone_the_desks_menu_opens_without_scripts(visit: Callable[..., Page]) -> None:
    page = visit("inbox", script=False)
    assert page.is_hidden("#menu")
    page.click(".bar-menu")
    assert page.is_visible("#menu")
    page.click(".side-close")
    assert page.is_hidden("#menu")


def test_the_table_head_stays_while_the_rows_scroll(visit: Callable[..., Page]) -> None:
    page = visit("inbox", DESK)
    page.evaluate("document.querySelector('#main').scrollTop = 900")
    top = page.evaluate("document.querySelector('thead th').getBoundingClientRect().top")
    bar = page.evaluate("document.querySelector('.bar').getBoundingClientRect().bottom")
    assert abs(top - bar) < 1.5


def test_on_paper_only_the_content_remains(visit: Callable[..., Page]) -> None:
    page = visit("case", DESK)
    page.emulate_media(media="print")
    assert page.is_hidden(".side")
    assert page.is_hidden(".act-dock")
    assert page.is_visible(".timeline")
