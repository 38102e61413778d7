"""Why something at the duty board is not done."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huying.kit.errors import Reason

ALERT_NOT_FOUND = Reason("alert_not_found", _("There is no such alert in your area."), 404)
ALERT_TAKEN = Reason("alert_taken", _("{name} has acknowledged this alert already."))
SCREEN_NOT_FOUND = Reason("screen_not_found", _("There is no such screen, or its link has ended."), 404)
INCIDENT_NOT_FOUND = Reason("incident_not_found", _("There is no such incident in your area."), 404)
INCIDENT_OVER = Reason("incident_over", _("This incident is closed."))
BEGINS_LATER = Reason("begins_later", _("An incident cannot have begun in the future."), 400)
GROUP_NAME_TAKEN = Reason("group_name_taken", _("There is a group of this name already."))
TASK_OVER = Reason("task_over", _("This task is over already."))
NOT_YOUR_GROUP = Reason(
    "not_your_group", _("Only the units of the group, or who leads the incident, may do this."), 403
)
PROOF_NEEDED = Reason("proof_needed", _("Please say what was done and how that can be seen."), 400)
DUE_TOO_EARLY = Reason("due_too_early", _("The time it is due must lie ahead."), 400)
NOT_THE_VOICE = Reason(
    "not_the_voice", _("Only {unit} speaks for the town in this incident: one outlet, one voice."), 403
)
APPROVED_BY_ANOTHER = Reason("approved_by_another", _("Somebody else has to approve what you drafted."), 403)
STATEMENT_DECIDED = Reason("statement_decided", _("This statement was decided on already."))
WORDS_NEEDED = Reason("words_needed", _("Please write a few words."), 400)
PERSONAL_NUMBERS = Reason(
    "personal_numbers", _("A number of a person stands in the text; a statement is read by everybody."), 400
)
TASKS_OPEN = Reason("tasks_open", _("Tasks are still open: {number}. End them first."))
KIND_UNKNOWN = Reason("kind_unknown", _("There is no such kind of incident."), 404)
KIND_NAME_TAKEN = Reason("kind_name_taken", _("There is a kind of this name already."), 400)
KINDS_FULL = Reason("kinds_full", _("There are as many kinds as a list can hold. Rename one instead."))
LAST_KIND = Reason("last_kind", _("One kind has to remain to choose from."))
