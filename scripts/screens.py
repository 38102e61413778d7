"""Takes pictures of every page of a running demo town, and tells what a program can see wrong on them.

    make screens                          phones, tablets and desks, by day
    make screens ARGS="--look dark"       as at night; --look care is the easy view
    make screens ARGS="--only desk:case"  only pages whose name begins so
    make screens ARGS=--renew             also puts the main pictures into docs/images/ anew

The pictures lie in `var/screens/LOOK/WIDTH/`, what is wrong in `var/screens/LOOK/wrong.txt`, and sheets of
several pages in `var/screens/LOOK/sheets/`. The town must run on this machine, with HUYING_DATA_DIR as here.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # the tests' walk through the address tables is used here too

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

WIDTHS = {360: 740, 768: 1024, 1440: 900}
LOOKS = ("light", "dark", "care")
CHECKS = (Path(__file__).parent / "screens.js").read_text(encoding="utf-8").split("\n", 2)[2]
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--lang=zh-CN"]
# The desk scrolls inside its middle, residents' pages as a whole.
HOW_TALL = """(() => {
  const main = document.querySelector("main");
  const inside = main ? main.getBoundingClientRect().top + main.scrollHeight : 0;
  return Math.ceil(Math.max(document.documentElement.scrollHeight, inside));
})()"""
# A page longer than this is cut: nobody looks further.
LONGEST_PX = 6000
# Pages everybody of the staff has, and each role sees differently.
OWN_PAGES = {"desk:inbox", "desk:today", "desk:area", "desk:office:index"}
STARTS = {"demo-grid-worker": ("/desk/grid/",), "demo-admin": ("/desk/office/",)}
LONG_TEXT = 150
RESIDENT = "demo-resident"
# How pictures are laid on sheets: columns, and the part of a picture that is shown.
SHEET_COLUMNS = {360: 5, 768: 3, 1440: 2}
SHEET_CELLS = {360: (360, 1500), 768: (600, 900), 1440: (960, 900)}
SMALL, GAP = 600, 20
# The pictures of the documentation: of which page, and how wide: the first screen of it.
DOCS = ROOT / "docs" / "images"
OF_DOCS = {
    "home": ("home.front", 360), "file": ("home.file", 360), "near": ("home.near-area", 360),
    "appeal": ("home.appeal-follow_up", 360), "public": ("home.public", 360),
    "inbox": ("desk.area@supervisor", 1440), "case": ("desk.case-suspended", 1440),
    "numbers": ("desk.numbers", 1440), "calendar": ("desk.office.calendar", 1440),
    "admission": ("desk.admission_new", 1440), "roles": ("desk.office.roles", 1440),
    "retention": ("desk.office.retention", 1440), "sealed": ("desk.sealed", 1440),
    "drawer-tablet": ("desk.drawer", 768),
    "hot-spot": ("desk.hot_spot", 1440), "topic": ("desk.topic", 1440), "order": ("desk.order", 1440),
    "walk": ("desk.walk_go", 360), "board": ("desk.board", 1440),
}  # fmt: skip
COLOURS = 96
# What unfolds the forms a page holds folded: splitting appeals off, showing a contact.
SPLIT, CONTACT = ".split-fold summary", "details.look summary"
# Files handed in at the office: page they lead to, where, in which field, and what they hold.
UPLOADS: tuple[tuple[str, str, str, str], ...] = (
    ("import_file", "/desk/office/import/", "file",
     "工单编号,诉求内容,地址,联系人,联系电话\nA-1,听澜花园门口的垃圾堆了三天没人清,听澜花园,陈某,13800138000\n"),
    ("place_list", "/desk/office/areas/", "list",
     "编码,名称,类型,别名,曾用名,所属区域\nP1,新雨家园,小区,新雨,旧砖厂（1962-2011）,\nP2,,小区,,,\n"),
)  # fmt: skip


@dataclass(frozen=True)
class Known:
    """What no link leads to, read before the browser starts: its loop and the database do not go together."""

    sessions: dict[str, dict[str, str]]
    appeals: dict[str, str]
    cases: dict[str, list[str]]
    forms: dict[str, list[tuple[str, str, str]]] = field(default_factory=dict)


@dataclass
class Shooter:
    """Opens pages as somebody, keeps a picture of each in all widths, and what is wrong."""

    base: str
    out: Path
    look: str
    only: str
    seen: dict[str, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)

    def browser_of(self, browser: Browser) -> BrowserContext:
        """Give a fresh browser with this look."""
        context = browser.new_context(
            base_url=self.base, locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce",
            color_scheme="dark" if self.look == "dark" else "light",
        )  # fmt: skip
        if self.look == "care":
            context.add_cookies([{"name": "care", "value": "1", "url": self.base}])
        context.on("weberror", lambda error: self.heard.append(f"script: {error.error}"))
        context.on("console", lambda line: line.type == "error" and self.heard.append(line.text))
        return context

    def shoot(self, page: Page, name: str, address: str) -> None:
        """Keep the page in every width under this name."""
        if name in self.seen or not name.startswith(self.only):
            return
        self.seen[name] = address
        del self.heard[:]
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            page.goto(address)
            finger = width < SMALL and not name.startswith("desk:")
            wrong = [*self.heard, *page.evaluate(CHECKS, [width, finger])]
            self.wrong += [f"{name} at {width} ({address}): {fault}" for fault in wrong]
            del self.heard[:]
            self._keep(page, name, width)

    def shoot_here(self, page: Page, name: str) -> None:
        """Keep the page that is open, which no address leads to."""
        if name.startswith(self.only):
            self.seen[name] = page.url
            for width, height in WIDTHS.items():
                page.set_viewport_size({"width": width, "height": height})
                self.wrong += [
                    f"{name} at {width}: {fault}" for fault in page.evaluate(CHECKS, [width, False])
                ]
                self._keep(page, name, width)

    def _keep(self, page: Page, name: str, width: int) -> None:
        path = self.out / str(width) / f"{name.replace(':', '.')}.png"
        first = self.out / "first" / str(width) / path.name
        page.screenshot(path=first, animations="disabled")
        tall = page.evaluate(HOW_TALL)
        # A window as tall as the page: what sticks to its foot is at the foot of the picture.
        page.set_viewport_size({"width": width, "height": min(tall, LONGEST_PX)})
        page.screenshot(path=path, animations="disabled")

    def walk(self, page: Page, role: str, *starts: str) -> None:
        """Follow the links from these addresses, one of each name; keep what nobody has kept."""
        from tests.journeys.crawl import links_of, name_of

        waiting, walked = list(starts), set[str]()
        while waiting:
            address = waiting.pop(0)
            name = name_of(address)
            if name is None or name in walked:
                continue
            answer = page.request.get(address)
            walked.add(name)
            if not answer.ok or not answer.headers.get("content-type", "").startswith("text/html"):
                continue
            if name_of(answer.url) == name:
                self.shoot(page, f"{name}@{role}" if name in OWN_PAGES else name, address)
            waiting += links_of(address, answer.text())


def main() -> int:
    """Walk through the town as everybody in it."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--look", choices=LOOKS, default="light")
    asked.add_argument("--only", default="", help="only pages whose name begins so")
    asked.add_argument("--out", type=Path, default=ROOT / "var" / "screens")
    asked.add_argument("--renew", action="store_true", help="put the main pictures into docs/images/ anew")
    chosen = asked.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huying.site.settings")
    from huying.site.cli.town import opened_town, settings

    with opened_town(migrated=False):
        base, accounts = f"http://127.0.0.1:{settings().port}", settings().data_dir / "demo_accounts.json"
        staff = json.loads(accounts.read_text(encoding="utf-8"))
        shooter = Shooter(base, chosen.out / chosen.look, chosen.look, chosen.only)
        people = [*(row["username"] for row in staff), RESIDENT]
        sessions = {one: _session(one, base) for one in people}
        known = Known(sessions, _appeals_by_state(), _cases_by_state(), _forms_of_cases())
        with _chromium() as browser:
            _residents(shooter, browser, known)
            for row in staff:
                _staff(shooter, browser, row["username"], known)
    _tell(shooter)
    if chosen.renew:
        _renew(shooter.out)
    return 0


@contextmanager
def _chromium() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


def _appeals_by_state() -> dict[str, str]:
    """Return the link of one appeal for each state its case may be in."""
    from huying.cases.models import Membership
    from huying.intake.links import link_of

    of_state: dict[str, str] = {}
    for one in Membership.objects.filter(until_at=None).select_related("case", "appeal").order_by("-from_at"):
        appeal = one.appeal
        link = link_of(appeal.pk, appeal.number, edition=appeal.link_edition)
        of_state.setdefault(one.case.status, link)
        if len(appeal.text) > LONG_TEXT:
            of_state.setdefault("long", link)
    return of_state


def _cases_by_state() -> dict[str, list[str]]:
    """Return addresses of some cases in each state, the newest first."""
    from huying.cases.models import Case, Status

    return {
        state: [
            f"/desk/cases/{number}/"
            for number in Case.objects.filter(status=state)
            .order_by("-pk")
            .values_list("number", flat=True)[:40]
        ]
        for state in Status.values
    }


def _forms_of_cases() -> dict[str, list[tuple[str, str, str]]]:
    """Return forms folded into pages: by who opens them, what they are, where, and what unfolds them."""
    from huying.cases.models import Case, Status, Task, TaskKind

    forms: dict[str, list[tuple[str, str, str]]] = {}
    many = Case.objects.filter(appeal_count__gt=1, status__in=(Status.DISPATCHED, Status.IN_PROGRESS)).first()
    one = Case.objects.filter(status=Status.IN_PROGRESS).first()
    part = Task.objects.filter(kind=TaskKind.CALL_IN).select_related("case").first()
    if many is not None:
        forms["demo-dispatcher"] = [("split", f"/desk/cases/{many.number}/", SPLIT)]
    if one is not None:
        forms["demo-supervisor"] = [("contact", f"/desk/cases/{one.number}/", CONTACT)]
    if part is not None:
        forms.setdefault("demo-supervisor", []).append(
            ("called-in", f"/desk/cases/{part.case.number}/", "main")
        )
    return forms


def _session(username: str, base: str) -> dict[str, str]:
    from django.conf import settings
    from django.test import Client

    from huying.people.models import Account

    client = Client()
    client.force_login(Account.objects.get(username=username))
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": base}


def _residents(shooter: Shooter, browser: Browser, known: Known) -> None:
    """Look at what everybody may see, then at what a resident with an account has."""
    stranger = shooter.browser_of(browser).new_page()
    shooter.walk(stranger, "stranger", "/")
    for state, link in known.appeals.items():
        shooter.shoot(stranger, f"home:appeal-{state}", link)
        for more in ("done", "reach", "for"):
            shooter.shoot(stranger, f"home:appeal_{more}", f"{link}{more}/")
    stranger.goto("/near/")
    area = stranger.locator("[name=area] option").nth(1).get_attribute("value")
    shooter.shoot(stranger, "home:near-area", f"/near/?area={area}")
    _file(shooter, stranger)
    context = shooter.browser_of(browser)
    context.add_cookies([known.sessions[RESIDENT]])
    shooter.walk(context.new_page(), "resident", "/my/", "/")


def _file(shooter: Shooter, page: Page) -> None:
    """File an appeal and a report, for the pages that only follow a form."""
    page.goto("/file/")
    page.locator("[name=text]").fill("楼下路灯坏了三天，晚上一片黑，老人不敢出门")
    page.locator("main form .btn-primary").last.click()
    page.wait_for_load_state("networkidle")
    shooter.shoot_here(page, "home:check")
    page.goto("/find/?number=SQ0")
    shooter.shoot_here(page, "home:find-nothing")
    page.goto("/nowhere/")
    shooter.shoot_here(page, "error-404")
    page.goto("/report/")
    page.locator("[name=text]").fill("有工作人员收了商户的红包")
    page.locator("main form .btn-primary").last.click()
    page.wait_for_load_state("networkidle")
    shooter.shoot_here(page, "home:report_sent")


def _staff(shooter: Shooter, browser: Browser, username: str, known: Known) -> None:
    """Look at everything a member of staff has links to, and at cases in states nobody was seen with yet."""
    context = shooter.browser_of(browser)
    context.add_cookies([known.sessions[username]])
    page = context.new_page()
    shooter.walk(page, username.removeprefix("demo-"), "/desk/", *STARTS.get(username, ()))
    for state, addresses in known.cases.items():
        name = f"desk:case-{state}"
        found = next(
            (one for one in addresses if name not in shooter.seen and page.request.get(one).ok), None
        )
        if found and f"{name}".startswith(shooter.only):
            shooter.shoot(page, name, found)
    if username == "demo-supervisor":
        _drawer(shooter, page)
    if username == "demo-admin":
        _uploads(shooter, page)
    for name, address, unfold in known.forms.get(username, ()):
        _form(shooter, page, f"desk:{name}", address, unfold)
    context.close()


def _form(shooter: Shooter, page: Page, name: str, address: str, unfold: str) -> None:
    """Look at a page with one of its forms open, which no address leads to."""
    if not name.startswith(shooter.only) or name in shooter.seen:
        return
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(address)
    opener = page.locator(unfold).first
    if opener.count():
        opener.click()
        page.wait_for_load_state("networkidle")
        shooter.shoot_here(page, name)


def _uploads(shooter: Shooter, page: Page) -> None:
    """Hand in files in the office, for the pages that show what they hold."""
    for name, address, asked, content in UPLOADS:
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(address)
        file = {"name": f"{name}.csv", "mimeType": "text/csv", "buffer": content.encode()}
        chosen = page.locator(f"[name={asked}]")
        chosen.set_input_files([file])  # type: ignore[list-item] # playwright's own kind of dict
        chosen.locator("xpath=ancestor::form").locator("button").last.click()
        page.wait_for_load_state("networkidle")
        shooter.shoot_here(page, f"desk:office:{name}")


def _drawer(shooter: Shooter, page: Page) -> None:
    """Look at a case opened beside its list."""
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto("/desk/area/?tab=working")
    row = page.locator("[data-case-row]").first
    if row.count():
        row.click()
        page.wait_for_selector(".drawer.is-open")
        page.wait_for_load_state("networkidle")
        shooter.shoot_here(page, "desk:drawer")


def _tell(shooter: Shooter) -> None:
    """Write down what is wrong and what was not reached, lay the sheets, and say where all that is."""
    from tests.journeys.crawl import pages

    left = sorted(pages() - {name.split("@")[0] for name in shooter.seen})
    lines = [*shooter.wrong, "", "Not reached:", *left]
    (shooter.out / "wrong.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for width in WIDTHS:
        _lay_sheets(shooter.out, width)
    print(f"{len(shooter.seen)} pages in {shooter.out}; {len(shooter.wrong)} things to look at in wrong.txt")


def _renew(out: Path) -> None:
    """Put what was kept into the documentation, in few colours; what was not kept stays as it is."""
    for name, (page, width) in OF_DOCS.items():
        path = out / "first" / str(width) / f"{page}.png"
        if path.exists():
            with Image.open(path) as picture:
                picture.convert("RGB").quantize(COLOURS).save(DOCS / f"{name}.png", optimize=True)


def _lay_sheets(out: Path, width: int) -> None:
    """Lay the tops of the pictures side by side, each with its name."""
    pictures = sorted((out / str(width)).glob("*.png"))
    wide, high = SHEET_CELLS[width]
    columns = SHEET_COLUMNS[width]
    on_a_sheet = columns * (1 if width < SMALL else 2)
    (out / "sheets").mkdir(exist_ok=True)
    for at in range(0, len(pictures), on_a_sheet):
        some = pictures[at : at + on_a_sheet]
        rows = -(-len(some) // columns)
        sheet = Image.new("RGB", (columns * (wide + GAP), rows * (high + GAP)), "#888")
        for place, path in enumerate(some):
            with Image.open(path) as picture:
                shown = picture.convert("RGB").resize((wide, picture.height * wide // picture.width))
            left, top = place % columns * (wide + GAP), place // columns * (high + GAP)
            sheet.paste(shown.crop((0, 0, wide, min(high, shown.height))), (left, top + GAP))
            ImageDraw.Draw(sheet).text((left + 4, top + 4), path.stem, fill="white")
        sheet.save(out / "sheets" / f"{width}-{at // on_a_sheet:02}.png")


if __name__ == "__main__":
    sys.exit(main())
