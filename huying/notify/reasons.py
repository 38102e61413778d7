"""Why something about letters is not done."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huying.kit.errors import Reason

LETTER_UNKNOWN = Reason("letter_unknown", _("There is no such letter."), 404)
WORDS_MISSING = Reason(
    "words_missing", _("A letter says all four: subject, what happened, what is next, and briefly."), 422
)
WORDS_TOO_LONG = Reason("words_too_long", _("This is too long: at most {most} characters."), 422)
PLACEHOLDER_UNKNOWN = Reason(
    "placeholder_unknown", _("{name} cannot be filled in. This letter knows: {known}"), 422
)
WORDS_CHANGED = Reason("words_changed", _("Somebody changed these words meanwhile. Please look again."), 409)
ORDER_WRONG = Reason("order_wrong", _("Name each channel once."), 422)
BLANK_UNKNOWN = Reason("blank_unknown", _("No blank can be filled with {name}."), 422)
NOT_RESENDABLE = Reason(
    "not_resendable", _("Only what was refused, given up or not sent can be sent again."), 409
)
UNSUBSCRIBE_UNKNOWN = Reason("unsubscribe_unknown", _("This link is not valid."), 404)
ADDRESS_WRONG = Reason("address_wrong", _("This is no e-mail address."), 422)
CHANNEL_NOT_OPEN = Reason("channel_not_open", _("The town does not send over this channel."), 409)
NOT_SENT_NOW = Reason(
    "not_sent_now",
    _("The message could not be sent just now. Please try again in a moment."),
    503,
    retry=True,
)
NOT_DELIVERABLE = Reason("not_deliverable", _("This number or address takes no messages from us."), 422)
WRONG_CODE = Reason("wrong_address_code", _("The code is wrong, too old, or was tried too often."), 400)
CODES_TOO_MANY = Reason(
    "address_codes_too_many",
    _("Too many codes were asked for. Please try again in an hour."),
    429,
    retry=True,
)
WECHAT_REFUSED = Reason(
    "wechat_refused", _("WeChat did not say who you are. Please open this page in WeChat and try again."), 409
)
WECHAT_SNAPSHOT = Reason(
    "wechat_snapshot",
    _("WeChat shows only a preview. Please choose “full service” at the bottom first."),
    409,
)
