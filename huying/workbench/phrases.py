"""Quick phrases: whose they are, who may change them, and filling them in for a case."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huying.kit.errors import Refusal
from huying.kit.text import clean
from huying.people.permissions import Permission
from huying.workbench import reasons
from huying.workbench.models import LONGEST_PHRASE, QuickPhrase

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet
    from django_stubs_ext import StrOrPromise

    from huying.ledger.actor import Actor

MOST_PHRASES = 100
# What can be filled in, and what it is; the desk knows how (`home.desk.phrasing`).
PLACEHOLDERS: dict[str, StrOrPromise] = {
    "resident": _("how to address the resident"),
    "number": _("the number of the case"),
    "appeal": _("the number of the appeal"),
    "item": _("what it is about"),
    "place": _("where it is"),
    "unit": _("the unit that handles it"),
    "phone": _("the office's telephone number"),
    "me": _("my own name"),
    "today": _("today's date"),
    "due": _("the day it is due"),
}
_MARK = re.compile(r"\{([^{}\n]{0,30})\}")
# Rights of those a unit's words are in the hands of.
KEEPERS = frozenset({Permission.CASE_REVIEW, Permission.CASE_DISPATCH, Permission.CASE_SUPERVISE})


def phrases_for(by: Actor, move: str | None = None) -> QuerySet[QuickPhrase]:
    """Return the phrases an actor can use, own ones first; for one move (and all moves) if it is named."""
    found = QuickPhrase.objects.filter(Q(owner_id=by.id) | Q(unit_id__in=by.unit_ids)).select_related("unit")
    if move is not None:
        found = found.filter(move__in=("", move))
    return found.order_by("unit__name", "title", "id")


def keeps_for(by: Actor) -> list[UUID]:
    """Return the units whose shared phrases an actor may change."""
    return list(
        dict.fromkeys(
            grant.unit_id
            for grant in by.grants
            if grant.unit_id is not None and KEEPERS & (grant.on_unit | grant.on_area)
        )
    )


def keep_phrase(
    *,
    title: str,
    text: str,
    move: str = "",
    unit_id: UUID | None = None,
    phrase_id: UUID | None = None,
    by: Actor,
    at: datetime,
) -> QuickPhrase:
    """Write a phrase of one's own, or with `unit_id` one of the unit; `phrase_id` changes one that is there.

    Refusal `unknown_placeholder`, `not_for_the_unit`, `phrase_not_found`, or `too_many_phrases`.
    """
    text = clean(text)[:LONGEST_PHRASE]
    check_blanks(text, field="text")
    if unit_id is not None and unit_id not in keeps_for(by):
        raise Refusal(reasons.NOT_FOR_THE_UNIT)
    with transaction.atomic():
        kept = _own(phrase_id, by=by) if phrase_id else QuickPhrase(made_at=at, made_by_id=by.id)
        kept.owner_id, kept.unit_id = (None, unit_id) if unit_id else (by.id, None)
        kept.title, kept.text, kept.move = clean(title)[:40], text, move
        others = QuickPhrase.objects.filter(Q(unit_id=unit_id) if unit_id else Q(owner_id=by.id))
        if others.exclude(pk=kept.pk).count() >= MOST_PHRASES:
            raise Refusal(reasons.TOO_MANY_PHRASES, most=MOST_PHRASES)
        kept.save()
        return kept


def drop_phrase(phrase_id: UUID, *, by: Actor) -> None:
    """Delete a phrase; one that is gone already stays gone. Refusal `phrase_not_found` for another's."""
    with transaction.atomic():
        if QuickPhrase.objects.filter(pk=phrase_id).exists():
            _own(phrase_id, by=by).delete()


def copy_phrases(from_account: UUID, to_account: UUID, *, at: datetime) -> int:
    """Give somebody a copy of another's own phrases, except those of a title they have; return how many."""
    known = set(QuickPhrase.objects.filter(owner_id=to_account).values_list("title", flat=True))
    room = max(0, MOST_PHRASES - len(known))
    fresh = [one for one in QuickPhrase.objects.filter(owner_id=from_account) if one.title not in known][
        :room
    ]
    QuickPhrase.objects.bulk_create(
        QuickPhrase(
            owner_id=to_account, move=one.move, title=one.title, text=one.text, made_by_id=from_account,
            made_at=at,
        )
        for one in fresh
    )  # fmt: skip
    return len(fresh)


def _own(phrase_id: UUID, *, by: Actor) -> QuickPhrase:
    """Return a phrase this actor may change, locked; Refusal `phrase_not_found`."""
    mine = Q(owner_id=by.id) | Q(unit_id__in=keeps_for(by))
    found = QuickPhrase.objects.select_for_update(of=("self",)).filter(mine, pk=phrase_id).first()
    if found is None:
        raise Refusal(reasons.PHRASE_NOT_FOUND)
    return found


def blanks_of(text: str) -> list[str]:
    """Return the names of the placeholders in a text, in order."""
    return _MARK.findall(text)


def check_blanks(text: str, *, field: str) -> None:
    """Refuse a text with a placeholder nothing is known for (Refusal `unknown_placeholder`)."""
    unknown = [f"{{{name}}}" for name in blanks_of(text) if name not in PLACEHOLDERS]
    if unknown:
        known = " ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        raise Refusal(reasons.UNKNOWN_PLACEHOLDER, field=field, what=unknown[0], known=known)


def fill_in(text: str, values: Mapping[str, str]) -> str:
    """Return the words with their placeholders filled in; what has no value stays to be filled by hand."""
    return _MARK.sub(lambda mark: values.get(mark[1]) or mark[0], text)
