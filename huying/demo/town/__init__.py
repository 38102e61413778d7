"""The demo town as plain data: its map, its organisation and its appeals, without a database."""

from huying.demo.town.build import Town, build_town

__all__ = ["Town", "build_town"]
