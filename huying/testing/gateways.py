"""Stand-ins for what letters go out by: real servers on this machine, as strict as the ones they stand for.

They check what their originals check (signature, times, required fields) with code of their own, and answer
with their originals' bodies, as the providers' documentation shows them.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Answer = tuple[int, dict[str, Any]]


@dataclass
class Asked:
    """A request as it came over the wire."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def told(self) -> dict[str, str]:
        """Return the query's pairs."""
        return dict(parse_qsl(self.query, keep_blank_values=True))

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever came
        """Return the body as JSON, None when it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


@dataclass
class Gateway:
    """An HTTP service. `taken` are the messages it accepted; `script` answers the next requests instead."""

    taken: list[dict[str, Any]] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    script: deque[Answer] = field(default_factory=deque)
    url: str = ""
    now: datetime | None = None

    def answer(self, asked: Asked) -> Answer:
        """Return status and body for a request."""
        self.asked.append(asked)
        return self.script.popleft() if self.script else self.judge(asked)

    def judge(self, asked: Asked) -> Answer:
        """Return what the original would answer."""
        raise NotImplementedError


@contextmanager
def serving(gateway: Gateway) -> Iterator[Gateway]:
    """Serve a gateway on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.do_POST()

        def do_POST(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, told = gateway.answer(Asked(self.command, parts.path, parts.query, headers, body))
            raw = json.dumps(told, ensure_ascii=False).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_told: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    gateway.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield gateway
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class AliyunGateway(Gateway):
    """Alibaba Cloud SMS, SendSms 2017-05-25, signature V3."""

    key_id: str = "testid"
    secret: str = "testsecret"  # noqa: S105 - of a stand-in
    templates: set[str] = field(default_factory=lambda: {"SMS_15305****"})
    nonces: set[str] = field(default_factory=set)

    def judge(self, asked: Asked) -> Answer:
        """Check the headers, the signature, then the fields."""
        needed = (
            "authorization", "host", "x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce",
            "x-acs-content-sha256",
        )  # fmt: skip
        for name in needed:
            if name not in asked.headers:
                return _aliyun(400, f"Missing{name}", f"{name} is mandatory for this action.")
        wrong = self._signature(asked)
        if wrong:
            return wrong
        nonce = asked.headers["x-acs-signature-nonce"]
        if nonce in self.nonces:
            return _aliyun(400, "SignatureNonceUsed", "Specified signature nonce was used already.")
        self.nonces.add(nonce)
        return self._fields(asked.told)

    def _signature(self, asked: Asked) -> Answer | None:
        scheme, _space, rest = asked.headers["authorization"].partition(" ")
        told = dict(part.split("=", 1) for part in rest.split(","))
        if scheme != "ACS3-HMAC-SHA256" or told.get("Credential") != self.key_id:
            return _aliyun(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.")
        signed = told["SignedHeaders"].split(";")
        present = {name for name in asked.headers if name.startswith("x-acs-")} | {"host"}
        if signed != sorted(signed) or not present <= set(signed):
            return _aliyun(400, "IncompleteSignature", "Every x-acs- header and host is to be signed.")
        at = datetime.strptime(asked.headers["x-acs-date"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        if abs(((self.now or datetime.now(UTC)) - at).total_seconds()) > 15 * 60:
            return _aliyun(400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.")
        if hashlib.sha256(asked.body).hexdigest() != asked.headers["x-acs-content-sha256"]:
            return _aliyun(400, "SignatureDoesNotMatch", "The hash of the body does not match.")
        pairs = sorted(parse_qsl(asked.query, keep_blank_values=True))
        query = "&".join(f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in pairs)
        canonical = f"{asked.method}\n{asked.path}\n{query}\n"
        canonical += "".join(f"{name}:{asked.headers[name].strip()}\n" for name in signed)
        canonical += f"\n{';'.join(signed)}\n{asked.headers['x-acs-content-sha256']}"
        text = "ACS3-HMAC-SHA256\n" + hashlib.sha256(canonical.encode()).hexdigest()
        want = hmac.new(self.secret.encode(), text.encode(), "sha256").hexdigest()
        if not hmac.compare_digest(want, told["Signature"]):
            return _aliyun(
                400, "SignatureDoesNotMatch", "Specified signature is not matched with our calculation."
            )
        return None

    def _fields(self, told: dict[str, str]) -> Answer:
        for name in ("PhoneNumbers", "SignName", "TemplateCode"):
            if not told.get(name):
                return _aliyun(400, f"Missing{name}", f"{name} is mandatory for this action.")
        phone = told["PhoneNumbers"]
        if not (phone.isdecimal() and 11 <= len(phone) <= 15):  # noqa: PLR2004 - lengths of phone numbers
            return _aliyun(200, "isv.MOBILE_NUMBER_ILLEGAL", f"{phone}无效号码")
        if told["TemplateCode"] not in self.templates:
            return _aliyun(200, "isv.SMS_TEMPLATE_ILLEGAL", "模板不合法(不存在或被拉黑)")
        try:
            json.loads(told.get("TemplateParam") or "{}")
        except ValueError:
            return _aliyun(200, "isv.INVALID_JSON_PARAM", "参数格式错误，请修改为字符串值")
        self.taken.append(dict(told))
        return 200, {
            "Message": "OK",
            "RequestId": "F655A8D5-B967-440B-8683-DAD6FF8DE990",
            "Code": "OK",
            "BizId": f"90061974693649{len(self.taken):04d}^0",
        }


def _aliyun(status: int, code: str, text: str) -> Answer:
    return status, {"RequestId": "819BE656-D2E0-4858-8B21-B2E477085AAF", "Message": text, "Code": code}


@dataclass
class TencentGateway(Gateway):
    """Tencent Cloud SMS, SendSms 2021-01-11, signature v3."""

    key_id: str = "AKIDtest"
    secret: str = "testsecret"  # noqa: S105 - of a stand-in
    app_id: str = "1400006666"
    templates: dict[str, int] = field(default_factory=lambda: {"1110": 1})

    def judge(self, asked: Asked) -> Answer:
        """Check the signature, the version, then the fields."""
        wrong = self._signature(asked)
        if wrong:
            return wrong
        if (asked.headers.get("x-tc-action"), asked.headers.get("x-tc-version")) != ("SendSms", "2021-01-11"):
            return _tencent("InvalidAction", "The request action or version is invalid or not found.")
        told = asked.json
        if not isinstance(told, dict):
            return _tencent("InvalidParameter", "The request body is not valid JSON.")
        for name in ("PhoneNumberSet", "SmsSdkAppId", "TemplateId"):
            if not told.get(name):
                return _tencent("MissingParameter", f"The request is missing a required parameter `{name}`.")
        if told["SmsSdkAppId"] != self.app_id:
            return _tencent("InvalidParameterValue.SdkAppIdNotExist", "SdkAppId does not exist.")
        states = [self._one(phone, told) for phone in told["PhoneNumberSet"]]
        return 200, {
            "Response": {"SendStatusSet": states, "RequestId": "a0aabda6-cf91-4f3e-a81f-9198114a2279"}
        }

    def _one(self, phone: str, told: dict[str, Any]) -> dict[str, Any]:
        code, text, number = "Ok", "send success", f"5000:{1045710669157053657849499619 + len(self.taken)}"
        if not phone.startswith("+86") or len(phone) != 14:  # noqa: PLR2004 - +86 and eleven digits
            code, text = "InvalidParameterValue.IncorrectPhoneNumber", "The phone number format is incorrect."
        elif told["TemplateId"] not in self.templates:
            code, text = "FailedOperation.TemplateUnapprovedOrNotExist", "template is not approved"
        elif len(told.get("TemplateParamSet") or []) != self.templates[told["TemplateId"]]:
            code = "FailedOperation.TemplateParamSetNotMatchApprovedTemplate"
            text = "The number of parameters does not match the template."
        else:
            self.taken.append(told | {"phone": phone})
        return {
            "SerialNo": number if code == "Ok" else "", "PhoneNumber": phone, "Fee": int(code == "Ok"),
            "SessionContext": told.get("SessionContext", ""), "Code": code, "Message": text, "IsoCode": "CN",
        }  # fmt: skip

    def _signature(self, asked: Asked) -> Answer | None:
        scheme, _space, rest = asked.headers.get("authorization", "").partition(" ")
        told = dict(part.strip().split("=", 1) for part in rest.split(",") if "=" in part)
        stamp = int(asked.headers.get("x-tc-timestamp") or 0)
        if scheme != "TC3-HMAC-SHA256" or not told.get("Credential", "").startswith(f"{self.key_id}/"):
            return _tencent("AuthFailure.SecretIdNotFound", "The SecretId is not found.")
        if abs((self.now or datetime.now(UTC)).timestamp() - stamp) > 5 * 60:
            return _tencent("AuthFailure.SignatureExpire", "The provided credentials have expired.")
        day, signed = datetime.fromtimestamp(stamp, UTC).strftime("%Y-%m-%d"), told["SignedHeaders"]
        lines = "".join(f"{name}:{asked.headers[name].strip().lower()}\n" for name in signed.split(";"))
        canonical = f"POST\n/\n{asked.query}\n{lines}\n{signed}\n{hashlib.sha256(asked.body).hexdigest()}"
        text = f"TC3-HMAC-SHA256\n{stamp}\n{day}/sms/tc3_request\n"
        text += hashlib.sha256(canonical.encode()).hexdigest()
        key = hmac.new(f"TC3{self.secret}".encode(), day.encode(), "sha256").digest()
        key = hmac.new(hmac.new(key, b"sms", "sha256").digest(), b"tc3_request", "sha256").digest()
        if not hmac.compare_digest(hmac.new(key, text.encode(), "sha256").hexdigest(), told["Signature"]):
            return _tencent(
                "AuthFailure.SignatureFailure",
                "The provided credentials could not be validated. Please check your signature is correct.",
            )
        return None


def _tencent(code: str, text: str) -> Answer:
    error = {"Code": code, "Message": text}
    return 200, {"Response": {"Error": error, "RequestId": "ed93f3cb-f35e-473f-b9f3-0d451b8b79c6"}}


@dataclass
class WecomGateway(Gateway):
    """WeCom's group robots: twenty messages a minute each, counted by arrival."""

    robots: set[str] = field(default_factory=lambda: {"693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"})
    times: dict[str, list[datetime]] = field(default_factory=dict)

    def judge(self, asked: Asked) -> Answer:
        """Check the key, the kind and length of the message, and how often the robot speaks."""
        key = asked.told.get("key", "")
        if asked.path != "/cgi-bin/webhook/send" or key not in self.robots:
            return 200, {
                "errcode": 93000,
                "errmsg": "invalid webhook url, hint: [1610612345123456789012345], from ip: 127.0.0.1",
            }
        told = asked.json
        kind = told.get("msgtype") if isinstance(told, dict) else None
        content = told.get(kind, {}).get("content", "") if kind in {"text", "markdown"} else ""
        most = {"text": 2048, "markdown": 4096}.get(str(kind), 0)
        if not most:
            return 200, {"errcode": 40008, "errmsg": "invalid message type"}
        if not content or len(content.encode()) > most:
            return 200, {"errcode": 40058, "errmsg": f"{kind}.content exceed max length {most}"}
        now = self.now or datetime.now(UTC)
        recent = [at for at in self.times.get(key, []) if (now - at).total_seconds() < 60]  # noqa: PLR2004 - a minute
        if len(recent) >= 20:  # noqa: PLR2004 - as documented
            return 200, {"errcode": 45009, "errmsg": "api freq out of limit"}
        self.times[key] = [*recent, now]
        self.taken.append({"key": key, "content": content})
        return 200, {"errcode": 0, "errmsg": "ok"}


@dataclass
class WechatGateway(Gateway):
    """WeChat's stable token and subscription messages, of an official account and of a mini-program."""

    app_id: str = "wx0123456789abcdef"
    secret: str = "appsecret"  # noqa: S105 - of a stand-in
    subscribed: set[str] = field(default_factory=lambda: {"OPENID"})
    templates: dict[str, set[str]] = field(
        default_factory=lambda: {"TEMPLATE_ID": {"thing1", "character_string2", "thing3"}}
    )
    token: str = "ACCESS_TOKEN"  # noqa: S105 - of a stand-in
    codes: dict[str, str] = field(default_factory=lambda: {"CODE": "OPENID", "PREVIEW": "MADE_UP"})
    previews: set[str] = field(default_factory=lambda: {"PREVIEW"})
    used: set[str] = field(default_factory=set)

    def judge(self, asked: Asked) -> Answer:
        """Give a token or an openid, or check the token and the message."""
        if asked.path == "/sns/oauth2/access_token":
            return self._openid(asked)
        told = asked.json
        if not isinstance(told, dict):
            return 200, {"errcode": 47001, "errmsg": "data format error"}
        if asked.path == "/cgi-bin/stable_token":
            return self._token(told)
        if asked.path not in {"/cgi-bin/message/subscribe/bizsend", "/cgi-bin/message/subscribe/send"}:
            return 404, {"errcode": -1, "errmsg": "system error"}
        if asked.told.get("access_token") != self.token:
            text = "invalid credential, access_token is invalid or not latest"
            return 200, {"errcode": 40001, "errmsg": text}
        return self._message(told)

    def _token(self, told: dict[str, Any]) -> Answer:
        if told.get("grant_type") != "client_credential":
            return 200, {"errcode": 40002, "errmsg": "invalid grant_type"}
        if told.get("appid") != self.app_id:
            return 200, {"errcode": 40013, "errmsg": "invalid appid"}
        if told.get("secret") != self.secret:
            return 200, {"errcode": 40125, "errmsg": "invalid appsecret"}
        return 200, {"access_token": self.token, "expires_in": 7200}

    def _openid(self, asked: Asked) -> Answer:
        """Exchange a code of the web authorization, once; the parameters in the documented order."""
        names = [name for name, _value in parse_qsl(asked.query, keep_blank_values=True)]
        if asked.method != "GET" or names != ["appid", "secret", "code", "grant_type"]:
            return 200, {"errcode": 41008, "errmsg": "missing code"}
        told = asked.told
        for wrong, code, text in (
            (told["appid"] != self.app_id, 40013, "invalid appid"),
            (told["secret"] != self.secret, 40125, "invalid appsecret"),
            (told["grant_type"] != "authorization_code", 40002, "invalid grant_type"),
            (told["code"] in self.used, 40163, "code been used"),
            (told["code"] not in self.codes, 40029, "invalid code"),
        ):
            if wrong:
                return 200, {"errcode": code, "errmsg": text}
        self.used.add(told["code"])
        answer = {
            "access_token": "ACCESS_TOKEN", "expires_in": 7200, "refresh_token": "REFRESH_TOKEN",
            "openid": self.codes[told["code"]], "scope": "snsapi_base",
        }  # fmt: skip
        return 200, answer | ({"is_snapshotuser": 1} if told["code"] in self.previews else {})

    def _message(self, told: dict[str, Any]) -> Answer:
        if not told.get("touser") or told["touser"].startswith("BAD"):
            return 200, {"errcode": 40003, "errmsg": "invalid openid"}
        blanks = self.templates.get(told.get("template_id", ""))
        if blanks is None:
            return 200, {"errcode": 40037, "errmsg": "invalid template_id"}
        data = told.get("data")
        if not isinstance(data, dict) or set(data) != blanks:
            return 200, {"errcode": 47003, "errmsg": "argument invalid! data.thing1.value is empty"}
        for blank, value in data.items():
            most = 20 if blank.startswith("thing") else 32
            if not value.get("value") or len(value["value"]) > most:
                return 200, {"errcode": 47003, "errmsg": f"argument invalid! data.{blank}.value is invalid"}
        if told["touser"] not in self.subscribed:
            return 200, {"errcode": 43101, "errmsg": "user refuse to accept the msg"}
        self.taken.append(told)
        return 200, {"errcode": 0, "errmsg": "ok"}
