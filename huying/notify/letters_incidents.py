"""Letters to staff about incidents: their unit is in a working group, has a task, or may stand down."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huying.notify.letter import Letter

INCIDENTS: dict[str, Letter] = {
    "incident_group": Letter(
        _("Your unit is in a working group"),
        _("In the incident “{title}” your unit is in the group “{group}”, led by {lead}."),
        _("please be ready; tasks stand on the incident's page."),
        _("Led by {lead}"),
    ),
    "incident_task": Letter(
        _("A task in an incident"),
        _("In the incident “{title}” the group “{group}” was given a task: {words}"),
        _("please do it by {due}, and say on the incident's page what shows that it is done."),
        _("Until {due}"),
    ),
    "incident_task_late": Letter(
        _("A task in an incident is late"),
        _("In the incident “{title}” a task of the group “{group}” was due at {due} and is late: {words}"),
        _("please do it now, or say on the incident's page what holds it up."),
        _("Do it now"),
        urgent=True,
    ),
    "incident_task_dropped": Letter(
        _("A task in an incident is no longer needed"),
        _("Incident “{title}”, group “{group}”: a task is no longer needed: {words} Why: {reason}"),
        _("there is nothing left to do for it."),
        _("No longer needed"),
    ),
    "incident_over": Letter(
        _("The incident is over"),
        _("The incident “{title}” is over: {words}"),
        _("there is nothing left to do; its page stays to be read."),
        _("Over"),
    ),
}  # fmt: skip
