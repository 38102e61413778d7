"""Each promise the tables of notify keep, from both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, transaction

from huying.kit.ids import new_id
from huying.notify.models import (
    Delivery,
    Notice,
    ProviderTemplate,
    Reach,
    Reminder,
    StaffPace,
    TownRules,
    Wording,
)
from huying.notify.tests.messages import AT
from huying.people.models import Account

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db
WORDS = {"subject": "甲", "happened": "乙", "next": "丙", "brief": "丁"}


def breaks(name: str, make: Callable[[], object]) -> None:
    """Expect the constraint of this name to refuse."""
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        make()


def delivery(notice: Notice, **more: Any) -> Delivery:  # noqa: ANN401 - any field
    told = {"channel": "sms", "reader": "appeal:1", "not_before": AT, "made_at": AT} | more
    return Delivery.objects.create(notice=notice, **told)


def test_deliveries_keep_their_promises() -> None:
    notice = Notice.objects.create(to_appeal_id=new_id(), kind="closed", at=AT)
    delivery(notice)
    delivery(notice, channel="email")
    breaks("a_notice_goes_out_once_over_a_channel_to_a_reader", lambda: delivery(notice))
    delivery(notice, reader="appeal:2", state="sent", ended_at=AT)
    breaks("a_delivery_that_ended_says_when", lambda: delivery(notice, reader="appeal:3", state="given_up"))
    breaks("a_delivery_that_ended_says_when", lambda: delivery(notice, reader="appeal:3", ended_at=AT))
    delivery(notice, reader="appeal:4", state="sending", claimed_at=AT, batch=new_id())
    breaks("what_is_being_sent_says_since_when", lambda: delivery(notice, reader="appeal:5", state="sending"))


def test_who_is_reached_and_how_soon_keeps_its_promises() -> None:
    appeal, lin = new_id(), Account.objects.get(username="lin")
    Reach.objects.create(appeal_id=appeal, channel="sms", agreed_at=AT)
    Reach.objects.create(account=lin, channel="sms", agreed_at=AT)
    breaks(
        "an_appeal_is_reached_one_way_over_a_channel",
        lambda: Reach.objects.create(appeal_id=appeal, channel="sms", agreed_at=AT),
    )
    breaks(
        "an_account_is_reached_one_way_over_a_channel",
        lambda: Reach.objects.create(account=lin, channel="sms", agreed_at=AT),
    )
    breaks(
        "a_reach_is_for_an_appeal_or_an_account",
        lambda: Reach.objects.create(appeal_id=new_id(), account=lin, channel="email", agreed_at=AT),
    )
    StaffPace.objects.create(account=lin, kind="unit_task", pace="daily")
    breaks(
        "staff_choose_one_pace_for_a_kind",
        lambda: StaffPace.objects.create(account=lin, kind="unit_task", pace="never"),
    )


def test_what_a_town_sets_keeps_its_promises() -> None:
    Wording.objects.create(kind="closed", language="en", version=1, at=AT, **WORDS)
    Wording.objects.create(kind="closed", language="en", version=2, is_default=True, at=AT)
    breaks(
        "a_wording_has_a_version_once",
        lambda: Wording.objects.create(kind="closed", language="en", version=2, at=AT, **WORDS),
    )
    breaks(
        "the_towns_words_say_everything",
        lambda: Wording.objects.create(
            kind="closed", language="en", version=3, at=AT, **(WORDS | {"next": ""})
        ),
    )
    ProviderTemplate.objects.create(channel="sms", kind="closed", code="1", is_active=False)
    ProviderTemplate.objects.create(channel="sms", kind="closed", code="2")
    breaks(
        "a_kind_has_one_template_of_a_channel",
        lambda: ProviderTemplate.objects.create(channel="sms", kind="closed", code="3"),
    )
    TownRules.objects.create()
    breaks("a_phone_may_get_a_text_a_day", lambda: TownRules.objects.update(texts_a_day=0))


def test_a_stage_of_a_clock_is_told_once() -> None:
    about = new_id()
    Reminder.objects.create(about=about, stage="near", at=AT)
    Reminder.objects.create(about=about, stage="over", at=AT)
    breaks(
        "a_stage_of_a_clock_is_told_once",
        lambda: Reminder.objects.create(about=about, stage="near", at=AT),
    )
