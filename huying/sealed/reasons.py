"""Why not, for sealed reports. Whoever may not see one is told there is none."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huying.kit.errors import Reason

TOO_MANY_PICTURES = Reason("too_many_pictures", _("Send at most {most} photos."), 400)
NO_SUCH_REPORT = Reason("no_such_report", _("There is no such report."), 404)
WRONG_CODE = Reason("wrong_report_code", _("Number or code is wrong."), 400)
TOO_MANY_TRIES = Reason(
    "too_many_report_tries", _("Too many tries from here. Please try again in {minutes} minutes."), 429,
    retry=True,
)  # fmt: skip
TEXT_MISSING = Reason("report_text_missing", _("Please write what happened."), 400)
TEXT_TOO_LONG = Reason("report_text_too_long", _("The text is too long: at most {limit} characters."), 400)
NOT_IN_THIS_STATE = Reason("report_not_in_this_state", _("This is not possible any more; please look again."))
NOT_YOUR_REPORT = Reason("not_your_report", _("Somebody else handles this report."), 403)
OUTCOME_MISSING = Reason("outcome_missing", _("Please say what was found."), 400)
NO_RIGHT = Reason("no_sealed_right", _("Your posts give you no right to do this."), 403)
ANONYMOUS = Reason("report_anonymous", _("This report is anonymous: there is no identity to open."))
IDENTITY_DESTROYED = Reason(
    "identity_destroyed", _("The identity was destroyed; nobody can open it any more.")
)
UNSEAL_WITHOUT_REASON = Reason("unseal_without_reason", _("Please write why in a sentence."), 400)
UNSEAL_ASKED = Reason("unseal_asked", _("Somebody has asked already; it waits to be decided."))
UNSEAL_DECIDED = Reason("unseal_decided", _("This was decided already."))
UNSEAL_BY_ANOTHER = Reason("unseal_by_another", _("Somebody else has to decide this."), 403)
NOT_OPEN = Reason("identity_not_open", _("The identity is not open to you now."), 403)
STARS_WRONG = Reason("report_stars_wrong", _("Please give one to five stars."), 400)
TOO_MANY_REPORTS = Reason(
    "too_many_reports",
    _("Many reports came from here. Please try again in {minutes} minutes."),
    429,
    retry=True,
)
