"""Why a proposed duty rule is not made, voted on or decided."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huying.kit.errors import Reason

PROPOSAL_NOT_FOUND = Reason(
    "proposal_not_found", _("There is no such proposed rule, or it is not yours to see."), 404
)
PROPOSAL_SETTLED = Reason("proposal_settled", _("This proposed rule has been decided already."))
UNIT_NOT_ASKED = Reason("unit_not_asked", _("This unit was not asked about this rule."), 403)
NOT_YOUR_VOTE = Reason("not_your_vote", _("Only those who work for a unit may give its vote."), 403)
NOT_YOURS_TO_DECIDE = Reason(
    "not_yours_to_decide", _("Your posts give you no right to decide on duty rules of this area."), 403
)
VOTE_CLOSED = Reason("vote_closed", _("The time to vote is over."))
VOTE_STILL_OPEN = Reason(
    "vote_still_open", _("Units may vote until {until}; a rule is adopted once all have, or after that.")
)
OBJECTION_NEEDS_REASON = Reason(
    "objection_needs_reason", _("Whoever is against a rule says why, so that others can weigh it."), 400
)
DECISION_NEEDS_REASON = Reason(
    "decision_needs_reason", _("Please say why: the units that were asked read it."), 400
)
UNKNOWN_CHOICE = Reason("unknown_choice", _("A vote is for, against, or abstains."), 400)
UNIT_GONE = Reason("unit_gone", _("The unit “{unit}” no longer exists; a rule cannot name it."))
