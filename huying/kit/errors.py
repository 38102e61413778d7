"""Say why not: a refusal carries a reason key shared by page, API and test, and a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Reason:
    """Why something is not done.

    `key` is stable and read by programs, `sentence` is for people (translated lazily, may hold `{names}`),
    `status` is the HTTP status at the edge, `retry` says whether the same call may go through later.
    """

    key: str
    sentence: StrOrPromise
    status: int = 409
    retry: bool = False


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not a fault of the program
    """A request was understood and is not carried out, for a reason that can be told."""

    def __init__(
        self,
        reason: Reason,
        *,
        field: str | None = None,
        retry_after_seconds: int | None = None,
        **details: object,
    ) -> None:
        super().__init__(reason.key)
        self.reason = reason
        self.field = field
        self.retry_after_seconds = retry_after_seconds
        self.details = details

    @classmethod
    def telling(cls, reason: Reason, details: Mapping[str, object]) -> Self:
        """Return a refusal whose sentence is filled in from a mapping at hand."""
        refusal = cls(reason)
        refusal.details = dict(details)
        return refusal

    @property
    def sentence(self) -> str:
        """Return the sentence in the language active now, its names filled in.

        The plain cores know no Django and mark their sentences only; they are translated here.
        """
        from django.conf import settings

        template = str(self.reason.sentence)
        if settings.configured:
            from django.utils.translation import gettext

            template = gettext(template)
        return template.format(**self.details)

    def __str__(self) -> str:
        return f"{self.reason.key}: {self.sentence}"
