"""WeChat subscription messages, of an official account or a mini-program, with a stable access token."""

from __future__ import annotations

import re
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import quote

from huying.notify.channels.http import post_json
from huying.notify.channels.port import MisconfiguredError, RefusedError, TryLaterError

if TYPE_CHECKING:
    from datetime import datetime

    from huying.notify.channels.port import ChannelTrouble, Message

PATHS = {"official": "/cgi-bin/message/subscribe/bizsend", "mini": "/cgi-bin/message/subscribe/send"}
LANGUAGES = {"zh-hant": "zh_HK", "en": "en_US"}
# Longest values of a template's blanks, by the word its name begins with. Source: WeChat, limits of
# subscription message parameters.
LONGEST = {
    "thing": 20, "character_string": 32, "number": 32, "letter": 32, "phrase": 5, "name": 10, "time": 24,
    "date": 24, "const": 20,
}  # fmt: skip
TOKEN_WRONG = (40001, 40014, 42001)
BUSY = (-1, 45011)
OURS = (40013, 40125, 40164, 40037, 41030, 47003, 48001, 45009, 40243, 61024)
GONE = (40003, 43101, 43108)
EARLY_SECONDS = 300

_tokens: dict[tuple[str, str, str], tuple[str, float]] = {}
_lock = threading.Lock()


def fold(blank: str, text: str) -> str:
    """Return a value as its blank takes it: no longer than allowed, only the characters allowed."""
    kind = re.match(r"[a-z_]+?(?=\d*$)", blank)
    word = kind[0] if kind else ""
    if word == "character_string":
        text = re.sub(r"[^\x20-\x7e]", "", text) or "-"
    most = LONGEST.get(word, 20)
    return text if len(text) <= most else f"{text[: most - 1]}…"


@dataclass(frozen=True)
class WechatMessages:
    """Sends one subscription message a call; the address is the reader's openid."""

    url: str
    app_id: str
    secret: str
    kind: str = "official"

    key: ClassVar[str] = "wechat"
    combines: ClassVar[bool] = False
    needs_template: ClassVar[bool] = True

    def send(self, address: str, message: Message, *, at: datetime) -> str:  # noqa: ARG002 - the port's
        """Send to an openid; a token that ran out meanwhile is asked for anew, once."""
        template = message.template
        if template is None:
            raise RefusedError("no_template")
        told: dict[str, Any] = {
            "touser": address,
            "template_id": template.code,
            "data": {blank: {"value": fold(blank, message.fill(name))} for blank, name in template.blanks},
        }
        link = message.matters[-1].link
        if self.kind == "mini":
            told["lang"] = LANGUAGES.get(message.language.lower(), "zh_CN")
            told["miniprogram_state"] = "formal"
        elif link:
            told["page"] = link
        answer = self._call(told, self._token())
        if answer.get("errcode") in TOKEN_WRONG:
            answer = self._call(told, self._token(fresh=True))
        code = answer.get("errcode")
        if code == 0:
            return str(answer.get("msgid", ""))
        raise trouble(code, str(answer.get("errmsg", "")))

    def _call(self, told: dict[str, Any], token: str) -> dict[str, Any]:
        return post_json(self.url, f"{PATHS[self.kind]}?access_token={quote(token, safe='')}", told)

    def _token(self, *, fresh: bool = False) -> str:
        """Return the access token, kept in memory until shortly before it runs out (two hours).

        The stable token is the same for all processes; only one that was refused is asked for with force.
        """
        key = (self.url, self.app_id, self.secret)
        with _lock:
            token, until = _tokens.get(key, ("", 0.0))
            if token and not fresh and time.monotonic() < until:
                return token
            answer = post_json(
                self.url,
                "/cgi-bin/stable_token",
                {
                    "grant_type": "client_credential",
                    "appid": self.app_id,
                    "secret": self.secret,
                    "force_refresh": fresh,
                },
            )
            token = str(answer.get("access_token", ""))
            if not token:
                raise trouble(answer.get("errcode"), str(answer.get("errmsg", "")))
            lasts = int(answer.get("expires_in", 7200)) - EARLY_SECONDS
            _tokens[key] = (token, time.monotonic() + lasts)
            return token


def forget_tokens() -> None:
    """Forget the access tokens held in memory (for tests)."""
    _tokens.clear()


def trouble(code: object, text: str) -> ChannelTrouble:
    """Return what an errcode means for us; 43101: not subscribed, or the subscription is used up."""
    if code in BUSY:
        return TryLaterError(str(code), text)
    if code in GONE:
        return RefusedError(str(code), text, for_good=True)
    if code in OURS or code in TOKEN_WRONG:
        return MisconfiguredError(str(code), text)
    return RefusedError(str(code), text)
