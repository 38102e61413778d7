"""Whose word a case waits for: of a matter staff found on their way there may be nobody to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db.models import Q

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from huying.cases.models import Case, Membership

# Channels whose matters staff found; where a resident told them, an account or a contact says whom to ask.
FOUND_BY: Final = ("self-found", "grid", "walk")
_NOBODY: Final = Q(appeal__channel__in=FOUND_BY, appeal__account=None) & (
    Q(appeal__party=None) | Q(appeal__party__name="", appeal__party__phone="", appeal__party__email="")
)


def voices_to_ask(case: Case) -> QuerySet[Membership]:
    """Return the voices of a case that have somebody who can answer."""
    return case.memberships.filter(~_NOBODY, until_at=None)


def nobody_to_ask(case: Case) -> bool:
    """Whether all that a case carries was found by staff: it closes by its evidence."""
    return not voices_to_ask(case).exists()
