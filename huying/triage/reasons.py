"""Why a learnt model is not put in force."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huying.kit.errors import Reason

MODEL_NOT_FOUND = Reason("model_not_found", _("There is no such learnt model."), 404)
MODEL_GONE = Reason(
    "model_gone",
    _("The files of model {number} are no longer on this machine, so it cannot judge. Learn anew instead."),
)
NOTHING_IN_FORCE = Reason("no_learnt_model_in_force", _("No learnt model is in force; the catalogue judges."))
