"""The invented organisation: every duty has its unit, every unit its people, every role a known account."""

import csv
import re
from collections import Counter
from datetime import date
from importlib.resources import files
from typing import get_args

import pytest

from huying.demo.town import geography, items, organisation
from huying.demo.town.organisation import Organisation

UNTIL = date(2026, 5, 1)


@pytest.fixture(scope="module")
def town() -> Organisation:
    return organisation.organisation(items.starter_items(), UNTIL)


def duty_roles() -> list[str]:
    table = files("huying.catalogue").joinpath("starter", "duty_roles.csv").read_text(encoding="utf-8-sig")
    return [row["key"] for row in csv.DictReader(table.splitlines())]


def test_there_are_forty_units_and_three_hundred_posts_held_by_about_280_persons(town: Organisation) -> None:
    assert len(town.units) == 40
    assert len(town.posts) == 300
    assert 275 <= len(town.accounts) <= 290
    assert max(Counter(post.account for post in town.posts).values()) == 2


def test_units_form_one_tree_with_parents_first(town: Organisation) -> None:
    seen: set[str] = set()
    for unit in town.units:
        assert unit.parent in seen if seen else unit.parent is None
        assert unit.code not in seen
        seen.add(unit.code)


def test_every_duty_role_is_filled_by_one_unit_and_the_community_role_by_all_ten(town: Organisation) -> None:
    filled = Counter(role for unit in town.units for role in unit.roles)
    assert set(filled) == set(duty_roles())
    assert filled.pop("community") == 10
    assert set(filled.values()) == {1}


def test_units_and_posts_name_areas_of_the_map(town: Organisation) -> None:
    codes = {area["code"] for area in geography.areas()}
    assert {unit.area for unit in town.units} <= codes
    assert {post.area for post in town.posts if post.area} <= codes


def test_every_block_has_its_grid_worker(town: Organisation) -> None:
    blocks = {area["code"] for area in geography.areas() if area["level"] == "block"}
    held = {post.area for post in town.posts if post.role == "grid_worker" and not post.deputy_of}
    assert held == blocks


def test_posts_name_accounts_units_roles_and_posts_that_exist(town: Organisation) -> None:
    accounts = {account.username for account in town.accounts}
    units = {unit.code for unit in town.units}
    keys = {post.key for post in town.posts}
    assert len(keys) == len(town.posts)
    for post in town.posts:
        assert post.account in accounts
        assert post.unit in units
        assert post.role in get_args(organisation.RoleKey)
        assert post.deputy_of is None or (post.deputy_of in keys and post.deputy_of != post.key)
        assert post.valid_until is None or post.valid_from < post.valid_until < UNTIL


def test_every_role_is_held_and_shown_on_the_sign_in_page_by_one_account(town: Organisation) -> None:
    known = Counter(account.known_for for account in town.accounts if account.known_for)
    assert known == dict.fromkeys(get_args(organisation.RoleKey), 1)
    for account in town.accounts:
        if account.known_for:
            assert account.known_for in {post.role for post in town.posts if post.account == account.username}


def test_every_unit_with_a_duty_can_work_and_have_its_work_reviewed_by_another(town: Organisation) -> None:
    for unit in town.units:
        if not unit.roles:
            continue
        mine = [post for post in town.posts if post.unit == unit.code]
        handlers = {post.account for post in mine if post.role == "handler" and not post.items}
        reviewers = {
            post.account for post in mine if post.role in {"reviewer", "unit_lead", "community_head"}
        }
        assert handlers, unit.code
        assert reviewers - handlers, unit.code


def test_user_names_are_plain_and_persons_have_their_own_names(town: Organisation) -> None:
    assert len({account.username for account in town.accounts}) == len(town.accounts)
    assert len({account.name for account in town.accounts}) == len(town.accounts)
    for account in town.accounts:
        assert re.fullmatch(r"[a-z][a-z0-9-]{2,30}", account.username)
        assert re.fullmatch(r"[\u4e00-\u9fff]{2,3}", account.name)


def test_some_handlers_answer_for_a_part_of_the_catalogue_only(town: Organisation) -> None:
    codes = [item.code for item in items.starter_items()]
    prefixes = {prefix for post in town.posts for prefix in post.items}
    assert prefixes
    assert all(any(code.startswith(prefix) for code in codes) for prefix in prefixes)


def test_the_same_day_gives_the_same_organisation(town: Organisation) -> None:
    assert organisation.organisation(items.starter_items(), UNTIL) == town
