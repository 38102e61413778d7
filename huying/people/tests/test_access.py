"""Looks at personal data: asked for with a reason, short, written down for good."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from huying.kit.ids import new_id
from huying.people.access import OPEN_MINUTES, Look, accesses_of, open_contacts, opened_to
from huying.people.models import PersonalAccess
from huying.testing.cast import staff
from huying.testing.refusals import refused

pytestmark = pytest.mark.django_db


def test_a_look_is_open_for_minutes_to_its_asker_alone_and_stays_written_down() -> None:
    appeal, at, lin = new_id(), timezone.now(), staff("lin")
    until = open_contacts([appeal], Look("visit"), subject="GD1", page="desk:case", by=lin, at=at)
    assert until == at + timedelta(minutes=OPEN_MINUTES)
    assert opened_to(lin, [appeal, new_id()], at=at) == {appeal: until}
    assert opened_to(staff("wu"), [appeal], at=at) == {}
    assert opened_to(lin, [appeal], at=until) == {}
    (kept,) = accesses_of([appeal])
    assert (kept.account_name, kept.reason, kept.page) == ("林清", "visit", "desk:case")


def test_a_look_without_a_good_reason_is_refused_and_not_written_down() -> None:
    appeal, at = new_id(), timezone.now()
    for reason, words, key in (
        ("", "", "unknown"),
        ("curious", "", "unknown"),
        ("other", " x ", "too_short"),
    ):
        with refused(f"access_reason_{key}"):
            open_contacts(
                [appeal], Look(reason, words), subject="GD1", page="desk:case", by=staff("lin"), at=at
            )
    assert not PersonalAccess.objects.exists()


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_refuses_to_change_or_remove_a_look(change: str) -> None:
    open_contacts(
        [new_id()], Look("visit"), subject="GD1", page="desk:case", by=staff("lin"), at=timezone.now()
    )
    rows = PersonalAccess.objects.all()
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(account_name="nobody") if change == "update" else rows._raw_delete(rows.db)
