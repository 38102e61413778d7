"""A new key for the boxes: everything sealed is sealed anew, and the old key can be thrown away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from huying.sealed.actions import row_of
from huying.sealed.box import is_of_newest_key, seal, seal_bytes, unseal, unseal_bytes
from huying.sealed.models import Identity, Message, Picture, Report
from huying.sealed.pictures import pictures_of, row_of_picture

if TYPE_CHECKING:
    from uuid import UUID


def reseal_all() -> int:
    """Seal every box of an older key with the newest one; return how many. Cut short, run it again."""
    done = 0
    for key in list(Report.objects.values_list("pk", flat=True)):
        with transaction.atomic():
            done += _reseal(key)
    return done


def _reseal(key: UUID) -> int:
    report = Report.objects.select_for_update().get(pk=key)
    done = 0
    for what in ("text", "about"):
        box = getattr(report, f"{what}_box")
        if not is_of_newest_key(box):
            row = row_of(key, what)
            setattr(report, f"{what}_box", seal(unseal(box, row=row), row=row))
            done += 1
    report.save(update_fields=["text_box", "about_box"])
    identity = Identity.objects.filter(report=report, destroyed_at=None).first()
    if identity is not None and not is_of_newest_key(identity.box):
        row = row_of(key, "identity")
        identity.box = seal(unseal(identity.box, row=row), row=row)
        identity.save(update_fields=["box"])
        done += 1
    for message in Message.objects.filter(report=report):
        if not is_of_newest_key(message.box):
            row = row_of(key, f"message:{message.pk}")
            message.box = seal(unseal(message.box, row=row), row=row)
            message.save(update_fields=["box"])
            done += 1
    return done + _reseal_pictures(report)


def _reseal_pictures(report: Report) -> int:
    done = 0
    for key in pictures_of(report):  # one at a time: each is as large as a photo
        picture = Picture.objects.get(pk=key)
        if not is_of_newest_key(picture.box):
            row = row_of_picture(report.pk, key)
            picture.box = seal_bytes(unseal_bytes(picture.box, row=row), row=row)
            picture.save(update_fields=["box"])
            done += 1
    return done
