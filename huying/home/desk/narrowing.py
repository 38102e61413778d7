"""Narrowing what a page shows: choices known only when somebody looks, read from the page's address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms

from huying.cases.words import item_name
from huying.catalogue.queries import published

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django_stubs_ext import StrOrPromise

# Item groups are offered down to the second level of the catalogue.
_FINEST_LEVEL = 2


class NarrowingForm(forms.Form):
    """What a page is narrowed to by its address. What cannot be read narrows nothing."""

    def choose(self, name: str, choices: Iterable[tuple[str, StrOrPromise]]) -> None:
        """Offer these choices in a field: value and label."""
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(choices)

    def told(self) -> dict[str, str]:
        """Return what was chosen and could be read."""
        self.full_clean()
        if not self.is_bound:
            return {}
        return {name: str(value) for name, value in self.cleaned_data.items() if value}


def item_groups() -> list[tuple[str, StrOrPromise]]:
    """Return the item groups of the published catalogue: code and name, in the order of their codes."""
    codes = sorted(card.code for card in published().by_code.values() if card.level <= _FINEST_LEVEL)
    return [(code, item_name(code)) for code in codes]
