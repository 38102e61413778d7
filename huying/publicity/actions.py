"""Every write to what is public: a clerk releases words and photos of a case, and takes them back."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction

from huying.cases.actions import lock_case
from huying.cases.models import Case, Evidence
from huying.cases.queries import voices
from huying.cases.reasons import NOT_FOUND, NOT_YOURS
from huying.cases.rules import may
from huying.catalogue.queries import item_card
from huying.intake.photos import drop_files, hold_files, store
from huying.kit.errors import Refusal
from huying.kit.redact import find
from huying.kit.text import bigrams, clean, on_one_line
from huying.ledger.actions import record
from huying.ledger.actor import SYSTEM
from huying.people.permissions import Permission
from huying.publicity import reasons
from huying.publicity.blur import Region, paint_over
from huying.publicity.facts import CasePublished, PublicationWithdrawn
from huying.publicity.models import PhotoSource, Publication, PublicPhoto
from huying.publicity.rules import rough_place, why_not_public

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from huying.ledger.actor import Actor

LONGEST_TITLE, LONGEST_TEXT, MOST_PHOTOS = 120, 4000, 12
PHOTO_KIND, THUMB_KIND = "public", "public-thumb"
# Why a page goes by itself (PublicationWithdrawn.reason).
APPELLANT_ASKED, NO_LONGER_PUBLIC = "appellant_asked", "no_longer_public"


@dataclass(frozen=True)
class PhotoChoice:
    """A photo a clerk lets the public see, and the regions painted over in it first."""

    source: str
    source_id: UUID
    regions: tuple[Region, ...] = ()


@dataclass(frozen=True)
class Words:
    """What the public is to read, as the clerk approved it, and see.

    `looked` says that the clerk has looked at what still seems personal and found that it is not.
    """

    title: str
    text: str
    reply: str = ""
    photos: Sequence[PhotoChoice] = field(default=())
    looked: bool = False


def publish_case(case_id: UUID, words: Words, *, by: Actor, at: datetime, seen: int) -> Publication:
    """Release these words and photos of a case to everybody; a page that is there already gets them instead.

    `seen` is the edition the clerk had on the screen, 0 for none. Refusals: `case_not_found`, `not_yours`,
    those of `why_not_public`, `published_meanwhile`, `words_missing`, `personal_left`, `photo_not_there`.
    """
    with transaction.atomic():
        hold_files()
        case = lock_case(case_id)
        _check_may(case, by)
        reason = why_not_public(case)
        if reason is not None:
            raise Refusal(reason)
        title, text, reply = _checked(words)
        page = Publication.objects.select_for_update().filter(case=case).first()
        if (page.edition if page else 0) != seen:
            raise Refusal(reasons.PUBLISHED_MEANWHILE)
        page = page or Publication(case=case, edition=0, number=case.number, district=case.district)
        item = item_card(case.item_id)
        page.title, page.text, page.reply = title, text, reply
        page.item_code, page.item_name = case.item_code, item.name if item else ""
        page.area_path, page.place_name = case.area_path, rough_place(case)[:120]
        page.search = bigrams(f"{title} {text} {reply} {page.item_name} {page.place_name} {page.number}")
        page.opened_at, page.published_at, page.edition = case.opened_at, at, page.edition + 1
        page.published_by_id, page.published_by_name = by.id, by.name[:80]
        page.withdrawn_at, page.withdrawn_by_name, page.withdraw_reason = None, "", ""
        digest = hashlib.sha256(json.dumps([title, text, reply], ensure_ascii=False).encode()).hexdigest()
        painted = sum(bool(choice.regions) for choice in words.photos)
        body = CasePublished(
            case=str(case.pk), number=case.number, edition=page.edition, words_sha256=digest,
            photos=len(words.photos), painted_over=painted,
        )  # fmt: skip
        record(page, body, district=case.district, by=by, at=at)
        page.save()
        forget_photos(page)
        PublicPhoto.objects.bulk_create(_photo(page, case, choice) for choice in words.photos)
        return page


def _check_may(case: Case, by: Actor) -> None:
    if not may(by, Permission.CASE_SEE, case):
        raise Refusal(NOT_FOUND)
    if not may(by, Permission.CASE_PUBLISH, case):
        raise Refusal(NOT_YOURS)


def _checked(words: Words) -> tuple[str, str, str]:
    title, text, reply = on_one_line(words.title)[:LONGEST_TITLE], clean(words.text), clean(words.reply)
    if not title or not text:
        raise Refusal(reasons.WORDS_MISSING, field="text" if title else "title")
    if len(words.photos) > MOST_PHOTOS or len({choice.source_id for choice in words.photos}) < len(
        words.photos
    ):
        raise Refusal(reasons.PHOTO_NOT_THERE)
    for name, told in (("title", title), ("text", text), ("reply", reply)):
        left = [told[span.start : span.end] for span in find(told)]
        if left and not words.looked:
            raise Refusal(reasons.PERSONAL_LEFT, field=name, what="、".join(left[:5]))
    return title, text[:LONGEST_TEXT], reply[:LONGEST_TEXT]


def _photo(page: Publication, case: Case, choice: PhotoChoice) -> PublicPhoto:
    """Return the row of a photo, painted anew into files of its own. Refusal `photo_not_there`."""
    stored_as, appeal_id, caption = _source(case, choice)
    image, thumbnail = paint_over(store().get(stored_as), choice.regions)
    return PublicPhoto(
        publication=page, source=choice.source, source_id=choice.source_id, appeal_id=appeal_id,
        stored_as=store().put(image, kind=PHOTO_KIND), thumb_as=store().put(thumbnail, kind=THUMB_KIND),
        regions=[list(region) for region in choice.regions], caption=caption,
    )  # fmt: skip


def _source(case: Case, choice: PhotoChoice) -> tuple[str, UUID | None, str]:
    """Return the stored file of a photo of this case, whose appeal it was, and its caption."""
    if choice.source == PhotoSource.EVIDENCE:
        shown = Evidence.objects.filter(pk=choice.source_id, reply__case=case, reply__passed=True).first()
        if shown is not None:
            return shown.stored_as, None, shown.caption
    else:
        own = voices(case).filter(photos__pk=choice.source_id).values_list("photos__stored_as", "pk").first()
        if own is not None:
            return own[0], own[1], ""
    raise Refusal(reasons.PHOTO_NOT_THERE)


def withdraw_publication(case_id: UUID, *, reason: str, by: Actor, at: datetime) -> Publication:
    """Take back what is public of a case; its words and photos are forgotten, that it was public is not.

    Refusals `case_not_found`, `not_yours`, `not_public`, `withdraw_reason_missing`.
    """
    if not clean(reason):
        raise Refusal(reasons.REASON_MISSING, field="reason")
    with transaction.atomic():
        case = lock_case(case_id)
        _check_may(case, by)
        page = Publication.objects.select_for_update().filter(case=case, withdrawn_at=None).first()
        if page is None:
            raise Refusal(reasons.NOT_PUBLIC)
        return _take_back(page, clean(reason)[:300], by=by, at=at)


def withdraw_own_words(appeal_id: UUID, *, by: Actor, at: datetime) -> Publication:
    """Take back the public page of the matter an appellant reported, because the appellant asks for it.

    Whose appeal it is the door has checked. Refusal `not_public` when there is no such page.
    """
    with transaction.atomic():
        own = Publication.objects.filter(
            case__memberships__appeal=appeal_id, case__memberships__until_at=None, withdrawn_at=None
        )
        page = Publication.objects.select_for_update().filter(pk__in=own.values("pk")).first()
        if page is None:
            raise Refusal(reasons.NOT_PUBLIC)
        return _take_back(page, APPELLANT_ASKED, by=by, at=at)


def withdraw_unfit(case_id: UUID, *, at: datetime) -> Publication | None:
    """Take back the page of a case that may not be public any more; None when there is nothing to take back.

    A case may become confidential, be merged or lose its public item after it was published.
    """
    with transaction.atomic():
        case = lock_case(case_id)
        page = Publication.objects.select_for_update().filter(case=case, withdrawn_at=None).first()
        if page is None or why_not_public(case) is None:
            return None
        return _take_back(page, NO_LONGER_PUBLIC, by=SYSTEM, at=at)


def _take_back(page: Publication, reason: str, *, by: Actor, at: datetime) -> Publication:
    body = PublicationWithdrawn(
        case=str(page.case_id), number=page.number, reason=reason, photos=page.photos.count()
    )
    record(page, body, district=page.district, by=by, at=at)
    page.title, page.text, page.reply, page.search = "", "", "", []
    page.withdrawn_at, page.withdrawn_by_name, page.withdraw_reason = at, by.name[:80], reason
    page.save()
    forget_photos(page)
    return page


def forget_photos(page: Publication, *, appeal_id: UUID | None = None) -> int:
    """Forget the public photos of a page (or those that came with one appeal); return how many.

    Their files stay only while another page names them.
    """
    gone = page.photos.all() if appeal_id is None else page.photos.filter(appeal_id=appeal_id)
    rows = list(gone)
    gone.delete()
    keys = {key for row in rows for key in (row.stored_as, row.thumb_as)}
    transaction.on_commit(lambda: drop_files(keys))
    return len(rows)
