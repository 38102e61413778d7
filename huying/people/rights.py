"""Changing who may do what: roles, posts, and administrators whom a second person confirms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from huying.kit.errors import Refusal
from huying.kit.text import on_one_line
from huying.people import reasons
from huying.people.actions import give_post
from huying.people.book import SHANGHAI, open_book
from huying.people.facts import AdminDecided, AdminProposed, PostEnded, PostGiven, RoleSet
from huying.people.models import Account, AccountKind, AdminProposal, Post, Role
from huying.people.permissions import AdminKind, Permission, admin_kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from huying.ledger.actor import Actor
    from huying.people.models import Unit
    from huying.places.models import Area

# What an auditor's role may hold beside the right to audit: only what reads.
AUDITOR_MAY = frozenset({Permission.AUDIT_SEE, Permission.STATS_SEE})


def set_role(
    key: str,
    *,
    name: str,
    name_en: str = "",
    on_unit: Iterable[str] = (),
    on_area: Iterable[str] = (),
    new: bool = False,
    by: Actor,
    at: datetime,
) -> Role:
    """Make a role or change what it gives.

    Refusal `own_rights` when the change would raise what the actor may do, `role_mixes_admins`,
    `auditor_changes_nothing`, `role_becomes_admin` (people hold it: its posts were never confirmed),
    `role_unknown`, `role_key_taken`, `right_unknown` or `role_name_missing`.
    """
    rights = tuple(sorted(set(on_unit))), tuple(sorted(set(on_area)))
    if not set(rights[0] + rights[1]) <= set(Permission):
        raise Refusal(reasons.RIGHT_UNKNOWN)
    if not on_one_line(name):
        raise Refusal(reasons.ROLE_NAME_MISSING, field="name")
    with open_book(Permission.PEOPLE_EDIT, by=by, at=at) as book:
        role = Role.objects.filter(key=key).first()
        if new and role is not None:
            raise Refusal(reasons.ROLE_KEY_TAKEN, field="key")
        if not new and role is None:
            raise Refusal(reasons.ROLE_UNKNOWN)
        role = role or Role(key=key)
        before = tuple(role.on_unit), tuple(role.on_area)
        _check_role(role, rights, by=by, at=at)
        role.name, role.name_en = on_one_line(name)[:30], on_one_line(name_en)[:60]
        role.on_unit, role.on_area = list(rights[0]), list(rights[1])
        role.save(force_insert=new)
        book.write(
            RoleSet(
                role=key, name=role.name, on_unit=rights[0], on_area=rights[1],
                unit_before=before[0], area_before=before[1],
            )
        )  # fmt: skip
        role.refresh_from_db()
        return role


def _check_role(
    role: Role, rights: tuple[tuple[str, ...], tuple[str, ...]], *, by: Actor, at: datetime
) -> None:
    both = {*rights[0], *rights[1]}
    was, becomes = admin_kind([*role.on_unit, *role.on_area]), admin_kind(both)
    if becomes == AdminKind.WHOLE and was != AdminKind.WHOLE:
        raise Refusal(reasons.ROLE_MIXES_ADMINS)
    if becomes == AdminKind.AUDIT and not both <= AUDITOR_MAY:
        raise Refusal(reasons.AUDITOR_CHANGES_NOTHING)
    held = Post.objects.held_on(at.astimezone(SHANGHAI).date()).filter(role=role)
    if becomes not in (AdminKind.NONE, was) and was != AdminKind.WHOLE and held.exists():
        raise Refusal(reasons.ROLE_BECOMES_ADMIN)
    raised = set(rights[0]) - set(role.on_unit) | set(rights[1]) - set(role.on_area)
    if raised and by.id is not None and held.filter(account_id=by.id).exists():
        raise Refusal(reasons.OWN_RIGHTS)


def appoint(
    account: Account,
    *,
    unit: Unit,
    role: Role,
    valid_from: date,
    valid_until: date | None = None,
    area: Area | None = None,
    items: Sequence[str] = (),
    by: Actor,
    at: datetime,
) -> Post | AdminProposal:
    """Give somebody a post; an administrator's post becomes a proposal that another has to confirm.

    Refusal `own_rights`, `not_staff`, `post_dates_wrong`, `post_held_already` or `two_kinds_of_admin`.
    """
    _check_appointee(account, by)
    if valid_until is not None and valid_until <= valid_from:
        raise Refusal(reasons.POST_DATES_WRONG, field="valid_until")
    with open_book(Permission.PEOPLE_EDIT, by=by, at=at) as book:
        role = Role.objects.get(pk=role.pk)
        if Post.objects.filter(
            _running_into(valid_from, valid_until), account=account, unit=unit, role=role, area=area
        ).exists():
            raise Refusal(reasons.POST_HELD_ALREADY)
        if role.admin_of:
            _check_one_kind(account, role, valid_from, valid_until)
            proposal = AdminProposal.objects.create(
                account=account, unit=unit, role=role, valid_from=valid_from, valid_until=valid_until,
                proposed_by_id=by.id, proposed_at=at,
            )  # fmt: skip
            book.write(AdminProposed(proposal=str(proposal.pk), username=account.username, role=role.key))
            return proposal
        post = give_post(
            account, unit=unit, role=role.key, valid_from=valid_from, area=area, items=items,
            valid_until=valid_until,
        )  # fmt: skip
        book.write(_given(post))
        return post


def _check_appointee(account: Account, by: Actor) -> None:
    if account.kind != AccountKind.STAFF:
        raise Refusal(reasons.NOT_STAFF)
    if by.id == account.pk:
        raise Refusal(reasons.OWN_RIGHTS)


def _running_into(first: date, last: date | None) -> Q:
    over = Q(valid_until__isnull=True) | Q(valid_until__gt=first)
    return over & Q(valid_from__lt=last) if last else over


def _check_one_kind(account: Account, role: Role, first: date, last: date | None) -> None:
    """Refuse what the database refuses, too, but in words."""
    other = Post.objects.filter(_running_into(first, last), account=account)
    if other.exclude(admin_of__in=["", role.admin_of]).exists():
        raise Refusal(reasons.TWO_KINDS_OF_ADMIN)


def _given(post: Post, proposed_by: str = "") -> PostGiven:
    return PostGiven(
        post=str(post.pk), username=post.account.username, unit=post.unit.code, role=post.role_id,
        area=post.area.code if post.area else "", items=tuple(post.items),
        valid_from=post.valid_from.isoformat(),
        valid_until=post.valid_until.isoformat() if post.valid_until else "", proposed_by=proposed_by,
    )  # fmt: skip


def decide_admin(proposal_id: UUID, *, confirmed: bool, by: Actor, at: datetime) -> AdminProposal:
    """Confirm or refuse a proposed administrator; confirming gives the post.

    Refusal `not_by_yourself` for the proposer and for the one it is for, `proposal_decided`, or
    `two_kinds_of_admin`.
    """
    with open_book(Permission.PEOPLE_EDIT, Permission.SYSTEM_EDIT, by=by, at=at) as book:
        proposal = AdminProposal.objects.select_related("account", "role", "unit", "proposed_by").get(
            pk=proposal_id
        )
        if proposal.decided_at is not None:
            raise Refusal(reasons.PROPOSAL_DECIDED)
        if by.id is None or by.id in (proposal.proposed_by_id, proposal.account_id):
            raise Refusal(reasons.NOT_BY_YOURSELF)
        proposal.decided_by_id, proposal.decided_at, proposal.confirmed = by.id, at, confirmed
        proposal.save()
        bodies: list[AdminDecided | PostGiven] = [
            AdminDecided(
                proposal=str(proposal.pk), username=proposal.account.username, role=proposal.role_id,
                confirmed=confirmed,
            )
        ]  # fmt: skip
        if confirmed:
            first = max(proposal.valid_from, at.astimezone(SHANGHAI).date())
            _check_one_kind(proposal.account, proposal.role, first, proposal.valid_until)
            post = give_post(
                proposal.account, unit=proposal.unit, role=proposal.role_id, valid_from=first,
                valid_until=proposal.valid_until,
            )  # fmt: skip
            bodies.append(_given(post, str(proposal.proposed_by or "")))
        book.write(*bodies)
        return proposal


def end_post(post_id: UUID, *, by: Actor, at: datetime) -> Post:
    """End a post now: from this day on it gives no right.

    A post given and taken back within one day counts as held the day before; the facts tell the hours.
    Refusal `post_over` or `last_administrator`.
    """
    day = at.astimezone(SHANGHAI).date()
    with open_book(Permission.PEOPLE_EDIT, by=by, at=at) as book:
        post = Post.objects.select_related("account").get(pk=post_id)
        if post.valid_until is not None and post.valid_until <= day:
            raise Refusal(reasons.POST_OVER)
        if post.valid_from >= day:
            post.valid_from = date_before(day)
        post.valid_until = day
        post.save(update_fields=["valid_from", "valid_until"])
        book.write(
            PostEnded(
                post=str(post.pk), username=post.account.username, role=post.role_id,
                valid_until=day.isoformat(),
            )
        )  # fmt: skip
        return post


def date_before(day: date) -> date:
    """Return the day before."""
    return day.fromordinal(day.toordinal() - 1)


def open_proposals() -> list[AdminProposal]:
    """Return the proposed administrators nobody has decided about, the oldest first."""
    waiting = AdminProposal.objects.filter(decided_at=None)
    return list(waiting.select_related("account", "role", "unit", "proposed_by").order_by("proposed_at"))
