"""WeCom's robots and WeChat's subscription messages, against who is as strict as they are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huying.notify.channels.open import missing, open_channels, port_of, robot_of
from huying.notify.channels.port import MisconfiguredError, RefusedError, TryLaterError
from huying.notify.channels.wechat import LONGEST, fold
from huying.notify.channels.wecom import A_MINUTE, LONGEST_MARKDOWN, markdown
from huying.notify.tests.conftest import ROBOT, change
from huying.notify.tests.messages import AT, MATTER, from_template, message

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

    from huying.notify.channels.port import Message, Port
    from huying.testing.gateways import WechatGateway, WecomGateway

BLANKS = (("thing1", "subject"), ("character_string2", "number"), ("thing3", "brief"))


def port(channel: str) -> Port:
    found = port_of(channel)
    assert found is not None
    return found


def subscribed() -> Message:
    return from_template("TEMPLATE_ID", *BLANKS)


def test_a_robot_says_what_happened_and_what_is_next(wecom: WecomGateway) -> None:
    port("wecom").send(ROBOT, message(), at=AT)
    (asked,), (taken,) = wecom.asked, wecom.taken
    assert (asked.path, asked.query) == ("/cgi-bin/webhook/send", f"key={ROBOT}")
    assert asked.json["msgtype"] == "markdown"
    for part in (MATTER.subject, MATTER.happened, MATTER.next, MATTER.link):
        assert part in taken["content"]


def test_a_robot_speaks_twenty_times_a_minute(wecom: WecomGateway) -> None:
    wecom.now = AT
    for _time in range(A_MINUTE):
        port("wecom").send(ROBOT, message(), at=AT)
    with pytest.raises(TryLaterError, match="45009") as caught:
        port("wecom").send(ROBOT, message(), at=AT)
    assert caught.value.after_seconds == 60


def test_a_robot_that_was_taken_out_is_a_matter_for_the_administrator(wecom: WecomGateway) -> None:
    with pytest.raises(MisconfiguredError, match="93000"):
        port("wecom").send("00000000-gone", message(), at=AT)
    assert wecom.taken == []


@given(st.lists(st.text(max_size=400), min_size=1, max_size=40))
def test_a_robots_message_is_never_too_long_and_counts_what_is_left_out(texts: list[str]) -> None:
    matters = [replace(MATTER, happened=text) for text in texts]
    content = markdown(message(*matters))
    assert len(content.encode()) <= LONGEST_MARKDOWN
    told = content.count(MATTER.next)
    assert told == len(matters) or f"{len(matters) - told}" in content.rpartition("\n\n")[2]


def test_words_cannot_break_out_of_a_robots_markdown() -> None:
    hostile = replace(MATTER, happened='[点我](https://bad.example)<font color="warning">\n# 大字')
    content = markdown(message(hostile))
    assert "](https://bad" not in content
    assert "<font" not in content
    assert "\n#" not in content


def test_a_unit_speaks_by_the_nearest_robot_above_it(settings: Settings) -> None:
    change(settings, wecom_robots={"street": "S", "cleaning": "C"})
    assert robot_of("street/cleaning") == "cleaning"
    assert robot_of("street/city") == "street"
    assert not robot_of("elsewhere")
    change(settings, wecom_robots={"*": "T"})
    assert robot_of("elsewhere") == "*"


def test_wechat_takes_a_message_with_a_token_asked_for_once(wechat: WechatGateway) -> None:
    for _time in range(2):
        port("wechat").send("OPENID", subscribed(), at=AT)
    assert [asked.path for asked in wechat.asked] == [
        "/cgi-bin/stable_token",
        "/cgi-bin/message/subscribe/bizsend",
        "/cgi-bin/message/subscribe/bizsend",
    ]
    assert wechat.asked[0].json == {
        "grant_type": "client_credential", "appid": wechat.app_id, "secret": wechat.secret,
        "force_refresh": False,
    }  # fmt: skip
    assert wechat.taken[0] == {
        "touser": "OPENID",
        "template_id": "TEMPLATE_ID",
        "page": MATTER.link,
        "data": {
            "thing1": {"value": "有答复了"},
            "character_string2": {"value": "SQ260922000018"},
            "thing3": {"value": "请评价"},
        },
    }


def test_a_token_that_ran_out_meanwhile_is_asked_for_anew_once(wechat: WechatGateway) -> None:
    port("wechat").send("OPENID", subscribed(), at=AT)
    wechat.token = "NEWER"
    port("wechat").send("OPENID", subscribed(), at=AT)
    assert [asked.json["force_refresh"] for asked in wechat.asked if "stable" in asked.path] == [False, True]
    wechat.script.extend([(200, {"errcode": 40001, "errmsg": "invalid credential"})] * 3)
    with pytest.raises(MisconfiguredError, match="40001"):
        port("wechat").send("OPENID", subscribed(), at=AT)


def test_a_mini_program_is_spoken_to_at_its_own_door(wechat: WechatGateway, settings: Settings) -> None:
    change(settings, wechat_kind="mini")
    port("wechat").send("OPENID", replace(subscribed(), language="zh-hant"), at=AT)
    assert wechat.asked[-1].path == "/cgi-bin/message/subscribe/send"
    assert (wechat.taken[0]["lang"], wechat.taken[0]["miniprogram_state"]) == ("zh_HK", "formal")
    assert "page" not in wechat.taken[0]


def test_who_has_not_subscribed_is_not_asked_again(wechat: WechatGateway) -> None:
    for openid, code in (("SOMEBODY", "43101"), ("BAD", "40003")):
        with pytest.raises(RefusedError, match=code) as caught:
            port("wechat").send(openid, subscribed(), at=AT)
        assert caught.value.for_good
    assert wechat.taken == []


@pytest.mark.parametrize(
    ("code", "kind"),
    [(40037, MisconfiguredError), (47003, MisconfiguredError), (-1, TryLaterError), (20001, RefusedError)],
)
def test_what_wechat_answers_is_understood(wechat: WechatGateway, code: int, kind: type[Exception]) -> None:
    wechat.script.append((200, {"access_token": "ACCESS_TOKEN", "expires_in": 7200}))
    wechat.script.append((200, {"errcode": code, "errmsg": "no"}))
    with pytest.raises(kind, match=str(code)):
        port("wechat").send("OPENID", subscribed(), at=AT)


def test_a_wrong_secret_of_wechat_is_a_matter_for_the_administrator(
    wechat: WechatGateway, settings: Settings
) -> None:
    change(settings, wechat_app_secret="another")
    with pytest.raises(MisconfiguredError, match="40125"):
        port("wechat").send("OPENID", subscribed(), at=AT)
    assert wechat.taken == []


@given(st.sampled_from(sorted(LONGEST)), st.text(min_size=1))
def test_a_value_always_fits_its_blank(word: str, text: str) -> None:
    value = fold(f"{word}1", text)
    assert 0 < len(value) <= LONGEST[word]
    assert word != "character_string" or value.isascii()


def test_half_a_channel_is_none(settings: Settings) -> None:
    assert open_channels() == ()
    change(settings, sms_provider="tencent", sms_key_id="a", sms_key_secret="b", sms_sign="c")
    assert missing("sms") == ["sms_app_id"]
    assert port_of("sms") is None
    change(settings, sms_app_id="1400006666")
    assert open_channels() == ("sms",)
