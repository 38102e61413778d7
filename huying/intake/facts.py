"""What happens to an appeal, as facts. No name, number or text of a resident goes into the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from huying.ledger.chain import FactBody


@dataclass(frozen=True)
class AppealReceived(FactBody):
    """A channel handed an appeal over and it is on disk."""

    tells: ClassVar[bool] = True
    number: str
    channel: str
    inbound: str
    text_sha256: str
    photos: int
    held_for: str


@dataclass(frozen=True)
class AppealWithdrawn(FactBody):
    """The resident took the appeal back."""

    tells: ClassVar[bool] = True
    reason: str


@dataclass(frozen=True)
class LinkRenewed(FactBody):
    """The old link no longer opens the appeal."""


@dataclass(frozen=True)
class ContactCorrected(FactBody):
    """The resident changed the name or phone the appeal is answered at; what they are is not told here."""

    tells: ClassVar[bool] = True


@dataclass(frozen=True)
class ProxyNamed(FactBody):
    """The resident typed the appeal for another, who agreed; neither is named here."""

    tells: ClassVar[bool] = True
    relation: str


@dataclass(frozen=True)
class ProxyEnded(FactBody):
    """The one who typed the appeal follows it no longer; the old link is worthless."""

    tells: ClassVar[bool] = True
    by_typist: bool


@dataclass(frozen=True)
class AppealMasked(FactBody):
    """What points at a person was taken out for good: contact, raw form, photos, parts of the text."""

    tells: ClassVar[bool] = True
    why: str
    photos: int


@dataclass(frozen=True)
class HoldSet(FactBody):
    """The appeal must stay whole for now."""

    reason: str


@dataclass(frozen=True)
class HoldLifted(FactBody):
    """The appeal need not stay whole any longer."""


@dataclass(frozen=True)
class RetentionSet(FactBody):
    """The town changed how long a kind of ending is kept; written into the book of rights."""

    kind: str
    days: int
    basis: str
