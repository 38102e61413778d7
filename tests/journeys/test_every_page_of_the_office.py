"""Every page where a town sets itself up, opened by somebody who may: clear, and not too wide."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.journeys.looking import Share, of_the_office
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


def test_every_page_of_the_office_is_in_nobodys_way(people: People) -> None:
    share = Share(people, of_the_office)
    share.walk("guan", "/desk/office/", "/desk/office/catalogue/1/publish/")
    for name in ("an", "shen", "mei", "lin"):
        share.walk(name, "/desk/")
    share.judge()
