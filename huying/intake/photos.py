"""Photos on their way: cleaned, kept under a form's upload key until the appeal is sent, shown, swept."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model, QuerySet
from django.http import Http404, HttpResponse

from huying.intake import media
from huying.intake.models import Photo
from huying.kit.storage import FileStorage, StorageKeyInvalid, StoredFileMissing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from huying.kit.storage import Storage

KIND, THUMB_KIND = "photo", "thumb"
# A photo nobody sent an appeal with is forgotten after this long (its form is long closed).
WAITING_HOURS = 24
# Putting and forgetting files exclude each other: the same content may be wanted again at that very moment.
_LOCK = 0x48_55_59_46
_FIELDS = ("stored_as", "thumb_as")


def store() -> Storage:
    """Return where photos lie."""
    return _store(Path(settings.DATA_DIR) / "files")


@lru_cache(maxsize=4)
def _store(root: Path) -> Storage:
    return FileStorage(root)


def keep_photo(data: bytes, *, name: str, upload_key: str, at: datetime) -> Photo:
    """Clean a photo, store it and return its row, waiting under `upload_key` for the appeal it belongs to.

    The same bytes again under the same key are the same row. Raises a `media.PhotoRefusal` that names what is
    wrong with the file, or `PhotoTooMany` when the key has as many photos as an appeal may carry.
    """
    media.check_count(waiting_photos(upload_key).count(), 0)
    clean = media.inspect_and_clean(data, name=name, at=at)
    with transaction.atomic():
        _lock(shared=True)
        known = waiting_photos(upload_key).filter(original_sha256=clean.source_sha256).first()
        if known is not None:
            return known
        media.check_count(waiting_photos(upload_key).count(), 1)
        files = store()
        return Photo.objects.create(
            upload_key=upload_key, stored_as=files.put(clean.image, kind=KIND),
            thumb_as=files.put(clean.thumbnail, kind=THUMB_KIND), original_sha256=clean.source_sha256,
            width=clean.width, height=clean.height, size_bytes=len(clean.image), hint_lat=clean.hints.lat,
            hint_lon=clean.hints.lon, hint_taken_at=clean.hints.taken_at, uploaded_at=at,
        )  # fmt: skip


def waiting_photos(upload_key: str) -> QuerySet[Photo]:
    """Return the photos that wait under a form's key, in the order they came."""
    return Photo.objects.filter(upload_key=upload_key, appeal=None).exclude(upload_key="").order_by("id")


def attach_photos(upload_key: str, appeal_id: UUID) -> int:
    """Give an appeal that was filed before the photos waiting under a key; return how many.

    Raises `PhotoTooMany` when it would have more than an appeal may carry.
    """
    waiting = waiting_photos(upload_key)
    media.check_count(Photo.objects.filter(appeal_id=appeal_id).count(), waiting.count())
    return waiting.order_by().update(appeal_id=appeal_id, upload_key="")


def drop_photos(upload_key: str, photo_ids: Iterable[UUID]) -> int:
    """Forget photos the resident took out of the form again; return how many."""
    return _forget(waiting_photos(upload_key).filter(pk__in=list(photo_ids)))


def sweep_photos(*, before: datetime, limit: int = 200) -> int:
    """Forget photos waiting since before this moment; return how many. Run again until it returns 0."""
    old = Photo.objects.filter(appeal=None, uploaded_at__lt=before).order_by("uploaded_at")[:limit]
    return _forget(Photo.objects.filter(pk__in=list(old.values_list("pk", flat=True))))


def _forget(photos: QuerySet[Photo]) -> int:
    """Delete rows, and those of their files that no row of any table names any more."""
    with transaction.atomic():
        _lock(shared=False)
        rows = list(photos.select_for_update().filter(appeal=None))
        keys = {key for row in rows for key in (row.stored_as, row.thumb_as)}
        Photo.objects.filter(pk__in=[row.pk for row in rows]).delete()
        for key in keys - _named(keys):
            store().delete(key)
        return len(rows)


def remove_photos(appeal_id: UUID) -> int:
    """Remove an appeal's photos for good, rows and files; return how many. Faces cannot be told: all go."""
    with transaction.atomic():
        _lock(shared=False)
        rows = list(Photo.objects.select_for_update().filter(appeal=appeal_id))
        keys = {key for row in rows for key in (row.stored_as, row.thumb_as)}
        Photo.objects.filter(pk__in=[row.pk for row in rows]).delete()
        transaction.on_commit(lambda: drop_files(keys))
        return len(rows)


def hold_files() -> None:
    """Let no file be dropped until the transaction ends: what is being put may be one of those to go."""
    _lock(shared=True)


def drop_files(keys: set[str]) -> None:
    """Delete files whose rows are gone for certain, unless somebody put the same content again meanwhile."""
    with transaction.atomic():
        _lock(shared=False)
        for key in sorted(keys - _named(keys)):
            store().delete(key)


def _named(keys: set[str]) -> set[str]:
    """Return which of these files a row still names: an appeal's photo, evidence of a reply, whatever it is.

    Read off the tables themselves, since those who keep photos of their own stand above this package.
    """
    named: set[str] = set()
    for model in apps.get_models():
        for field in (name for name in _FIELDS if hasattr(model, name)):
            rows: QuerySet[Model] = QuerySet(model).filter(**{f"{field}__in": keys})
            named |= set(rows.values_list(field, flat=True))
    return named


def _lock(*, shared: bool) -> None:
    with connection.cursor() as cursor:
        name = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
        cursor.execute(f"SELECT {name}(%s)", [_LOCK])


def show_file(key: str) -> HttpResponse:
    """Return the answer that shows a stored photo; the door has asked before whether the reader may see it.

    Raises Http404 when the file is gone.
    """
    try:
        data = store().get(key)
    except (StoredFileMissing, StorageKeyInvalid) as error:
        raise Http404(key) from error
    answer = show_once(data)
    # Never by a shared cache: the next reader may not see it. A stored file never changes.
    answer.headers["Cache-Control"] = "private, max-age=86400, immutable"
    return answer


def show_once(image: bytes) -> HttpResponse:
    """Return the answer that shows a picture (JPEG) no browser or proxy may keep."""
    answer = HttpResponse(image, content_type="image/jpeg")
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Content-Disposition"] = "inline"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer
