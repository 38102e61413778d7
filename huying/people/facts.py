"""What happens to accounts, roles and posts, as facts of the one book of rights."""

from __future__ import annotations

from dataclasses import dataclass

from huying.ledger.chain import FactBody


@dataclass(frozen=True)
class RoleSet(FactBody):
    """A role was made or changed: its rights before and after."""

    role: str
    name: str
    on_unit: tuple[str, ...]
    on_area: tuple[str, ...]
    unit_before: tuple[str, ...]
    area_before: tuple[str, ...]


@dataclass(frozen=True)
class PostGiven(FactBody):
    """Somebody was given a post."""

    post: str
    username: str
    unit: str
    role: str
    area: str
    items: tuple[str, ...]
    valid_from: str
    valid_until: str
    proposed_by: str


@dataclass(frozen=True)
class PostEnded(FactBody):
    """A post was given its last day."""

    post: str
    username: str
    role: str
    valid_until: str


@dataclass(frozen=True)
class AdminProposed(FactBody):
    """Somebody was proposed as an administrator; another must confirm it."""

    proposal: str
    username: str
    role: str


@dataclass(frozen=True)
class AdminDecided(FactBody):
    """A proposal was confirmed or refused by somebody else."""

    proposal: str
    username: str
    role: str
    confirmed: bool


@dataclass(frozen=True)
class AccountMade(FactBody):
    """A member of staff got an account."""

    username: str


@dataclass(frozen=True)
class AccountLocked(FactBody):
    """An account was locked; whoever is signed in with it is out."""

    username: str
    reason: str


@dataclass(frozen=True)
class AccountUnlocked(FactBody):
    """A locked account may come in again."""

    username: str


@dataclass(frozen=True)
class PasswordReset(FactBody):
    """An account got a password for once, to be changed at the next sign-in."""

    username: str


@dataclass(frozen=True)
class PasswordChanged(FactBody):
    """Somebody changed their own password."""

    username: str


@dataclass(frozen=True)
class SecondStepReset(FactBody):
    """The second step of signing in was taken away because the phone is lost."""

    username: str


@dataclass(frozen=True)
class AdminsSplit(FactBody):
    """The one administrator was split into three."""

    system: str
    security: str
    audit: str


@dataclass(frozen=True)
class PowerTaken(FactBody):
    """An administrator took power to look into cases, for a stated reason and a short time."""

    power: str
    username: str
    reason: str
    ends_at: str


@dataclass(frozen=True)
class PowerEnded(FactBody):
    """A session of power ended."""

    power: str
    username: str
    how: str


@dataclass(frozen=True)
class PostHandedOver(FactBody):
    """A post goes to somebody else from a day on."""

    post: str
    new_post: str
    username: str
    to_username: str
    unit: str
    role: str
    from_on: str


@dataclass(frozen=True)
class WorkHandedOver(FactBody):
    """What the holder of a post had in hand went to the next one."""

    post: str
    username: str
    to_username: str
    cases: tuple[str, ...]
    phrases: int
    views: int = 0
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class DeputyNamed(FactBody):
    """Somebody acts for the holder of a post, from when to when."""

    post: str
    deputy_post: str
    username: str
    for_username: str
    valid_from: str
    valid_until: str
