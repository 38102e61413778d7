"""Which channels this town has, from its settings; half a channel is none, and `huying doctor` says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from huying.notify.channels.aliyun import AliyunSms
from huying.notify.channels.mail import Mail
from huying.notify.channels.tencent import TencentSms
from huying.notify.channels.wechat import WechatMessages
from huying.notify.channels.wecom import WecomRobot

if TYPE_CHECKING:
    from huying.notify.channels.port import Port

# What a channel needs, by the name it has in the settings (HUYING_… in the environment).
NEEDS = {
    "email": ("smtp_host", "mail_from"),
    "sms": ("sms_provider", "sms_key_id", "sms_key_secret", "sms_sign"),
    "wecom": ("wecom_robots",),
    "wechat": ("wechat_app_id", "wechat_app_secret"),
}


def missing(channel: str) -> list[str]:
    """Return the settings a channel still needs, all of them where it is not used at all."""
    told = settings.CHANNELS
    needs = NEEDS[channel] + (("sms_app_id",) if told["sms_provider"] == "tencent" else ()) * (
        channel == "sms"
    )
    return [name for name in needs if not told[name]]


def is_open(channel: str) -> bool:
    """Return whether the town sends over a channel."""
    return channel in NEEDS and not missing(channel)


def open_channels() -> tuple[str, ...]:
    """Return the channels the town sends over."""
    return tuple(channel for channel in NEEDS if is_open(channel))


def port_of(channel: str) -> Port | None:
    """Return the channel's port, or None while the town does not use it."""
    told = settings.CHANNELS
    if not is_open(channel):
        return None
    if channel == "email":
        return Mail(
            told["smtp_host"], told["smtp_port"], told["mail_from"], told["smtp_security"],
            told["smtp_user"], told["smtp_password"],
        )  # fmt: skip
    if channel == "wecom":
        return WecomRobot(told["wecom_url"])
    if channel == "wechat":
        return WechatMessages(
            told["wechat_url"], told["wechat_app_id"], told["wechat_app_secret"], told["wechat_kind"]
        )
    keys = (told["sms_key_id"], told["sms_key_secret"], told["sms_sign"])
    if told["sms_provider"] == "tencent":
        url = told["sms_url"] or "https://sms.tencentcloudapi.com"
        return TencentSms(url, *keys, told["sms_app_id"], told["sms_region"])
    return AliyunSms(told["sms_url"] or "https://dysmsapi.aliyuncs.com", *keys)


def robot_of(unit_path: str) -> str:
    """Return the code of the nearest unit at or above a path with a robot; "*" is the town's, "" none."""
    robots = settings.CHANNELS["wecom_robots"]
    above = [code for code in reversed(unit_path.split("/")) if code in robots]
    return above[0] if above else "*" if "*" in robots else ""
