"""The pages of the look: care switch, refusals, and the gallery in three languages. No database."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from huying.ui.gallery.pages import PAGES

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.usefixtures("own_addresses")
ERRORS = ("400", "403", "404", "409", "429", "500")


def test_the_care_mode_is_kept_in_a_cookie_and_drawn_by_the_server(client: Client) -> None:
    assert "data-care" not in client.get("/ui/gallery/home/").content.decode().split("<head>")[0]
    answer = client.post("/ui/care/", {"care": "1", "next": "/ui/gallery/home/"})
    assert answer["Location"] == "/ui/gallery/home/"
    html = client.get("/ui/gallery/home/").content.decode()
    assert "data-care" in html.split("<head>")[0]
    assert 'href="tel:12345"' in html
    client.post("/ui/care/", {"care": "0", "next": "/"})
    assert "data-care" not in client.get("/ui/gallery/home/").content.decode().split("<head>")[0]


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_the_care_switch_sends_nobody_away_from_the_site(client: Client, target: str) -> None:
    assert client.post("/ui/care/", {"care": "1", "next": target})["Location"] == "/"


def test_the_care_switch_is_never_a_link(client: Client) -> None:
    assert client.get("/ui/care/").status_code == 405


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
@pytest.mark.parametrize("name", ["", *PAGES])
def test_every_gallery_page_is_drawn_in_every_language(client: Client, name: str, language: str) -> None:
    client.cookies["django_language"] = language
    answer = client.get(f"/ui/gallery/{name}/" if name else "/ui/gallery/")
    html = answer.content.decode()
    assert answer.status_code == 200
    wanted = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant-HK", "en": "en"}[language]
    assert f'<html lang="{wanted}"' in html
    assert html.count("<main") == html.count("<h1") == 1
    identities = re.findall(r'\sid="([^"]+)"', html)
    assert len(identities) == len(set(identities))


def test_an_unknown_gallery_page_is_not_found(client: Client) -> None:
    assert client.get("/ui/gallery/nothing/").status_code == 404


@pytest.mark.parametrize("status", ERRORS)
def test_error_pages_need_nothing_but_themselves(status: str) -> None:
    with translation.override("zh-hans"):
        html = render_to_string(f"ui/errors/{status}.html")
    assert "返回首页" in html
    assert "12345" in html
    assert "<h1>" in html


@pytest.mark.parametrize("name", ["400.html", "403.html", "404.html", "500.html", "403_csrf.html"])
def test_django_finds_our_pages_for_its_own_errors(name: str) -> None:
    assert "ui/base.css" in render_to_string(name)


def test_a_refusal_is_told_with_its_sentence_and_its_key() -> None:
    context = {
        "sentence": "Somebody else signed it <first>.",
        "reason": "cases.already_signed",
        "retry": True,
    }
    with translation.override("en"):
        html = render_to_string("ui/refused.html", context)
    assert "Somebody else signed it &lt;first&gt;." in html
    assert "cases.already_signed" in html
    assert "Trying again" in html
