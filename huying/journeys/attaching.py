"""Papers attached to an application: the law, the budget, photos; checked by what they are, kept once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.http import Http404

from huying.admission import facts, reasons
from huying.admission.models import Application, ApplicationState, Attachment
from huying.admission.rules import applying_units
from huying.intake import media
from huying.intake.photos import hold_files, store
from huying.kit.errors import Refusal
from huying.kit.storage import StorageKeyInvalid, StoredFileMissing
from huying.kit.text import on_one_line
from huying.ledger.actions import record

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from huying.ledger.actor import Actor

MOST_FILES, MOST_BYTES, LONGEST_NAME = 9, 10 * 2**20, 120
KIND: Final = "paper"
PICTURE: Final = "image/jpeg"
# What a file begins with says what it is; its name says nothing anybody could rely on.
_BEGINNINGS: Final = (
    (b"%PDF-", ".pdf", "application/pdf"),
    (b"PK\x03\x04", ".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"PK\x03\x04", ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".doc", "application/msword"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".xls", "application/vnd.ms-excel"),
)
_PICTURES: Final = (".jpg", ".jpeg", ".png", ".heic", ".heif", ".webp")


def attach_file(application_id: UUID, data: bytes, *, name: str, by: Actor, at: datetime) -> Attachment:
    """Attach a paper or photo while nothing was ruled; the same file twice is one.

    Photos are painted anew, without what the camera hid in them. Refusals name the field `file`.
    """
    title = on_one_line(name)[-LONGEST_NAME:] or "file"
    if not data or len(data) > MOST_BYTES:
        raise Refusal(reasons.FILE_SIZE, field="file", megabytes=MOST_BYTES // 2**20)
    kind, kept = _checked(data, title, at)
    with transaction.atomic():
        application = _own(application_id, by)
        hold_files()
        key = store().put(kept, kind=KIND)
        known = Attachment.objects.filter(application=application, stored_as=key).first()
        if known is not None:
            return known
        if application.attachments.count() >= MOST_FILES:
            raise Refusal(reasons.TOO_MANY_FILES, field="file", most=MOST_FILES)
        attachment = Attachment.objects.create(
            application=application, name=title, kind=kind, stored_as=key, size_bytes=len(kept),
            by_name=by.name[:80], at=at,
        )  # fmt: skip
        body = facts.PaperAttached(application.number, title, key.rpartition("/")[2])
        record(application, body, district=application.district, by=by, at=at)
        application.save()
        return attachment


def take_file_off(attachment_id: UUID, *, by: Actor, at: datetime) -> None:
    """Take a paper off while nothing was ruled; that it was there stays in the history. Twice is once."""
    with transaction.atomic():
        attachment = Attachment.objects.filter(pk=attachment_id).first()
        if attachment is None:
            return
        application = _own(attachment.application_id, by)
        body = facts.PaperTakenOff(
            application.number, attachment.name, attachment.stored_as.rpartition("/")[2]
        )
        attachment.delete()
        record(application, body, district=application.district, by=by, at=at)
        application.save()


def read_file(attachment: Attachment) -> bytes:
    """Return what a paper holds; Http404 when its file is gone. The door has asked who may see it."""
    try:
        return store().get(attachment.stored_as)
    except (StoredFileMissing, StorageKeyInvalid) as error:
        raise Http404(attachment.pk) from error


def _own(application_id: UUID, by: Actor) -> Application:
    """Return the application, locked, when the actor's unit made it and nothing was ruled on it yet."""
    application = Application.objects.select_for_update().filter(pk=application_id).first()
    if application is None:
        raise Refusal(reasons.APPLICATION_NOT_FOUND)
    if application.unit_id not in {card.id for card in applying_units(by)}:
        raise Refusal(reasons.NOT_YOUR_UNIT)
    if application.state not in (ApplicationState.APPLIED, ApplicationState.RETURNED) or any(
        ruling.verdict for ruling in application.rulings.all()
    ):
        raise Refusal(reasons.NOT_OPEN, state=ApplicationState(application.state).label)
    return application


def _checked(data: bytes, name: str, at: datetime) -> tuple[str, bytes]:
    """Return what kind of file this is and what is kept of it."""
    lower = name.lower()
    if lower.endswith(_PICTURES):
        try:
            return PICTURE, media.inspect_and_clean(data, name=name, at=at).image
        except Refusal as refusal:
            refusal.field = "file"
            raise
    for beginning, ending, kind in _BEGINNINGS:
        if lower.endswith(ending) and data.startswith(beginning):
            return kind, data
    raise Refusal(reasons.FILE_KIND, field="file")
