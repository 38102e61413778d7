"""Letters go out once, in time, over the way people agreed to, and what became of them is known."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huying.intake.models import Appeal
from huying.ledger.snapshots import announce
from huying.notify.channels.wecom import A_MINUTE
from huying.notify.delivering import MOST_TRIES, SILENT, stop_reach, take_up_abandoned
from huying.notify.models import Delivery, Notice, Reach, Sending, StaffPace, TownRules
from huying.notify.tests.conftest import change
from huying.notify.tests.letters import (
    AT,
    MAIL,
    MINUTE,
    PHONE,
    SHANGHAI,
    appellant,
    approve,
    colleague,
    run,
    states,
    tell,
    tell_unit,
    text_of,
)

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

    from huying.testing.gateways import AliyunGateway, WechatGateway, WecomGateway
    from huying.testing.postoffice import PostOffice

pytestmark = pytest.mark.django_db
NIGHT = datetime(2026, 9, 22, 23, 30, tzinfo=SHANGHAI)
MORNING = datetime(2026, 9, 23, 8, 0, tzinfo=SHANGHAI)


def jobs(channel: str) -> int:
    """Return how many jobs wait that take letters out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'journeys.deliver' "
            "AND status = 'todo' AND args->>'channel' = %s", [channel],
        )  # fmt: skip
        return int(cursor.fetchone()[0])


def test_a_resident_is_written_to_with_a_link_to_their_own_page(post: PostOffice) -> None:
    appeal = appellant("email")
    tell(appeal)
    assert states() == [("email", "queued", "")]
    assert jobs("email") == 1
    run("email")
    ((_sender, to, letter),) = post.taken
    assert to == [MAIL]
    assert f"/a/{appeal.number}/" in text_of(letter)
    row = Delivery.objects.get()
    assert (row.state, row.attempts, row.provider_id) == ("sent", 1, letter["Message-ID"])
    assert row.address == "l***@mail.example", "the record shows the address masked"
    run("email", at=AT + 60 * MINUTE)
    assert len(post.taken) == 1


def test_nobody_is_written_to_who_did_not_agree(post: PostOffice) -> None:
    tell(appellant())
    run("email")
    assert states() == []
    assert post.taken == []
    assert Notice.objects.filter(kind="signed").exists(), "it stands in the app"


def test_one_appellants_letter_tells_nothing_of_another(post: PostOffice) -> None:
    mine = appellant("email")
    other = appellant("email", name="王五", phone="13700137000", email="wang@mail.example")
    tell(mine)
    tell(other)
    run("email")
    letters = {to[0]: letter for _sender, to, letter in post.taken}
    assert set(letters) == {MAIL, "wang@mail.example"}
    assert other.number not in text_of(letters[MAIL])
    assert mine.number not in text_of(letters["wang@mail.example"])


def test_where_wechat_refuses_a_text_goes_then_nothing_more(
    wechat: WechatGateway, aliyun: AliyunGateway, post: PostOffice
) -> None:
    approve("wechat", "", "TEMPLATE_ID", "thing1=subject", "character_string2=number", "thing3=brief")
    approve("sms", "", "SMS_15305****", "number", "what=subject", "next=brief")
    wechat.subscribed.clear()
    aliyun.now = AT
    appeal = appellant("wechat", "sms")
    tell(appeal)
    for channel in ("wechat", "sms", "email"):
        run(channel)
    assert states() == [("wechat", "failed", "43101"), ("sms", "sent", "")]
    assert [taken["PhoneNumbers"] for taken in aliyun.taken] == [PHONE]
    assert post.taken == []
    assert Reach.objects.get(channel="wechat").stopped_by == "channel"
    tell(appeal, "closed")
    assert states()[-1] == ("sms", "queued", ""), "what is not subscribed to is not tried again"


def test_the_town_says_in_which_order_ways_are_tried(post: PostOffice, aliyun: AliyunGateway) -> None:
    TownRules.objects.create(order=["email", "sms", "wechat"])
    announce("notify")
    appeal = appellant("sms", "email")
    tell(appeal)
    row = Delivery.objects.get()
    assert (row.channel, row.then) == ("email", ["sms"])
    assert (post.taken, aliyun.taken) == ([], [])


def test_at_night_nobody_is_disturbed_and_in_the_morning_one_letter_comes(post: PostOffice) -> None:
    appeal = appellant("email")
    tell(appeal, "signed", at=NIGHT)
    tell(appeal, "replied", at=NIGHT + 30 * MINUTE)
    run("email", at=NIGHT + 60 * MINUTE)
    run("email", at=MORNING - MINUTE)
    assert post.taken == []
    run("email", at=MORNING)
    ((_sender, _to, letter),) = post.taken
    assert letter["Subject"].startswith("澜湾区·呼应：2 ")
    assert [state for _channel, state, _error in states()] == ["sent", "sent"]


def test_what_was_due_before_the_night_waits_when_the_worker_comes_late(post: PostOffice) -> None:
    tell(appellant("email"), at=NIGHT - 120 * MINUTE)
    run("email", at=NIGHT)
    assert post.taken == []
    assert Delivery.objects.get().not_before == MORNING


def test_a_letter_that_fails_for_the_moment_is_tried_again_later_and_given_up_at_last(
    post: PostOffice, aliyun: AliyunGateway
) -> None:
    approve()
    post.busy = {MAIL}
    TownRules.objects.create(order=["email", "sms", "wechat"])
    announce("notify")
    tell(appellant("email", "sms"))
    at, waits = AT, []
    for _try in range(MOST_TRIES):
        assert run("email", at=at) == 1
        row = Delivery.objects.get(channel="email")
        waits.append((row.not_before - at) // MINUTE)
        at = max(at + MINUTE, row.not_before)
    assert waits[:-1] == [1, 4, 16, 64, 256]
    assert states() == [("email", "given_up", "recipient_450"), ("sms", "queued", "")]
    assert aliyun.taken == []


def test_a_server_out_of_order_is_left_alone_for_a_while(post: PostOffice, settings: Settings) -> None:
    change(settings, smtp_port=9)
    for number in range(30):
        tell(appellant("email", email=f"li{number}@mail.example"))
    run("email")
    rows = Delivery.objects.filter(state="queued")
    assert rows.count() == 30
    assert rows.filter(attempts=1).count() == 1, "one try shows that nobody is there"
    assert rows.filter(not_before__lte=AT).count() == 0
    assert post.taken == []


def test_a_worker_killed_while_sending_is_followed_by_one_that_sends_under_the_same_key(
    post: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(appellant("email"))

    class KilledError(BaseException):
        """The worker dies right after the channel took the letter."""

    def die(*_args: object, **_more: object) -> None:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr("huying.notify.delivering._claimed", die)
        with pytest.raises(KilledError):
            run("email")
    assert states() == [("email", "sending", "")]
    run("email", at=AT + 5 * MINUTE)
    assert take_up_abandoned(at=AT + SILENT) == 0, "somebody may still be sending it"
    assert len(post.taken) == 1
    late = AT + SILENT + MINUTE
    assert take_up_abandoned(at=late) == 1
    run("email", at=late)
    first, second = (letter["Message-ID"] for _sender, _to, letter in post.taken)
    assert first == second, "a mail program knows the repeat by it"
    assert states() == [("email", "sent", "")]


def test_a_phone_gets_so_many_texts_a_day_however_it_was_typed(aliyun: AliyunGateway) -> None:
    approve()
    TownRules.objects.create(texts_a_day=2)
    announce("notify")
    aliyun.now = AT
    for typed in ("13800138000", "+86 138 0013 8000", "138-0013-8000"):
        tell(appellant("sms", phone=typed))
    run("sms")
    assert len(aliyun.taken) == 2
    assert sorted(error for _channel, _state, error in states()) == ["", "", "daily_limit"]
    assert not Sending.objects.filter(bucket__contains="138").exists(), "no number stands there"
    tomorrow = AT + timedelta(days=1)
    aliyun.now = tomorrow
    tell(Appeal.objects.order_by("id").last() or appellant(), at=tomorrow)
    run("sms", at=tomorrow)
    assert len(aliyun.taken) == 3


def test_a_robot_speaks_twenty_times_a_minute_and_never_finds_out_the_hard_way(
    wecom: WecomGateway, settings: Settings
) -> None:
    from huying.notify.tests.conftest import ROBOT

    change(settings, wecom_robots={"cleaning": ROBOT})
    at = AT
    for number in range(A_MINUTE + 3):
        tell_unit(number=f"GD{number}", at=at)
        wecom.now = at
        run("wecom", at=at)
        at += timedelta(seconds=1)
    assert len(wecom.taken) == A_MINUTE
    wecom.now = AT + MINUTE + timedelta(seconds=3)
    run("wecom", at=wecom.now)
    assert len(wecom.taken) == A_MINUTE + 1, "what waited goes out in one message"
    assert all(f"GD{A_MINUTE + more}" in wecom.taken[-1]["content"] for more in range(3))
    assert {state for _channel, state, _error in states()} == {"sent"}


def test_a_residents_words_stay_in_the_house(wecom: WecomGateway, post: PostOffice) -> None:
    colleague("lin", "email")
    tell_unit()
    run("wecom")
    run("email")
    for told in (wecom.taken[0]["content"], text_of(post.taken[0][2])):
        assert "李小花" not in told
        assert "垃圾清运" in told


def test_only_those_who_may_see_the_units_cases_are_written_to(post: PostOffice) -> None:
    for username in ("lin", "wu", "guan"):
        colleague(username, "email")
    tell_unit("cleaning")
    tell_unit("street")
    run("email")
    assert [to for _sender, to, _letter in post.taken] == [["lin@town.example"]]


def test_staff_hear_at_once_hourly_daily_or_only_at_the_desk(post: PostOffice) -> None:
    lin = colleague("lin", "email")
    StaffPace.objects.create(account=lin, kind="unit_dispatched", pace="hourly")
    StaffPace.objects.create(account=lin, kind="unit_reworked", pace="daily")
    StaffPace.objects.create(account=lin, kind="unit_task", pace="never")
    for number in range(3):
        tell_unit(kind="unit_dispatched", number=f"GD{number}", at=AT + number * MINUTE)
    tell_unit(kind="unit_reworked")
    tell_unit(kind="unit_task")
    tell_unit(kind="unit_info_given")
    run("email", at=AT + 5 * MINUTE)
    assert len(post.taken) == 1
    run("email", at=AT + 60 * MINUTE)
    assert len(post.taken) == 2
    digest = text_of(post.taken[1][2])
    assert all(f"GD{number}" in digest for number in range(3))
    run("email", at=datetime(2026, 9, 23, 8, 30, tzinfo=SHANGHAI))
    assert len(post.taken) == 3
    assert {state for _channel, state, _error in states()} == {"sent"}


def test_a_digest_by_text_message_is_one_text_that_counts(aliyun: AliyunGateway) -> None:
    approve("sms", "", "SMS_15305****", "what=happened")
    lin = colleague("lin", "sms")
    StaffPace.objects.create(account=lin, kind="unit_dispatched", pace="hourly")
    for number in range(4):
        tell_unit(number=f"GD{number}")
    aliyun.now = AT + 60 * MINUTE
    run("sms", at=aliyun.now)
    (taken,) = aliyun.taken
    assert "4" in taken["TemplateParam"]
    assert {state for _channel, state, _error in states()} == {"sent"}


def test_danger_waits_for_no_morning(post: PostOffice) -> None:
    colleague("lin", "email")
    tell_unit(at=NIGHT)
    tell_unit(at=NIGHT, urgent=True)
    tell_unit(kind="unit_overdue", at=NIGHT)
    run("email", at=NIGHT)
    assert len(post.taken) == 1
    assert [state for _channel, state, _error in states()] == ["queued", "sent", "sent"]


def test_who_ended_letters_meanwhile_gets_none(post: PostOffice) -> None:
    appeal = appellant("email")
    tell(appeal)
    assert stop_reach(f"appeal:{appeal.pk}", "email", by="link", at=AT)
    run("email")
    assert states() == [("email", "suppressed", "unsubscribed")]
    assert post.taken == []


def test_an_address_that_was_masked_meanwhile_gets_none(post: PostOffice) -> None:
    appeal = appellant("email")
    tell(appeal)
    appeal.party.email = ""
    appeal.party.save()
    run("email")
    assert states() == [("email", "suppressed", "no_address")]
    assert post.taken == []


def test_what_an_account_agreed_to_holds_for_its_appeals_unless_one_says_otherwise(
    post: PostOffice,
) -> None:
    from huying.home.tests.residents import account

    resident = account(PHONE)
    mine, quiet = appellant(account_id=resident.pk), appellant(account_id=resident.pk)
    Reach.objects.create(account=resident, channel="email", agreed_at=AT)
    assert stop_reach(f"appeal:{quiet.pk}", "email", by="link", at=AT)
    tell(mine)
    tell(quiet)
    run("email")
    assert [to for _sender, to, _letter in post.taken] == [[MAIL]]
    assert mine.number in text_of(post.taken[0][2])


def test_a_thousand_appellants_are_told_in_a_few_statements(post: PostOffice) -> None:
    from huying.kit.ids import new_id
    from huying.notify.actions import Told, tell_appeals

    appeals = [new_id() for _one in range(1000)]
    Reach.objects.bulk_create(Reach(appeal_id=one, channel="email", agreed_at=AT) for one in appeals)
    told = [Told(one, "signed", {"number": "SQ1", "unit": "环卫所"}, AT) for one in appeals]
    with CaptureQueriesContext(connection) as asked:
        tell_appeals(told)
    assert Delivery.objects.count() == 1000
    assert len(asked) <= 12
    assert jobs("email") == 1
    assert post.taken == []


def test_without_any_channel_nothing_is_asked_of_the_database() -> None:
    appeal = appellant()
    with CaptureQueriesContext(connection) as asked:
        tell(appeal)
        tell_unit()
    assert len([one for one in asked if "notify_notice" not in one["sql"]]) <= 1  # the unit's own key
    assert states() == []
