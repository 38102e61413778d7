"""A released bulletin goes along with its e-mail, to those who may read it, up to the town's limit."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from huying.bulletin.tests.papers import MONDAY, released
from huying.journeys.telling_papers import tell_released
from huying.ledger.queries import timeline
from huying.notify.models import Delivery
from huying.notify.tests.conftest import change, post
from huying.notify.tests.letters import colleague, run, text_of
from huying.people.models import Post

if TYPE_CHECKING:
    from email.message import EmailMessage

    from pytest_django.fixtures import Settings

    from huying.bulletin.models import Bulletin
    from huying.testing.postoffice import PostOffice

pytestmark = pytest.mark.django_db
__all__ = ["post"]
NOON = MONDAY + timedelta(hours=5)


def told(*names: str) -> Bulletin:
    """Release the street's bulletin and let the handler write its notices; these people take e-mail."""
    for name in names:
        colleague(name, "email")
    bulletin = released(at=NOON)
    (fact,) = [one for one in timeline(f"bulletin:{bulletin.pk}") if one.kind == "BulletinReleased"]
    tell_released(fact)
    return bulletin


def files_of(letter: EmailMessage) -> dict[str, bytes]:
    return {part.get_filename() or "": part.get_content() for part in letter.iter_attachments()}


def test_the_letter_carries_the_files_as_they_were_kept_and_leads_to_the_page(post: PostOffice) -> None:
    bulletin = told("dong")
    run("email", at=NOON)
    ((_sender, to, letter),) = post.taken
    assert to == ["dong@town.example"]
    kept = {one.ending: bytes(one.data) for one in bulletin.prints.all()}
    name = "映溪街道民生诉求周报_2026-09-21"
    assert files_of(letter) == {f"{name}.pdf": kept["pdf"], f"{name}.docx": kept["docx"]}
    assert f"{name}.pdf" in text_of(letter)
    assert f"/desk/papers/bulletins/{bulletin.pk}/" in text_of(letter)


def test_who_may_not_read_it_any_more_gets_no_file(post: PostOffice) -> None:
    told("dong")
    Post.objects.filter(account__username="dong").update(valid_until=NOON.date())
    run("email", at=NOON)
    assert [files_of(letter) for _sender, _to, letter in post.taken] in ([], [{}])


@pytest.mark.parametrize(("room", "endings"), [(0, set()), (1, {"pdf", "docx"})])
def test_a_letter_is_no_larger_than_the_town_lets_it_be(
    post: PostOffice, settings: Settings, room: int, endings: set[str]
) -> None:
    change(settings, mail_files_mb=room)
    told("dong")
    run("email", at=NOON)
    assert {name.rpartition(".")[2] for name in files_of(post.taken[0][2])} == endings


def test_a_file_that_is_too_large_is_named_and_read_on_the_page(
    post: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "huying.journeys.enclosing.kept_print",
        lambda _of, ending: bytes(9 * 2**20) if ending == "docx" else b"%PDF",
    )
    told("dong")
    run("email", at=NOON)
    letter = post.taken[0][2]
    assert [name.rpartition(".")[2] for name in files_of(letter)] == ["pdf"]
    assert "docx" in text_of(letter)
    assert Delivery.objects.get().state == "sent"
