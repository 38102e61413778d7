"""What an appeal leaves open, in words: for the clerk who may ask back, for the resident who may add it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huying.triage.core.hints import PHOTO, SINCE_WHEN, WANTED, WHERE, missing

WORDS = {
    WHERE: _("where it is"),
    SINCE_WHEN: _("since when"),
    WANTED: _("what is wanted"),
    PHOTO: _("a photo would help"),
}


def left_open(text: str, *, knows_place: bool, knows_time: bool, has_photo: bool) -> list[str]:
    """Return in words what a text leaves open (see `triage.core.hints.missing`)."""
    keys = missing(text, knows_place=knows_place, knows_time=knows_time, has_photo=has_photo)
    return [str(WORDS[key]) for key in keys]
