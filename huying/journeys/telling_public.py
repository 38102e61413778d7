"""Facts of publicity become notices: residents hear that their matter has a public page, and that it went."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from huying.journeys.telling import voices_in
from huying.ledger.handlers import together
from huying.ledger.models import Fact
from huying.notify.actions import tell_appeals

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def _tell(facts: Iterable[Fact], kind: str) -> None:
    told = list(facts)
    voices = voices_in(UUID(fact.data["case"]) for fact in told)
    tell_appeals(voice.told(kind, fact.at, {}) for fact in told for voice in voices[UUID(fact.data["case"])])


def _is_new(fact: Fact) -> bool:
    """Return whether there was no page just before: other words on a page that stands are no news."""
    before = Fact.objects.filter(stream=fact.stream, seq=fact.seq - 1)
    return before.values_list("kind", flat=True).first() != "CasePublished"


@together
def tell_published(facts: Sequence[Fact]) -> None:
    """Tell everybody whose voice is in the case that it has a page all may read, and how to take it down."""
    _tell((fact for fact in facts if _is_new(fact)), "published")


@together
def tell_unpublished(facts: Sequence[Fact]) -> None:
    """Tell them that the page is gone, whoever took it back."""
    _tell(facts, "unpublished")
