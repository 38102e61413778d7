"""Stand-ins for the channels, on this machine, one of each a test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from huying.notify.channels.wechat import forget_tokens
from huying.testing.gateways import (
    AliyunGateway,
    Gateway,
    TencentGateway,
    WechatGateway,
    WecomGateway,
    serving,
)
from huying.testing.postoffice import PostOffice, open_post_office

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.fixtures import Settings

ROBOT = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"


def change(settings: Settings, **told: Any) -> None:  # noqa: ANN401 - whatever a setting takes
    """Change some settings of channels for this test."""
    settings.CHANNELS = settings.CHANNELS | told


@pytest.fixture
def aliyun(settings: Settings) -> Iterator[AliyunGateway]:
    """Send text messages by a stand-in for Alibaba Cloud."""
    with serving(AliyunGateway()) as gateway:
        assert isinstance(gateway, AliyunGateway)
        change(
            settings, sms_provider="aliyun", sms_key_id=gateway.key_id, sms_key_secret=gateway.secret,
            sms_sign="澜湾区", sms_url=gateway.url,
        )  # fmt: skip
        yield gateway


@pytest.fixture
def tencent(settings: Settings) -> Iterator[TencentGateway]:
    """Send text messages by a stand-in for Tencent Cloud."""
    with serving(TencentGateway()) as gateway:
        assert isinstance(gateway, TencentGateway)
        change(
            settings, sms_provider="tencent", sms_key_id=gateway.key_id, sms_key_secret=gateway.secret,
            sms_sign="澜湾区", sms_app_id=gateway.app_id, sms_url=gateway.url,
        )  # fmt: skip
        yield gateway


@pytest.fixture
def wecom(settings: Settings) -> Iterator[WecomGateway]:
    """Speak into chats by a stand-in for WeCom; the cleaners have a robot."""
    with serving(WecomGateway()) as gateway:
        assert isinstance(gateway, WecomGateway)
        change(settings, wecom_robots={"cleaning": ROBOT}, wecom_url=gateway.url)
        yield gateway


@pytest.fixture
def wechat(settings: Settings) -> Iterator[WechatGateway]:
    """Send subscription messages by a stand-in for WeChat."""
    forget_tokens()
    with serving(WechatGateway()) as gateway:
        assert isinstance(gateway, WechatGateway)
        change(
            settings, wechat_app_id=gateway.app_id, wechat_app_secret=gateway.secret, wechat_url=gateway.url
        )
        yield gateway
    forget_tokens()


@pytest.fixture
def post(settings: Settings) -> Iterator[PostOffice]:
    """Send e-mail by a mail server on this machine."""
    with open_post_office(PostOffice()) as office:
        change(
            settings, smtp_host="127.0.0.1", smtp_port=office.port, smtp_security="none",
            mail_from="呼应 <letters@lanwan.example>",
        )  # fmt: skip
        yield office


__all__ = ["Gateway"]
