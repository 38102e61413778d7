"""What goes along with a letter: the files of a released bulletin, for whoever may read it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings

from huying.bulletin.document import masthead_of
from huying.bulletin.models import Bulletin, BulletinState
from huying.bulletin.numbering import head_of
from huying.bulletin.printing import KINDS, kept_print
from huying.bulletin.rules import bulletins_visible_to
from huying.notify.channels.port import Enclosure
from huying.notify.models import Channel
from huying.people.queries import actor_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from huying.notify.models import Delivery
    from huying.people.models import Account

# The PDF first: it opens everywhere, and where only one of them fits, it is the one.
ENDINGS = ("pdf", "docx")


def enclosures(
    deliveries: Sequence[Delivery], accounts: Mapping[UUID, Account], *, at: datetime
) -> dict[UUID, tuple[Enclosure, ...]]:
    """Return the files of each delivery that has some, by its key.

    Only e-mail carries files, and only to an account that may read the bulletin at this moment: somebody who
    changed posts since it was released gets the letter without them.
    """
    if not settings.CHANNELS["mail_files_mb"]:
        return {}
    wanted = [
        one for one in deliveries if one.channel == Channel.EMAIL and one.notice.kind == "bulletin_released"
    ]
    files: dict[str, tuple[Enclosure, ...]] = {}
    found = {}
    for one in wanted:
        account = accounts.get(UUID(one.reader.partition(":")[2]))
        key = one.notice.data["bulletin"]
        if account is None or not _may_read(account, key, at=at):
            continue
        if key not in files:
            files[key] = _files_of(key)
        found[one.pk] = files[key]
    return found


def _may_read(account: Account, key: str, *, at: datetime) -> bool:
    seen = Bulletin.objects.filter(bulletins_visible_to(actor_of(account, at=at)))
    return seen.filter(pk=key, state=BulletinState.RELEASED).exists()


def _files_of(key: str) -> tuple[Enclosure, ...]:
    """Return a released bulletin's files as they were kept, named to be found again in a mailbox."""
    bulletin = Bulletin.objects.select_related("area").defer("paper").get(pk=key)
    name = f"{bulletin.area.name}{masthead_of(bulletin, head_of(bulletin.area))}_{bulletin.starts_on}"
    kept = ((ending, kept_print(bulletin, ending)) for ending in ENDINGS)
    return tuple(Enclosure(f"{name}.{ending}", KINDS[ending], data) for ending, data in kept if data)
