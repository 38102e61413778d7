"""Rights are words for people too."""

from __future__ import annotations

import pytest
from django.utils import translation

from huying.people.permissions import Permission
from huying.people.words import PERMISSIONS, permission_options


def test_every_right_has_words() -> None:
    assert set(PERMISSIONS) == set(Permission)


@pytest.mark.parametrize(
    ("language", "told"), [("en", "Review replies"), ("zh-hans", "审核答复"), ("zh-hant", "審核答覆")]
)
def test_a_right_is_told_in_the_language_of_the_reader(language: str, told: str) -> None:
    with translation.override(language):
        assert ("case:review", told) in permission_options()
