"""Who somebody is in WeChat: the web authorization of an official account (OAuth2, scope snsapi_base).

The reader's WeChat is sent to an address of WeChat's and comes back with a code, good once and for five
minutes; the code is exchanged for the reader's openid. No name and no picture is asked for.
Source: WeChat, 网页授权 (web page authorization), steps 1 and 2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from django.conf import settings

from huying.kit.errors import Refusal
from huying.notify.channels.http import call
from huying.notify.channels.open import is_open
from huying.notify.channels.port import ChannelTrouble
from huying.notify.reasons import CHANNEL_NOT_OPEN, NOT_SENT_NOW, WECHAT_REFUSED, WECHAT_SNAPSHOT

if TYPE_CHECKING:
    from typing import Any

SCOPE = "snsapi_base"
LONGEST_CODE = 512


def is_offered() -> bool:
    """Return whether readers can bind WeChat: an official account is set up, no mini-program."""
    return is_open("wechat") and settings.CHANNELS["wechat_kind"] == "official"


def authorize_address(back: str, state: str) -> str:
    """Return where WeChat asks: the parameters in the order WeChat demands, and its fragment."""
    told = settings.CHANNELS
    query = (
        f"appid={quote(told['wechat_app_id'], safe='')}&redirect_uri={quote(back, safe='')}"
        f"&response_type=code&scope={SCOPE}&state={quote(state, safe='')}"
    )
    return f"{told['wechat_open_url'].rstrip('/')}/connect/oauth2/authorize?{query}#wechat_redirect"


def openid_of(code: str) -> str:
    """Return the openid behind a code WeChat came back with.

    Refusals: `wechat_refused` for a code that is wrong, used or old, `wechat_snapshot` where WeChat showed
    the page as a preview with a made-up user, `not_sent_now` when WeChat cannot be reached,
    `channel_not_open`.
    """
    if not is_offered():
        raise Refusal(CHANNEL_NOT_OPEN)
    if not code or len(code) > LONGEST_CODE:
        raise Refusal(WECHAT_REFUSED)
    told = settings.CHANNELS
    query = (
        f"appid={quote(told['wechat_app_id'], safe='')}&secret={quote(told['wechat_app_secret'], safe='')}"
        f"&code={quote(code, safe='')}&grant_type=authorization_code"
    )
    try:
        _status, answer = call(told["wechat_url"], f"/sns/oauth2/access_token?{query}", method="GET")
    except ChannelTrouble as trouble:
        raise Refusal(NOT_SENT_NOW, retry_after_seconds=60) from trouble
    return _openid(answer)


def _openid(answer: dict[str, Any]) -> str:
    openid = str(answer.get("openid") or "")
    if not openid:
        raise Refusal(WECHAT_REFUSED)
    if answer.get("is_snapshotuser") == 1:
        raise Refusal(WECHAT_SNAPSHOT)
    return openid
