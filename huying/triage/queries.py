"""Reading triage: the model and rules in force, held in memory; suspected twins; what decided."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from huying.catalogue.queries import CATALOGUE, CatalogueBook, danger_phrases, published
from huying.ledger.snapshots import Snapshot
from huying.triage.core.blend import Blended, History
from huying.triage.core.danger import DangerRules
from huying.triage.core.dangermodel import danger_model
from huying.triage.core.dangerwatch import DangerWatch
from huying.triage.core.itemtext import ItemText
from huying.triage.core.learning.reasons import LearningRefusal
from huying.triage.core.stored import learnt

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from huying.triage.core.textmodel import TextModel
    from huying.triage.models import TwinSuspect, Verdict

logger = logging.getLogger("huying.triage")
DANGERS = "dangers"
LEARNT = "learnt_model"
NO_MODEL = "none"


@dataclass(frozen=True)
class Judge:
    """What judges: either may be missing, and then a person decides."""

    model: TextModel | Blended | None
    rules: DangerWatch | None

    @property
    def model_version(self) -> str:
        """Return which model this is, for the verdict."""
        return self.model.version if self.model else NO_MODEL

    @property
    def rules_version(self) -> str:
        """Return which rules these are, for the verdict."""
        return self.rules.version if self.rules else NO_MODEL


def item_texts() -> list[ItemText]:
    """Return what the published catalogue says of its items, as models learn it."""
    book = published()
    return [_item_text(book, item.code) for item in book.leaves]


def _build_catalogue_model() -> TextModel | None:
    texts = item_texts()
    if not texts:
        return None
    try:
        return learnt(texts, version=str(published().number), folder=settings.DATA_DIR / "models")
    except ValueError:
        # A catalogue the model cannot learn must not stop intake: a person decides, and this line says why.
        logger.exception("the text model could not be built")
        return None


def learnt_folder() -> Path:
    """Return where the arrays of learnt models lie."""
    return Path(settings.DATA_DIR) / "learnt"


def _build_model() -> TextModel | Blended | None:
    """Return the catalogue's model, with what people taught beside it where a learnt edition is in force."""
    from huying.triage.models import EditionState, ModelEdition

    base = _CATALOGUE.get()
    edition = ModelEdition.objects.filter(state=EditionState.IN_FORCE).first()
    if base is None or edition is None:
        return base
    try:
        return History.load(learnt_folder() / edition.folder).beside(base, number=edition.number)
    except (OSError, ValueError, LearningRefusal):
        # Without its files whole (a restored database, another machine, a bad disk) the catalogue judges.
        logger.exception("a learnt model could not be read", extra={"number": edition.number})
        return base


def _item_text(book: CatalogueBook, code: str) -> ItemText:
    line = book.line(code)
    item = line[-1]
    # English names help the few who write English; they count as one more keyword.
    keywords = (*item.keywords, item.name_en) if item.name_en else item.keywords
    return ItemText(code, tuple(part.name for part in reversed(line)), keywords, item.examples)


def _build_rules() -> DangerWatch | None:
    rows = [
        {
            "key": row.key,
            "kind": row.kind,
            "phrases": "|".join(row.phrases),
            "not_phrases": "|".join(row.not_phrases),
            "emergency_number": row.emergency_number,
            "advice": row.advice,
        }
        for row in danger_phrases()
    ]
    try:
        return DangerWatch(DangerRules.from_rows(rows), danger_model())
    except ValueError:
        logger.exception("the danger rules could not be read")
        return None


_CATALOGUE = Snapshot(_build_catalogue_model, CATALOGUE)
_MODEL = Snapshot(_build_model, CATALOGUE, LEARNT)
_RULES = Snapshot(_build_rules, DANGERS)


def judge() -> Judge:
    """Return the model and rules in force."""
    return Judge(_MODEL.get(), _RULES.get())


def catalogue_model() -> TextModel | None:
    """Return the model that knows the published catalogue only."""
    return _CATALOGUE.get()


def clear() -> None:
    """Forget what is held in memory (between tests)."""
    _CATALOGUE.clear()
    _MODEL.clear()
    _RULES.clear()


def latest_verdict(appeal_id: UUID) -> Verdict | None:
    """Return the newest verdict of an appeal."""
    from huying.triage.models import Verdict

    return Verdict.objects.filter(appeal_id=appeal_id).select_related("item").order_by("-at", "-id").first()


def open_suspicions(appeal_ids: list[UUID]) -> QuerySet[TwinSuspect]:
    """Return the suspected twins of these appeals nobody has decided on, surest first."""
    from django.db.models import Q

    from huying.triage.models import TwinState, TwinSuspect

    return (
        TwinSuspect.objects.filter(
            Q(appeal_id__in=appeal_ids) | Q(earlier_id__in=appeal_ids), state=TwinState.SUSPECTED
        )
        .select_related("appeal", "earlier")
        .order_by("-score")
    )
