"""Before it is sent: the same matter nearby and "me too", where it is, and what a photo offers."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.utils import timezone

from huying.cases.actions import move_case
from huying.cases.models import How, Membership, Status
from huying.catalogue.queries import published
from huying.home.tests.residents import MIDDLE, file_appeal, filed, number_in, offered, page_of
from huying.home.tests.test_pages_filing import photo
from huying.intake.models import Appeal, Photo
from huying.intake.tests.photos import exif
from huying.testing.cast import RUBBISH, appeal_of, case_of, resident
from huying.triage.core.likeness import SHOWN_TO_RESIDENTS, SHOWN_TO_STAFF
from huying.triage.models import TwinSuspect

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
# What a phone in the middle of the first grid writes into a photo: 22°42'9" north, 114°0'9" east.
IN_TOWN = exif(lat=(22.0, 42.0, 9.0), lon=(114.0, 0.0, 9.0))
FAR_AWAY = exif()
NOWHERE = "路灯不亮，晚上看不见路"
SECRET = "我住在3栋501，电话13912345678"


def test_the_same_matter_nearby_is_shown_before_sending_without_anybodys_words(client: Client) -> None:
    hers = appeal_of(f"{RUBBISH}，{SECRET}", name="李四", phone="13912345678")
    answer = file_appeal(client, **MIDDLE)
    page = page_of(answer)
    assert answer.status_code == 200
    assert Appeal.objects.count() == 1
    assert len(offered(page, "same")) == 1
    item = published().by_code[case_of(hers).item_code]
    assert item.public
    assert item.name_en in page
    assert "Sent to the unit" in page
    assert "1 person" in page
    for secret in (
        SECRET,
        "501",
        "13912345678",
        "李四",
        hers.number,
        case_of(hers).number,
    ):
        assert secret not in page.replace(RUBBISH, "")


def test_a_resident_is_not_asked_about_what_only_may_be_the_same_and_staff_hear_of_it(client: Client) -> None:
    hers = appeal_of()
    file_appeal(client, **MIDDLE | {"text": "路灯不亮，晚上看不见路，车位也乱停，苍蝇也多"})
    mine = Appeal.objects.exclude(pk=hers.appeal_id).get()
    suspect = TwinSuspect.objects.get(appeal=mine)
    assert suspect.earlier_id == hers.appeal_id
    assert SHOWN_TO_STAFF <= suspect.score < SHOWN_TO_RESIDENTS


def test_me_too_adds_a_voice_to_the_case_and_gives_a_number_of_its_own(client: Client) -> None:
    hers = appeal_of()
    key = str(uuid4())
    (same,) = offered(page_of(file_appeal(client, key=key, **MIDDLE)), "same")
    answer = file_appeal(client, key=key, step="check", same=same, **MIDDLE)
    mine = Appeal.objects.get(number=number_in(answer))
    case = case_of(hers)
    assert case.appeal_count == 2
    member = Membership.objects.get(appeal=mine)
    assert (member.case_id, member.how) == (case.pk, How.ME_TOO)
    assert mine.number != hers.number
    assert "together with what your neighbours reported" in page_of(client.get(answer.headers["Location"]))
    own = page_of(client.get(answer.headers["Location"].replace("done/", "")))
    assert "You joined a matter under way" in own
    assert "2 people reported it" in own


def test_no_mine_is_different_opens_a_case_of_its_own(client: Client) -> None:
    hers = appeal_of()
    key = str(uuid4())
    file_appeal(client, key=key, **MIDDLE)
    filed(client, key=key, step="check", same="", **MIDDLE)
    assert case_of(hers).appeal_count == 1
    assert Membership.objects.values("case").distinct().count() == 2


def test_only_what_was_offered_in_this_very_form_can_be_joined(client: Client) -> None:
    hers = appeal_of()
    (same,) = offered(page_of(file_appeal(client, **MIDDLE)), "same")
    for forged in (same, str(hers.case_id), f"{hers.case_id}:x", "x", "\x00"):
        filed(client, f"{RUBBISH}", step="check", same=forged, **MIDDLE)
    filed(client, "塘边村口的树倒了挡住了路", same=same, lat="22.7075", lon="114.0075")
    assert case_of(hers).appeal_count == 1


def test_a_case_that_ended_meanwhile_costs_nobody_the_appeal(client: Client) -> None:
    hers = appeal_of()
    key = str(uuid4())
    (same,) = offered(page_of(file_appeal(client, key=key, **MIDDLE)), "same")
    move_case(case_of(hers).pk, "withdraw", by=resident(), at=timezone.now())
    mine = filed(client, key=key, step="check", same=same, **MIDDLE)
    assert Membership.objects.get(appeal=mine).how == How.OPENED


def test_ended_cases_are_not_offered(client: Client) -> None:
    hers = appeal_of()
    move_case(case_of(hers).pk, "withdraw", by=resident(), at=timezone.now())
    assert case_of(hers).status == Status.WITHDRAWN
    assert file_appeal(client, **MIDDLE).status_code == 302


def test_matters_between_persons_are_never_shown_to_strangers(client: Client) -> None:
    text = next(
        item.examples[0] for item in published().leaves if not item.public and item.name == "装修噪声"
    )
    hers = appeal_of(text)
    assert case_of(hers).item_id is not None
    assert file_appeal(client, text, **MIDDLE).status_code == 302


def test_a_resident_is_told_that_the_open_case_is_his_own(client: Client) -> None:
    mine = filed(client, **MIDDLE)
    page = page_of(file_appeal(client, f"{RUBBISH}！", **MIDDLE))
    assert "You reported this yourself" in page
    assert f"/a/{mine.number}/" in page


def test_the_check_keeps_everything_that_was_told_and_leads_back_to_the_form(client: Client) -> None:
    appeal_of()
    key, told = str(uuid4()), {"name": "王芳", "phone": "13800138000", "place_words": "听澜花园南门"}
    page = page_of(file_appeal(client, key=key, photos=[photo()], **MIDDLE, **told))
    for value in (*told.values(), RUBBISH, str(MIDDLE["lat"]), key):
        assert value in page
    back = page_of(file_appeal(client, key=key, step="edit", **MIDDLE, **told))
    assert "Speak up" in back
    assert "1 photo is kept" in back
    for value in (*told.values(), RUBBISH, key):
        assert value in back
    assert Appeal.objects.count() == 1


# --- the place ---------------------------------------------------------------------------------------


def test_without_a_place_it_is_asked_once_and_never_insisted_on(client: Client) -> None:
    key = str(uuid4())
    answer = file_appeal(client, NOWHERE, key=key)
    assert answer.status_code == 200
    assert "Where is it?" in page_of(answer)
    assert filed(client, NOWHERE, key=key, step="check").area_path.count("/") == 0


def test_a_place_told_at_the_check_is_taken(client: Client) -> None:
    key = str(uuid4())
    file_appeal(client, NOWHERE, key=key)
    appeal = filed(client, NOWHERE, key=key, step="check", place_words="听澜花园")
    assert appeal.place is not None
    assert appeal.place.name == "听澜花园"


def test_a_point_outside_the_town_is_asked_about_and_taken_when_it_is_meant(client: Client) -> None:
    key, far = str(uuid4()), {"lat": "39.9", "lon": "116.4"}
    assert "Where is it?" in page_of(file_appeal(client, NOWHERE, key=key, **far))
    appeal = filed(client, NOWHERE, key=key, step="check", **far)
    assert appeal.lat == pytest.approx(39.9)


def test_words_that_name_a_place_are_not_asked_about(client: Client) -> None:
    assert file_appeal(client, NOWHERE, place_words="听澜花园").status_code == 302
    assert file_appeal(client, "荷风雅居门口路灯不亮").status_code == 302


# --- what photos offer ------------------------------------------------------------------------------


def test_the_place_and_time_of_a_photo_are_offered_and_never_used_silently(client: Client) -> None:
    key = str(uuid4())
    page = page_of(file_appeal(client, NOWHERE, key=key, photos=[photo(exif=IN_TOWN)]))
    kept = Photo.objects.get()
    assert "says where it was taken" in page
    assert "says when it was taken" in page
    assert offered(page, "photo_place") == offered(page, "photo_time") == [str(kept.pk)]
    appeal = filed(client, NOWHERE, key=key, step="check", photo_place="", photo_time="")
    assert (appeal.lat, appeal.lon, appeal.occurred_at) == (None, None, None)


def test_the_place_and_time_of_a_photo_are_used_when_the_resident_says_so(client: Client) -> None:
    key = str(uuid4())
    file_appeal(client, NOWHERE, key=key, photos=[photo(exif=IN_TOWN)])
    chosen = str(Photo.objects.get().pk)
    appeal = filed(client, NOWHERE, key=key, step="check", photo_place=chosen, photo_time=chosen)
    assert (appeal.lat, appeal.lon) == pytest.approx((22.7025, 114.0025))
    assert appeal.occurred_at is not None
    assert appeal.occurred_at.year == 2025
    assert "竹影" in case_of_name(appeal)


def test_a_photo_of_another_form_offers_nothing_and_a_point_on_the_map_goes_first(client: Client) -> None:
    other = str(uuid4())
    file_appeal(client, NOWHERE, key=other, photos=[photo(exif=IN_TOWN)])
    foreign = str(Photo.objects.get().pk)
    appeal = filed(client, NOWHERE, step="check", photo_place=foreign, photo_time=foreign)
    assert (appeal.lat, appeal.occurred_at) == (None, None)
    key = str(uuid4())
    file_appeal(client, NOWHERE, key=key, photos=[photo(exif=IN_TOWN)])
    own = str(Photo.objects.get(upload_key=key).pk)
    assert filed(client, NOWHERE, key=key, step="check", photo_place=own, **MIDDLE).lat == MIDDLE["lat"]


def test_a_photo_taken_outside_the_town_offers_no_place(client: Client) -> None:
    page = page_of(file_appeal(client, NOWHERE, photos=[photo(exif=FAR_AWAY)]))
    assert offered(page, "photo_place") == []


def case_of_name(appeal: Appeal) -> str:
    """Return where the case of an appeal is said to lie."""
    return Membership.objects.select_related("case").get(appeal=appeal).case.place_name
