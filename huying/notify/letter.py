"""What a letter is: words to be filled in, and the words once they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Letter:
    """The words of one kind of letter; names in braces come from the notice's data.

    `subject` heads it and is, together with `brief`, all that fits where a channel takes some twenty
    characters: what happened and what is next in a few words. `urgent` letters wait for no quiet hours.
    """

    PARTS: ClassVar[tuple[str, ...]] = ("subject", "happened", "next", "brief")

    subject: StrOrPromise
    happened: StrOrPromise
    next: StrOrPromise
    brief: StrOrPromise
    urgent: bool = False


@dataclass(frozen=True)
class Said:
    """What a letter says to one reader."""

    subject: str
    happened: str
    next: str
    brief: str
