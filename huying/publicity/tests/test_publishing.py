"""A clerk releases redacted words of a public matter and takes them back; others may not."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from PIL import Image

from huying.cases.actions import move_case
from huying.cases.models import Case
from huying.intake.photos import keep_photo, store
from huying.journeys.withdrawing import take_back
from huying.ledger.models import Fact
from huying.ledger.queries import verify
from huying.publicity.actions import (
    PhotoChoice,
    Words,
    publish_case,
    withdraw_own_words,
    withdraw_publication,
)
from huying.publicity.blur import PAINT, as_lines, paint_over, read_regions
from huying.publicity.jobs import forget_masked, take_back_unfit
from huying.publicity.models import Publication, PublicPhoto
from huying.publicity.queries import Asked, find_page, list_pages
from huying.testing.cast import appeal_of, case_of, resident, staff
from huying.testing.refusals import refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from uuid import UUID

    from pytest_django.fixtures import DjangoAssertNumQueries, Settings

pytestmark = pytest.mark.django_db
WORDS = Words("垃圾堆了三天", "听澜花园门口的垃圾堆了三天没人清。")


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


def jpeg(colour: str = "white") -> bytes:
    """Return a photo of one colour."""
    out = io.BytesIO()
    Image.new("RGB", (80, 60), colour).save(out, "JPEG")
    return out.getvalue()


def with_photo() -> tuple[Case, UUID]:
    """Return a case whose appeal has a photo, and the photo's key."""
    photo = keep_photo(jpeg(), name="a.jpg", upload_key="k", at=timezone.now())
    return case_of(appeal_of(photo_ids=(photo.pk,))), photo.pk


def publish(case: Case, words: Words = WORDS, *, by: str = "mei", seen: int = 0) -> Publication:
    """Let somebody release a case."""
    return publish_case(case.pk, words, by=staff(by), at=timezone.now(), seen=seen)


def test_what_is_released_can_be_found_and_the_ledger_keeps_no_words() -> None:
    case = case_of(appeal_of())
    page = publish(case)
    found = find_page(case.number)
    assert (found.title, found.text, found.place_name) == (WORDS.title, WORDS.text, "听澜花园")
    fact = Fact.objects.get(stream=f"publication:{page.pk}")
    assert fact.kind == "CasePublished"
    assert fact.actor_name == "梅分"
    assert "垃圾" not in str(fact.data)
    assert verify().broken is None


@pytest.mark.parametrize(("who", "why"), [("lin", "not_yours"), ("wu", "case_not_found")])
def test_only_those_with_the_right_release(who: str, why: str) -> None:
    case = case_of(appeal_of("听澜花园旁边的公厕很脏很臭，没有人打扫"))
    with refused(why):
        publish(case, by=who)
    assert not Publication.objects.exists()


def test_what_still_looks_personal_is_refused_until_the_clerk_has_looked() -> None:
    case = case_of(appeal_of())
    words = Words("垃圾", "请打13800138000找我")
    with refused("personal_left", field="text"):
        publish(case, words)
    assert publish(case, Words(words.title, words.text, looked=True)).edition == 1


def test_two_clerks_at_once_make_one_page_and_a_later_release_replaces_it() -> None:
    case = case_of(appeal_of())
    publish(case)
    with refused("published_meanwhile"):
        publish(case)
    page = publish(case, Words("清了", "已清走。", "环卫所已清运。"), seen=1)
    assert (page.edition, find_page(case.number).reply) == (2, "环卫所已清运。")
    assert Publication.objects.count() == 1


def test_a_private_matter_is_never_released() -> None:
    case = case_of(appeal_of())
    Case.objects.filter(pk=case.pk).update(item=None)
    with refused("item_not_public"):
        publish(case)


def test_a_photo_is_painted_over_in_a_file_of_its_own_and_goes_with_the_page(
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    case, photo = with_photo()
    words = Words(WORDS.title, WORDS.text, photos=[PhotoChoice("appeal", photo, ((0, 0, 0.5, 1),))])
    publish(case, words)
    public = PublicPhoto.objects.get()
    with Image.open(io.BytesIO(store().get(public.stored_as))) as image:
        left, right = image.getpixel((10, 30)), image.getpixel((70, 30))
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    assert all(abs(a - b) < 12 for a, b in zip(left, PAINT, strict=True))
    assert min(right) > 240
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        withdraw_publication(case.pk, reason="当事人要求", by=staff("mei"), at=timezone.now())
    assert not PublicPhoto.objects.exists()
    assert not store().exists(public.stored_as)
    with refused("not_public"):
        find_page(case.number)
    assert Publication.objects.get().text == ""


def test_a_photo_of_another_case_cannot_be_released() -> None:
    _, photo = with_photo()
    other = case_of(appeal_of("听澜花园旁边的公厕很脏很臭，没有人打扫"))
    with refused("photo_not_there"):
        publish(other, Words(WORDS.title, WORDS.text, photos=[PhotoChoice("appeal", photo)]))
    assert not Publication.objects.exists()


def test_a_page_goes_when_its_case_is_merged_and_when_its_resident_takes_it_back() -> None:
    case, other = case_of(appeal_of()), case_of(appeal_of())
    publish(case)
    move_case(case.pk, "merge", by=staff("mei"), at=timezone.now(), into=other.pk)
    with refused("not_public"):
        find_page(case.number)
    take_back_unfit(Fact.objects.get(stream=f"case:{case.pk}", kind="CaseMerged"))
    assert Publication.objects.get().withdraw_reason == "no_longer_public"
    taken = appeal_of("听澜花园旁边的公厕很脏很臭，没有人打扫")
    publish(case_of(taken))
    take_back(taken.appeal_id, by=resident(), at=timezone.now())
    assert [page.number for page in list_pages(Asked())[0]] == [taken.case_number]
    with refused("not_public"):
        find_page(taken.case_number)


def test_an_appellant_takes_the_page_down_and_a_stranger_cannot() -> None:
    taken, stranger = appeal_of(), appeal_of("听澜花园旁边的公厕很脏很臭，没有人打扫")
    publish(case_of(taken))
    with refused("not_public"):
        withdraw_own_words(stranger.appeal_id, by=resident(), at=timezone.now())
    withdraw_own_words(taken.appeal_id, by=resident(), at=timezone.now())
    with refused("not_public"):
        find_page(taken.case_number)


def test_photos_go_when_the_appeal_they_came_with_is_forgotten() -> None:
    case, photo = with_photo()
    publish(case, Words(WORDS.title, WORDS.text, photos=[PhotoChoice("appeal", photo)]))
    appeal_id = PublicPhoto.objects.get().appeal_id
    forget_masked(Fact(stream=f"appeal:{appeal_id}", at=timezone.now()))
    assert not PublicPhoto.objects.exists()
    assert find_page(case.number).text == WORDS.text


def test_it_is_taken_back_with_a_reason_or_not_at_all() -> None:
    case = case_of(appeal_of())
    publish(case)
    with refused("withdraw_reason_missing"):
        withdraw_publication(case.pk, reason=" ", by=staff("mei"), at=timezone.now())
    with refused("not_yours"):
        withdraw_publication(case.pk, reason="x", by=staff("lin"), at=timezone.now())
    assert find_page(case.number)


def test_the_list_is_narrowed_by_area_item_and_words_in_a_fixed_number_of_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    east = case_of(appeal_of())
    west = case_of(appeal_of(north=1, east=1, lat=22.7075, lon=114.0075))
    for case in (east, west):
        publish(case)
    with django_assert_num_queries(1):
        assert len(list_pages(Asked())[0]) == 2
    assert [page.number for page in list_pages(Asked(area_path=east.area_path))[0]] == [east.number]
    assert len(list_pages(Asked(words="垃圾"))[0]) == 2
    assert list_pages(Asked(words="路灯"))[0] == []
    assert list_pages(Asked(item="99"))[0] == []


def test_regions_are_read_as_they_are_written_and_never_beyond_the_edge() -> None:
    assert read_regions("10, 20, 30, 40\n90 90 30 30") == ((0.1, 0.2, 0.3, 0.4), (0.9, 0.9, 1 - 0.9, 1 - 0.9))
    assert read_regions(as_lines([(0.1, 0.2, 0.3, 0.4)])) == ((0.1, 0.2, 0.3, 0.4),)
    for wrong in ("1,2,3", "a,b,c,d", "100,0,5,5", "0,0,0,5", "\n".join(["1,1,1,1"] * 41)):
        with refused("region_unreadable"):
            read_regions(wrong)


def test_paint_keeps_nothing_of_the_metadata() -> None:
    image, thumbnail = paint_over(jpeg(), ((0, 0, 1, 1),))
    assert b"Exif" not in image + thumbnail
