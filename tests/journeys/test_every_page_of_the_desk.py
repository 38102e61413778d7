"""Every page where staff work, opened by somebody who may: clear, and not too wide."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.journeys.looking import Share, of_the_desk
from tests.town import Town, running_town

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.journeys.people import People


pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def town(empty_tables: str | None) -> Iterator[Town]:
    """Give a town of its own: in that of all journeys a new case may be joined to somebody else's."""
    with running_town(empty_tables, HUYING_TRUSTED_PROXIES="1") as town:
        yield town


# Who looks, and where each begins; then who looks at which case again.
WALKS: dict[str, tuple[str, ...]] = {
    "guan": ("/desk/office/",), "an": ("/desk/",), "shen": ("/desk/",),
    "mei": ("/desk/", "/desk/search/?q=垃圾"), "lin": ("/desk/",),
    "hao": ("/desk/",), "dian": ("/desk/enter/",), "dong": ("/desk/",), "ge": ("/desk/grid/",),
    "du": ("/desk/",), "bo": ("/desk/admission/",), "ji": ("/desk/sealed/",),
    "ling": ("/desk/board/", "/desk/incidents/", "/desk/papers/bulletins/"),
}  # fmt: skip
CASES = (
    ("lin", "signed"), ("hao", "replied"), ("du", "suspension_asked"), ("du", "suspended"),
    ("dong", "called_in"),
    ("mei", "two_voices"), ("mei", "need_info"), ("mei", "returned"), ("ling", "closed"),
)  # fmt: skip


def test_every_page_of_the_desk_is_in_nobodys_way(people: People) -> None:
    share = Share(people, of_the_desk)
    for name, starts in WALKS.items():
        share.walk(name, *starts)
    for name, case in CASES:
        share.open_case(name, case)
    share.judge()
