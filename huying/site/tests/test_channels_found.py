"""`huying doctor` says which channels letters go out by, and what half of one still needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings

from huying.notify.channels.open import NEEDS, missing
from huying.site.env import Environment
from huying.site.ground.checks import machine_findings

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django.fixtures import Settings

MAIL = {"smtp_host": "mail.example", "mail_from": "a@b.example"}
TENCENT = {"sms_provider": "tencent", "sms_key_id": "a", "sms_key_secret": "b", "sms_sign": "c"}


def found(folder: Path, **told: Any) -> dict[str, tuple[str, str]]:  # noqa: ANN401 - settings
    findings = machine_findings(Environment(data_dir=folder, **told))
    return {one.name: (one.state, one.cure) for one in findings if one.name in NEEDS}


@pytest.mark.parametrize(
    ("told", "channel", "state", "cure"),
    [
        (MAIL, "email", "fine", ""),
        ({"smtp_host": "mail.example"}, "email", "warning", "HUYING_MAIL_FROM"),
        (MAIL | {"smtp_security": "none"}, "email", "warning", "HUYING_SMTP_SECURITY"),
        (TENCENT, "sms", "warning", "HUYING_SMS_APP_ID"),
        (TENCENT | {"sms_app_id": "1400006666"}, "sms", "fine", ""),
        ({"wecom_robots": {"*": "key"}}, "wecom", "fine", ""),
        ({"wechat_app_id": "wx1"}, "wechat", "warning", "HUYING_WECHAT_APP_SECRET"),
    ],
)
def test_a_channel_is_fine_or_says_what_it_needs(
    tmp_path: Path, told: dict[str, Any], channel: str, state: str, cure: str
) -> None:
    findings = found(tmp_path, **told)
    assert set(findings) == {channel}
    assert findings[channel][0] == state
    assert cure in findings[channel][1]


def test_a_town_without_channels_hears_nothing_of_them(tmp_path: Path) -> None:
    assert found(tmp_path) == {}


def test_doctor_and_sender_know_the_same_needs(tmp_path: Path, settings: Settings) -> None:
    for channel, names in NEEDS.items():
        for name in names:
            value: Any = {"wecom_robots": {"*": "k"}, "sms_provider": "aliyun"}.get(name, "x")
            told = {name: value}
            settings.CHANNELS = _empty() | told
            lacking = missing(channel)
            state, cure = found(tmp_path, **told)[channel]
            assert (state == "fine") == (lacking == [])
            assert all(f"HUYING_{one.upper()}" in cure for one in lacking)


def _empty() -> dict[str, Any]:
    return {name: type(value)() for name, value in settings.CHANNELS.items()}
