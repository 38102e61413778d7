"""Why something is not admitted, and why an application or ruling is not taken."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huying.kit.errors import Reason

NOT_ADMITTED = Reason(
    "not_admitted",
    _(
        "“{item}” may not be given to {unit}: it is a department's own matter and was not admitted at the "
        "level “{level}” there ({basis}). Give it to the department, or let the department apply for "
        "admission."
    ),
)
APPLICATION_NOT_FOUND = Reason(
    "application_not_found", _("There is no such application, or it is not yours to see."), 404
)
NOT_YOUR_UNIT = Reason(
    "not_your_unit", _("Your posts give you no right to apply for admission for this unit."), 403
)
NOT_YOUR_AREA = Reason(
    "not_your_area", _("Your posts give you no right to rule on admissions in this area."), 403
)
OWN_APPLICATION = Reason("own_application", _("Whoever applied may not rule on it."), 403)
RULED_ALREADY = Reason("ruled_already", _("This area has ruled already: {verdict} ({by})."))
NOT_OPEN = Reason("application_not_open", _("This application is no longer open: {state}."))
NOT_RETURNED = Reason("not_returned", _("This application was not returned for completion."))
NOT_IN_FORCE = Reason("not_in_force", _("There is nothing admitted here that still runs."))
SAY_WHY = Reason("say_why", _("Please say why: the other side reads it."), 400)
MISSING = Reason("admission_missing", _("This must be filled in."), 400)
UNKNOWN_ITEM = Reason("unknown_items", _("There is no item with this code in the catalogue in force."), 400)
UNKNOWN_LEVEL = Reason("unknown_level", _("Tasks are pushed down to a level below the whole town."), 400)
AREA_TOO_FINE = Reason(
    "area_too_fine",
    _("{area} lies below the level it is asked for; name areas of that level or above it."),
    400,
)
AREA_NOT_ASKED = Reason(
    "area_not_asked", _("{area} was not asked, and does not lie in an area that was."), 400
)
TOO_SOON = Reason(
    "too_soon", _("Applications come in time: the term may begin on {earliest} at the earliest."), 400
)
TERM_BACKWARDS = Reason("term_backwards", _("The term would end before it begins, or is over already."), 400)
TERM_TOO_LONG = Reason("term_too_long", _("The term may not be longer than what was applied for."), 400)
REVIEW_OUTSIDE = Reason("review_outside", _("The review falls into the term, not before or after it."), 400)
RENEWS_ANOTHER = Reason("renews_another", _("Only what your own unit was admitted for can be renewed."), 400)
FILE_SIZE = Reason("paper_size", _("A file holds something, and at most {megabytes} MB."), 413)
FILE_KIND = Reason(
    "paper_kind",
    _("Attach a PDF, a Word or Excel file, or a photo; the file has to be what its name says."),
    422,
)
TOO_MANY_FILES = Reason("too_many_papers", _("An application carries at most {most} files."))
