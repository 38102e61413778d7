"""The story of a case for staff: every fact of it and of its appeals, newest first, with who and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from huying.cases.history import tell_fact
from huying.kit.personal import mask_words
from huying.ledger.actor import ActorKind
from huying.ledger.queries import timeline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from huying.cases.models import Case
    from huying.intake.models import Appeal
    from huying.ledger.models import Fact

# A mass complaint has thousands of neighbours who joined.
FEW_JOINED = 20


def story_of(case: Case, appeals: Sequence[Appeal]) -> list[dict[str, Any]]:
    """Return what happened to a case and to these appeals of it, newest first, for `{% timeline %}`.

    With several voices each of their facts says whose it is. Of neighbours who joined only the last few are
    told: each says how many there are.
    """
    numbers = {f"appeal:{appeal.pk}": appeal.number for appeal in appeals}
    several = len(appeals) > 1
    events = []
    facts = timeline(f"case:{case.pk}", *numbers)
    joined = facts.filter(kind="AppealJoined").order_by("-at", "-seq")[:FEW_JOINED]
    told_of = [*facts.exclude(kind="AppealJoined"), *joined]
    for fact in sorted(told_of, key=lambda fact: (fact.at, fact.pk)):
        told = tell_fact(fact)
        names = [who(fact), numbers.get(fact.stream, "") if several else ""]
        events.append(
            {
                "kind": told.icon, "title": told.title, "text": mask_words(told.text), "at": fact.at,
                "who": " · ".join(name for name in names if name),
            }
        )  # fmt: skip
    events.reverse()
    if events:
        events[0]["current"] = True
    return events


def who(fact: Fact) -> str:
    """Return who did it; a resident's name stays out of the story."""
    if fact.actor_kind == ActorKind.RESIDENT:
        return _("Resident")
    return fact.actor_name if fact.actor_kind != ActorKind.SYSTEM else _("Huying, by itself")
