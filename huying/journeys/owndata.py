"""Everything held on a resident, put together for the resident: as data and as a page, in one file."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone, translation

from huying.cases.models import Membership, Reply
from huying.feedback.models import Rating
from huying.intake.models import Appeal, Photo
from huying.intake.photos import store
from huying.intake.proxies import proxies_of
from huying.kit.storage import StoredFileMissing
from huying.ledger.queries import timeline
from huying.mydata.models import ErasureRequest
from huying.notify.letters import words_of
from huying.notify.models import Contact, Notice, Reach
from huying.people.access import ACCESS_REASONS, accesses_of
from huying.publicity.queries import public_numbers

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from huying.people.models import Account

# A copy is put together in memory; photos beyond this are named in it and can be fetched page by page.
MOST_PHOTO_BYTES = 100 * 2**20


@dataclass
class Own:
    """What is held: plain data, and the stored photos by the name they have in the file."""

    data: dict[str, Any]
    photos: dict[str, str] = field(default_factory=dict)


def gather(account: Account, *, at: datetime) -> Own:
    """Return everything held on an account; the number of queries does not grow with its appeals."""
    own = Own({})
    mine = Appeal.objects.filter(account=account).select_related("channel", "party")
    appeals = list(mine.order_by("received_at", "id"))
    ids = [appeal.pk for appeal in appeals]
    members = list(Membership.objects.filter(appeal__in=ids).select_related("case__unit").order_by("from_at"))
    replies = Reply.objects.filter(case__in={one.case_id for one in members}, passed=True)
    ratings = Rating.objects.filter(request__appeal__in=ids).select_related("request")
    told = {
        "members": _by_appeal(members), "photos": _photos(own, appeals),
        "replies": list(replies.order_by("at")), "ratings": list(ratings.order_by("at")),
        "notices": list(Notice.objects.filter(to_appeal_id__in=ids).order_by("at")),
        "facts": list(timeline(*(f"appeal:{key}" for key in ids))),
        "proxies": proxies_of(ids),
        "public": public_numbers([one.case_id for one in members]),
    }  # fmt: skip
    own.data = {
        "made_at": _time(at),
        "account": {
            "name": account.name, "phone": account.phone or "", "language": account.language,
            "joined_at": _time(account.joined_at), "last_sign_in": _time(account.last_login),
        },
        "appeals": [_appeal(appeal, told) for appeal in appeals],
        "looks": [
            {"at": _time(look.at), "subject": look.subject, "seen": look.seen,
             "why": str(ACCESS_REASONS.get(look.reason, look.reason))}
            for look in accesses_of(ids)
        ],
        "ways_to_reach": [
            {"channel": str(row.get_channel_display()), "address": row.address,
             "agreed_at": _time(row.agreed_at), "stopped_at": _time(row.stopped_at)}
            for row in Reach.objects.filter(Q(account=account) | Q(appeal_id__in=ids)).order_by("agreed_at")
        ],
        "addresses": [
            {"channel": str(one.get_channel_display()), "address": one.address,
             "proved_at": _time(one.proved_at)}
            for one in Contact.objects.filter(account=account).order_by("proved_at")
        ],
        "requests": [
            {"asked_at": _time(one.asked_at), "state": one.state, "decided_at": _time(one.decided_at),
             "reason": one.reason}
            for one in ErasureRequest.objects.filter(account=account).order_by("asked_at")
        ],
    }  # fmt: skip
    return own


def _time(at: datetime | None) -> str:
    return timezone.localtime(at).isoformat(timespec="seconds") if at else ""


def _by_appeal(members: list[Membership]) -> dict[UUID, list[Membership]]:
    found: dict[UUID, list[Membership]] = {}
    for member in members:
        found.setdefault(member.appeal_id, []).append(member)
    return found


def _photos(own: Own, appeals: list[Appeal]) -> dict[UUID, list[str]]:
    numbers = {appeal.pk: appeal.number for appeal in appeals}
    names: dict[UUID, list[str]] = {}
    for photo in Photo.objects.filter(appeal__in=numbers).order_by("id"):
        if photo.appeal_id is None:
            continue
        held = names.setdefault(photo.appeal_id, [])
        name = f"photos/{numbers[photo.appeal_id]}-{len(held) + 1}.jpg"
        held.append(name)
        own.photos[name] = photo.stored_as
    return names


def _appeal(appeal: Appeal, told: dict[str, Any]) -> dict[str, Any]:
    members: list[Membership] = told["members"].get(appeal.pk, [])
    party = getattr(appeal, "party", None)
    return {
        "number": appeal.number, "received_at": _time(appeal.received_at), "channel": appeal.channel.name,
        "title": appeal.title, "text": appeal.text, "place": appeal.place_words,
        "lat": appeal.lat, "lon": appeal.lon,
        "occurred_at": _time(appeal.occurred_at), "withdrawn_at": _time(appeal.withdrawn_at),
        "filed_for": told["proxies"][appeal.pk].relation if appeal.pk in told["proxies"] else "",
        "contact": {"name": party.name, "phone": party.phone, "email": party.email} if party else {},
        "photos": told["photos"].get(appeal.pk, []),
        "cases": [
            {
                "number": member.case.number, "state": str(member.case.get_status_display()),
                "unit": member.case.unit.name if member.case.unit else "", "from": _time(member.from_at),
                "until": _time(member.until_at), "public": member.case_id in told["public"],
            }
            for member in members
        ],
        "replies": [
            {"at": _time(reply.at), "text": reply.public_text, "solved": str(reply.get_solved_display())}
            for reply in told["replies"]
            if any(_while_inside(reply, member) for member in members)
        ],
        "ratings": [
            {
                "at": _time(rating.at), "solved": str(rating.get_solved_display()), "comment": rating.comment,
                "stars": {axis: getattr(rating, axis) for axis in ("speed", "result", "service", "process")},
            }
            for rating in told["ratings"]
            if rating.request.appeal_id == appeal.pk
        ],
        "notices": [
            {"at": _time(notice.at), "text": words_of(notice), "read_at": _time(notice.read_at)}
            for notice in told["notices"]
            if notice.to_appeal_id == appeal.pk
        ],
        "history": [
            {"at": _time(fact.at), "kind": fact.kind, "by": fact.actor_kind}
            for fact in told["facts"]
            if fact.stream == f"appeal:{appeal.pk}"
        ],
    }  # fmt: skip


def _while_inside(reply: Reply, member: Membership) -> bool:
    """Return whether a reply was given to a case while the appeal belonged to it, or is its last one now."""
    return reply.case_id == member.case_id and (member.until_at is None or reply.at <= member.until_at)


def make_copy(account: Account, *, language: str, at: datetime) -> bytes:
    """Return the file: data.json for programs, index.html to read, the photos beside them."""
    with translation.override(language or None):
        own = gather(account, at=at)
        out, left, size = io.BytesIO(), [], 0
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
            for name, key in own.photos.items():
                try:
                    data = store().get(key) if size <= MOST_PHOTO_BYTES else b""
                except StoredFileMissing:
                    data = b""
                size += len(data)
                if data:
                    file.writestr(zipfile.ZipInfo(name, _zip_time(at)), data)
                else:
                    left.append(name)
            own.data["photos_left_out"] = left
            file.writestr("data.json", json.dumps(own.data, ensure_ascii=False, indent=1))
            file.writestr("index.html", render_to_string("mydata/copy.html", {"own": own.data, "left": left}))
    return out.getvalue()


def _zip_time(at: datetime) -> tuple[int, int, int, int, int, int]:
    local = timezone.localtime(at)
    return local.year, local.month, local.day, local.hour, local.minute, local.second
