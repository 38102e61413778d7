"""Messages to a unit's chat by a WeCom group robot: one markdown message for all that is due."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import quote

from django.utils import translation
from django.utils.translation import gettext as _

from huying.notify.channels.http import post_json
from huying.notify.channels.port import MisconfiguredError, RefusedError, TryLaterError

if TYPE_CHECKING:
    from datetime import datetime

    from huying.notify.channels.port import Matter, Message

# Bytes of UTF-8 a markdown message may have, and messages a robot may send a minute.
# Source: WeCom, configuration of group robots.
LONGEST_MARKDOWN = 4096
A_MINUTE = 20
TOO_OFTEN = 45009
BUSY = -1
# The key of the robot is wrong, or the robot was taken out of its chat.
NO_ROBOT = (93000, 93004, 93017, 93008)


@dataclass(frozen=True)
class WecomRobot:
    """Speaks into a chat; the address is the robot's key, from the settings."""

    url: str

    key: ClassVar[str] = "wecom"
    combines: ClassVar[bool] = True
    needs_template: ClassVar[bool] = False

    def send(self, address: str, message: Message, *, at: datetime) -> str:  # noqa: ARG002 - the port's
        """Send markdown to the chat of the robot with this key; a robot gives no id."""
        told = {"msgtype": "markdown", "markdown": {"content": markdown(message)}}
        answer = post_json(self.url, f"/cgi-bin/webhook/send?key={quote(address, safe='')}", told)
        code, text = answer.get("errcode"), str(answer.get("errmsg", ""))
        if code == 0:
            return ""
        if code == TOO_OFTEN:
            raise TryLaterError(str(code), text, after_seconds=60)
        if code == BUSY:
            raise TryLaterError(str(code), text)
        if code in NO_ROBOT:
            raise MisconfiguredError(str(code), text)
        raise RefusedError(str(code), text)


def markdown(message: Message) -> str:
    """Return the matters as markdown, as many as one message holds; the rest are counted at its end."""
    with translation.override(message.language):
        kept: list[str] = []
        for number, matter in enumerate(message.matters):
            left = len(message.matters) - number
            more = _("…and {n} more at the desk.").format(n=left)
            part = _paragraph(matter)
            last = number == len(message.matters) - 1
            room = LONGEST_MARKDOWN - (0 if last else len(f"\n\n{more}".encode()))
            if len("\n\n".join([*kept, part]).encode()) > room:
                kept.append(more)
                break
            kept.append(part)
    return "\n\n".join(kept)


def _paragraph(matter: Matter) -> str:
    lines = [
        f"**{_plain(matter.subject)}**",
        _plain(matter.happened),
        "> " + _("Next: {next}").format(next=_plain(matter.next)),
    ]
    if matter.link:
        lines.append("[" + _("Open the page") + f"]({matter.link})")
    return "\n".join(lines)


def _plain(text: str) -> str:
    """Return a text that means nothing in markdown: no link, no tag, no second paragraph."""
    folded = " ".join(text.split())
    return folded.translate({ord(mark): full for mark, full in zip("<>[]*`", "＜＞［］＊｀", strict=True)})
