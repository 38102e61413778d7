"""Residents correct what their own account holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from huying.kit.text import on_one_line
from huying.people.models import Account, AccountKind

if TYPE_CHECKING:
    from uuid import UUID


def correct_account(account_id: UUID, *, name: str, language: str) -> None:
    """Change what a resident's account is called and written to in; an unknown language is none."""
    known = language if language in dict(settings.LANGUAGES) else ""
    own = Account.objects.filter(pk=account_id, kind=AccountKind.RESIDENT)
    own.update(name=on_one_line(name)[:40], language=known)
