"""Filing an appeal: taken once with a number at once, or told what to mend with nothing lost."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from huying.cases.models import Case
from huying.home.tests.residents import MIDDLE, account, file_appeal, filed, number_in, page_of
from huying.intake.limits import check_limits
from huying.intake.limits_core import APPEALS
from huying.intake.links import token_of
from huying.intake.models import Appeal, Inbound, Photo
from huying.intake.tests.photos import exif, lamp, written
from huying.people.models import Account
from huying.testing.cast import RUBBISH
from huying.testing.town import middle

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django.fixtures import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>"
FIRE = "听澜花园3栋二楼着火了，正在冒浓烟，里面有人"


def photo(size: int = 64, name: str = "lamp.jpg", **options: object) -> SimpleUploadedFile:
    """Return a photo as a browser uploads it; another size is another photo."""
    return SimpleUploadedFile(name, written(lamp((size, size)), "JPEG", **options), "image/jpeg")


def test_the_form_asks_for_text_photos_and_place_and_works_without_javascript(client: Client) -> None:
    answer = client.get("/file/")
    page = page_of(answer)
    for name in ("key", "text", "photos", "place_words", "lat", "lon", "name", "phone"):
        assert f'name="{name}"' in page
    assert 'enctype="multipart/form-data"' in page
    assert "category" not in page
    assert re.findall(r"<script(?![^>]*\bsrc=)", page) == []
    assert "only to the people who handle this appeal" in page
    # The browser may keep the page: going back must bring the same key, so that sending twice is one appeal.
    assert "no-store" not in answer.headers.get("Cache-Control", "")


def test_an_appeal_is_taken_and_its_number_link_unit_and_date_are_shown_at_once(client: Client) -> None:
    answer = file_appeal(client, **MIDDLE, name="王芳", phone="138 0013 8000")
    appeal = Appeal.objects.select_related("party", "inbound").get(number=number_in(answer))
    assert (appeal.channel_id, appeal.text, appeal.language) == ("web", RUBBISH, "en")
    assert (appeal.party.name, appeal.party.phone) == ("王芳", "138 0013 8000")
    assert RUBBISH in bytes(appeal.inbound.body).decode()
    page = page_of(client.get(answer.headers["Location"]))
    assert appeal.number in page
    assert f"http://testserver/a/{appeal.number}/{token_of(appeal.pk)}/" in page
    assert "data:image/svg+xml" in page
    assert "环卫所" in page
    assert "To be dealt with by" in page
    assert "sent before" not in page


def test_the_same_form_sent_twice_is_one_appeal_with_one_number(client: Client) -> None:
    key = str(uuid4())
    first, second = (file_appeal(client, key=key, **MIDDLE) for _ in range(2))
    assert number_in(first) == number_in(second)
    assert Appeal.objects.filter(inbound__key=key).count() == 1
    assert "sent before" in page_of(client.get(second.headers["Location"]))


def test_going_back_changing_the_text_and_sending_again_tells_that_it_was_sent_before(client: Client) -> None:
    key = str(uuid4())
    filed(client, key=key, **MIDDLE)
    again = file_appeal(client, "另一件事", key=key, photos=[photo()])
    assert "sent before" in page_of(client.get(again.headers["Location"]))
    assert Appeal.objects.filter(inbound__key=key).values_list("text", flat=True).get() == RUBBISH
    assert not Photo.objects.exists()


def test_a_browser_that_goes_back_and_sends_the_same_again_with_a_new_key_files_nothing_twice(
    client: Client,
) -> None:
    first = filed(client, photos=[photo()], **MIDDLE)
    again = file_appeal(client, photos=[photo()], **MIDDLE)
    assert number_in(again) == first.number
    assert "sent before" in page_of(client.get(again.headers["Location"]))
    for other in ({"photos": [photo(65)]}, {"place_words": "听澜花园南门", "photos": [photo()]}, {}):
        file_appeal(client, step="check", **MIDDLE, **other)
    assert Appeal.objects.count() == 4
    Appeal.objects.update(received_at=timezone.now() - timedelta(minutes=31))
    file_appeal(client, step="check", photos=[photo()], **MIDDLE)
    assert Appeal.objects.count() == 5


def test_the_same_words_of_somebody_else_are_another_appeal(client: Client) -> None:
    first = filed(client, **MIDDLE)
    client.cookies.pop("mine")
    assert filed(client, step="check", **MIDDLE).number != first.number


@pytest.mark.parametrize("key", ["", "not a key", "../..", "0" * 300])
def test_a_form_whose_key_was_lost_is_taken_all_the_same(client: Client, key: str) -> None:
    assert filed(client, key=key, **MIDDLE).inbound.key != key


def test_without_text_and_photo_nothing_is_taken_and_it_is_said_what_is_missing(client: Client) -> None:
    answer = file_appeal(client, " \n\u200b ")
    assert answer.status_code == 400
    assert "add a photo" in page_of(answer)
    assert not Appeal.objects.exists()


def test_a_photo_alone_will_do(client: Client) -> None:
    assert filed(client, "", photos=[photo()], **MIDDLE).photos.count() == 1


def test_photos_survive_an_error_elsewhere_and_are_sent_without_being_chosen_again(client: Client) -> None:
    key = str(uuid4())
    answer = file_appeal(client, key=key, phone="call me", photos=[photo(64), photo(65), photo(66)], **MIDDLE)
    page = page_of(answer)
    assert answer.status_code == 400
    assert "This is not a phone number." in page
    assert RUBBISH in page
    assert "3 photos are kept" in page
    addresses = re.findall(rf'src="(/file/photos/{key}/[^"]+)"', page)
    assert len(addresses) == 3
    assert client.get(addresses[0]).headers["Content-Type"] == "image/jpeg"
    dropped = addresses[1].split("/")[-2]
    appeal = filed(client, key=key, drop=dropped, **MIDDLE)
    assert appeal.photos.count() == 2
    assert not Photo.objects.filter(pk=dropped).exists()
    assert client.get(addresses[0]).status_code == 404


def test_a_waiting_photo_is_shown_to_nobody_without_the_forms_key(client: Client) -> None:
    key = str(uuid4())
    file_appeal(client, key=key, phone="x", photos=[photo()], **MIDDLE)
    waiting = Photo.objects.get()
    for other in (str(uuid4()), "x", ""):
        assert client.get(f"/file/photos/{other}/{waiting.pk}/").status_code == 404
    assert client.get(f"/file/photos/{key}/not-a-key/").status_code == 404
    assert client.get(f"/file/photos/{key}/{waiting.pk}/").status_code == 200


def test_a_photo_that_cannot_be_read_is_told_by_name_and_the_others_stay(client: Client) -> None:
    wrong = SimpleUploadedFile("letter.jpg", b"%PDF-1.7", "image/jpeg")
    answer = file_appeal(client, photos=[photo(), wrong], **MIDDLE)
    page = page_of(answer)
    assert answer.status_code == 415
    assert "letter.jpg is not a photo we can read" in page
    assert "1 photo is kept" in page
    assert not Appeal.objects.exists()


def test_a_tenth_photo_is_refused(client: Client) -> None:
    answer = file_appeal(client, photos=[photo(20 + size) for size in range(10)], **MIDDLE)
    assert answer.status_code == 400
    assert "at most 9 photos" in page_of(answer)


def test_hidden_data_of_a_photo_does_not_get_into_the_town(client: Client) -> None:
    appeal = filed(client, photos=[photo(exif=exif())], **MIDDLE)
    shown = client.get(f"/a/{appeal.number}/{token_of(appeal.pk)}/photo/{appeal.photos.get().pk}/")
    assert shown.status_code == 200
    assert b"SECRET-MAKER" not in shown.content


def test_what_is_written_comes_back_escaped_everywhere(client: Client) -> None:
    text = f"{HOSTILE} {RUBBISH}"
    error = page_of(file_appeal(client, text, phone="x", name=HOSTILE, place_words=f'"><img src=x>{HOSTILE}'))
    check = page_of(file_appeal(client, f"{HOSTILE} 路灯不亮", place_words=HOSTILE))
    appeal = filed(client, text, name=HOSTILE, **MIDDLE)
    own = page_of(client.get(f"/a/{appeal.number}/{token_of(appeal.pk)}/"))
    for page in (error, check, own, page_of(client.get("/"))):
        assert HOSTILE not in page
        assert "<img src=x>" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_control_characters_are_taken_out_and_the_rest_is_kept(client: Client) -> None:
    appeal = filed(client, "听澜花园\x00门口\x1b[31m垃圾\u202e没人清\r\n第二行", **MIDDLE)
    assert appeal.text == "听澜花园门口[31m垃圾没人清\n第二行"


def test_a_text_of_a_megabyte_is_refused_in_words_and_nothing_is_taken(client: Client) -> None:
    answer = file_appeal(client, "a" * 1_000_000, **MIDDLE)
    assert answer.status_code == 400
    assert "20000" in page_of(answer)
    assert not Appeal.objects.exists()


@pytest.mark.parametrize(
    ("lat", "lon"),
    [("200", "114"), ("abc", "114"), ("22.7", ""), ("", "114"), ("114.0", "22.7"), ("nan", "nan"), ("0", "0"),
     ("1e999", "1"), ("2540000", "500000"), ("22.7, 114", "114")],
)  # fmt: skip
def test_an_impossible_point_is_told_beside_the_place_and_not_sent_round_again(
    client: Client, lat: str, lon: str
) -> None:
    answer = file_appeal(client, lat=lat, lon=lon)
    page = page_of(answer)
    assert answer.status_code in {400, 422}
    assert 'id="id_place_words_error"' in page
    assert re.search(r'name="lat" (?:value="")? ?id="id_lat"', page)
    assert not Appeal.objects.exists()


def test_a_wrong_phone_opens_the_part_of_the_form_it_is_in(client: Client) -> None:
    assert re.search(r'<details class="card" open>', page_of(file_appeal(client, phone="call me", **MIDDLE)))
    assert not re.search(r'<details class="card" open>', page_of(client.get("/file/")))


# --- danger ------------------------------------------------------------------------------------------


def test_danger_is_answered_with_the_number_to_dial_while_somebody_still_writes(client: Client) -> None:
    told = page_of(client.post("/file/dangers/", {"text": FIRE}))
    assert 'href="tel:119"' in told
    assert 'role="alert"' in told
    assert page_of(client.post("/file/dangers/", {"text": RUBBISH})).strip() == ""
    assert page_of(client.post("/file/dangers/", {})).strip() == ""
    assert client.get("/file/dangers/").status_code == 405


def test_an_appeal_about_danger_is_taken_at_once_and_says_whom_to_call_above_everything(
    client: Client,
) -> None:
    for _ in range(2):  # the second has a twin, and is not held up by the question
        answer = file_appeal(client, FIRE, **MIDDLE)
        page = page_of(client.get(answer.headers["Location"]))
        assert page.index('href="tel:119"') < page.index("<h1")


def test_danger_without_a_place_asks_where_with_the_number_to_dial_above(client: Client) -> None:
    page = page_of(file_appeal(client, "着火了，快来"))
    assert page.index('href="tel:119"') < page.index("<h1")
    assert "Where is it?" in page


# --- limits ------------------------------------------------------------------------------------------


def test_who_files_often_is_held_for_a_person_and_told_so(client: Client) -> None:
    for _ in range(APPEALS.subscriber[0].free):
        check_limits("127.0.0.1", None, timezone.now())
    answer = file_appeal(client, **MIDDLE)
    appeal = Appeal.objects.get(number=number_in(answer))
    assert appeal.held_for == "filing_often"
    assert "a person looks at it first" in page_of(client.get(answer.headers["Location"]))


def test_who_files_far_too_often_is_refused_aloud_and_keeps_the_text(client: Client) -> None:
    at = timezone.now()
    for _ in range(APPEALS.subscriber[0].most):
        check_limits("127.0.0.1", None, at)
    answer = file_appeal(client, **MIDDLE)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert RUBBISH in page_of(answer)
    assert not Inbound.objects.exists()


def test_sending_the_same_form_again_is_not_counted(client: Client) -> None:
    key = str(uuid4())
    for _ in range(APPEALS.subscriber[0].most + 5):
        assert file_appeal(client, key=key, **MIDDLE).status_code == 302
    assert check_limits("127.0.0.1", None, timezone.now()) == ""


# --- who -----------------------------------------------------------------------------------------------


def test_what_a_signed_in_resident_files_belongs_to_the_account(client: Client) -> None:
    anna = account()
    client.force_login(anna)
    assert "13800138000" in page_of(client.get("/file/"))
    appeal = filed(client, **MIDDLE)
    assert appeal.account_id == anna.pk
    assert "mine" not in client.cookies
    assert client.get(f"/a/{appeal.number}/").status_code == 200


def test_a_member_of_staff_at_the_public_form_is_nobody_in_particular(client: Client) -> None:
    client.force_login(Account.objects.get(username="lin"))
    appeal = filed(client, **MIDDLE)
    assert (appeal.account_id, appeal.typed_by_id) == (None, None)


def test_the_browser_remembers_the_newest_appeals_filed_in_it(client: Client) -> None:
    number = filed(client, **MIDDLE).number
    cookie = client.cookies["mine"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert number in page_of(client.get("/my/"))
    client.cookies["mine"] = f"{number}.forged~x~.~SQ1.{'a' * 20}"
    assert number not in page_of(client.get("/my/"))


def test_the_page_with_the_number_is_for_the_link_only(client: Client) -> None:
    answer = file_appeal(client, **MIDDLE)
    number = number_in(answer)
    assert client.get(f"/a/{number}/{'a' * 20}/done/").status_code == 404
    assert "no-store" in client.get(answer.headers["Location"]).headers["Cache-Control"]


# --- while typing -----------------------------------------------------------------------------------


def test_places_are_offered_while_typing_with_the_point_of_a_named_place_only(client: Client) -> None:
    page = page_of(client.get("/file/places/", {"place_words": "听澜"}))
    assert 'data-place="听澜花园"' in page
    assert f'data-lat="{middle(0, 0)[0]}"' in page
    area = page_of(client.get("/file/places/", {"place_words": "竹影社区"}))
    assert 'data-place="竹影社区"' in area
    first = re.search(r"<button[^>]*竹影社区[^>]*>", area)
    assert first
    assert "data-lat" not in first[0]
    assert 'data-place="听澜花园"' in page_of(client.get("/file/places/", {"place_words": "tlhy"}))


@pytest.mark.parametrize("words", ["", HOSTILE, "\x00", "长" * 5000, "%", "'"])
def test_whatever_is_typed_for_a_place_is_answered(client: Client, words: str) -> None:
    answer = client.get("/file/places/", {"place_words": words})
    assert answer.status_code == 200
    assert HOSTILE not in page_of(answer)


def test_the_map_gets_the_outlines_of_the_town(client: Client) -> None:
    answer = client.get("/map/boundaries.json")
    shapes = answer.json()
    assert shapes["type"] == "FeatureCollection"
    assert 0 < len(shapes["features"]) <= 40
    assert all(one["properties"]["name"] and one["geometry"] for one in shapes["features"])
    assert "public" in answer.headers["Cache-Control"]


def test_showing_the_form_and_the_number_costs_few_queries(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    answer = file_appeal(client, **MIDDLE)
    with django_assert_max_num_queries(2):
        client.get("/file/")
    with django_assert_max_num_queries(6):
        client.get(answer.headers["Location"])


def test_a_scanned_plate_fills_in_the_place_and_places_the_appeal(client: Client) -> None:
    page = page_of(client.get("/file/", {"place": "E4"}))
    assert 'value="塘边村"' in page
    assert "From the plate you scanned" in page
    told = {"text": "垃圾三天没人清", "plate": "E4", "place_words": "塘边村"}
    appeal = Appeal.objects.get(number=number_in(file_appeal(client, **told)))
    case = Case.objects.get(memberships__appeal=appeal)
    assert case.place is not None
    assert case.place.code == "E4"
    other = file_appeal(client, **(told | {"text": "路灯三天不亮", "place_words": "听澜花园"}))
    case = Case.objects.get(memberships__appeal__number=number_in(other))
    assert case.place is not None
    assert case.place.code == "E1", "who writes another place means that"


@pytest.mark.parametrize("code", ["", "no-such", "<script>", "x" * 500, "E4\x00"])
def test_a_plate_nobody_knows_leaves_the_form_empty(client: Client, code: str) -> None:
    page = page_of(client.get("/file/", {"place": code}))
    assert "From the plate" not in page
    assert "<script>" not in page
    assert file_appeal(client, plate=code[:40]).status_code == 302
