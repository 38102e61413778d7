"""Forms that can tell a refusal beside the field it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms

if TYPE_CHECKING:
    from huying.kit.errors import Refusal


class TellingForm(forms.Form):
    """A form that remembers the refusal it was answered with, for the page's status."""

    refusal: Refusal | None = None

    def tell(self, refusal: Refusal, *, field: str | None = None) -> None:
        """Add a refusal as the error of its field (or of `field`), or of the whole form."""
        self.refusal = refusal
        name = field or refusal.field
        self.add_error(name if name in self.fields else None, refusal.sentence)
