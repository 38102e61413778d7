"""What follows elsewhere: pages go when their case may not be public any more or an appeal was forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from huying.publicity.actions import forget_photos, withdraw_unfit
from huying.publicity.models import Publication, PublicPhoto

if TYPE_CHECKING:
    from huying.ledger.models import Fact


def take_back_unfit(fact: Fact) -> None:
    """Take back the page of a case that was merged, withdrawn or sent elsewhere, or became confidential."""
    withdraw_unfit(UUID(fact.stream.partition(":")[2]), at=fact.at)


def forget_masked(fact: Fact) -> None:
    """Forget the public photos of an appeal whose personal data was taken out."""
    appeal_id = UUID(fact.stream.partition(":")[2])
    with transaction.atomic():
        for page in (
            Publication.objects.select_for_update()
            .filter(pk__in=PublicPhoto.objects.filter(appeal_id=appeal_id).values("publication"))
            .order_by("pk")
        ):
            forget_photos(page, appeal_id=appeal_id)
