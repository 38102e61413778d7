"""Why an area or place is not written."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huying.kit.errors import Reason

LEVEL_UNKNOWN = Reason("level_unknown", _("There is no level called {level}."), 400)
PARENT_UNKNOWN = Reason("parent_unknown", _("There is no area with the code {parent} to lie in."), 400)
PARENT_NOT_WIDER = Reason("parent_not_wider", _("An area can lie only in one of a wider level."), 400)
CODE_TAKEN = Reason("code_taken", _("The code {code} belongs to another area in that time."))
NOTHING_TO_MERGE = Reason(
    "nothing_to_merge", _("Choose at least two areas of one level and one parent."), 400
)
MERGE_DAY_IMPOSSIBLE = Reason(
    "merge_day_impossible", _("Areas are merged from a day after each began, and not ahead of time."), 400
)
AREA_UNKNOWN = Reason("area_unknown", _("There is no area with the code {code}."), 400)
