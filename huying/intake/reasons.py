"""Why an appeal or a photo is not taken: the keys and sentences of intake."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huying.kit.errors import Reason

TEXT_MISSING = Reason("text_missing", _("Please say in a few words what it is about, or add a photo."), 400)
TEXT_TOO_LONG = Reason("text_too_long", _("The text is too long: at most {limit} characters."), 413)
TEXT_NOT_READABLE = Reason(
    "text_not_readable", _("The text could not be read; it may be in an unknown encoding."), 400
)
TIME_IN_FUTURE = Reason("time_in_future", _("The time lies in the future."), 400)
TIME_NOT_READABLE = Reason("time_not_readable", _("The time could not be read."), 400)
KEY_MISSING = Reason("key_missing", _("The row has no key of its own, so it could not be known again."), 400)
KEY_TOO_LONG = Reason("key_too_long", _("The key is too long: at most {limit} characters."), 400)
KEY_NOT_READABLE = Reason("key_not_readable", _("The key holds characters that cannot be kept."), 400)
PHONE_NOT_READABLE = Reason("phone_not_readable", _("This is not a phone number."), 400)
CHANNEL_UNKNOWN = Reason("channel_unknown", _("There is no such channel, or it is switched off."), 400)
PHOTO_UNKNOWN = Reason("photo_unknown", _("A photo is no longer there. Please add it again."), 400)
PHOTOS_TOO_MANY = Reason("photos_too_many", _("At most {limit} photos can be added."), 400)
TOO_MANY = Reason(
    "too_many",
    _("Too many appeals have come from here in a short time. Nothing was taken; please try later."),
    429,
    retry=True,
)
APPEAL_NOT_FOUND = Reason(
    "appeal_not_found", _("There is no such appeal, or the link is no longer valid."), 404
)
CONSENT_MISSING = Reason("consent_missing", _("Please confirm that the other person agrees."), 400)
PROXY_NAMED = Reason("proxy_named", _("It has been said already for whom this was filed."))
PROXY_NOT_THERE = Reason("proxy_not_there", _("This appeal was not filed for another, or no longer is."))
AUTOMATIC_LETTER = Reason(
    "automatic_letter", _("An automatic answer or notice, not a resident's letter."), 400
)
APPEAL_ON_HOLD = Reason("appeal_on_hold", _("This appeal must stay whole for now (legal hold)."))
APPEAL_MASKED = Reason("appeal_masked", _("What points at a person was taken out of this appeal before."))
HOLD_WITHOUT_REASON = Reason("hold_without_reason", _("Please say why the appeal must stay whole."), 400)
RETENTION_OUT_OF_RANGE = Reason(
    "retention_out_of_range", _("Please give a number of days from 1 to {most}."), 400
)
RETENTION_WITHOUT_BASIS = Reason("retention_without_basis", _("Please say on what the time rests."), 400)
CASE_STILL_OPEN = Reason(
    "case_still_open", _("Somebody still works on this. It can be deleted when it is answered or taken back.")
)
