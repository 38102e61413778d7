"""How somebody wants to be reached: agreed to on a page, ended there or by a link, and remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from huying.kit.errors import Refusal
from huying.notify import reasons
from huying.notify.channels.open import is_open
from huying.notify.letters import LETTERS, is_for_staff
from huying.notify.letters_residents import GROUPS
from huying.notify.models import Channel, Contact, ContactCode, Pace, Reach, StaffPace

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet


def reach_of(*, appeal: UUID | None = None, account: UUID | None = None) -> dict[str, Reach]:
    """Return what was said for an appeal, or for an account, by channel; ended ones are among them."""
    rows = _rows(appeal, account)
    return {row.channel: row for row in rows}


def agree(
    wanted: Mapping[str, str],
    *,
    at: datetime,
    appeal: UUID | None = None,
    account: UUID | None = None,
    leave_out: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Be reached over exactly these channels from now on; the value is an address known nowhere else, or "".

    What is left out is ended and remembered as ended. `leave_out` names, by channel, the groups of letters
    not wanted that way; without it that stays as it was. Refusal `channel_not_open`, `address_wrong`.
    """
    for channel, address in wanted.items():
        if channel not in Channel.values or channel == Channel.WECOM or not is_open(channel):
            raise Refusal(reasons.CHANNEL_NOT_OPEN, field=channel)
        _check(channel, address)
    with transaction.atomic():
        kept = {row.channel: row for row in _locked(appeal, account)}
        for channel, row in kept.items():
            if channel not in wanted and row.stopped_at is None:
                row.stopped_at, row.stopped_by = at, "page"
                row.save(update_fields=["stopped_at", "stopped_by"])
        for channel, address in wanted.items():
            _agree(kept.get(channel), channel, address, appeal=appeal, account=account, at=at)
        for channel, groups in (leave_out or {}).items():
            told = [group for group in GROUPS if group in groups]
            _rows(appeal, account).filter(channel=channel).update(leave_out=told)


def forget_reach(*, appeal: UUID | None = None, account: UUID | None = None) -> int:
    """Forget the channels somebody agreed to, with their addresses; return how many there were."""
    if account:
        ContactCode.objects.filter(account=account).delete()
        Contact.objects.filter(account=account).delete()
    return _rows(appeal, account).delete()[0]


def _rows(appeal: UUID | None, account: UUID | None) -> QuerySet[Reach]:
    return Reach.objects.filter(appeal_id=appeal) if appeal else Reach.objects.filter(account=account)


def _check(channel: str, address: str) -> None:
    if channel == Channel.EMAIL and address:
        try:
            validate_email(address)
        except ValidationError as error:
            raise Refusal(reasons.ADDRESS_WRONG, field="email") from error


def _locked(appeal: UUID | None, account: UUID | None) -> QuerySet[Reach]:
    return _rows(appeal, account).select_for_update().order_by("id")


def _agree(
    row: Reach | None,
    channel: str,
    address: str,
    *,
    appeal: UUID | None,
    account: UUID | None,
    at: datetime,
) -> None:
    if row is None:
        # Clicked twice at once, the row of the other click stands.
        Reach.objects.bulk_create(
            [Reach(appeal_id=appeal, account_id=account, channel=channel, address=address, agreed_at=at)],
            ignore_conflicts=True,
        )
    elif row.stopped_at is not None or (address and row.address != address):
        row.stopped_at, row.stopped_by, row.agreed_at = None, "", at
        row.address = address or row.address
        row.save(update_fields=["stopped_at", "stopped_by", "agreed_at", "address"])


def staff_kinds() -> list[str]:
    """Return the kinds of letters staff choose a pace for, in their order; urgent ones come at once."""
    return [
        kind
        for kind, letter in LETTERS.items()
        if is_for_staff(kind) and kind != "digest" and not letter.urgent
    ]


def paces_of(account: UUID) -> dict[str, str]:
    """Return the pace a member of staff chose for each kind; what is not there comes at once."""
    return dict(StaffPace.objects.filter(account=account).values_list("kind", "pace"))


def choose_paces(account: UUID, paces: Mapping[str, str]) -> None:
    """Set how soon a member of staff hears of each kind. Refusal `letter_unknown` for any other kind."""
    kinds = set(staff_kinds())
    for kind, pace in paces.items():
        if kind not in kinds or pace not in Pace.values:
            raise Refusal(reasons.LETTER_UNKNOWN, field=kind)
    StaffPace.objects.bulk_create(
        [StaffPace(account_id=account, kind=kind, pace=pace) for kind, pace in paces.items()],
        update_conflicts=True,
        unique_fields=["account", "kind"],
        update_fields=["pace"],
    )
