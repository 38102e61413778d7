"""Photos through the API: kept before the appeal, attached once, never somebody else's."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from huying.intake.models import Appeal, Photo
from huying.people.actions import make_api_key

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def key() -> str:
    """Make a machine's key."""
    return make_api_key("test", channel="api")


def _picture() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (320, 240), (200, 30, 30)).save(out, "JPEG")
    return SimpleUploadedFile("photo.jpg", out.getvalue())


def _send(client: Client, key: str, photos: list[str]) -> Any:  # noqa: ANN401 - Django's test answer
    body = json.dumps({"text": "路灯坏了，晚上很黑", "photos": photos})
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": str(uuid4())}
    return client.post("/api/v1/appeals", body, content_type="application/json", headers=headers)


def test_a_photo_is_kept_first_and_then_belongs_to_its_appeal(client: Client, key: str) -> None:
    kept = client.post("/api/v1/photos", {"photo": _picture()}, headers={"Authorization": f"Bearer {key}"})
    assert kept.status_code == 201
    photo = kept.json()
    assert (photo["width"], photo["height"]) == (320, 240)
    sent = _send(client, key, [photo["id"]])
    assert sent.status_code == 201
    assert Photo.objects.get(pk=photo["id"]).appeal == Appeal.objects.get(number=sent.json()["number"])


def test_a_photo_that_belongs_to_another_appeal_refuses_the_whole_appeal(client: Client, key: str) -> None:
    kept = client.post("/api/v1/photos", {"photo": _picture()}, headers={"Authorization": f"Bearer {key}"})
    assert _send(client, key, [kept.json()["id"]]).status_code == 201
    before = Appeal.objects.count()
    for photos in ([kept.json()["id"]], [str(uuid4())]):
        answer = _send(client, key, photos)
        assert (answer.status_code, answer.json()["reason"]) == (400, "photo_unknown")
    assert Appeal.objects.count() == before


def test_a_file_that_is_no_photo_is_refused_with_its_reason(client: Client, key: str) -> None:
    file = SimpleUploadedFile("photo.jpg", b"<html>not a photo</html>")
    answer = client.post("/api/v1/photos", {"photo": file}, headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 415
    assert answer.json()["reason"] == "photo_type_unknown"
    assert Photo.objects.count() == 0


def test_nobody_sends_photos_without_a_key(client: Client) -> None:
    answer = client.post("/api/v1/photos", {"photo": _picture()})
    assert (answer.status_code, answer.json()["reason"]) == (401, "api_key_missing")
