"""Outlines for maps: public, of the level that can be read, sent once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
MAP = "/desk/map/boundaries.json"


def names(client: Client, **asked: str) -> list[str]:
    """Return the names of the outlines a map gets."""
    answer = client.get(MAP, asked)
    assert answer.status_code == 200
    return [feature["properties"]["name"] for feature in json.loads(answer.content)["features"]]


def test_the_finest_level_that_can_be_read_is_given_to_anybody(client: Client) -> None:
    assert names(client) == ["竹影1-1格", "竹影2-1格", "荷塘1-1格", "荷塘2-1格"]


def test_a_level_and_an_area_can_be_asked_for(client: Client) -> None:
    assert names(client, level="community") == ["竹影社区", "荷塘社区"]
    assert names(client, level="grid", within="440399001002") == ["荷塘第1网格", "荷塘第2网格"]
    assert names(client, level="nothing") == names(client, within="nowhere") == []


def test_a_browser_that_has_it_gets_nothing_twice(client: Client) -> None:
    first = client.get(MAP, {"level": "grid"})
    again = client.get(MAP, {"level": "grid"}, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "max-age" in first.headers["Cache-Control"]
    other = client.get(MAP, {"level": "street"}, headers={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200
