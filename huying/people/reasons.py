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
OWN_RIGHTS = Reason(
    "own_rights", _("Nobody changes their own rights. Another administrator must do it."), 403
)
LAST_ADMINISTRATOR = Reason(
    "last_administrator", _("This is the last administrator of its kind. Give the post to another first.")
)
TWO_KINDS_OF_ADMIN = Reason(
    "two_kinds_of_admin",
    _("One account is one kind of administrator only: system, security or audit."),
)
ROLE_MIXES_ADMINS = Reason(
    "role_mixes_admins",
    _("A role gives the rights of one kind of administrator only: system, security or audit."),
    400,
)
ROLE_BECOMES_ADMIN = Reason(
    "role_becomes_admin",
    _("People hold this role. Make a new one for administrators; each of its posts is confirmed by another."),
)
AUDITOR_CHANGES_NOTHING = Reason(
    "auditor_changes_nothing", _("The audit administrator's role gives no right that changes anything."), 400
)
ROLE_UNKNOWN = Reason("role_unknown", _("There is no such role."), 404)
ROLE_KEY_TAKEN = Reason("role_key_taken", _("There is a role with this key already."), 400)
ROLE_NAME_MISSING = Reason("role_name_missing", _("Please give the role a name."), 400)
RIGHT_UNKNOWN = Reason("right_unknown", _("There is no such right."), 400)
POST_OVER = Reason("post_over", _("This post has ended already."))
POST_DATES_WRONG = Reason("post_dates_wrong", _("The last day must come after the first."), 400)
POST_HELD_ALREADY = Reason("post_held_already", _("This account holds the same post already."))
PROPOSAL_DECIDED = Reason("proposal_decided", _("This proposal has been decided already."))
NOT_BY_YOURSELF = Reason(
    "not_by_yourself",
    _("Somebody else must confirm this: not the one who proposed it, nor the one it is for."),
    403,
)
USERNAME_TAKEN = Reason("username_taken", _("There is an account with this user name already."), 400)
USERNAME_NOT_PLAIN = Reason(
    "username_not_plain", _("A user name has 3 to 40 letters, digits, dots or hyphens."), 400
)
PASSWORD_WEAK = Reason("password_weak", _("This password is too easy to guess: {why}"), 400)
PASSWORD_SAME = Reason("password_same", _("Please choose a password you have not now."), 400)
NOT_STAFF = Reason("not_staff", _("This is not an account of staff."), 404)
LOCK_WITHOUT_REASON = Reason("lock_without_reason", _("Please say why the account is locked."), 400)
SECOND_STEP_FIRST = Reason(
    "second_step_first", _("Administrators sign in with a second step. Please set it up first."), 403
)
SECOND_STEP_STAYS = Reason(
    "second_step_stays", _("Administrators sign in with a second step; it cannot be taken away."), 403
)
POWER_NOT_FOR_YOU = Reason(
    "power_not_for_you",
    _("Only administrators of the system or of security take power to look into cases."),
    403,
)
POWER_WITHOUT_REASON = Reason("power_without_reason", _("Please write why in a sentence."), 400)
POWER_TOO_LONG = Reason("power_too_long", _("Power lasts from 5 to {most} minutes."), 400)
POWER_RUNNING = Reason("power_running", _("You have taken power already; end it first."))
POST_NOT_FOUND = Reason("post_not_found", _("There is no such post, or it is over by that day."), 404)
HANDED_OVER_ALREADY = Reason("handed_over_already", _("This post is handed over already."))
ADMIN_BY_APPOINTMENT = Reason(
    "admin_by_appointment",
    _("An administrator's post is not passed on; a second person confirms each one."),
    403,
)
SAME_HOLDER = Reason("same_holder", _("That is the holder already."), 400)
DEPUTY_NEEDS_AN_END = Reason("deputy_needs_an_end", _("A deputy acts until a day; please name it."), 400)
