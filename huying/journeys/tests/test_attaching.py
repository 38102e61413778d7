"""Papers of an application: what they are is found in them, each once, and only while nothing was ruled."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from huying.admission.models import Attachment
from huying.admission.tests.cast import admit, applied, found_bureau
from huying.cases.tests.stories import AT
from huying.intake.tests.photos import exif, lamp, written
from huying.journeys.attaching import MOST_FILES, attach_file, read_file, take_file_off
from huying.ledger.queries import timeline, verify
from huying.testing.cast import staff
from huying.testing.refusals import refused

if TYPE_CHECKING:
    from uuid import UUID

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 a law"


@pytest.fixture(autouse=True)
def _bureau() -> None:
    found_bureau()


def attach(key: UUID, data: bytes = PDF, name: str = "依据.pdf", who: str = "bo") -> Attachment:
    return attach_file(key, data, name=name, by=staff(who, at=AT), at=AT)


def test_a_paper_is_kept_once_and_stands_in_the_history() -> None:
    made = applied()
    one = attach(made.pk)
    assert attach(made.pk).pk == one.pk
    assert (one.kind, read_file(one)) == ("application/pdf", PDF)
    for _twice in range(2):
        take_file_off(one.pk, by=staff("bo", at=AT), at=AT)
    told = [fact.kind for fact in timeline(f"application:{made.pk}")]
    assert told == ["AdmissionAsked", "PaperAttached", "PaperTakenOff"]
    assert verify().broken is None


def test_a_photo_is_painted_anew() -> None:
    photo = attach(applied().pk, written(lamp(), "JPEG", exif=exif()), "shot.JPG")
    assert photo.kind == "image/jpeg"
    assert b"SECRET-MAKER" not in read_file(photo)


@pytest.mark.parametrize(
    ("data", "name", "why"),
    [
        (b"", "a.pdf", "paper_size"),
        (b"%PDF-" + b"x" * (10 * 2**20), "a.pdf", "paper_size"),
        (b"MZ program", "a.pdf", "paper_kind"),
        (PDF, "a.exe", "paper_kind"),
        (PDF, "a.html", "paper_kind"),
        (b"<svg onload=alert(1)>", "a.svg", "paper_kind"),
        (b"no picture", "a.jpg", "photo_type_unknown"),
    ],
)
def test_what_is_not_what_its_name_says_is_refused(data: bytes, name: str, why: str) -> None:
    made = applied()
    with refused(why):
        attach(made.pk, data, name)
    assert not Attachment.objects.exists()


def test_only_the_applying_unit_attaches_and_only_until_something_is_ruled() -> None:
    made = applied()
    for who in ("dong", "lin", "qu"):
        with refused("not_your_unit"):
            attach(made.pk, who=who)
    with refused("application_not_found"):
        attach(uuid4())
    one = attach(made.pk)
    with refused("not_your_unit"):
        take_file_off(one.pk, by=staff("dong", at=AT), at=AT)
    admit(made)
    with refused("application_not_open"):
        attach(made.pk, PDF + b"2")
    with refused("application_not_open"):
        take_file_off(one.pk, by=staff("bo", at=AT), at=AT)


def test_an_application_carries_so_many_files_and_the_database_each_once() -> None:
    made = applied()
    for number in range(MOST_FILES):
        attach(made.pk, PDF + str(number).encode())
    with refused("too_many_papers"):
        attach(made.pk, PDF + b"more")
    row = Attachment.objects.filter(application=made).first()
    assert row is not None
    row.pk = uuid4()
    with (
        pytest.raises(IntegrityError, match="a_paper_is_attached_once_to_an_application"),
        transaction.atomic(),
    ):
        row.save(force_insert=True)
