"""The town's own words for letters: versions that are only ever added, the newest of a language counts."""

from __future__ import annotations

from huying.ledger.snapshots import Snapshot
from huying.notify.models import Wording

EDITION = "notify"
Words = dict[tuple[str, str], dict[str, str]]


def _build() -> Words:
    newest = Wording.objects.order_by("kind", "language", "-version").distinct("kind", "language")
    return {
        (one.kind, one.language): {
            "subject": one.subject, "happened": one.happened, "next": one.next, "brief": one.brief
        }
        for one in newest
        if not one.is_default
    }  # fmt: skip


_WORDS = Snapshot(_build, EDITION)


def town_words(kind: str, language: str) -> dict[str, str] | None:
    """Return the town's words for a letter in a language, or None where the default counts."""
    return _WORDS.get().get((kind, language.lower()))
