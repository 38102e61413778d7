"""Residents and staff with a browser each, and what they do in every story; found by labels and texts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from huying.testing.town import PASSWORD
from tests.town import until

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, Response

    from tests.town import Town

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PHONE, DESK = (360, 780), (1440, 900)
TWINS, WHERE = "是不是下面这件事？", "在什么地方？"
AXES = ("办理速度", "办理结果", "服务态度", "办理过程")
# A page of a loaded machine; all is well long before.
PATIENCE_MILLISECONDS = 30_000
_networks = count(1)
expect.set_options(timeout=PATIENCE_MILLISECONDS)


@dataclass
class People:
    """Everybody in a story, and what their browsers complained of."""

    chromium: Browser
    town: Town
    faults: list[str] = field(default_factory=list)
    _contexts: list[BrowserContext] = field(default_factory=list)

    def somebody(
        self, size: tuple[int, int] = PHONE, *, script: bool = True, language: str = "zh-CN"
    ) -> Page:
        """Give a fresh browser in this size, from a network of its own."""
        number = next(_networks)
        context = self.chromium.new_context(
            base_url=self.town.url, viewport={"width": size[0], "height": size[1]}, locale=language,
            java_script_enabled=script, timezone_id="Asia/Shanghai",
            extra_http_headers={"X-Forwarded-For": f"203.{number // 250}.{number % 250}.7"},
        )  # fmt: skip
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        self._contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("console", self._hear)
        page.on("request", self._watch)
        page.on("response", self._check)
        return page

    def staff(self, username: str, size: tuple[int, int] = DESK, *, script: bool = True) -> Page:
        """Give the browser of a member of staff who has signed in."""
        page = self.somebody(size, script=script)
        page.goto("/desk/")
        page.get_by_label("用户名").fill(username)
        page.get_by_label("密码", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url(re.compile(r"/desk/(?!sign-in)"))
        return page

    def leave(self) -> None:
        """Close all browsers."""
        for context in self._contexts:
            context.close()

    def _hear(self, line: ConsoleMessage) -> None:
        # A refusal's status is no fault; a breach of the content policy or a broken script is.
        if line.type == "error" and "Failed to load resource" not in line.text:
            self.faults.append(f"console: {line.text}")

    def _watch(self, request: Request) -> None:
        if not request.url.startswith((self.town.url, "data:", "blob:")):
            self.faults.append(f"asked another host: {request.url}")

    def _check(self, response: Response) -> None:
        if response.status >= 500:
            self.faults.append(f"{response.status}: {response.url}")


@dataclass(frozen=True)
class Filed:
    """What a resident has in hand after filing."""

    number: str
    link: str


def file_appeal(page: Page, text: str, *, me_too: bool = False) -> Filed:
    """File an appeal from the front page; `me_too` joins the first twin that is offered, else none is."""
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name="我要反映").click()
    page.get_by_label("您要反映什么").fill(text)
    page.get_by_role("button", name="提交").click()
    title = page.get_by_role("heading", level=1)
    expect(title).to_have_text(re.compile(f"收到了|{TWINS}|{WHERE}"))
    asked = title.inner_text()
    if asked == TWINS:
        choose(page, "我也是" if me_too else "都不是，我反映的是另一件事")
    assert asked == TWINS or not me_too, "no twin was offered"
    if asked in {TWINS, WHERE}:
        page.get_by_role("button", name="提交").click()
    return receipt(page)


def choose(scope: Page | Locator, words: str) -> None:
    """Press the first card, star or choice with these words, as a hand does: on its label."""
    label = scope.locator("label", has_text=words).first
    label.click()
    expect(scope.locator(f"[id='{label.get_attribute('for')}']")).to_be_checked()


def receipt(page: Page) -> Filed:
    """Return number and link of the page that says it was received."""
    expect(page.get_by_role("heading", level=1)).to_have_text("收到了")
    link = page.get_by_label("诉求查询链接").input_value()
    found = re.search(r"/a/(SQ\d+)/", link)
    assert found, link
    expect(page.get_by_text(found[1], exact=True)).to_be_visible()
    return Filed(found[1], link)


def open_case(page: Page, number: str) -> str:
    """Find a case by its number or that of an appeal, open its page and return the case's number."""
    page.goto("/desk/")
    page.get_by_label("搜索工单").fill(number)
    page.get_by_label("搜索工单").press("Enter")
    page.wait_for_url(re.compile(r"/desk/(search|cases)/"))
    if "/desk/cases/" not in page.url:
        row = page.get_by_role("main").get_by_role("table").get_by_role("rowheader").get_by_role("link").first
        page.goto(row.get_attribute("href") or "")  # a click would open it beside the list
    page.wait_for_url(re.compile(r"/desk/cases/GD\d+/"))
    found = re.search(r"GD\d+", page.url)
    assert found
    return found[0]


def press(page: Page, move: str) -> None:
    """Make a move that asks nothing."""
    page.get_by_role("region", name="可用操作").get_by_role("button", name=move, exact=True).click()


def make(page: Page, move: str, fields: dict[str, str], *, solved: str = "") -> None:
    """Open the form of a move, fill it in, choose a radio where there is one, and send it."""
    dock = page.get_by_role("region", name="可用操作")
    form = dock.locator("details", has=page.locator("summary", has_text=re.compile(f"^\\s*{move}\\s*$")))
    if form.get_attribute("open") is None:
        form.locator("summary").first.click()
    _fetch(form)
    for label, text in fields.items():
        form.get_by_label(label).first.fill(text)
    if solved:
        choose(form, solved)
    form.get_by_role("button", name=move, exact=True).click()


def _fetch(form: Locator) -> None:
    """Wait until scripts have put the form where its link stands; without them, follow the link."""
    link = form.get_by_role("link", name="打开表单")
    if link.count():
        try:
            expect(link).to_have_count(0, timeout=4_000)
        except AssertionError:
            link.click()


def stands(page: Page, status: str) -> None:
    """Expect the case on the screen to stand there."""
    expect(page.get_by_role("main").get_by_text(status, exact=True).first).to_be_visible()


def answer_case(people: People, number: str, text: str, *, size: tuple[int, int] = DESK) -> None:
    """Take a case of the cleaners from dispatch or rework to its reviewed reply, by two of them."""
    lin = people.staff("lin", size)
    open_case(lin, number)
    if lin.get_by_role("button", name="签收", exact=True).count():
        press(lin, "签收")
    stands(lin, "办理中")
    make(lin, "答复", {"答复居民": text, "内部备注": "已拍照留底"}, solved="已解决")
    stands(lin, "待审核")
    hao = people.staff("hao", size)
    open_case(hao, number)
    make(hao, "审核通过", {})
    stands(hao, "待回访")


def await_question(page: Page, link: str) -> None:
    """Look at an appeal until its resident is asked (a job of the worker does that)."""

    def asked() -> bool:
        page.goto(link)
        return page.get_by_role("button", name="提交评价").is_visible()

    until(asked, "the resident was never asked")


def rate(page: Page, solved: str, *, stars: int = 0, comment: str = "") -> None:
    """Answer the question whether it is solved."""
    choose(page.get_by_role("group", name="问题解决了吗"), solved)
    for axis in AXES if stars else ():
        choose(page.get_by_role("group", name=axis), f"{stars} 星")
    if comment:
        page.get_by_label("还有什么要说的").fill(comment)
    page.get_by_role("button", name="提交评价").click()
