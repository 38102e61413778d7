"""Facts become notices to residents: what each is told of a case, in a letter of their own."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings

from huying.cases.models import Case, Membership, Status
from huying.feedback.actions import ask_appellants
from huying.intake.models import Appeal
from huying.journeys.moments import case_id_of, when
from huying.ledger.handlers import together
from huying.notify.actions import Told, tell_appeals

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from huying.ledger.models import Fact


VOICE = ("pk", "number", "account_id", "language")


@dataclass(frozen=True)
class Voice:
    """An appellant, as a letter to them needs it; nothing of anybody else."""

    appeal: UUID
    number: str
    account: UUID | None
    language: str

    def told(self, kind: str, at: datetime, words: dict[str, Any]) -> Told:
        """Return the notice to this appellant, with the number of their own appeal."""
        data = {"number": self.number} | words
        return Told(self.appeal, kind, data, at, account=self.account, language=self.language)


def voices_in(cases: Iterable[UUID]) -> dict[UUID, list[Voice]]:
    """Return everybody whose voice is in these cases now."""
    voices: dict[UUID, list[Voice]] = defaultdict(list)
    inside = Membership.objects.filter(case__in=list(cases), until_at=None)
    for case, *voice in inside.values_list("case", *(f"appeal__{name}" for name in VOICE)):
        voices[case].append(Voice(*voice))
    return voices


def _cases(facts: Sequence[Fact]) -> dict[UUID, Case]:
    """Return what notices say of the cases of these facts."""
    told = Case.objects.select_related("unit").only("number", "title", "unit__name")
    return told.in_bulk([case_id_of(fact) for fact in facts])


def tell_residents(facts: Sequence[Fact], kind: str, **words: dict[UUID, Any]) -> None:
    """Tell everybody whose voice is in the cases of these facts, each with the number of their own appeal.

    `words` give further data by fact.
    """
    voices = voices_in(case_id_of(fact) for fact in facts)
    tell_appeals(
        voice.told(kind, fact.at, {name: by[fact.pk] for name, by in words.items()})
        for fact in facts
        for voice in voices[case_id_of(fact)]
    )


def tell_some(facts: Sequence[Fact], kind: str) -> None:
    """Tell only the appellants a fact names, each with their own number."""
    moved = {UUID(appeal): fact for fact in facts for appeal in fact.data["appeals"]}
    voices = Appeal.objects.filter(pk__in=moved).values_list(*VOICE)
    tell_appeals(Voice(*voice).told(kind, moved[voice[0]].at, {}) for voice in voices)


def _said(facts: Sequence[Fact], name: str) -> dict[UUID, Any]:
    return {fact.pk: fact.data[name] for fact in facts}


@together
def tell_waiting(facts: Sequence[Fact]) -> None:
    """Tell the residents that a person reads it."""
    tell_residents(facts, "waiting_for_person")


@together
def tell_dispatched(facts: Sequence[Fact]) -> None:
    """Tell the residents who has it, and by when."""
    due = {fact.pk: when(fact.data["due_at"]) for fact in facts}
    tell_residents(facts, "dispatched", unit=_said(facts, "unit_name"), due=due)


@together
def tell_signed(facts: Sequence[Fact]) -> None:
    """Tell the residents that the unit took it on."""
    tell_residents(facts, "signed", unit=_said(facts, "unit_name"))


@together
def tell_replied(facts: Sequence[Fact]) -> None:
    """Tell every appellant that there is a reply, and that we want to hear what they say."""
    cases = _cases(facts)
    units = {fact.pk: unit.name if (unit := cases[case_id_of(fact)].unit) else "呼应" for fact in facts}
    tell_residents(facts, "replied", unit=units)


@together
def tell_reworked(facts: Sequence[Fact]) -> None:
    """Tell the residents that it is not over."""
    tell_residents(facts, "reworked")


@together
def tell_closed(facts: Sequence[Fact]) -> None:
    """Tell the residents that the case is closed."""
    tell_residents(facts, "closed")


@together
def tell_inadmissible(facts: Sequence[Fact]) -> None:
    """Tell the residents where the matter belongs."""
    tell_residents(facts, "inadmissible")


@together
def tell_merged(facts: Sequence[Fact]) -> None:
    """Tell the residents of merged cases, in kind words, that nothing of theirs is lost."""
    tell_some(facts, "merged")


@together
def tell_unmerged(facts: Sequence[Fact]) -> None:
    """Tell those whose case goes on by itself that their own matter is handled by itself."""
    tell_some(facts, "split")


@together
def tell_joined(facts: Sequence[Fact]) -> None:
    """Tell a neighbour who said "me too" that their voice is with the case."""
    joined = {UUID(fact.data["appeal"]): fact for fact in facts}
    voices = Appeal.objects.filter(pk__in=joined).values_list(*VOICE)
    tell_appeals(Voice(*voice).told("received", joined[voice[0]].at, {}) for voice in voices)


def ask_late_voices(fact: Fact) -> None:
    """Ask those who came to a case while it already waited for its residents."""
    case = Case.objects.only("status").get(pk=case_id_of(fact))
    if case.status == Status.FOLLOW_UP:
        ask_appellants(case.pk, at=fact.at, window_days=settings.RATING_WINDOW_DAYS)
