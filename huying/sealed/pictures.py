"""Photos of sealed reports: painted anew without what a camera hides, and sealed like the words."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from huying.intake import media
from huying.intake.queries import retention_days
from huying.kit.errors import Refusal
from huying.kit.ids import new_id
from huying.ledger.actions import record
from huying.ledger.actor import SYSTEM
from huying.sealed import facts, reasons
from huying.sealed.box import seal_bytes, unseal_bytes
from huying.sealed.models import Picture, Report, State

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

MOST_PICTURES = 6


def row_of_picture(report_id: UUID, picture_id: UUID) -> str:
    """Return what ties a picture's box to its place."""
    return f"sealed:{report_id}:picture:{picture_id}"


def clean_pictures(files: Sequence[tuple[str, bytes]], *, at: datetime) -> list[bytes]:
    """Return the photos painted anew; nothing is stored. Refusals name the field `photos`.

    Call before a report is written: a photo that cannot be taken refuses the whole, so that nobody believes
    it was sent along.
    """
    if len(files) > MOST_PICTURES:
        raise Refusal(reasons.TOO_MANY_PICTURES, field="photos", most=MOST_PICTURES)
    return [media.inspect_and_clean(data, name=name, at=at).image for name, data in files]


def seal_pictures(report: Report, pictures: Sequence[bytes]) -> None:
    """Keep photos with a report, each in a box of its own; call inside the transaction that files it.

    Neither their names nor the moments they were taken or sent are kept.
    """
    for image in pictures:
        key = new_id()
        box = seal_bytes(image, row=row_of_picture(report.pk, key))
        Picture.objects.create(id=key, report=report, box=box)


def pictures_of(report: Report) -> list[UUID]:
    """Return the keys of a report's photos, in the order they came."""
    return list(Picture.objects.filter(report=report).order_by("id").values_list("pk", flat=True))


def open_picture(report: Report, picture_id: UUID) -> bytes:
    """Return a photo (JPEG) of a report the door has let somebody see; Refusal `no_such_report` otherwise."""
    found = Picture.objects.filter(report=report, pk=picture_id).first()
    if found is None:
        raise Refusal(reasons.NO_SUCH_REPORT)
    return unseal_bytes(found.box, row=row_of_picture(report.pk, found.pk))


def destroy_pictures(*, at: datetime) -> int:
    """Destroy the photos of reports whose time after closing is over; return of how many reports.

    A face or a number plate cannot be taken out of them, so they go whole, of anonymous reports too.
    """
    edge = at - timedelta(days=retention_days("sealed"))
    due = Report.objects.filter(state=State.CLOSED, closed_at__lt=edge, pictures__isnull=False).distinct()
    destroyed = 0
    for key in list(due.values_list("pk", flat=True)):
        with transaction.atomic():
            report = Report.objects.select_for_update().get(pk=key)
            gone, _ = Picture.objects.filter(report=report).delete()
            if gone:
                record(
                    report, facts.PicturesDestroyed(count=gone), district=report.district, by=SYSTEM, at=at
                )
                report.save()
                destroyed += 1
    return destroyed
