"""The few numbers a model is learnt with; measured in docs/adr/0026, kept in the manifest."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Settings:
    """How to learn.

    `softness` is the ridge's penalty: higher trusts single texts less. `balance` 0 to 1 lifts small classes,
    1 until all count the same. `least_texts`: a feature seen in fewer known texts is not learnt. `read_chars`
    of a text are read. `most_weights` limits the model on disk (features x labels, 4 bytes each). `folds`
    hold-out rounds measure the model while it is learnt; `seed` draws them.
    """

    softness: float = 0.3
    balance: float = 1.0
    least_texts: int = 2
    read_chars: int = 2000
    most_weights: int = 8_000_000
    folds: int = 5
    seed: int = 7

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Self:
        """Return settings as they were told by `dataclasses.asdict`; ValueError when they are not."""
        names = {field.name for field in fields(cls)}
        if set(told) != names:
            raise ValueError("these are no settings of this version")
        return cls(**told)
