"""Search looks among the newest cases first and through the indexes for the rest; nobody sees the seam."""

from __future__ import annotations

import pytest

from huying.cases import searching
from huying.cases.searching import Search, search
from huying.kit.text import bigrams
from huying.places.actions import PlaceDraft, name_places
from huying.places.models import Place
from huying.testing.cast import appeal_of, case_of, staff
from huying.testing.town import EAST

pytestmark = pytest.mark.django_db


def _pages(words: str) -> list[str]:
    """Return the numbers on all pages, one after the other."""
    found: list[str] = []
    before = None
    while True:
        page = search(Search(words), by=staff("ling"), before=before)
        found += [case.number for case in page.cases]
        if not page.following:
            return found
        before = page.cases[-1].pk


@pytest.mark.parametrize("newest", [1, 2, 3, 5, 100])
def test_a_search_over_the_seam_shows_every_case_once_and_in_order(
    newest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "NEWEST", newest)
    monkeypatch.setattr(searching, "PAGE", 2)
    told = [
        "楼下垃圾堆了三天没人清",
        "路灯坏了，晚上一片漆黑",
        "垃圾桶满了没人倒",
        "公厕很脏",
        "垃圾又堆起来了",
    ]
    numbers = [case_of(appeal_of(text)).number for text in told]
    assert _pages("垃圾") == [numbers[4], numbers[2], numbers[0]]
    assert _pages("路灯") == [numbers[1]]
    assert _pages("") == numbers[::-1]
    assert _pages("台风") == []


def test_a_street_is_heard_though_the_buildings_of_an_estate_begin_alike() -> None:
    cell = f"{EAST}00101"
    names = ["榕树头花园", *(f"榕树头花园{house}栋" for house in range(1, 13)), "榕树头大街"]
    kinds = ["estate", *["building"] * 12, "road"]
    name_places([
        PlaceDraft(f"R{at}", kind, name, cell)
        for at, (kind, name) in enumerate(zip(kinds, names, strict=True))
    ])  # fmt: skip
    numbers = []
    for name in ("榕树头花园", "榕树头花园12栋", "榕树头大街"):
        case = case_of(appeal_of(f"{name}的路灯坏了"))
        case.place, case.search = Place.objects.get(name=name), bigrams(f"{name}的路灯坏了")
        case.save(update_fields=["place", "search"])
        numbers.append(case.number)
    case_of(appeal_of("公厕很脏"))
    assert _pages("rongshutou") == _pages("rst") == numbers[::-1]
    assert _pages("rongshutoudajie") == numbers[2:]
