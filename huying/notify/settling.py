"""What a town settles for its letters: words, rules and providers' templates; each change is kept."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection, transaction

from huying.kit.errors import Refusal
from huying.kit.text import clean
from huying.ledger.snapshots import announce
from huying.notify import reasons
from huying.notify.channels.open import NEEDS
from huying.notify.letters import LETTERS, names_in, names_of
from huying.notify.models import (
    Channel,
    Delivery,
    DeliveryState,
    ProviderTemplate,
    TownRules,
    Wording,
    default_order,
)
from huying.notify.planning import wake
from huying.notify.wordings import EDITION

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from huying.ledger.actor import Actor
    from huying.notify.rules import Rules

logger = logging.getLogger("huying.notify")

MOST = {"subject": 60, "happened": 300, "next": 300, "brief": 40}
# What blanks of templates may be filled with besides the names of a letter.
ALWAYS_FILLED = {"subject", "happened", "next", "brief", "link", "number", "town"}
RESENDABLE = (DeliveryState.FAILED, DeliveryState.GIVEN_UP, DeliveryState.SUPPRESSED)


def newest_wording(kind: str, language: str) -> Wording | None:
    """Return the newest version of the town's words for a letter, also one that brings the default back."""
    return Wording.objects.filter(kind=kind, language=language).order_by("-version").first()


def set_wording(
    kind: str, language: str, words: Mapping[str, str], *, seen: int, by: Actor, at: datetime
) -> Wording:
    """Put a letter into the town's own words; `seen` is the version that was on the screen, 0 for none.

    Refusal `letter_unknown`, `words_missing`, `words_too_long`, `placeholder_unknown`, `words_changed`.
    """
    told = check_words(kind, language, words)
    return _add(kind, language, told, seen=seen, by=by, at=at)


def restore_default(kind: str, language: str, *, seen: int, by: Actor, at: datetime) -> Wording:
    """Let the words that come with Huying count again. Refusal `letter_unknown`, `words_changed`."""
    _known(kind, language)
    return _add(kind, language, None, seen=seen, by=by, at=at)


def _known(kind: str, language: str) -> None:
    if kind not in LETTERS or language not in dict(settings.LANGUAGES):
        raise Refusal(reasons.LETTER_UNKNOWN)


def check_words(kind: str, language: str, words: Mapping[str, str]) -> dict[str, str]:
    """Return the words as they would be kept, all four and every name known. Raises Refusal."""
    _known(kind, language)
    known = names_of(LETTERS[kind])
    told = {part: clean(words.get(part, "")) for part in MOST}
    for part, text in told.items():
        if not text:
            raise Refusal(reasons.WORDS_MISSING, field=part)
        if len(text) > MOST[part]:
            raise Refusal(reasons.WORDS_TOO_LONG, field=part, most=MOST[part])
        try:
            strange = names_in(text) - known
        except ValueError as error:
            strange = {str(error) or "{"}
        if strange:
            told_known = "、".join(f"{{{name}}}" for name in sorted(known))
            raise Refusal(
                reasons.PLACEHOLDER_UNKNOWN, field=part, name=f"{{{min(strange)}}}", known=told_known
            )
    return told


def _add(
    kind: str, language: str, told: dict[str, str] | None, *, seen: int, by: Actor, at: datetime
) -> Wording:
    with transaction.atomic():
        _lock(f"wording:{kind}:{language}")
        newest = newest_wording(kind, language)
        version = newest.version if newest else 0
        if version != seen:
            raise Refusal(reasons.WORDS_CHANGED)
        made = Wording.objects.create(
            kind=kind,
            language=language,
            version=version + 1,
            is_default=told is None,
            at=at,
            by_id=by.id,
            by_name=by.name[:80],
            **(told or {}),
        )
        announce(EDITION)
        return made


def set_rules(rules: Rules, *, by: Actor, at: datetime) -> TownRules:
    """Set quiet hours, order of channels, texts a day and the time of the digest. Refusal `order_wrong`."""
    if sorted(rules.order) != sorted(default_order()):
        raise Refusal(reasons.ORDER_WRONG, field="order")
    with transaction.atomic():
        _lock("rules")
        newest = TownRules.objects.order_by("-id").first()
        made = TownRules.objects.create(
            id=newest.pk + 1 if newest else 1,
            quiet_from=rules.quiet_from,
            quiet_until=rules.quiet_until,
            order=list(rules.order),
            texts_a_day=rules.texts_a_day,
            daily_at=rules.daily_at,
            at=at,
            by_name=by.name[:80],
        )
        announce(EDITION)
        return made


def set_template(
    channel: str, kind: str, code: str, blanks: Sequence[str], *, by: Actor, at: datetime
) -> ProviderTemplate | None:
    """Enter a template as the provider approved it, in the place of the one before; no code ends it.

    `kind` empty: for every kind without its own. Refusal `letter_unknown`, `blank_unknown`.
    """
    if channel not in NEEDS or channel not in {Channel.SMS, Channel.WECHAT} or kind not in {"", *LETTERS}:
        raise Refusal(reasons.LETTER_UNKNOWN, field="kind")
    known = ALWAYS_FILLED | (names_of(LETTERS[kind]) if kind else set())
    told = [clean(blank) for blank in blanks if clean(blank)]
    for blank in told:
        name = blank.rpartition("=")[2].strip()
        if name not in known:
            raise Refusal(reasons.BLANK_UNKNOWN, field="blanks", name=name)
    with transaction.atomic():
        _lock(f"template:{channel}:{kind}")
        ProviderTemplate.objects.filter(channel=channel, kind=kind, is_active=True).update(is_active=False)
        made = None
        if clean(code):
            made = ProviderTemplate.objects.create(
                channel=channel,
                kind=kind,
                code=clean(code)[:80],
                blanks=["=".join(part.strip() for part in blank.split("=", 1))[:60] for blank in told],
                at=at,
                by_name=by.name[:80],
            )
        announce(EDITION)
        return made


def send_again(deliveries: Iterable[UUID], *, by: Actor, at: datetime) -> int:
    """Queue again what did not go out; return how many. Refusal `not_resendable` where nothing is so."""
    with transaction.atomic():
        rows = Delivery.objects.select_for_update().filter(pk__in=list(deliveries), state__in=RESENDABLE)
        found = list(rows.order_by("id"))
        if not found:
            raise Refusal(reasons.NOT_RESENDABLE)
        Delivery.objects.filter(pk__in=[one.pk for one in found]).update(
            state=DeliveryState.QUEUED,
            attempts=0,
            ended_at=None,
            not_before=at,
            error="",
            error_text="",
            then=[],
        )
        for channel in sorted({one.channel for one in found}):
            wake(channel)
        logger.info("letters are sent again", extra={"by": by.name, "count": len(found)})
        return len(found)


def _lock(what: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"notify:{what}"])
