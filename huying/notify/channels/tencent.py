"""Text messages by Tencent Cloud SMS: SendSms 2021-01-11, signed with TC3-HMAC-SHA256 (signature v3)."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from huying.notify.channels.http import call, host_of
from huying.notify.channels.port import MisconfiguredError, RefusedError, TryLaterError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from huying.notify.channels.port import ChannelTrouble, Message

ALGORITHM, SERVICE = "TC3-HMAC-SHA256", "sms"
ACTION, VERSION = "SendSms", "2021-01-11"
CONTENT_TYPE = "application/json; charset=utf-8"
LONGEST_CONTEXT = 512
# The provider's codes, by what may follow. Source: error codes of the SMS API.
LATER = ("InternalError", "RequestLimitExceeded", "FailedOperation.FailResolvePacket",
         "LimitExceeded.DeliveryFrequencyLimit", "LimitExceeded.PhoneNumberThirtySecondLimit",
         "LimitExceeded.PhoneNumberOneHourLimit", "ResourceUnavailable")  # fmt: skip
OURS = ("AuthFailure", "UnauthorizedOperation", "FailedOperation.InsufficientBalanceInSmsPackage",
        "FailedOperation.SignatureIncorrectOrUnapproved", "FailedOperation.TemplateIncorrectOrUnapproved",
        "FailedOperation.TemplateUnapprovedOrNotExist", "FailedOperation.MissingSignature",
        "FailedOperation.MissingTemplateList", "FailedOperation.TemplateParamSetNotMatchApprovedTemplate",
        "InvalidParameterValue.SdkAppIdNotExist", "MissingParameter", "InvalidAction")  # fmt: skip
NO_PHONE = ("FailedOperation.PhoneNumberInBlacklist", "InvalidParameterValue.IncorrectPhoneNumber")
HOUR_LIMIT, MINUTE, HOUR = "LimitExceeded.PhoneNumberOneHourLimit", 60, 3600


def authorization(
    headers: Mapping[str, str],
    body: bytes,
    *,
    key_id: str,
    secret: str,
    timestamp: int,
    service: str = SERVICE,
) -> str:
    """Return the Authorization header of a POST to "/"; `headers` are those signed, names in lower case.

    The day of the scope is the timestamp's in UTC. Source: Tencent Cloud API, signature method v3.
    """
    names = sorted(headers)
    lines = "".join(f"{name}:{headers[name].strip().lower()}\n" for name in names)
    signed, hashed = ";".join(names), hashlib.sha256(body).hexdigest()
    request = f"POST\n/\n\n{lines}\n{signed}\n{hashed}"
    day = datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%d")
    scope = f"{day}/{service}/tc3_request"
    text = "\n".join([ALGORITHM, str(timestamp), scope, hashlib.sha256(request.encode()).hexdigest()])
    key = f"TC3{secret}".encode()
    for part in (day, service, "tc3_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    return f"{ALGORITHM} Credential={key_id}/{scope}, SignedHeaders={signed}, Signature={signature}"


@dataclass(frozen=True)
class TencentSms:
    """Sends one text message a call, from a template the provider has approved; its blanks are counted."""

    url: str
    key_id: str
    secret: str
    sign: str
    app_id: str
    region: str = "ap-guangzhou"

    key: ClassVar[str] = "sms"
    combines: ClassVar[bool] = False
    needs_template: ClassVar[bool] = True

    def send(self, address: str, message: Message, *, at: datetime) -> str:
        """Send to a phone (eleven digits, or + and the country's code) and return the provider's number."""
        template = message.template
        if template is None:
            raise RefusedError("no_template")
        told = {
            "PhoneNumberSet": [address if address.startswith("+") else f"+86{address}"],
            "SmsSdkAppId": self.app_id,
            "SignName": self.sign,
            "TemplateId": template.code,
            "TemplateParamSet": [message.fill(name) for _blank, name in template.blanks],
            "SessionContext": message.key[:LONGEST_CONTEXT],
        }
        body = json.dumps(told, ensure_ascii=False).encode()
        timestamp = int(at.timestamp())
        signed = {
            "content-type": CONTENT_TYPE,
            "host": host_of(self.url),
            "x-tc-action": ACTION.lower(),
        }
        headers = {
            "Content-Type": CONTENT_TYPE,
            "Host": host_of(self.url),
            "X-TC-Action": ACTION,
            "X-TC-Version": VERSION,
            "X-TC-Region": self.region,
            "X-TC-Timestamp": str(timestamp),
            "Authorization": authorization(
                signed, body, key_id=self.key_id, secret=self.secret, timestamp=timestamp
            ),
        }
        return _read(call(self.url, "/", body=body, headers=headers)[1])


def _read(answer: dict[str, Any]) -> str:
    told = answer.get("Response")
    told = told if isinstance(told, dict) else {}
    error = told.get("Error")
    if isinstance(error, dict):
        raise trouble(str(error.get("Code", "")), str(error.get("Message", "")))
    states = told.get("SendStatusSet")
    if not isinstance(states, list) or not states or not isinstance(states[0], dict):
        raise TryLaterError("answer_unreadable", str(answer)[:200])
    state = states[0]
    if state.get("Code") != "Ok":
        raise trouble(str(state.get("Code", "")), str(state.get("Message", "")))
    return str(state.get("SerialNo", ""))


def trouble(code: str, text: str) -> ChannelTrouble:
    """Return what a refusal of the provider means for us."""
    if code.startswith(LATER):
        return TryLaterError(code, text, after_seconds=HOUR if code == HOUR_LIMIT else MINUTE)
    if code.startswith(NO_PHONE):
        return RefusedError(code, text, for_good=True)
    if code.startswith(OURS):
        return MisconfiguredError(code, text)
    return RefusedError(code, text)
