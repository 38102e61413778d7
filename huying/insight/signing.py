"""Signatures: what each mark and each matter is about, by the lexicon in use; made anew where it is older."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.db import connection

from huying.insight.core.hotspots import MatterProfile, Profile, profiles_of
from huying.insight.lexicons import lexicon_now, tellings_of
from huying.insight.models import HotMark, HotProfile

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from huying.insight.lexicons import Reading

LATEST: Final = 40
"""A matter is what its latest so many appeals are about."""
SIGNED_AT_ONCE: Final = 60
"""On the way of one new appeal no more than this are signed anew; the rest at night."""
SIGNED_AT_NIGHT: Final = 500

_SIGN = """
UPDATE insight_hotmark k SET signature = s.body, edition = %s
FROM unnest(%s::uuid[], %s::bytea[]) AS s(appeal, body) WHERE k.appeal_id = s.appeal
"""


def sign(appeals: Sequence[UUID], now: Reading) -> dict[UUID, Profile]:
    """Sign marks by the lexicon in use and return what each is about."""
    if not appeals:
        return {}
    tellings = sorted(tellings_of(appeals), key=lambda one: one.id)
    made = {
        UUID(one.id): told for one, told in zip(tellings, profiles_of(tellings, now.lexicon), strict=True)
    }
    with connection.cursor() as cursor:
        cursor.execute(_SIGN, [now.edition, list(made), [told.to_bytes() for told in made.values()]])
    return made


def signed(
    rows: Iterable[tuple[UUID, bytes | memoryview[int], int | None]], now: Reading
) -> dict[UUID, Profile]:
    """Return what marks (appeal, signature, edition; the first first) are about.

    Of those an older lexicon signed, the first few are signed anew and the others left out.
    """
    found: dict[UUID, Profile] = {}
    stale: list[UUID] = []
    for appeal, body, by in rows:
        if by == now.edition:
            found[appeal] = Profile.from_bytes(bytes(body))
        else:
            stale.append(appeal)
    return found | sign(stale[:SIGNED_AT_ONCE], now)


def sign_stale(appeals: Sequence[UUID]) -> int:
    """Sign those of the appeals that an older lexicon signed; return how many."""
    now = lexicon_now()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT appeal_id FROM insight_hotmark WHERE appeal_id = ANY(%s) "
            "AND edition IS DISTINCT FROM %s ORDER BY appeal_id",
            [list(appeals), now.edition],
        )
        stale = [row[0] for row in cursor.fetchall()]
    for start in range(0, len(stale), SIGNED_AT_NIGHT):
        sign(stale[start : start + SIGNED_AT_NIGHT], now)
    return len(stale)


_KEEP = """
INSERT INTO insight_hotprofile AS p (spot_id, edition, keys, body, members) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (spot_id) DO UPDATE SET edition = excluded.edition, keys = excluded.keys, body = excluded.body,
    members = excluded.members
"""


def profile_matter(spot: UUID, now: Reading) -> MatterProfile | None:
    """Sum up anew what a matter is about, keep it, and return it; None where nothing is left of it."""
    latest = HotMark.objects.filter(spot=spot, me_too=False).order_by("-at", "-pk")
    told = signed(latest.values_list("pk", "signature", "edition")[:LATEST], now)
    if not told:
        HotProfile.objects.filter(spot=spot).delete()
        return None
    matter = MatterProfile.of(told.values())
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [spot, now.edition, sorted(matter.keys()), matter.to_bytes(), matter.count])
    return matter
