"""Facts become notices: what residents and units are told of a case, and in which words."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from huying.cases.models import Case, Membership, Status
from huying.feedback.actions import ask_appellants
from huying.intake.models import Appeal
from huying.ledger.handlers import together
from huying.notify.actions import Told, tell_appeals, tell_units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from huying.ledger.models import Fact


_VOICE = ("pk", "number", "account_id", "language")


@dataclass(frozen=True)
class _Voice:
    """An appellant, as a letter to them needs it; nothing of anybody else."""

    appeal: UUID
    number: str
    account: UUID | None
    language: str

    def told(self, kind: str, fact: Fact, words: dict[str, Any]) -> Told:
        data = {"number": self.number} | words
        return Told(self.appeal, kind, data, fact.at, account=self.account, language=self.language)


def _case_id(fact: Fact) -> UUID:
    return UUID(fact.stream.partition(":")[2])


def _cases(facts: Sequence[Fact]) -> dict[UUID, Case]:
    """Return what notices say of the cases of these facts."""
    told = Case.objects.select_related("unit").only("number", "title", "unit__name")
    return told.in_bulk([_case_id(fact) for fact in facts])


def _tell_residents(facts: Sequence[Fact], kind: str, **words: dict[UUID, Any]) -> None:
    """Tell everybody whose voice is in the cases of these facts, each with the number of their own appeal.

    `words` give further data by fact.
    """
    voices: dict[UUID, list[_Voice]] = defaultdict(list)
    inside = Membership.objects.filter(case__in=[_case_id(fact) for fact in facts], until_at=None)
    for case, *voice in inside.values_list("case", *(f"appeal__{name}" for name in _VOICE)):
        voices[case].append(_Voice(*voice))
    tell_appeals(
        voice.told(kind, fact, {name: by[fact.pk] for name, by in words.items()})
        for fact in facts
        for voice in voices[_case_id(fact)]
    )


def _tell_some(facts: Sequence[Fact], kind: str) -> None:
    """Tell only the appellants a fact names, each with their own number."""
    moved = {UUID(appeal): fact for fact in facts for appeal in fact.data["appeals"]}
    voices = Appeal.objects.filter(pk__in=moved).values_list(*_VOICE)
    tell_appeals(_Voice(*voice).told(kind, moved[voice[0]], {}) for voice in voices)


def _said(facts: Sequence[Fact], name: str) -> dict[UUID, Any]:
    return {fact.pk: fact.data[name] for fact in facts}


def _when(text: str) -> str:
    moment = parse_datetime(text) if text else None
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") if moment else "—"


@together
def tell_waiting(facts: Sequence[Fact]) -> None:
    """Tell the residents that a person reads it."""
    _tell_residents(facts, "waiting_for_person")


@together
def tell_dispatched(facts: Sequence[Fact]) -> None:
    """Tell the residents who has it and the units that they have something to sign."""
    cases, due = _cases(facts), {fact.pk: _when(fact.data["due_at"]) for fact in facts}
    _tell_residents(facts, "dispatched", unit=_said(facts, "unit_name"), due=due)
    tell_units(
        Told(
            UUID(fact.data["unit"]),
            "unit_dispatched",
            {"number": case.number, "title": case.title, "due": due[fact.pk]},
            fact.at,
        )
        for fact in facts
        if (case := cases[_case_id(fact)])
    )


@together
def tell_signed(facts: Sequence[Fact]) -> None:
    """Tell the residents that the unit took it on."""
    _tell_residents(facts, "signed", unit=_said(facts, "unit_name"))


@together
def tell_replied(facts: Sequence[Fact]) -> None:
    """Tell every appellant that there is a reply, and that we want to hear what they say."""
    cases = _cases(facts)
    units = {fact.pk: unit.name if (unit := cases[_case_id(fact)].unit) else "呼应" for fact in facts}
    _tell_residents(facts, "replied", unit=units)


@together
def tell_reworked(facts: Sequence[Fact]) -> None:
    """Tell the residents and the units that it is not over."""
    _tell_residents(facts, "reworked")
    cases = _cases(facts)
    told = []
    for fact in facts:
        case = cases[_case_id(fact)]
        if case.unit_id:
            kinds = ["unit_reworked", *(["unit_supervised"] if fact.data["supervised"] else [])]
            data = {"number": case.number, "round": fact.data["round"]}
            told += [Told(case.unit_id, kind, data, fact.at) for kind in kinds]
    tell_units(told)


@together
def tell_closed(facts: Sequence[Fact]) -> None:
    """Tell the residents that the case is closed."""
    _tell_residents(facts, "closed")


@together
def tell_inadmissible(facts: Sequence[Fact]) -> None:
    """Tell the residents where the matter belongs."""
    _tell_residents(facts, "inadmissible")


@together
def tell_merged(facts: Sequence[Fact]) -> None:
    """Tell the residents of merged cases, in kind words, that nothing of theirs is lost."""
    _tell_some(facts, "merged")


def ask_late_voices(fact: Fact) -> None:
    """Ask those who came to a case while it already waited for its residents."""
    case = Case.objects.only("status").get(pk=_case_id(fact))
    if case.status == Status.FOLLOW_UP:
        ask_appellants(case.pk, at=fact.at, window_days=settings.RATING_WINDOW_DAYS)
