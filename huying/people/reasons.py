"""Why somebody is not let in."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huying.kit.errors import Reason

WRONG_CODE = Reason("wrong_code", _("The code is wrong or no longer valid. Please ask for a new one."), 400)
TOO_MANY_CODES = Reason(
    "too_many_codes", _("Too many codes were asked for. Please try again in an hour."), 429, retry=True
)
WRONG_PASSWORD = Reason("wrong_password", _("User name or password is wrong."), 400)
WRONG_TOTP = Reason("wrong_totp", _("The one-time password is wrong or was used already."), 400)
SIGN_IN_FIRST = Reason("sign_in_first", _("Please sign in first."), 401)
PARENT_UNKNOWN = Reason("parent_unknown", _("There is no unit with the code {code} to lie under."), 400)
AREA_UNKNOWN = Reason("area_unknown", _("There is no area with the code {code}."), 400)
NOT_ALLOWED = Reason("not_allowed", _("Your posts give you no right to this page."), 403)
