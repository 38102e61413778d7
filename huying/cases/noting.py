"""Internal notes: their words lie beside the ledger, so that what should not stand there can be deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from huying.cases import facts, reasons
from huying.cases.models import Note
from huying.cases.rules import may
from huying.kit.errors import Refusal
from huying.kit.personal import mask_words
from huying.ledger.actions import stream_of
from huying.ledger.queries import timeline
from huying.people.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from huying.cases.making import Making
    from huying.cases.models import Case
    from huying.ledger.actor import Actor

    class Fact(Protocol):
        """What is read of a fact of the ledger."""

        seq: int
        kind: str
        stream: str
        actor_id: UUID | None
        data: dict[str, Any]


NOTED, RETRACTED = "CaseNoted", "NoteRetracted"


def note(making: Making) -> facts.CaseNoted:
    """Keep the words of a note; the fact of it holds their key alone."""
    return facts.CaseNoted(**making.states, note="", kept=_keep(making))


def _keep(making: Making) -> str:
    words = Note.objects.create(case=making.case, text=mask_words(making.text("note")))
    return str(words.pk)


def retract_note(making: Making) -> facts.NoteRetracted:
    """Take a note back, or put corrected words in its place; the words it had are deleted.

    `noted` is the number of the note's fact. Its author may, and who supervises the case. The ledger keeps
    that there was a note, who wrote it, who took it back and why. Refusal `note_not_found`, `not_your_note`.
    """
    told = str(making.given["noted"])
    stream = stream_of(making.case)
    retracted = {fact.data["noted"] for fact in timeline(stream).filter(kind=RETRACTED)}
    fact = timeline(stream).filter(seq=int(told) if told.isdecimal() else -1).first()
    if fact is None or not _has_words(fact) or fact.seq in retracted:
        raise Refusal(reasons.NOTE_NOT_FOUND)
    if not may_retract(fact, making.case, by=making.by):
        raise Refusal(reasons.NOT_YOUR_NOTE)
    if kept := fact.data.get("kept"):
        Note.objects.filter(pk=kept, case=making.case).delete()
    fresh = _keep(making) if making.text("note") else ""
    return facts.NoteRetracted(**making.states, noted=fact.seq, reason=making.text("reason"), kept=fresh)


def _has_words(fact: Fact) -> bool:
    """Return whether a fact is a note, or the correction of one, which can be taken back in turn."""
    return fact.kind == NOTED or (fact.kind == RETRACTED and bool(fact.data["kept"]))


def may_retract(fact: Fact, case: Case, *, by: Actor) -> bool:
    """Return whether an actor may take this note back: it is their own, or they supervise the case."""
    own = by.id is not None and fact.actor_id == by.id
    return own or may(by, Permission.CASE_SUPERVISE, case)


def words_of(case: Case, told: Iterable[Fact]) -> dict[int, str]:
    """Return the words of the notes of a case that still stand among these facts, by the number of the fact.

    Notes written before words were kept apart have them in their fact.
    """
    found = [fact for fact in told if fact.stream == stream_of(case)]
    retracted = {fact.data["noted"] for fact in found if fact.kind == RETRACTED}
    standing = [fact for fact in found if _has_words(fact) and fact.seq not in retracted]
    kept = {str(row.pk): row.text for row in Note.objects.filter(pk__in=_keys(standing), case=case)}
    return {fact.seq: kept.get(fact.data.get("kept", ""), fact.data.get("note", "")) for fact in standing}


def _keys(told: Iterable[Fact]) -> list[UUID]:
    return [UUID(fact.data["kept"]) for fact in told if fact.data.get("kept")]


def text_of(data: Mapping[str, str]) -> str:
    """Return the words of one note by its fact, "" when they were taken back."""
    if not data.get("kept"):
        return data.get("note", "")
    return Note.objects.filter(pk=data["kept"]).values_list("text", flat=True).first() or ""
