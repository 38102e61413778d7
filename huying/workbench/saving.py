"""Saved views: every write to them, and who finds which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Q

from huying.kit.errors import Refusal
from huying.kit.text import on_one_line
from huying.workbench import reasons
from huying.workbench.columns import known_columns
from huying.workbench.lens import Lens, read_lens
from huying.workbench.models import ListHabit, SavedView, SharedWith, ViewUse
from huying.workbench.owner import owner_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from huying.ledger.actor import Actor

LONGEST_NAME = 60
MOST_VIEWS = 100


@dataclass(frozen=True)
class ViewCard:
    """A view as one person finds it: its lens, whether it is theirs, and how they use it."""

    id: UUID
    name: str
    lens: Lens
    owner: str
    mine: bool
    shared_with: str
    unit_id: UUID | None
    pinned: bool
    at_start: bool


def _found_by(by: Actor) -> QuerySet[SavedView]:
    """Return the views a member of staff finds: their own, those of their units, those for everyone."""
    shared = Q(shared_with=SharedWith.EVERYONE) | Q(unit_id__in=by.unit_ids, shared_with=SharedWith.UNIT)
    return SavedView.objects.filter(Q(owner_id=owner_of(by)) | shared).select_related("owner")


def views_of(by: Actor, listed: str = "") -> list[ViewCard]:
    """Return the views somebody finds (of one list), pinned ones first, then by name: two statements.

    A view kept from before the filters changed, which can no longer be read, is left out.
    """
    uses = {use.view_id: use for use in ViewUse.objects.filter(account_id=owner_of(by))}
    found = _found_by(by).filter(listed=listed) if listed else _found_by(by)
    cards = [card for view in found if (card := _card(view, uses.get(view.pk), by)) is not None]
    return sorted(cards, key=lambda card: (not card.pinned, not card.mine, card.name))


def _card(view: SavedView, use: ViewUse | None, by: Actor) -> ViewCard | None:
    try:
        lens = read_lens(view.listed, view.filters, columns=view.columns, order=view.order)
    except Refusal:
        return None
    return ViewCard(
        view.pk, view.name, lens, str(view.owner), view.owner_id == by.id, view.shared_with, view.unit_id,
        pinned=use is not None and use.pinned, at_start=use is not None and use.at_start,
    )  # fmt: skip


def find_view(view_id: UUID, *, by: Actor) -> ViewCard:
    """Return a view somebody may use; Refusal `view_not_found`."""
    view = _found_by(by).filter(pk=view_id).first()
    use = ViewUse.objects.filter(account_id=owner_of(by), view_id=view_id).first()
    card = _card(view, use, by) if view is not None else None
    if card is None:
        raise Refusal(reasons.VIEW_NOT_FOUND)
    return card


def start_view(by: Actor) -> ViewCard | None:
    """Return the view somebody starts with, if they may still see it."""
    use = ViewUse.objects.filter(account_id=owner_of(by), at_start=True, view__in=_found_by(by)).first()
    return _card(use.view, use, by) if use is not None else None


def save_view(
    name: str, lens: Lens, *, shared_with: str, unit_id: UUID | None = None, by: Actor, at: datetime
) -> SavedView:
    """Save a lens under a name; Refusals `view_name_missing`, `view_name_taken`, `views_too_many`,
    `unit_not_yours`.
    """  # noqa: D205 - the refusals belong to the one sentence
    if SavedView.objects.filter(owner_id=owner_of(by)).count() >= MOST_VIEWS:
        raise Refusal(reasons.VIEWS_TOO_MANY, most=MOST_VIEWS)
    view = SavedView(owner_id=owner_of(by), listed=lens.listed, saved_at=at)
    _look_through(view, lens)
    _name(view, name)
    _share(view, shared_with, unit_id, by)
    return _write(view)


def change_view(
    view_id: UUID,
    *,
    name: str | None = None,
    lens: Lens | None = None,
    shared_with: str | None = None,
    unit_id: UUID | None = None,
    by: Actor,
    at: datetime,
) -> SavedView:
    """Rename a view of one's own, look through it anew, or share it otherwise; what is None stays.

    Refusals as for `save_view`, and `view_not_found`, `view_not_yours`.
    """
    with transaction.atomic():
        view = _mine(view_id, by)
        view.saved_at = at
        if name is not None:
            _name(view, name)
        if lens is not None:
            _look_through(view, lens)
        if shared_with is not None:
            _share(view, shared_with, unit_id, by)
        return _write(view)


def drop_view(view_id: UUID, *, by: Actor) -> None:
    """Delete a view of one's own, for everybody it was shared with."""
    with transaction.atomic():
        _mine(view_id, by).delete()


def copy_view(view_id: UUID, *, by: Actor, at: datetime) -> SavedView:
    """Make a view one finds one's own, under a name that is free; nobody else finds the copy."""
    card = find_view(view_id, by=by)
    taken = set(SavedView.objects.filter(owner_id=owner_of(by)).values_list("name", flat=True))
    return save_view(_free(card.name, taken), card.lens, shared_with=SharedWith.NOBODY, by=by, at=at)


def pass_views(from_account: UUID, to_account: UUID, *, unit_ids: Collection[UUID], at: datetime) -> int:
    """Give the next holder of a post what the one before looked through; return how many views.

    Views shared with the units of the post become the next holder's, so that somebody goes on keeping them;
    of the others a copy nobody else finds is made. A name that is taken gets a number.
    """
    taken = set(SavedView.objects.filter(owner_id=to_account).values_list("name", flat=True))
    room = max(0, MOST_VIEWS - len(taken))
    old = SavedView.objects.select_for_update().filter(owner_id=from_account).order_by("name")
    for view in (passed := list(old[:room])):
        pinned = ViewUse.objects.filter(account_id=from_account, view=view, pinned=True).exists()
        name = _free(view.name, taken)
        taken.add(name)
        if view.shared_with == SharedWith.UNIT and view.unit_id in unit_ids:
            view.name, view.owner_id, view.saved_at = name, to_account, at
            view.save()
            now = view
        else:
            now = SavedView.objects.create(
                owner_id=to_account, name=name, listed=view.listed, filters=view.filters,
                columns=view.columns, order=view.order, saved_at=at,
            )  # fmt: skip
        if pinned:
            ViewUse.objects.update_or_create(account_id=to_account, view=now, defaults={"pinned": True})
    return len(passed)


def _free(name: str, taken: Collection[str]) -> str:
    """Return a name nobody uses yet: this one, else with a number."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name[: LONGEST_NAME - 5]} ({number})"
    return free


def pin_view(view_id: UUID, *, pinned: bool, by: Actor) -> None:
    """Show a view above the list, or no longer; for oneself only."""
    card = find_view(view_id, by=by)
    ViewUse.objects.update_or_create(account_id=owner_of(by), view_id=card.id, defaults={"pinned": pinned})


def start_with(view_id: UUID | None, *, by: Actor) -> None:
    """Open the desk with this view from now on; with none: as a desk opens by itself."""
    with transaction.atomic():
        ViewUse.objects.filter(account_id=owner_of(by), at_start=True).update(at_start=False)
        if view_id is not None:
            card = find_view(view_id, by=by)
            ViewUse.objects.update_or_create(
                account_id=owner_of(by), view_id=card.id, defaults={"at_start": True}
            )


def keep_habit(listed: str, *, columns: tuple[str, ...], order: str, by: Actor) -> None:
    """Remember how somebody likes a list, where no saved view says otherwise."""
    set_to = {"columns": list(known_columns(columns)), "order": order}
    ListHabit.objects.update_or_create(account_id=owner_of(by), listed=listed, defaults=set_to)


def habit_of(by: Actor, listed: str) -> tuple[tuple[str, ...], str]:
    """Return the columns and order somebody likes a list in; nothing where nothing is remembered."""
    habit = ListHabit.objects.filter(account_id=owner_of(by), listed=listed).first()
    return (known_columns(habit.columns), habit.order) if habit else ((), "")


def _mine(view_id: UUID, by: Actor) -> SavedView:
    view = _found_by(by).filter(pk=view_id).select_for_update(of=("self",)).first()
    if view is None:
        raise Refusal(reasons.VIEW_NOT_FOUND)
    if view.owner_id != by.id:
        raise Refusal(reasons.VIEW_NOT_YOURS)
    return view


def _name(view: SavedView, name: str) -> None:
    view.name = on_one_line(name)[:LONGEST_NAME]
    if not view.name:
        raise Refusal(reasons.VIEW_NAME_MISSING, field="name")


def _look_through(view: SavedView, lens: Lens) -> None:
    view.listed, view.filters = lens.listed, lens.told
    view.columns, view.order = list(lens.columns), lens.order


def _share(view: SavedView, shared_with: str, unit_id: UUID | None, by: Actor) -> None:
    if shared_with not in SharedWith.values:
        raise Refusal(reasons.FILTER_UNREADABLE, what="shared_with", field="shared_with")
    view.shared_with, view.unit_id = shared_with, None
    if shared_with == SharedWith.UNIT:
        chosen = unit_id or next(iter(by.unit_ids), None)
        if chosen is None or chosen not in by.unit_ids:
            raise Refusal(reasons.UNIT_NOT_YOURS, field="shared_with")
        view.unit_id = chosen


def _write(view: SavedView) -> SavedView:
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as error:
        if "a_person_names_a_view_once" not in str(error):
            raise
        raise Refusal(reasons.VIEW_NAME_TAKEN, field="name") from error
    return view
