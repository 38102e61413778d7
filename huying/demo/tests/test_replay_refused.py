"""What the demo leaves alone: a town of somebody's own, and another district."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import override_settings

from huying.catalogue.models import CatalogueVersion
from huying.demo.afresh import clear_demo
from huying.demo.play import Ground, ground, play
from huying.kit.errors import Refusal

NOW = datetime(2026, 5, 20, 6, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def refused() -> str:
    with pytest.raises(Refusal) as refusal:
        play(appeals=1, now=NOW)
    return refusal.value.reason.key


def test_a_town_of_its_own_is_neither_filled_nor_cleared() -> None:
    assert ground() == Ground.OTHER
    with pytest.raises(Refusal) as refusal:
        clear_demo()
    assert refusal.value.reason.key == "demo_not_here"
    assert CatalogueVersion.objects.exists()


@override_settings(DISTRICT="440305")
def test_another_district_has_no_demo() -> None:
    assert refused() == "demo_elsewhere"
