"""A link opens one appeal, and nothing else opens it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from django.utils import timezone

from huying.intake.actions import renew_link
from huying.intake.links import TOKEN_LENGTH, find_by_link, find_by_links, link_of, token_of
from huying.intake.models import Appeal
from huying.kit.errors import Refusal
from huying.testing.cast import appeal_of, resident

if TYPE_CHECKING:
    from pytest_django.fixtures import DjangoAssertNumQueries, Settings

ONE, OTHER = UUID(int=1), UUID(int=2)


def test_the_same_appeal_always_has_the_same_link_and_no_two_share_one() -> None:
    assert token_of(ONE) == token_of(ONE)
    assert len(token_of(ONE)) == TOKEN_LENGTH
    assert len({token_of(ONE), token_of(OTHER), token_of(ONE, edition=2)}) == 3
    assert link_of(ONE, "SQ1") == f"/a/SQ1/{token_of(ONE)}/"


@pytest.mark.django_db
def test_a_link_opens_its_appeal_and_a_wrong_number_and_a_wrong_token_are_refused_alike() -> None:
    mine, hers = appeal_of(), appeal_of()
    assert find_by_link(mine.number, token_of(mine.appeal_id)).pk == mine.appeal_id
    wrong = [
        (mine.number, token_of(hers.appeal_id)),
        (hers.number, token_of(mine.appeal_id)),
        ("SQ000", token_of(UUID(int=0), edition=0)),
        (mine.number, ""),
        (mine.number, "中文" * 10),
        (mine.number, token_of(mine.appeal_id).swapcase()),
    ]
    told = set()
    for number, token in wrong:
        with pytest.raises(Refusal) as refused:
            find_by_link(number, token)
        told.add((refused.value.reason.key, refused.value.reason.status, str(refused.value)))
    assert len(told) == 1
    assert {key for key, *_ in told} == {"appeal_not_found"}


@pytest.mark.django_db
def test_a_renewed_link_makes_the_old_one_worthless() -> None:
    taken = appeal_of()
    old = token_of(taken.appeal_id)
    renew_link(taken.appeal_id, by=resident(), at=timezone.now())
    with pytest.raises(Refusal):
        find_by_link(taken.number, old)
    edition = Appeal.objects.get(pk=taken.appeal_id).link_edition
    assert find_by_link(taken.number, token_of(taken.appeal_id, edition=edition)).number == taken.number


@pytest.mark.django_db
def test_links_made_under_the_key_before_still_open(settings: Settings) -> None:
    taken = appeal_of()
    old = token_of(taken.appeal_id)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key altogether"
    assert token_of(taken.appeal_id) != old
    assert find_by_link(taken.number, old).pk == taken.appeal_id
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(Refusal):
        find_by_link(taken.number, old)


@pytest.mark.django_db
def test_of_many_links_only_the_right_ones_open_in_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    mine, hers = appeal_of(), appeal_of()
    links = [(mine.number, token_of(mine.appeal_id)), (hers.number, token_of(mine.appeal_id)), ("SQ1", "x")]
    with django_assert_num_queries(1):
        assert [appeal.pk for appeal in find_by_links(links)] == [mine.appeal_id]
