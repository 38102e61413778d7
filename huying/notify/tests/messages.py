"""Messages the tests of the channels send."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from huying.notify.channels.port import Matter, Message, Template

AT = datetime(2026, 9, 22, 2, 0, tzinfo=UTC)
MATTER = Matter(
    "有答复了",
    "环卫所已答复您的诉求 SQ260922000018。",
    "请看看是否解决，并评价。",
    "请评价",
    "https://t.example/a/1/",
)


def message(*matters: Matter, **more: Any) -> Message:  # noqa: ANN401 - whatever a message has
    """Return a message in Chinese that tells of one matter unless others are given."""
    told: dict[str, Any] = {
        "key": "0199-key", "language": "zh-hans", "sender": "澜湾区·呼应", "kind": "replied",
        "data": {"number": "SQ260922000018"}, **more,
    }  # fmt: skip
    return Message(matters=matters or (MATTER,), **told)


def from_template(code: str, *blanks: tuple[str, str]) -> Message:
    """Return a message from a provider's template."""
    return message(template=Template(code, blanks))
