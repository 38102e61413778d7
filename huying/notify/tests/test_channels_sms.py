"""Text messages: signed as the documentation's own examples are, and understood by who is as strict."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from huying.notify.channels import aliyun as by_aliyun
from huying.notify.channels import tencent as by_tencent
from huying.notify.channels.open import port_of
from huying.notify.channels.port import MisconfiguredError, RefusedError, TryLaterError
from huying.notify.tests.conftest import change
from huying.notify.tests.messages import AT, from_template, message

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

    from huying.notify.channels.port import Port
    from huying.testing.gateways import AliyunGateway, TencentGateway

PHONE = "13800138000"
EMPTY = hashlib.sha256(b"").hexdigest()


def port() -> Port:
    found = port_of("sms")
    assert found is not None
    return found


def test_the_documented_signature_v3_of_alibaba_cloud_comes_out() -> None:
    # Example of "V3 request structure and signature": RunInstances with fixed keys, time and nonce.
    query = by_aliyun.encoded(
        {"ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd", "RegionId": "cn-shanghai"}
    )
    headers = {
        "host": "ecs.cn-shanghai.aliyuncs.com",
        "x-acs-action": "RunInstances",
        "x-acs-content-sha256": EMPTY,
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-version": "2014-05-26",
    }
    told = by_aliyun.authorization(
        "POST", query, headers, key_id="YourAccessKeyId", secret="YourAccessKeySecret"
    )
    assert told == (
        "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;"
        "x-acs-date;x-acs-signature-nonce;x-acs-version,"
        "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


def test_the_documented_signature_v3_of_tencent_cloud_comes_out() -> None:
    # Example of "Signature method v3": DescribeInstances with fixed keys and time.
    body = rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}'
    headers = {"content-type": "application/json; charset=utf-8", "host": "cvm.tencentcloudapi.com"}
    told = by_tencent.authorization(
        headers, body, key_id="AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE",
        secret="Gu5t9xGARNpq86cd98joQYCN3EXAMPLE", timestamp=1551113065, service="cvm",
    )  # fmt: skip
    assert told == (
        "TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, "
        "SignedHeaders=content-type;host, "
        "Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"
    )


def test_aliyun_takes_a_text_and_gives_its_number(aliyun: AliyunGateway) -> None:
    aliyun.now = AT
    sent = from_template("SMS_15305****", ("number", "number"), ("what", "subject"))
    assert port().send(PHONE, sent, at=AT) == "900619746936490001^0"
    (taken,) = aliyun.taken
    assert taken["PhoneNumbers"] == PHONE
    assert (taken["SignName"], taken["OutId"]) == ("澜湾区", "0199-key")
    assert json.loads(taken["TemplateParam"]) == {"number": "SQ260922000018", "what": "有答复了"}


def test_a_number_from_abroad_goes_without_its_plus_at_aliyun(aliyun: AliyunGateway) -> None:
    aliyun.now = AT
    port().send("+85291234567", from_template("SMS_15305****"), at=AT)
    assert aliyun.taken[0]["PhoneNumbers"] == "85291234567"


def test_aliyun_refuses_a_wrong_secret_an_old_time_and_an_unknown_template(
    aliyun: AliyunGateway, settings: Settings
) -> None:
    aliyun.now = AT
    with pytest.raises(MisconfiguredError, match=r"isv\.SMS_TEMPLATE_ILLEGAL"):
        port().send(PHONE, from_template("SMS_0"), at=AT)
    with pytest.raises(MisconfiguredError, match=r"InvalidTimeStamp\.Expired"):
        port().send(PHONE, from_template("SMS_15305****"), at=AT - timedelta(minutes=16))
    change(settings, sms_key_secret="another")
    with pytest.raises(MisconfiguredError, match="SignatureDoesNotMatch"):
        port().send(PHONE, from_template("SMS_15305****"), at=AT)
    assert aliyun.taken == []


@pytest.mark.parametrize(
    ("code", "text", "kind", "seconds"),
    [
        ("isv.BUSINESS_LIMIT_CONTROL", "触发分钟级流控Permits:1", TryLaterError, 60),
        ("isv.BUSINESS_LIMIT_CONTROL", "触发小时级流控Permits:5", TryLaterError, 3600),
        ("isv.BUSINESS_LIMIT_CONTROL", "触发天级流控Permits:10", RefusedError, None),
        ("isp.SYSTEM_ERROR", "系统错误", TryLaterError, 0),
        ("Throttling.User", "Request was denied due to user flow control.", TryLaterError, 0),
        ("isv.AMOUNT_NOT_ENOUGH", "账户余额不足", MisconfiguredError, None),
        ("isv.MOBILE_NUMBER_ILLEGAL", "非法手机号", RefusedError, None),
    ],
)
def test_what_aliyun_answers_is_understood(
    aliyun: AliyunGateway, code: str, text: str, kind: type[Exception], seconds: int | None
) -> None:
    aliyun.script.append(
        (200, {"RequestId": "819BE656-D2E0-4858-8B21-B2E477085AAF", "Message": text, "Code": code})
    )
    with pytest.raises(kind) as caught:
        port().send(PHONE, from_template("SMS_15305****"), at=AT)
    assert getattr(caught.value, "after_seconds", None) == seconds


def test_a_number_that_is_none_is_not_tried_again(aliyun: AliyunGateway) -> None:
    aliyun.now = AT
    with pytest.raises(RefusedError) as caught:
        port().send("123", from_template("SMS_15305****"), at=AT)
    assert caught.value.for_good


def test_tencent_takes_a_text_and_gives_its_number(tencent: TencentGateway) -> None:
    tencent.now = AT
    number = port().send(PHONE, from_template("1110", ("1", "number")), at=AT)
    assert number == "5000:1045710669157053657849499619"
    (taken,) = tencent.taken
    assert (taken["phone"], taken["SessionContext"]) == ("+8613800138000", "0199-key")
    assert (taken["SignName"], taken["TemplateParamSet"]) == ("澜湾区", ["SQ260922000018"])
    assert tencent.asked[0].headers["x-tc-region"] == "ap-guangzhou"


def test_tencent_refuses_what_its_original_refuses(tencent: TencentGateway, settings: Settings) -> None:
    tencent.now = AT
    with pytest.raises(MisconfiguredError, match="TemplateParamSetNotMatch"):
        port().send(PHONE, from_template("1110"), at=AT)
    with pytest.raises(RefusedError, match="IncorrectPhoneNumber"):
        port().send("+85291234567", from_template("1110", ("1", "number")), at=AT)
    with pytest.raises(MisconfiguredError, match="SignatureExpire"):
        port().send(PHONE, from_template("1110", ("1", "number")), at=AT + timedelta(minutes=6))
    change(settings, sms_key_secret="another")
    with pytest.raises(MisconfiguredError, match=r"AuthFailure\.SignatureFailure"):
        port().send(PHONE, from_template("1110", ("1", "number")), at=AT)
    assert tencent.taken == []


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("LimitExceeded.PhoneNumberThirtySecondLimit", TryLaterError),
        ("LimitExceeded.PhoneNumberOneHourLimit", TryLaterError),
        ("LimitExceeded.PhoneNumberDailyLimit", RefusedError),
        ("FailedOperation.InsufficientBalanceInSmsPackage", MisconfiguredError),
        ("FailedOperation.PhoneNumberInBlacklist", RefusedError),
        ("InternalError.Timeout", TryLaterError),
    ],
)
def test_what_tencent_says_of_a_phone_is_understood(
    tencent: TencentGateway, code: str, kind: type[Exception]
) -> None:
    state = {
        "SerialNo": "", "PhoneNumber": "+8613800138000", "Fee": 0, "SessionContext": "test", "Code": code,
        "Message": "send failed", "IsoCode": "CN",
    }  # fmt: skip
    tencent.script.append((200, {"Response": {"SendStatusSet": [state], "RequestId": "a0aabda6-cf91"}}))
    with pytest.raises(kind, match=code):
        port().send(PHONE, from_template("1110", ("1", "number")), at=AT)


def test_without_an_approved_template_no_text_is_sent(aliyun: AliyunGateway) -> None:
    with pytest.raises(RefusedError, match="no_template"):
        port().send(PHONE, message(), at=AT)
    assert aliyun.asked == []


def test_nobody_answering_and_answers_that_are_none_are_for_later(
    aliyun: AliyunGateway, settings: Settings
) -> None:
    change(settings, sms_url="http://127.0.0.1:9")
    with pytest.raises(TryLaterError, match="unreachable"):
        port().send(PHONE, from_template("SMS_15305****"), at=AT)
    change(settings, sms_url="ftp://relay")
    with pytest.raises(MisconfiguredError, match="url"):
        port().send(PHONE, from_template("SMS_15305****"), at=AT)
    assert aliyun.asked == []
