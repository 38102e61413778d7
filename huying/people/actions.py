"""Every write to people: units, accounts, posts, machine keys, sign-in codes."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import check_password, make_password
from django.db import connection, transaction
from django.db.models import F

from huying.kit.errors import Refusal
from huying.ledger.snapshots import announce
from huying.people import reasons
from huying.people.models import Account, AccountKind, ApiKey, PhoneCode, Post, Role, Unit
from huying.people.permissions import STARTER_ROLES
from huying.people.queries import EDITION, hash_key
from huying.places.core.chinese import initials, pinyin
from huying.places.queries import standing_areas

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from huying.places.models import Area

CODE_MINUTES = 5
# Hours, and how many codes one phone gets within them.
CODES_MOST = ((1, 5), (24, 10))
CODES_KEPT = timedelta(days=2)


def set_starter_roles() -> None:
    """Write the roles a new town starts with; roles the town changed stay as they are."""
    for role in STARTER_ROLES:
        values = {
            "name": role.name,
            "name_en": role.name_en,
            "on_unit": [str(p) for p in role.on_unit],
            "on_area": [str(p) for p in role.on_area],
        }
        Role.objects.get_or_create(key=role.key, defaults=values)


@dataclass(frozen=True)
class UnitDraft:
    """A unit to be set up. `parent` is a unit code, `area` an area code; `roles` are duty role keys."""

    code: str
    name: str
    name_en: str = ""
    short_names: tuple[str, ...] = ()
    parent: str | None = None
    roles: tuple[str, ...] = ()
    area: str | None = None


def set_up_units(drafts: Sequence[UnitDraft]) -> dict[str, Unit]:
    """Write units, parents before children; return all of them by code.

    A unit moved in the tree takes those below it along. Refusal `parent_unknown` or `area_unknown`.
    """
    with transaction.atomic():
        areas = standing_areas()
        units = {unit.code: unit for unit in Unit.objects.all()}
        for draft in drafts:
            if draft.parent and draft.parent not in units:
                raise Refusal(reasons.PARENT_UNKNOWN, code=draft.parent)
            if draft.area and draft.area not in areas:
                raise Refusal(reasons.AREA_UNKNOWN, code=draft.area)
            parent = units[draft.parent] if draft.parent else None
            stood = units[draft.code].path if draft.code in units else ""
            unit, _ = Unit.objects.update_or_create(
                code=draft.code,
                defaults={
                    "name": draft.name,
                    "name_en": draft.name_en,
                    "short_names": list(draft.short_names),
                    "pinyin": pinyin(draft.name)[:300],
                    "initials": initials(draft.name)[:60],
                    "parent": parent,
                    "path": f"{parent.path}/{draft.code}" if parent else draft.code,
                    "roles": list(draft.roles),
                    "area": areas[draft.area] if draft.area else None,
                },
            )
            units[draft.code] = unit
            if stood not in {"", unit.path}:
                _take_along(stood, unit.path, units)
        announce(EDITION)
        return units


def _take_along(old: str, new: str, units: dict[str, Unit]) -> None:
    """Give the units below a moved one their new paths."""
    for unit in units.values():
        if unit.path.startswith(f"{old}/"):
            unit.path = new + unit.path.removeprefix(old)
            unit.save(update_fields=["path"])


def make_staff(username: str, *, name: str, password: str) -> Account:
    """Return a new member of staff who signs in with a password."""
    return Account.objects.create_user(username, password, name=name, kind=AccountKind.STAFF)


def give_post(
    account: Account,
    *,
    unit: Unit,
    role: str,
    valid_from: date,
    area: Area | None = None,
    items: Sequence[str] = (),
    valid_until: date | None = None,
    deputy_of: Post | None = None,
) -> Post:
    """Give an account a post: its rights hold from the first day until the last, not included."""
    return Post.objects.create(
        account=account,
        unit=unit,
        role_id=role,
        area=area,
        items=list(items),
        valid_from=valid_from,
        valid_until=valid_until,
        deputy_of=deputy_of,
    )


def make_api_key(name: str, *, channel: str) -> str:
    """Make a key for a machine of a channel and return it; it cannot be read again."""
    key = f"hy_{secrets.token_urlsafe(32)}"
    ApiKey.objects.create(name=name, channel=channel, key_hash=hash_key(key))
    announce(EDITION)
    return key


def make_phone_code(phone: str, *, at: datetime) -> str:
    """Make a six-digit sign-in code for a phone and return it for sending; only its hash is kept.

    Refusal `too_many_codes` after five codes in an hour or ten in a day, whoever asked for them.
    """
    with transaction.atomic():
        # Two who ask at once wait for each other: neither slips past the count.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"code:{phone}"])
        sent = PhoneCode.objects.filter(phone=phone)
        for hours, most in CODES_MOST:
            if sent.filter(sent_at__gt=at - timedelta(hours=hours)).count() >= most:
                raise Refusal(reasons.TOO_MANY_CODES, retry_after_seconds=hours * 3600)
        code = f"{secrets.randbelow(10**6):06d}"
        PhoneCode.objects.create(
            phone=phone,
            code_hash=make_password(code),
            sent_at=at,
            expires_at=at + timedelta(minutes=CODE_MINUTES),
        )
        return code


def forget_codes(*, at: datetime) -> int:
    """Delete codes no limit counts any more, and the numbers with them; return how many."""
    return PhoneCode.objects.filter(sent_at__lt=at - CODES_KEPT).delete()[0]


def sign_in_by_code(phone: str, code: str, *, at: datetime) -> Account:
    """Return the resident's account for a right code, made at the first time; a code works once.

    Refusal `wrong_code` when it is wrong, old, used, or was tried too often.
    """
    with transaction.atomic():
        newest = (
            PhoneCode.objects.select_for_update()
            .filter(phone=phone, used_at=None)
            .order_by("-sent_at")
            .first()
        )
        usable = newest is not None and newest.expires_at > at and newest.tries_left > 0
        right = newest is not None and usable and check_password(code, newest.code_hash)
        if right and newest is not None:
            newest.used_at = at
            newest.save(update_fields=["used_at"])
            account, _ = Account.objects.get_or_create(
                phone=phone,
                kind=AccountKind.RESIDENT,
                defaults={"username": f"r-{secrets.token_hex(12)}", "password": make_password(None)},
            )
            return account
    # Counted outside the transaction that refuses, so that a wrong try costs one for certain.
    if newest is not None:
        PhoneCode.objects.filter(pk=newest.pk, tries_left__gt=0).update(tries_left=F("tries_left") - 1)
    raise Refusal(reasons.WRONG_CODE, field="code")


def check_totp(account: Account, code: str, *, at: datetime) -> bool:
    """Return whether a one-time password is right and new; each counts once."""
    import pyotp

    totp = pyotp.TOTP(account.totp_secret)
    for step_back in (0, -1, 1):
        step = int(at.timestamp()) // totp.interval + step_back
        if (
            hmac.compare_digest(totp.generate_otp(step).encode(), code.encode())
            and step > account.totp_last_step
        ):
            newer = Account.objects.filter(pk=account.pk, totp_last_step__lt=step)
            return newer.update(totp_last_step=step) == 1
    return False
