"""Whoever works here cannot judge their own work through a resident's link."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from huying.cases.actions import move_case
from huying.feedback.actions import ask_appellants
from huying.feedback.models import Rating
from huying.intake.links import link_of
from huying.people.models import Account
from huying.testing.cast import appeal_of, case_of, staff

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


def test_staff_with_the_link_may_neither_rate_nor_take_back_but_the_resident_may(client: Client) -> None:
    taken, at = appeal_of(), timezone.now()
    case = case_of(taken)
    move_case(case.pk, "sign", by=staff("lin"), at=at)
    move_case(case.pk, "reply", by=staff("lin"), at=at, public_text="已清走。", solved="yes")
    move_case(case.pk, "pass_review", by=staff("hao"), at=at)
    ask_appellants(case.pk, at=at, window_days=7)
    link = link_of(taken.appeal_id, taken.number)
    client.force_login(Account.objects.get(username="lin"))
    assert client.post(f"{link}rate/", {"solved": "yes"}).status_code == 403
    assert client.post(f"{link}withdraw/", {}).status_code == 403
    assert not Rating.objects.filter(request__appeal=taken.appeal_id).exists()
    client.logout()
    assert client.post(f"{link}rate/", {"solved": "yes"}).status_code == 302
    assert Rating.objects.get(request__appeal=taken.appeal_id).solved == "yes"
