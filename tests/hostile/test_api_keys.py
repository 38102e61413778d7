"""Keys of the JSON channel: the machine's own, and the one that makes a retry the same appeal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from huying.intake.models import Channel, Inbound
from huying.intake.queries import CHANNELS
from huying.ledger.snapshots import announce
from huying.people.actions import make_api_key
from huying.people.models import ApiKey
from tests.hostile.reading import reason_of

if TYPE_CHECKING:
    from tests.hostile.conftest import Machine, Stored

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
GOOD = {"text": "听澜花园门口的垃圾堆了三天没人清"}

NO_ENTRY = {
    "no key": ("", "api_key_missing"),
    "another scheme": ("Basic YWRtaW46YWRtaW4=", "api_key_missing"),
    "only the word": ("Bearer", "api_key_unknown"),
    "an unknown key": ("Bearer hy_guess", "api_key_unknown"),
    "a key of 10,000 characters": (f"Bearer {'x' * 10_000}", "api_key_unknown"),
    "a key that is a query": ("Bearer ' OR 1=1 --", "api_key_unknown"),
    "a key beyond ASCII": ("Bearer 钥匙", "api_key_unknown"),
}


@pytest.mark.parametrize(("sent", "reason"), NO_ENTRY.values(), ids=NO_ENTRY)
def test_nobody_without_a_known_key_files_anything(
    machine: Machine, stored: Stored, sent: str, reason: str
) -> None:
    answer = machine.post(GOOD, headers={"Authorization": sent})
    assert reason_of(answer) == (401, reason)
    assert stored.grown() == {}


def test_a_key_that_was_switched_off_opens_nothing_any_more(machine: Machine, stored: Stored) -> None:
    assert machine.post(GOOD).status_code == 201
    ApiKey.objects.filter(name="Outside").update(is_active=False)
    make_api_key("Another", channel="api")  # anything that renews the edition processes compare
    before = stored.grown()
    assert reason_of(machine.post(GOOD)) == (401, "api_key_unknown")
    assert stored.grown() == before


def test_a_channel_that_was_switched_off_takes_nothing_any_more(machine: Machine, stored: Stored) -> None:
    Channel.objects.filter(key="api").update(is_active=False)
    announce(CHANNELS)  # as the configuration page does when it saves
    assert reason_of(machine.post(GOOD)) == (400, "channel_unknown")
    assert stored.grown() == {}


NO_KEYS = {
    "none": (None, "idempotency_key_missing"),
    "blanks": ("   ", "idempotency_key_missing"),
    "201 characters": ("k" * 201, "key_too_long"),
    "a NUL": ("a\x00b", "key_not_readable"),
}


@pytest.mark.parametrize(("key", "reason"), NO_KEYS.values(), ids=NO_KEYS)
def test_without_a_key_that_can_be_known_again_nothing_is_taken(
    machine: Machine, stored: Stored, key: str | None, reason: str
) -> None:
    assert reason_of(machine.post(GOOD, key=key)) == (400, reason)
    assert stored.grown() == {}


ODD_KEYS = {
    "200 characters": "k" * 200,
    "blanks around it": "  padded  ",
    "beyond ASCII": "钥匙-1",
    "a path": "../../etc/passwd",
    "a query": "x'); DROP TABLE intake_appeal; --",
    "a line of HTML": "<img src=x onerror=alert(1)>",
}


@pytest.mark.parametrize("key", ODD_KEYS.values(), ids=ODD_KEYS)
def test_any_other_key_works_and_a_retry_gets_the_first_answer(
    machine: Machine, stored: Stored, key: str
) -> None:
    first = machine.post(GOOD, key=key)
    assert first.status_code == 201
    grown = stored.grown()
    again = machine.post(GOOD, key=key)
    assert again.status_code == 200
    told, before = json.loads(again.content), json.loads(first.content)
    assert (told["number"], told["link"], told["new"]) == (before["number"], before["link"], False)
    assert stored.grown() == grown


def test_the_same_key_with_other_words_is_the_first_appeal_and_keeps_its_words(machine: Machine) -> None:
    first = json.loads(machine.post(GOOD, key="one").content)
    other = machine.post({"text": "完全不同的另一件事"}, key="one")
    assert other.status_code == 200
    assert json.loads(other.content)["number"] == first["number"]
    assert "完全不同" not in bytes(Inbound.objects.get(channel="api", key="one").body).decode()


def test_the_same_key_of_another_channel_is_another_appeal(machine: Machine) -> None:
    first = json.loads(machine.post(GOOD, key="shared").content)
    Channel.objects.create(key="wechat", adapter="api", name="微信")
    machine.api_key = make_api_key("Mini program", channel="wechat")
    second = machine.post(GOOD, key="shared")
    assert second.status_code == 201
    assert json.loads(second.content)["number"] != first["number"]
