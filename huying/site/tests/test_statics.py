"""Small answers: squeezed once, by content, kept for good only under the right version."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.templatetags.static import static
from django.test import Client, RequestFactory

from huying.site.statics import FOREVER, SmallPages, digest_of, squeezed, version_of

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django.fixtures import Settings

SCRIPT = "vendor/htmx/htmx.min.js"


@pytest.fixture
def client(settings: Settings, tmp_path: Path) -> Client:
    """Return a browser of a town with an empty data folder."""
    settings.DATA_DIR = tmp_path
    return Client()


def body(answer: object) -> bytes:
    """Return what came, whether streamed or whole."""
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_a_static_file_comes_squeezed_to_those_who_take_that_and_plain_to_others(client: Client) -> None:
    path = finders.find(SCRIPT)
    assert isinstance(path, str)
    small = client.get(f"/static/{SCRIPT}", headers={"accept-encoding": "gzip, br"})
    assert small.headers["Content-Encoding"] == "gzip"
    assert small.headers["Vary"] == "Accept-Encoding"
    packed = body(small)
    assert int(small.headers["Content-Length"]) == len(packed) < 20_000
    plain = client.get(f"/static/{SCRIPT}")
    assert "Content-Encoding" not in plain.headers
    assert body(plain) == gzip.decompress(packed)


def test_an_address_names_the_content_and_only_then_is_it_kept_for_good(client: Client) -> None:
    address = static(SCRIPT)
    assert address == f"/static/{SCRIPT}?v={version_of(SCRIPT)}"
    for asked, kept in ((address, FOREVER), (f"/static/{SCRIPT}", "max-age=3600, public")):
        answer = client.get(asked, headers={"accept-encoding": "gzip"})
        assert answer.headers["Cache-Control"] == kept
        body(answer)
    # A page of tomorrow that reaches a process of yesterday must not nail yesterday's file down.
    other = client.get(f"/static/{SCRIPT}?v=0123456789")
    assert other.headers["Cache-Control"] == "max-age=3600, public"
    body(other)
    assert static("no/such.js") == "/static/no/such.js"


def test_a_changed_file_gets_a_new_name_and_a_new_copy(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    file = tmp_path / "a.css"
    file.write_text("p { color: red; }\n" * 50)
    first, copy = digest_of(str(file)), squeezed(str(file))
    file.write_text("p { color: blue; }\n" * 60)
    assert digest_of(str(file)) != first
    assert squeezed(str(file)) not in {None, copy}
    noise = tmp_path / "noise.txt"
    noise.write_text("x")
    assert squeezed(str(noise)) is None
    assert squeezed(str(tmp_path / "photo.png")) is None


@pytest.mark.parametrize(
    ("kind", "packed"),
    [("text/html; charset=utf-8", True), ("application/json", True), ("image/jpeg", False),
     ("text/event-stream", False)],
)  # fmt: skip
def test_pages_are_squeezed_and_pictures_and_live_lines_are_not(kind: str, *, packed: bool) -> None:
    request = RequestFactory().get("/", headers={"accept-encoding": "gzip"})
    answer = HttpResponse("呼应" * 500, content_type=kind)
    squeezing = SmallPages(lambda _request: answer)
    assert ("Content-Encoding" in squeezing.process_response(request, answer).headers) == packed
