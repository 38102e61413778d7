"""The office's page on judging texts: figures, confused items, and models put in force or taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from huying.catalogue.queries import published
from huying.home.tests.desks import desk_of
from huying.testing.cast import appeal_of, staff
from huying.triage.actions import judge_by_hand
from huying.triage.core.shadow import Trial, compare
from huying.triage.models import EditionState, ModelEdition
from huying.triage.queries import learnt_folder

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db
PAGE = "/desk/office/learning/"


@pytest.fixture
def guan() -> Client:
    return desk_of("guan")


def edition(number: int, state: str = EditionState.RETIRED) -> ModelEdition:
    """Return a line of the register; its folder is there, though nothing can be read from it."""
    at = timezone.now() - timedelta(days=10 - number)
    code = max(published().by_code)
    figures = compare([Trial(code, "", code, 0.9)] * 24 + [Trial(code, code, "", 0.4)] * 6).to_json()
    made = ModelEdition.objects.create(
        number=number,
        made_at=at,
        state=state,
        folder=f"model-{number}",
        version=f"tfidf-1:aaaa+{number}:bbbb",
        catalogue_number=1,
        data_fingerprint=f"{number:064d}",
        examples=80,
        corrections=30,
        learnt_until=at,
        compared_from=at - timedelta(weeks=4),
        figures=figures,
        finding="no_worse",
        in_force_at=at,
        in_force_by="Huying",
    )
    (learnt_folder() / made.folder).mkdir(parents=True)
    return made


def test_the_page_tells_what_judges_and_what_is_confused(
    guan: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    first, *_, last = sorted(item.code for item in published().leaves)
    for n in range(8):
        taken = appeal_of(f"井盖松动响了一夜，第{n}天")
        judge_by_hand([taken.appeal_id], published().by_code[last], "C", by=staff("mei"), at=timezone.now())
    edition(1, EditionState.IN_FORCE)
    with django_assert_max_num_queries(16):
        page = guan.get(PAGE).content.decode()
    assert "tfidf-1:aaaa+1:bbbb" in page
    assert "0 / 8" in page
    assert "井盖" in page
    assert first != last


def test_one_click_puts_an_earlier_model_back(guan: Client) -> None:
    edition(1)
    edition(2, EditionState.IN_FORCE)
    answer = guan.post(f"{PAGE}1/put/", follow=True)
    assert "Model 1 judges from now on." in answer.content.decode()
    assert dict(ModelEdition.objects.values_list("number", "state")) == {
        1: EditionState.IN_FORCE,
        2: EditionState.RETIRED,
    }
    guan.post(f"{PAGE}aside/")
    assert not ModelEdition.objects.filter(state=EditionState.IN_FORCE).exists()
    assert "judges" in guan.post(f"{PAGE}aside/", follow=True).content.decode()


def test_a_model_whose_files_are_gone_is_refused_in_words(guan: Client) -> None:
    made = edition(1)
    (learnt_folder() / made.folder).rmdir()
    assert "no longer on this machine" in guan.post(f"{PAGE}1/put/", follow=True).content.decode()
    assert guan.post(f"{PAGE}7/put/").status_code == 404


def test_an_edition_shows_item_by_item_how_it_did(guan: Client) -> None:
    edition(1)
    page = guan.get(f"{PAGE}1/").content.decode()
    assert "24 / 30" in page
    assert "6 / 30" in page
    assert guan.get(f"{PAGE}7/").status_code == 404


@pytest.mark.parametrize("who", ["lin", "mei"])
def test_those_who_do_not_keep_the_catalogue_are_kept_out(who: str) -> None:
    made = edition(1)
    client = desk_of(who)
    assert client.get(PAGE).status_code == 403
    assert client.get(f"{PAGE}1/").status_code == 403
    assert client.post(f"{PAGE}1/put/").status_code == 403
    assert client.post(f"{PAGE}aside/").status_code == 403
    made.refresh_from_db()
    assert made.state == EditionState.RETIRED
