"""Photos wait under their form's key, belong to one appeal, and leave nothing behind."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest
from django.http import Http404
from django.utils import timezone

from huying.cases.actions import move_case
from huying.cases.models import Evidence
from huying.intake import media
from huying.intake.jobs import sweep
from huying.intake.models import Photo
from huying.intake.photos import drop_photos, keep_photo, show_file, store, sweep_photos, waiting_photos
from huying.intake.tests.photos import LAT, LON, exif, lamp, written
from huying.kit.errors import Refusal
from huying.testing.cast import appeal_of, case_of, staff

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django.fixtures import Settings

pytestmark = pytest.mark.django_db
KEY, OTHER_KEY = "form-1", "form-2"


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


def photo(size: int = 64, **options: object) -> bytes:
    """Return a small JPEG; another size is another photo."""
    return written(lamp((size, size)), "JPEG", **options)


def kept(data: bytes | None = None, key: str = KEY) -> Photo:
    """Keep a photo under a form's key, now."""
    return keep_photo(data or photo(), name="lamp.jpg", upload_key=key, at=timezone.now())


def test_a_photo_is_cleaned_stored_and_waits_with_its_hints() -> None:
    row = kept(photo(exif=exif()))
    assert (row.width, row.height, row.appeal) == (64, 64, None)
    assert (row.hint_lat, row.hint_lon) == pytest.approx((LAT, LON))
    assert row.hint_taken_at is not None
    assert b"SECRET-MAKER" not in store().get(row.stored_as)
    assert store().exists(row.thumb_as)
    assert list(waiting_photos(KEY)) == [row]
    assert not waiting_photos(OTHER_KEY)
    assert not waiting_photos("")


def test_the_same_bytes_sent_again_with_the_form_are_one_photo() -> None:
    assert kept().pk == kept().pk
    assert kept(key=OTHER_KEY).pk != kept().pk
    assert Photo.objects.count() == 2


def test_a_tenth_photo_is_refused_and_the_nine_stay() -> None:
    for number in range(9):
        kept(photo(20 + number))
    with pytest.raises(media.PhotoTooMany):
        kept(photo(90))
    assert waiting_photos(KEY).count() == 9


def test_what_is_no_photo_is_refused_by_its_name_and_leaves_nothing() -> None:
    with pytest.raises(media.PhotoTypeUnknown) as refused:
        kept(b"%PDF-1.7 not a photo")
    assert refused.value.details["name"] == "lamp.jpg"
    assert not Photo.objects.exists()


def test_sent_photos_belong_to_their_appeal_and_wait_no_longer() -> None:
    row = kept()
    taken = appeal_of(photo_ids=(row.pk,))
    row.refresh_from_db()
    assert (row.appeal_id, row.upload_key) == (taken.appeal_id, "")
    assert not waiting_photos(KEY)
    assert sweep_photos(before=timezone.now() + timedelta(days=9)) == 0
    assert store().exists(row.stored_as)


def test_a_photo_taken_out_of_the_form_is_forgotten_but_only_with_the_forms_own_key() -> None:
    row = kept()
    assert drop_photos(OTHER_KEY, [row.pk]) == 0
    assert drop_photos("", [row.pk, uuid4()]) == 0
    assert drop_photos(KEY, [row.pk]) == 1
    assert not store().exists(row.stored_as)
    assert not store().exists(row.thumb_as)


def test_photos_nobody_sent_are_swept_after_a_day_and_not_before() -> None:
    row = kept()
    assert sweep_photos(before=row.uploaded_at) == 0
    Photo.objects.update(uploaded_at=timezone.now() - timedelta(hours=25))
    sweep.func(timestamp=0)
    assert not Photo.objects.exists()
    assert not store().exists(row.stored_as)


def test_a_file_another_row_still_names_outlives_the_photo_that_is_forgotten() -> None:
    row, twin = kept(), kept(key=OTHER_KEY)
    assert row.stored_as == twin.stored_as
    drop_photos(KEY, [row.pk])
    assert store().exists(twin.stored_as)
    drop_photos(OTHER_KEY, [twin.pk])
    assert not store().exists(twin.stored_as)


def test_evidence_of_a_reply_outlives_the_form_it_was_sent_with() -> None:
    case, at = case_of(appeal_of()), timezone.now()
    row = kept()
    move_case(case.pk, "sign", by=staff("lin"), at=at)
    move_case(
        case.pk, "reply", by=staff("lin"), at=at, public_text="已清走。", solved="yes", evidence=[row]
    )  # fmt: skip
    assert sweep_photos(before=at + timedelta(days=9)) == 1
    assert store().exists(Evidence.objects.get().stored_as)
    assert store().exists(Evidence.objects.get().thumb_as)


def test_a_photo_is_shown_as_a_jpeg_that_no_shared_cache_keeps() -> None:
    answer = show_file(kept().stored_as)
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"].startswith("private")
    assert answer.content.startswith(b"\xff\xd8")


@pytest.mark.parametrize("key", ["photo/" + "0" * 64, "../../etc/passwd", "photo/../x", ""])
def test_a_file_that_is_not_there_or_never_could_be_is_not_found(key: str) -> None:
    with pytest.raises(Http404):
        show_file(key)


def test_a_photo_of_another_appeal_cannot_be_taken_over() -> None:
    row = kept()
    first = appeal_of(photo_ids=(row.pk,))
    for foreign in ((row.pk,), (UUID(int=5),)):
        with pytest.raises(Refusal) as refused:
            appeal_of(photo_ids=foreign)
        assert (refused.value.reason.key, refused.value.field) == ("photo_unknown", "photos")
    row.refresh_from_db()
    assert row.appeal_id == first.appeal_id
