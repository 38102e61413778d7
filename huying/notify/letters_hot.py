"""Letters to staff about hot spots: a matter that draws appeals rises, is hot, or came back."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huying.notify.letter import Letter

_NUMBERS = _("“{title}” ({place}): {count} appeals of {people} appellants.")
HOT: dict[str, Letter] = {
    "hot_spot_rising": Letter(
        _("A matter draws more and more appeals"), _NUMBERS,
        _("please look whether it is one matter, and what can be done before it is hot."),
        _("Look into it"),
    ),
    "hot_spot_hot": Letter(
        _("A matter is hot"), _NUMBERS,
        _("please confirm or dismiss it; a confirmed one can be put on the agenda."),
        _("Confirm or dismiss it"),
    ),
    "hot_spot_returned": Letter(
        _("A hot spot came back"), _NUMBERS,
        _("please look why what was done did not last."),
        _("Look why"),
    ),
}  # fmt: skip
