"""Why something is not made public."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huying.kit.errors import Reason

NOT_PUBLIC = Reason("not_public", _("There is no such public page."), 404)
ITEM_NOT_PUBLIC = Reason(
    "item_not_public", _("Matters of this kind are not made public. The catalogue says which may be.")
)
STATE_NOT_PUBLIC = Reason(
    "state_not_public", _("A case that is withdrawn, merged or on another route is not made public.")
)
CONFIDENTIAL = Reason("confidential_not_public", _("A confidential case is never made public."))
AREA_UNKNOWN = Reason("area_unknown", _("It is not known where this case is, so it cannot be made public."))
WORDS_MISSING = Reason("words_missing", _("Please write what the public reads."), 400)
PERSONAL_LEFT = Reason(
    "personal_left",
    _("There is still something personal in it: {what}. Take it out, or say that you have looked at it."),
    400,
)
PHOTO_NOT_THERE = Reason("photo_not_there", _("This photo is not, or no longer, on the case."), 400)
REGION_UNREADABLE = Reason(
    "region_unreadable", _("A region to paint over could not be read. Write left, top, width, height."), 400
)
REASON_MISSING = Reason("withdraw_reason_missing", _("Please say why it is taken back."), 400)
PUBLISHED_MEANWHILE = Reason(
    "published_meanwhile", _("Somebody else released or took back this page meanwhile. Please look again.")
)
LOOKING_TOO_OFTEN = Reason(
    "looking_too_often", _("Too many looks at the map in a short time. Please try again in a moment."), 429,
    retry=True,
)  # fmt: skip
