"""How tests say that something must be refused, and that nothing changed by it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from huying.kit.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def refused(key: str, *, field: str | None = None) -> Iterator[None]:
    """Expect a refusal with this reason key (and about this field, when one is named)."""
    with pytest.raises(Refusal) as caught:
        yield
    refusal = caught.value
    if refusal.reason.key != key or (field is not None and refusal.field != field):
        pytest.fail(f"refused, but with {refusal} about {refusal.field}")
    if not refusal.sentence:
        pytest.fail(f"{key} has no sentence")
