"""The story of a case for staff: every fact of it and of its appeals, newest first, with who and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huying.cases.history import tell_fact
from huying.cases.noting import NOTED, RETRACTED, may_retract, words_of
from huying.kit.personal import mask_words
from huying.ledger.actor import ActorKind
from huying.ledger.queries import timeline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from huying.cases.models import Case
    from huying.intake.models import Appeal
    from huying.ledger.actor import Actor
    from huying.ledger.models import Fact

# A mass complaint has thousands of neighbours who joined.
FEW_JOINED = 20
JOINED = "AppealJoined"
# A case with so few facts is read whole; in a longer story those who joined are left to the database.
SHORT_STORY = 200


def facts_of(case: Case, appeals: Sequence[Appeal]) -> list[Fact]:
    """Return the facts of a case and of these appeals of it in their order.

    Of neighbours who joined only the last few are told: each says how many there are.
    """
    facts = timeline(f"case:{case.pk}", *(f"appeal:{appeal.pk}" for appeal in appeals))
    if case.fact_seq <= SHORT_STORY:
        told_of = list(facts)
        joined = [fact for fact in told_of if fact.kind == JOINED]
        left_out = {fact.pk for fact in joined[:-FEW_JOINED]}
        return [fact for fact in told_of if fact.pk not in left_out]
    last = facts.filter(kind=JOINED).order_by("-at", "-seq")[:FEW_JOINED]
    return sorted([*facts.exclude(kind=JOINED), *last], key=lambda fact: (fact.at, fact.pk))


def story_of(
    case: Case, appeals: Sequence[Appeal], facts: Sequence[Fact], by: Actor | None = None
) -> list[dict[str, Any]]:
    """Return what happened as these facts tell it, newest first, for `{% timeline %}`.

    A note that was retracted has no words any more: who took it back, and when, stands in their place. `by`
    may take back what carries a `retract` address.

    With several voices each of their facts says whose it is.
    """
    numbers = {f"appeal:{appeal.pk}": appeal.number for appeal in appeals}
    several = len(appeals) > 1
    events = []
    notes = Notes(case, facts, by)
    for fact in facts:
        told = tell_fact(fact)
        names = [who(fact), numbers.get(fact.stream, "") if several else ""]
        events.append(
            {
                "kind": told.icon, "title": told.title, "text": mask_words(notes.text_of(fact, told.text)),
                "at": fact.at, "who": " · ".join(name for name in names if name),
                "retract": notes.retract_url(fact),
            }
        )  # fmt: skip
    events.reverse()
    if events:
        events[0]["current"] = True
    return events


class Notes:
    """The notes of a case among its facts: their words, or who took them back; read in one statement."""

    def __init__(self, case: Case, told: Sequence[Fact], by: Actor | None) -> None:
        self.case, self.by, self.stream = case, by, f"case:{case.pk}"
        self.words = words_of(case, told)
        self.back = {fact.data["noted"]: fact for fact in told if fact.kind == RETRACTED}

    def _stands(self, fact: Fact) -> bool:
        return fact.stream == self.stream and fact.seq in self.words

    def text_of(self, fact: Fact, told: str) -> str:
        """Return what a fact's line says: for a note its words, for one taken back who did and when."""
        if fact.stream != self.stream or fact.kind not in (NOTED, RETRACTED):
            return told
        reason = told if fact.kind == RETRACTED else ""
        if self._stands(fact):
            return "\n".join(line for line in (self.words[fact.seq], reason) if line)
        taken = self.back.get(fact.seq)
        if taken is None:
            return reason
        moment = timezone.localtime(taken.at).strftime("%Y-%m-%d %H:%M")
        return _("Retracted by %(who)s on %(time)s") % {"who": who(taken), "time": moment}

    def retract_url(self, fact: Fact) -> str:
        """Return where a note can be taken back by who looks, "" where it cannot."""
        if self.by is None or not self._stands(fact) or not may_retract(fact, self.case, by=self.by):
            return ""
        return reverse("desk:retract_note", args=[self.case.number, fact.seq])


def who(fact: Fact) -> str:
    """Return who did it; a resident's name stays out of the story."""
    if fact.actor_kind == ActorKind.RESIDENT:
        return _("Resident")
    return fact.actor_name if fact.actor_kind != ActorKind.SYSTEM else _("Huying, by itself")
