"""What the look promises about colours, styles, templates and vendored files."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import polib
import pytest
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage

from huying.ui import status

UI = Path(__file__).resolve().parent.parent
STATIC = UI / "static"
CSS = sorted((STATIC / "ui").glob("*.css"))
TEMPLATES = sorted((UI / "templates").rglob("*.html"))
TOKEN = re.compile(r"--([\w-]+):\s*(#[0-9a-f]{6})")
TONES = ("ok", "info", "warn", "bad", "turn", "mute")
# Newer than Chromium 80, which the browsers of many offices still are.
TOO_NEW = re.compile(
    r":has\(|:is\(|:where\(|@container|@layer|\binset\s*:|aspect-ratio|^\s+gap\s*:|^\s*&", re.MULTILINE
)


def tokens(block: str) -> dict[str, str]:
    """Return the colours set in one `:root` block of tokens.css."""
    text = (STATIC / "ui" / "tokens.css").read_text(encoding="utf-8")
    start = text.index(block + " {")
    return dict(TOKEN.findall(text[start : text.index("\n}", start)]))


def luminance(colour: str) -> float:
    """Return the relative luminance of #rrggbb (WCAG 2.1)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours (WCAG 2.1)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_measures_twenty_one_to_one() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


DARK = ":root:not([data-care])"


@pytest.mark.parametrize(("block", "wanted"), [(":root", 4.5), (DARK, 4.5), (":root[data-care]", 7.0)])
def test_every_ink_can_be_read_on_every_ground_it_stands_on(block: str, wanted: float) -> None:
    colours = tokens(":root") | tokens(block)
    pairs = [(ink, ground) for ink in ("ink", "ink-2", "ink-3") for ground in ("card", "ground", "sunk")]
    pairs += [(tone, f"{tone}-soft") for tone in TONES] + [
        ("call", "call-soft"),
        ("primary-deep", "primary-soft"),
    ]
    pairs += [("primary", "card"), ("bad", "card"), ("call", "card"), ("ink", "mark")]
    pairs += [("on-strong", tone) for tone in ("primary", "call", "ok", "bad")]
    colours["white"] = "#ffffff"
    pairs.append(("white", "hero"))
    weak = {pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < wanted} == {}


@pytest.mark.parametrize("block", [":root", DARK])
def test_lines_around_fields_can_be_seen(block: str) -> None:
    colours = tokens(":root") | tokens(block)
    assert contrast(colours["field-line"], colours["card"]) >= 3
    assert contrast(colours["focus"], colours["ground"]) >= 3


@pytest.mark.parametrize("path", CSS, ids=lambda path: path.name)
def test_styles_use_nothing_that_older_office_browsers_do_not_know(path: Path) -> None:
    assert TOO_NEW.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(UI)))
def test_templates_need_no_inline_script_or_style(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|\son\w+=|<style|javascript:|hx-on|hx-vals=['\"]js:", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))


def test_every_icon_that_is_asked_for_is_drawn() -> None:
    drawn = set(
        re.findall(r'<symbol id="([\w-]+)"', (STATIC / "ui" / "icons.svg").read_text(encoding="utf-8"))
    )
    asked = {look.icon for table in (status.STAFF, status.RESIDENT, status.GRADES) for look in table.values()}
    asked |= {icon for icon, _tone in status.EVENT_ICONS.values()}
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        asked |= set(re.findall(r'{% icon "([\w-]+)"', text)) | set(re.findall(r'icon_name="([\w-]+)"', text))
    assert asked - drawn - {""} == set()


def test_residents_and_staff_have_words_for_the_same_states() -> None:
    assert set(status.STAFF) == set(status.RESIDENT)


def test_a_state_without_words_is_shown_rather_than_breaking_the_page() -> None:
    assert status.look_of("teleported").label == "teleported"


def test_vendored_files_are_the_ones_in_the_manifest_and_come_with_their_licence() -> None:
    vendor = STATIC / "vendor"
    manifest = json.loads((vendor / "VENDORED.json").read_text(encoding="utf-8"))
    known: dict[str, str] = {}
    for package in manifest["packages"]:
        known |= package["sha256"]
        assert any(name.endswith("/LICENSE") for name in package["sha256"]), package["name"]
    found = {str(path.relative_to(vendor)): path for path in vendor.rglob("*") if path.is_file()}
    assert set(found) - {"VENDORED.json"} == set(known)
    assert {name: hashlib.sha256(found[name].read_bytes()).hexdigest() for name in known} == known


def test_static_files_can_be_served_under_hashed_names(tmp_path: Path) -> None:
    storage = ManifestStaticFilesStorage(location=str(tmp_path), base_url="/static/")
    names = {}
    for path in (path for path in STATIC.rglob("*") if path.is_file()):
        name = str(path.relative_to(STATIC))
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
        names[name] = (storage, name)
    failed = [
        (name, hashed) for name, hashed, _done in storage.post_process(names) if isinstance(hashed, Exception)
    ]
    assert failed == []
    assert ".svg" in (tmp_path / storage.stored_name("ui/forms.css")).read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["zh_Hans", "zh_Hant"])
def test_every_text_is_translated_and_compiled(language: str) -> None:
    path = UI / "locale" / language / "LC_MESSAGES" / "django.po"
    texts = polib.pofile(str(path), encoding="utf-8")
    assert [entry.msgid for entry in texts if not entry.translated()] == []
    assert path.with_suffix(".mo").read_bytes() == texts.to_binary()
