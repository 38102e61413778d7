"""The residents' form under hostile hands: told what to mend with nothing stored, or taken and harmless."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.test import Client

from huying.intake.models import Appeal, Inbound
from huying.testing.town import PASSWORD
from tests.hostile.filing import LAT, LON, TEXT, file_appeal, taken

if TYPE_CHECKING:
    from tests.hostile.conftest import Stored

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


TOLD = {
    "no words": ({"text": ""}, 400, "text"),
    "only control characters": ({"text": "\x00\x07\u202e"}, 400, "text"),
    "20,001 characters": ({"text": "长" * 20_001}, 400, "text"),
    "a million characters": ({"text": "a" * 1_000_000}, 400, "text"),
    "a point that is not a number": ({"lat": "NaN"}, 400, "place_words"),
    "a point beyond all numbers": ({"lat": "1e999"}, 400, "place_words"),
    "a point of words": ({"lat": "<script>"}, 400, "place_words"),
    "a point of 5,000 digits": ({"lat": "9" * 5000}, 400, "place_words"),
    "a swapped point": ({"lat": LON, "lon": LAT}, 422, "place_words"),
    "the point where devices are lost": ({"lat": "0", "lon": "0"}, 422, "place_words"),
    "half a point": ({"lon": ""}, 422, "place_words"),
    "a point beyond the pole": ({"lat": "-91"}, 422, "place_words"),
    "a name of 41 characters": ({"name": "名" * 41}, 400, "name"),
    "a phone that is a query": ({"phone": "1' OR '1'='1"}, 400, "phone"),
    "a place of 201 characters": ({"place_words": "巷" * 201}, 400, "place_words"),
}


@pytest.mark.parametrize(("fields", "status", "field"), TOLD.values(), ids=TOLD)
def test_what_cannot_be_is_told_beside_its_field_and_leaves_nothing(
    browser: Client, stored: Stored, fields: dict[str, str], status: int, field: str
) -> None:
    key = str(uuid4())
    answer = file_appeal(browser, key=key, **fields)
    page = answer.content.decode()
    assert answer.status_code == status
    assert f'href="#id_{field}"' in page, "the summary of errors leads to the field"
    assert stored.grown() == {}
    # Nothing else that was written is lost with it, and the form can be sent again as it stands.
    assert field == "text" or TEXT in page
    assert taken(file_appeal(browser, key=key)).inbound.key == key


def test_a_form_larger_than_the_server_takes_is_refused_whole(browser: Client, stored: Stored) -> None:
    answer = file_appeal(browser, text="a" * 3_000_000)
    assert answer.status_code in {400, 413}
    assert stored.grown() == {}


ODD_FIELDS = {
    "a key that is a path": {"key": "../../etc/passwd"},
    "a key that is a query": {"key": "' OR 1=1 --"},
    "a step nobody offers": {"step": "check", "next": "//evil.example"},
    "a twin that was never offered": {"same": "0190a0a0-0000-7000-8000-000000000000:forged"},
    "a photo of somebody else": {"photo_place": "0190a0a0-0000-7000-8000-000000000000"},
    "photos to drop that are paths": {"drop": "../../../etc/passwd"},
    "fields of the inside": {"channel": "staff", "held_for": "", "typed_by": "1", "status": "closed"},
}


@pytest.mark.parametrize("fields", ODD_FIELDS.values(), ids=ODD_FIELDS)
def test_fields_the_form_does_not_offer_change_nothing(browser: Client, fields: dict[str, str]) -> None:
    appeal = taken(file_appeal(browser, **fields))
    assert (appeal.channel_id, appeal.text, appeal.typed_by_id) == ("web", TEXT, None)
    assert Appeal.objects.count() == 1


@pytest.mark.parametrize(
    "text",
    [
        "a\x00b",
        "a\r\nb",
        "photo\u202egpj.exe",
        "<script>alert(1)</script>",
        "=cmd|' /C calc'!A1",
        "{{ 7*7 }}",
    ],
    ids=["NUL", "line ends", "bidi", "HTML", "formula", "template"],
)
def test_odd_words_are_taken_and_kept_with_what_was_written(browser: Client, text: str) -> None:
    appeal = taken(file_appeal(browser, text=text))
    kept = json.loads(bytes(Inbound.objects.get(pk=appeal.inbound_id).body))
    assert kept["text"] == appeal.text
    assert not set(appeal.text) & set("\x00\r\u202e")


def test_a_name_cannot_smuggle_lines(browser: Client) -> None:
    appeal = taken(file_appeal(browser, name="乔\r\nBcc: all@example.org"))
    assert "\r" not in appeal.party.name


BODIES = {
    "gb18030": (b"text=" + "路灯".encode("gb18030"), "application/x-www-form-urlencoded"),
    "broken percent signs": (b"text=%ff%fe%00%ed%a0%80%zz", "application/x-www-form-urlencoded"),
    "500 fields": (
        b"&".join(b"f%d=1" % number for number in range(500)),
        "application/x-www-form-urlencoded",
    ),
    "a multipart body that breaks off": (
        b"--x\r\nContent-Disposition: form-d",
        "multipart/form-data; boundary=x",
    ),
    "a multipart body without a boundary": (b"x" * 100, "multipart/form-data"),
    "JSON": (b'{"text": "x"}', "application/json"),
    "nothing": (b"", "application/x-www-form-urlencoded"),
}


@pytest.mark.parametrize(("body", "content_type"), BODIES.values(), ids=BODIES)
def test_a_body_no_browser_sends_is_no_server_error_and_leaves_nothing(
    browser: Client, stored: Stored, body: bytes, content_type: str
) -> None:
    # generic() sends the bytes as they are; post() would mend them first.
    answer = browser.generic("POST", "/file/", body, content_type=content_type)
    assert answer.status_code < 500
    assert answer.status_code == 200 or answer.status_code >= 400
    assert stored.grown() == {}


ADDRESSES = (
    "/file/photos/../../x/y/", "/file/photos/%2e%2e%2f%2e%2e%2fetc/passwd/", "/file/photos/x/y/",
    "/a/SQ1/%00/", "/a/SQ1/x/", "/a/SQ1/x/rate/", "/a/SQ1/x/photo/../", "/a/%F0%9F%98%80/x/",
    "/file/places/?place_words=%00%ff%3Cscript%3E", "/file/places/?place_words=" + "a" * 5000,
    "/find/?number=%00", "/find/?number=%27%20OR%201%3D1", "/my/", "/?page=%00", "/my/?page=9999999999999999",
    "/desk/sign-in/?next=//evil.example/", "/sign-in/?next=javascript:alert(1)", "/ui/../settings.py",
    "/static/../huying/site/settings.py", "/static/%2e%2e/%2e%2e/pyproject.toml", "/nope/%00/",
)  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_address_breaks_the_server_or_opens_a_file(browser: Client, address: str) -> None:
    answer = browser.get(address)
    assert answer.status_code < 500
    content = b"".join(answer) if getattr(answer, "streaming", False) else answer.content
    assert b"SECRET_KEY" not in content
    assert b"<script>" not in content
    assert "evil.example" not in answer.headers.get("Location", "")


COOKIES = [
    ("mine", "x.y~" * 500), ("mine", "~~..~"), ("django_language", "<script>"),
    ("django_language", "../../etc"), ("sessionid", "' OR 1=1 --"), ("care", '"><script>'),
    ("csrftoken", "x"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), COOKIES)
def test_no_cookie_breaks_a_page(browser: Client, name: str, value: str) -> None:
    browser.cookies[name] = value
    for address in ("/", "/my/", "/file/"):
        answer = browser.get(address)
        assert answer.status_code == 200
        assert b'"><script>' not in answer.content
        assert value == "x" or value not in answer.content.decode()


@pytest.mark.parametrize("address", ["/a/%00/x/", "/my/"])
def test_a_number_with_a_nul_is_simply_not_found(browser: Client, address: str) -> None:
    browser.cookies["mine"] = "a\x00.b"
    assert browser.get(address).status_code in {200, 404, 405}


def test_a_form_without_its_csrf_token_is_refused(stored: Stored) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = file_appeal(strict)
    assert answer.status_code == 403
    assert stored.grown() == {}


@pytest.mark.parametrize(
    "next_url", ["//evil.example/", "https://evil.example", "javascript:alert(1)", "\\\\evil"]
)
def test_signing_in_never_leads_away(browser: Client, next_url: str) -> None:
    answer = browser.post("/desk/sign-in/", {"username": "lin", "password": PASSWORD, "next": next_url})
    assert answer.status_code < 500
    assert answer.status_code != 302 or answer.headers["Location"].startswith("/")
    assert not answer.headers.get("Location", "/").startswith(("//", "/\\"))
