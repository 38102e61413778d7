"""Photos that are none, or more than they seem: told by name with nothing stored, or painted anew."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from huying.intake.models import Photo
from huying.intake.photos import store
from huying.intake.tests.photos import blank_png, exif, lamp, with_segments, written
from tests.hostile.filing import file_appeal, taken

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

    from tests.hostile.conftest import Stored

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
MEBIBYTE = 1024 * 1024


def zip_bomb() -> bytes:
    """Return 50 MB of zeros in 50 kB."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(50_000_000))
    return out.getvalue()


JPEG, BOMB = written(lamp(), "JPEG"), zip_bomb()
HTML = b"<html><script>alert(document.cookie)</script></html>"


def upload(data: bytes, name: str = "lamp.jpg", kind: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, kind)


NO_PHOTOS = {
    "a zip bomb named .jpg": (upload(BOMB), 415),
    "a page named .jpg": (upload(HTML), 415),
    "a drawing with a script": (upload(b"<svg onload='alert(1)'/>", "a.svg", "image/svg+xml"), 415),
    "a program named .png": (upload(b"MZ" + bytes(2000), "a.png", "image/png"), 415),
    "a PDF": (upload(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "a.pdf", "application/pdf"), 415),
    "a GIF": (upload(written(lamp(), "GIF"), "a.gif", "image/gif"), 415),
    "an empty file": (upload(b""), 400),
    "40,000 pixels on each side": (upload(blank_png(40_000, 40_000), "a.png", "image/png"), 422),
    "40,000 pixels in one row": (upload(blank_png(40_000, 1), "a.png", "image/png"), 422),
    "a JPEG that breaks off": (upload(JPEG[: len(JPEG) // 2]), 422),
    "a JPEG of its header only": (upload(JPEG[:200]), 422),
    "10 MB and one byte": (upload(JPEG + bytes(10 * MEBIBYTE + 1 - len(JPEG))), 400),
}


@pytest.mark.parametrize(("file", "status"), NO_PHOTOS.values(), ids=NO_PHOTOS)
def test_what_is_no_photo_is_told_by_name_and_leaves_nothing(
    browser: Client, stored: Stored, tmp_path: Path, file: SimpleUploadedFile, status: int
) -> None:
    file.seek(0)
    answer = file_appeal(browser, photos=[file])
    page = answer.content.decode()
    assert answer.status_code == status
    assert 'href="#id_photos"' in page
    assert stored.grown() == {}
    assert kept_files(tmp_path) == []


def kept_files(folder: Path) -> list[Path]:
    """Return every file the store holds."""
    return sorted(path for path in (folder / "files").rglob("*") if path.is_file())


POLYGLOTS = {
    "a zip behind the picture": JPEG + BOMB,
    "a page in a comment": with_segments(JPEG, (0xFE, HTML)),
    "a program in a comment": with_segments(JPEG, (0xFE, b"<?php system($_GET['c']); ?>")),
    "a page behind the picture": JPEG + HTML,
    "a place and a maker in its hidden data": written(lamp(), "JPEG", exif=exif()),
    "a PNG named .jpg": written(lamp(), "PNG"),
    "10 MB to the byte": JPEG + bytes(10 * MEBIBYTE - len(JPEG)),
}


@pytest.mark.parametrize("data", POLYGLOTS.values(), ids=POLYGLOTS)
def test_a_picture_that_is_also_something_else_is_only_a_picture_afterwards(
    browser: Client, data: bytes
) -> None:
    answer = file_appeal(browser, photos=[upload(data)])
    photo = Photo.objects.get(appeal=taken(answer))
    for key in (photo.stored_as, photo.thumb_as):
        kept = store().get(key)
        assert Image.open(io.BytesIO(kept)).format == "JPEG"
        assert not any(
            word in kept for word in (b"PK\x03\x04", b"<script", b"<?php", b"SECRET-MAKER", b"Exif")
        )
    page = browser.get(f"{answer.headers['Location'].removesuffix('done/')}photo/{photo.pk}/")
    assert page.headers["Content-Type"] == "image/jpeg"
    assert page.headers["X-Content-Type-Options"] == "nosniff"


NAMES = (
    "../../../etc/cron.d/evil.jpg",
    "..\\..\\boot.jpg",
    "<img src=x onerror=alert(1)>.jpg",
    "a\x00.jpg",
    "长" * 300,
)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_leads_nowhere_and_is_shown_escaped(browser: Client, tmp_path: Path, name: str) -> None:
    taken(file_appeal(browser, photos=[upload(JPEG, name)]))
    assert len(kept_files(tmp_path)) == 2
    refused = file_appeal(browser, photos=[upload(b"no photo", name)])
    assert refused.status_code == 415
    assert b"<img src=x" not in refused.content


def many(count: int) -> list[SimpleUploadedFile]:
    """Return so many photos, each another one."""
    return [upload(written(lamp((64 + 8 * number, 64)), "JPEG"), f"{number}.jpg") for number in range(count)]


def test_nine_photos_are_taken_and_ten_are_told(browser: Client, stored: Stored, tmp_path: Path) -> None:
    refused = file_appeal(browser, photos=many(10))
    assert refused.status_code == 400
    assert 'href="#id_photos"' in refused.content.decode()
    assert stored.grown() == {}
    assert kept_files(tmp_path) == []
    assert taken(file_appeal(browser, photos=many(9))).photos.count() == 9


def test_photos_in_two_sendings_are_nine_in_all_too(browser: Client) -> None:
    key = "0190a0a0-0000-7000-8000-00000000abcd"
    assert file_appeal(browser, key=key, step="edit", photos=many(5)).status_code == 200
    refused = file_appeal(browser, key=key, photos=many(10)[5:])
    assert refused.status_code == 422
    assert Photo.objects.filter(upload_key=key).count() == 9


def test_a_hundred_files_at_once_are_no_server_error(browser: Client, stored: Stored) -> None:
    answer = file_appeal(browser, photos=[upload(b"x", f"{number}.jpg") for number in range(100)])
    assert 400 <= answer.status_code < 500
    assert stored.grown() == {}


def test_a_photo_that_waits_is_shown_to_nobody_without_the_key_of_its_form(browser: Client) -> None:
    key = "0190a0a0-0000-7000-8000-00000000dcba"
    file_appeal(browser, key=key, step="edit", photos=[upload(JPEG)])
    photo = Photo.objects.get(upload_key=key)
    assert browser.get(f"/file/photos/{key}/{photo.pk}/").status_code == 200
    other = "0190a0a0-0000-7000-8000-00000000ffff"
    assert browser.get(f"/file/photos/{other}/{photo.pk}/").status_code == 404
    taken(file_appeal(browser, key=other, drop=str(photo.pk)))
    assert Photo.objects.filter(pk=photo.pk).exists()
