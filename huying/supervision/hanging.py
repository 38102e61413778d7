"""What hangs on an order: interviews and their promises, the works ledger, photos."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from huying.catalogue.core.calendar import local_day
from huying.kit.errors import Refusal
from huying.kit.ids import new_id
from huying.kit.text import on_one_line
from huying.supervision import facts_more as facts
from huying.supervision import reasons
from huying.supervision.models import Interview, OrderPhoto, Work
from huying.supervision.states import Shows

if TYPE_CHECKING:
    from huying.supervision.effects import Turning

LONGEST_NAME, LONGEST_MEASURE = 80, 20


def keep_photos(turning: Turning, name: str, shows: Shows, work: Work | None = None) -> int:
    """Keep the cleaned photos that were given under a name; return how many came."""
    photos = list(turning.given.get(name) or ())
    OrderPhoto.objects.bulk_create(
        (
            OrderPhoto(
                order=turning.order, work=work, shows=shows, stored_as=photo.stored_as,
                thumb_as=photo.thumb_as, by_name=turning.by.name[:80], at=turning.at,
            )
            for photo in photos
        ),
        ignore_conflicts=True,  # the same photo sent twice is one
    )  # fmt: skip
    return len(photos)


def _key(turning: Turning) -> UUID:
    key = turning.given.get("key")
    return key if isinstance(key, UUID) else new_id()


def interview(turning: Turning) -> facts.InterviewHeld | None:
    """Write down whom was spoken to and what was promised; None when this form was sent before."""
    key, held_on, promised_on = _key(turning), turning.given["held_on"], turning.given.get("promised_on")
    if Interview.objects.filter(pk=key).exists():
        return None
    today = local_day(turning.at)
    if not isinstance(held_on, date) or held_on > today:
        raise Refusal(reasons.DAY_TO_COME, field="held_on")
    promise = turning.text("promise")
    if promised_on is not None and not promise:
        raise Refusal(reasons.PROMISE_WITHOUT_WORDS, field="promise")
    if promised_on is not None and promised_on < held_on:
        raise Refusal(reasons.DAY_PASSED, field="promised_on")
    row = Interview(
        id=key, order=turning.order, held_on=held_on, asked=turning.text("asked"), promise=promise,
        who=on_one_line(str(turning.given["who"]))[:LONGEST_NAME], promised_on=promised_on,
        by_name=turning.by.name[:80], at=turning.at,
    )  # fmt: skip
    row.save(force_insert=True)
    turning.order.heard_at = turning.at
    return facts.InterviewHeld(
        *turning.moved, who=row.who, held_on=held_on.isoformat(), words=promise,
        promised_on=promised_on.isoformat() if promised_on else "",
    )  # fmt: skip


def _interview(turning: Turning) -> Interview:
    key = turning.given["interview"]
    row = Interview.objects.select_for_update().filter(pk=key, order=turning.order).first()
    if row is None:
        raise Refusal(reasons.INTERVIEW_UNKNOWN)
    return row


def keep_promise(turning: Turning) -> facts.PromiseKept:
    """Note that what was promised was kept."""
    row = _interview(turning)
    if row.kept_at is not None:
        raise Refusal(reasons.PROMISE_KEPT)
    row.kept_at = turning.at
    row.save(update_fields=["kept_at"])
    return facts.PromiseKept(
        *turning.moved, who=row.who, promised_on=row.promised_on.isoformat() if row.promised_on else ""
    )


def promise_passes(turning: Turning) -> facts.PromisePassed | None:
    """Note once that the day of a promise passed; None when another was there first, or it was kept."""
    row = _interview(turning)
    if row.kept_at is not None or row.passed_told_at is not None or row.promised_on is None:
        return None
    row.passed_told_at = turning.at
    row.save(update_fields=["passed_told_at"])
    return facts.PromisePassed(
        *turning.moved, who=row.who, words=row.promise, promised_on=row.promised_on.isoformat()
    )


def enter_work(turning: Turning) -> facts.WorksEntered | None:
    """Enter a line in the works ledger, with photos from before and after; None when sent before."""
    key = _key(turning)
    if Work.objects.filter(pk=key).exists():
        return None
    quantity, cost = _amount(turning.given["quantity"], "quantity"), turning.given.get("cost_yuan")
    if quantity <= 0:
        raise Refusal(reasons.MISSING, field="quantity")
    paid = _amount(cost, "cost_yuan") if cost is not None else None
    work = Work(
        id=key, order=turning.order, name=on_one_line(str(turning.given["name"]))[:LONGEST_NAME],
        quantity=quantity, measure=on_one_line(str(turning.given["measure"]))[:LONGEST_MEASURE],
        cost_yuan=paid, done_on=turning.given.get("done_on"), by_name=turning.by.name[:80], at=turning.at,
    )  # fmt: skip
    work.save(force_insert=True)
    turning.order.heard_at = turning.at
    photos = sum(keep_photos(turning, shows, shows, work) for shows in (Shows.BEFORE, Shows.AFTER))
    return facts.WorksEntered(
        *turning.moved, name=work.name, quantity=str(quantity), measure=work.measure,
        cost_yuan="" if paid is None else str(paid), photos=photos,
    )  # fmt: skip


def _amount(told: Any, field: str) -> Decimal:  # noqa: ANN401 - whatever a door hands on
    amount = told if isinstance(told, Decimal) else Decimal(str(told))
    if not amount.is_finite() or amount < 0 or amount >= Decimal(10) ** 12:
        raise Refusal(reasons.MISSING, field=field)
    return amount.quantize(Decimal("0.01"))


def strike_work(turning: Turning) -> facts.WorksStruck | None:
    """Strike out a line that was entered wrongly; it stays to be read, and counts no more."""
    work = Work.objects.select_for_update().filter(pk=turning.given["work"], order=turning.order).first()
    if work is None:
        raise Refusal(reasons.WORK_UNKNOWN)
    if work.struck_at is not None:
        return None
    work.struck_at = turning.at
    work.save(update_fields=["struck_at"])
    return facts.WorksStruck(*turning.moved, name=work.name, reason=turning.text("reason"))
