"""Phone numbers as people type them, folded into the one form an account is known by."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext_lazy as _

from huying.kit.errors import Reason, Refusal

PHONE_NOT_MOBILE = Reason("phone_not_mobile", _("This is not a mobile number that can get a code."), 400)

_BETWEEN = re.compile(r"[\s\-()./]+")
_MAINLAND = re.compile(r"1[3-9]\d{9}")
_ABROAD = re.compile(r"\+[1-9]\d{7,14}")  # ITU-T E.164: at most fifteen digits


def fold_phone(text: str) -> str:
    """Return the number as accounts keep it: eleven digits for the mainland, "+" and digits for elsewhere.

    Refusal `phone_not_mobile` for anything else.
    """
    plain = _BETWEEN.sub("", unicodedata.normalize("NFKC", text))
    plain = re.sub(r"^(?:\+|00)86(?=1)", "", plain)
    plain = re.sub(r"^00", "+", plain)
    if _MAINLAND.fullmatch(plain) or (_ABROAD.fullmatch(plain) and plain.isascii()):
        return plain
    raise Refusal(PHONE_NOT_MOBILE, field="phone")


def is_same_phone(one: str, other: str) -> bool:
    """Return whether two numbers, however typed, are the same mobile; an unreadable one is nobody's."""
    try:
        return fold_phone(one) == fold_phone(other)
    except Refusal:
        return False
