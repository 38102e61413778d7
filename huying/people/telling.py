"""The book of rights in words: what each fact of accounts, roles and posts says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def tell_change(kind: str, data: Mapping[str, Any]) -> str:
    """Return a change of rights in a sentence; a kind without words is shown by its name."""
    words = _CHANGES.get(kind)
    return words(data) if words else kind


def _role(data: Mapping[str, Any]) -> str:
    before = {*data["unit_before"], *data["area_before"]}
    after = {*data["on_unit"], *data["on_area"]}
    told = [
        *(f"+{right}" for right in sorted(after - before)),
        *(f"−{right}" for right in sorted(before - after)),
    ]
    return _("Role %(role)s: %(change)s") % {"role": data["role"], "change": " ".join(told) or "="}


def _post(data: Mapping[str, Any]) -> str:
    return _("%(username)s became %(role)s in %(unit)s") % data


def _ended(data: Mapping[str, Any]) -> str:
    return _("%(username)s is %(role)s no more") % data


def _proposed(data: Mapping[str, Any]) -> str:
    return _("%(username)s was proposed as %(role)s") % data


def _decided(data: Mapping[str, Any]) -> str:
    if data["confirmed"]:
        return _("%(username)s was confirmed as %(role)s") % data
    return _("%(username)s was refused as %(role)s") % data


def _split(data: Mapping[str, Any]) -> str:
    return _("Administrators: system %(system)s, security %(security)s, audit %(audit)s") % data


_CHANGES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "RoleSet": _role,
    "PostGiven": _post,
    "PostEnded": _ended,
    "AdminProposed": _proposed,
    "AdminDecided": _decided,
    "AdminsSplit": _split,
    "AccountMade": lambda data: _("Account %(username)s was made") % data,
    "AccountLocked": lambda data: _("Account %(username)s was locked: %(reason)s") % data,
    "AccountUnlocked": lambda data: _("Account %(username)s was unlocked") % data,
    "PasswordReset": lambda data: _("%(username)s got a password for once") % data,
    "PasswordChanged": lambda data: _("%(username)s changed the password") % data,
    "SecondStepReset": lambda data: _("The second step of %(username)s was taken away") % data,
    "PowerTaken": lambda data: _("%(username)s took power: %(reason)s") % data,
    "RetentionSet": lambda data: _("%(kind)s is kept for %(days)d days: %(basis)s") % data,
    "PowerEnded": lambda data: _("The power of %(username)s ended") % data,
}
