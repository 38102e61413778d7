"""Minutes as a document in its proper form: from the released minutes, or as a draft from what stands now."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from huying.kit.paper.minutes import Matter, Minutes, minutes_paper
from huying.people.queries import unit_book
from huying.places.queries import town_map
from huying.supervision.meetings import minutes_of
from huying.supervision.states import MeetingState

if TYPE_CHECKING:
    from datetime import datetime

    from huying.kit.paper.model import Paper
    from huying.supervision.models import Meeting

DRAFT = "草稿"


def paper_of(meeting: Meeting, *, at: datetime) -> Paper:
    """Return the minutes of a meeting as a document; what is not released is marked as a draft."""
    is_released = meeting.state == MeetingState.RELEASED
    told: dict[str, Any] = meeting.minutes if is_released and meeting.minutes else minutes_of(meeting)
    held_on = date.fromisoformat(told["starts_at"][:10])
    orders = [one for item in told["items"] for one in item["decisions"]]
    return minutes_paper(
        Minutes(
            body=told["body"], issuer=_issuer(meeting), held_on=held_on, place=told["where"],
            chair=told["chaired_by"] or told["body"], present=tuple(told["present"]),
            matters=tuple(_matter(item) for item in told["items"] if _is_told(item)),
            number=f"〔{told['year']}〕{told['number']}号", excused=tuple(told["excused"]),
            attending=tuple(told["listening"]), recorder=told["written_by"],
            orders=tuple(
                (one["text"], one["unit"], "、".join(one["assists"]), one["due_on"]) for one in orders
            ),
            copies_to=tuple(dict.fromkeys(one["unit"] for one in orders)),
            printed_on=meeting.released_at.date() if meeting.released_at else at.date(),
            mark="" if is_released else DRAFT,
        )
    )  # fmt: skip


def _is_told(item: dict[str, Any]) -> bool:
    """Return whether an item is told: the standing heading alone says nothing where topics follow it."""
    return not item["is_standing"] or bool(item["notes"] or item["decisions"])


def _matter(item: dict[str, Any]) -> Matter:
    return Matter(
        title=item["title"], told=item["notes"], decided=tuple(one["text"] for one in item["decisions"])
    )


def _issuer(meeting: Meeting) -> str:
    """Return who prints the minutes: the office of the area the body is of."""
    code = meeting.area_path.rpartition("/")[2]
    own = [card for card in unit_book().all() if card.area_path == meeting.area_path]
    card = town_map().by_code(code)
    top = min(own, key=lambda unit: unit.path.count("/"), default=None)
    return top.name if top else card.name if card else meeting.body.name
