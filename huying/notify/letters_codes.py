"""Messages sent at once because somebody waits at a screen: codes, and a link for a parent."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huying.notify.letter import Letter

# Each needs a template of its own where a provider wants one: the template for every letter shows no code.
CODES: dict[str, Letter] = {
    "sign_in_code": Letter(
        _("Your code: {code}"),
        _("Your code to sign in is {code}."),
        _("enter it within {minutes} minutes, and give it to nobody."),
        _("Code {code}"),
        urgent=True,
    ),
    "address_code": Letter(
        _("Your code: {code}"),
        _("Somebody wants letters about appeals to come to this address. The code is {code}."),
        _("enter it within {minutes} minutes; if it was not you, do nothing."),
        _("Code {code}"),
        urgent=True,
    ),
    "filed_for_link": Letter(
        _("An appeal was filed for you"),
        _("Somebody filed appeal {number} for you."),
        _("follow it, rate it or end this: {address}"),
        _("Follow it"),
        urgent=True,
    ),
}
