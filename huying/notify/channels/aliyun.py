"""Text messages by Alibaba Cloud SMS: SendSms 2017-05-25, signed with ACS3-HMAC-SHA256 (signature V3)."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import quote, urlencode
from uuid import uuid4

from huying.notify.channels.http import SERVER_ERROR, TOO_MANY, call, host_of
from huying.notify.channels.port import MisconfiguredError, RefusedError, TryLaterError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from huying.notify.channels.port import ChannelTrouble, Message

ALGORITHM = "ACS3-HMAC-SHA256"
ACTION, VERSION = "SendSms", "2017-05-25"
LONGEST_BLANK = 35
# The provider's codes, by what may follow. Source: error codes of SendSms.
LATER = frozenset({
    "isp.SYSTEM_ERROR", "isp.RAM_PERMISSION_DENY_TEMPORARY", "isv.DENY_IP_RANGE_TEMPORARY",
    "ServiceUnavailable", "InternalError", "SignatureNonceUsed",
})  # fmt: skip
LIMITS = ("isv.BUSINESS_LIMIT_CONTROL", "isv.DAY_LIMIT_CONTROL", "isv.MONTH_LIMIT_CONTROL")
OURS = (
    "SignatureDoesNotMatch", "IncompleteSignature", "InvalidAccessKeyId", "InvalidTimeStamp", "Forbidden",
    "isp.RAM_PERMISSION_DENY", "isv.OUT_OF_SERVICE", "isv.AMOUNT_NOT_ENOUGH", "isv.ACCOUNT", "isv.PRODUCT",
    "isv.SMS_SIGNATURE", "isv.SMS_SIGN", "isv.SMS_TEMPLATE", "isv.TEMPLATE", "isv.INVALID_PARAMETERS",
)  # fmt: skip
NO_PHONE = ("isv.MOBILE_NUMBER_ILLEGAL", "isv.MOBILE_COUNT_OVER_LIMIT", "isv.BLACK_KEY_CONTROL_LIMIT")


def encoded(pairs: Mapping[str, str]) -> str:
    """Return the pairs as a query in canonical form: sorted, RFC 3986, a space as %20."""
    return urlencode(sorted(pairs.items()), quote_via=quote, safe="-_.~")


def authorization(
    method: str, query: str, headers: Mapping[str, str], *, key_id: str, secret: str, path: str = "/"
) -> str:
    """Return the Authorization header; `headers` are those to be signed, in lower case.

    `x-acs-content-sha256` among them is the hash of the body. Source: Alibaba Cloud, V3 request structure
    and signature.
    """
    names = sorted(headers)
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in names)
    signed = ";".join(names)
    request = "\n".join([method, path, query, lines, signed, headers["x-acs-content-sha256"]])
    text = f"{ALGORITHM}\n{hashlib.sha256(request.encode()).hexdigest()}"
    signature = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    return f"{ALGORITHM} Credential={key_id},SignedHeaders={signed},Signature={signature}"


@dataclass(frozen=True)
class AliyunSms:
    """Sends one text message a call, from a template the provider has approved."""

    url: str
    key_id: str
    secret: str
    sign: str

    key: ClassVar[str] = "sms"
    combines: ClassVar[bool] = False
    needs_template: ClassVar[bool] = True

    def send(self, address: str, message: Message, *, at: datetime) -> str:
        """Send to a phone (eleven digits, or + and the country's code) and return the provider's BizId."""
        template = message.template
        if template is None:
            raise RefusedError("no_template")
        blanks = {blank: message.fill(name)[:LONGEST_BLANK] for blank, name in template.blanks}
        query = encoded(
            {
                "PhoneNumbers": address.removeprefix("+"),
                "SignName": self.sign,
                "TemplateCode": template.code,
                "TemplateParam": json.dumps(blanks, ensure_ascii=False),
                "OutId": message.key,
            }
        )
        headers = {
            "host": host_of(self.url),
            "x-acs-action": ACTION,
            "x-acs-version": VERSION,
            "x-acs-date": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "x-acs-signature-nonce": uuid4().hex,
            "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
        }
        told = authorization("POST", query, headers, key_id=self.key_id, secret=self.secret)
        status, answer = call(self.url, f"/?{query}", headers=headers | {"Authorization": told})
        code = str(answer.get("Code", f"http_{status}"))
        if code == "OK":
            return str(answer.get("BizId", ""))
        raise trouble(code, str(answer.get("Message", "")), status=status)


def trouble(code: str, text: str, *, status: int) -> ChannelTrouble:
    """Return what a refusal of the provider means for us."""
    if code in LIMITS:
        # By minute, hour or day, the text says which: only the first two pass soon.
        if "天级" in text or "月" in text or code != LIMITS[0]:
            return RefusedError(code, text)
        return TryLaterError(code, text, after_seconds=3600 if "小时" in text else 60)
    if code in LATER or code.startswith("Throttling") or status in {SERVER_ERROR, TOO_MANY}:
        return TryLaterError(code, text)
    if code.startswith(NO_PHONE):
        return RefusedError(code, text, for_good=True)
    if code.startswith(OURS):
        return MisconfiguredError(code, text)
    return RefusedError(code, text)
