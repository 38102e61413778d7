"""Why the demo is not told."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huying.kit.errors import Reason

GROUND_TAKEN = Reason(
    "demo_ground_taken",
    _(
        "This database holds a town of its own, so the demo stays out of it. Start it with huying run, "
        "or name another folder in HUYING_DATA_DIR for the demo."
    ),
)
IN_THE_MAKING = Reason(
    "demo_in_the_making", _("Another program is filling this database with the demo right now."), retry=True
)
OF_THE_FUTURE = Reason("demo_of_the_future", _("The demo cannot be told beyond today."), 400)
ELSEWHERE = Reason(
    "demo_elsewhere", _("The demo town lies in district {district}: unset HUYING_DISTRICT."), 400
)
NOT_HERE = Reason("demo_not_here", _("This database holds no demo town, so nothing was taken away."))
IN_USE = Reason("demo_in_use", _("The demo town is in use. Stop it first: huying stop."), retry=True)
