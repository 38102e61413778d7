"""Days and moments in the words of the reader's language; times are the town's."""

from __future__ import annotations

import re
from datetime import date, datetime

from django.utils import timezone
from django.utils.dateformat import format as formatted
from django.utils.translation import get_language

# By style, in Chinese and in English.
_FORMATS = {
    "full": ("Y年n月j日 H:i", "j M Y, H:i"),
    "day": ("Y年n月j日", "j M Y"),
    "short": ("n月j日 H:i", "j M H:i"),
    "month": ("Y年n月", "M Y"),
}
_WRITTEN = re.compile(r"\d{4}-\d\d(?:-\d\d(?: \d\d:\d\d)?)?")


def in_words(moment: date | datetime, style: str = "full") -> str:
    """Return a moment or a day as people write it; `style` is full, day, short (without the year) or month.

    A day is shown as a day, or its month alone, whatever the style. A moment with a zone is shown in the
    town's.
    """
    if not isinstance(moment, datetime):
        style = "month" if style == "month" else "day"
    elif timezone.is_aware(moment):
        moment = timezone.localtime(moment)
    chinese, english = _FORMATS[style]
    return formatted(moment, english if (get_language() or "").startswith("en") else chinese)


def read_out(text: str) -> str:
    """Return “2026-09-30 18:00”, “2026-09-30” or “2026-09” in words, and any other text as it is.

    Facts and notices are kept in no language; each reader gets their own.
    """
    if not _WRITTEN.fullmatch(text):
        return text
    whole_month = len(text) == len("2026-09")
    try:
        moment = datetime.fromisoformat(f"{text}-01" if whole_month else text)
    except ValueError:
        return text
    if whole_month:
        return in_words(moment.date(), "month")
    return in_words(moment if " " in text else moment.date())
