"""A sealed report: the reporter is locked away, the accused never see it, opening takes two persons."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from huying.intake.models import Photo
from huying.intake.tests.photos import exif, lamp, written
from huying.kit.errors import Refusal
from huying.ledger.models import Fact
from huying.ledger.queries import timeline, verify
from huying.people.actions import give_post, make_staff
from huying.people.models import Account, PersonalAccess, Unit
from huying.sealed import actions
from huying.sealed.box import BoxBroken, new_key, unseal
from huying.sealed.models import Identity, Picture, Report, State, Unsealing
from huying.sealed.pictures import clean_pictures, destroy_pictures, open_picture, pictures_of
from huying.sealed.queries import (
    about_of,
    count_waiting,
    find_by_code,
    find_report,
    messages_of,
    reports,
    text_of,
)
from huying.sealed.rotating import reseal_all
from huying.sealed.rules import visible_to
from huying.sealed.unsealing import ask_unsealing, decide_unsealing, open_identity
from huying.testing.cast import staff
from huying.testing.refusals import refused
from huying.testing.town import CAST, PASSWORD

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

pytestmark = pytest.mark.django_db

NAME, PHONE = "周举报", "13900139000"
TEXT = "环卫所队长收了商户的红包，视而不见"
WHY = "需要当面核实账目"


def filed(unit: str | None = "cleaning", *, anonymous: bool = False) -> actions.Filed:
    name, phone = ("", "") if anonymous else (NAME, PHONE)
    accused = Unit.objects.get(code=unit) if unit else None
    return actions.file_report(
        text=TEXT, about="环卫所队长", accused_unit=accused, name=name, phone=phone, at=timezone.now()
    )


def taken(unit: str | None = "cleaning") -> Report:
    return actions.take(filed(unit).report.number, by=staff("ji"), at=timezone.now())


def test_nothing_in_the_database_says_who_reported_or_what() -> None:
    made = filed()
    actions.write_as_reporter(made.report.pk, f"我是{NAME}", at=timezone.now())
    with connection.cursor() as cursor:
        told = ""
        for table in ("report", "identity", "message", "unsealing"):
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM sealed_{table} t")  # noqa: S608 - our own names
            told += cursor.fetchone()[0]
        cursor.execute("SELECT coalesce(string_agg(t::text, ' '), '') FROM ledger_fact t")
        told += cursor.fetchone()[0]
    raw = b"".join(bytes(one.box) for one in Identity.objects.all()) + bytes(made.report.text_box)
    for trace in (NAME, PHONE, "红包", made.code):
        assert trace not in told
        assert trace.encode().hex() not in told
        assert trace.encode() not in raw
    assert text_of(Report.objects.get()) == TEXT
    assert about_of(Report.objects.get()) == "环卫所队长"
    assert verify().broken is None


def test_a_box_opens_in_its_own_row_with_its_own_key_only(settings: Settings) -> None:
    one, other = filed().report, filed().report
    box = Identity.objects.get(report=one).box
    with pytest.raises(BoxBroken):
        unseal(box, row=actions.row_of(other.pk, "identity"))
    with pytest.raises(BoxBroken):
        unseal(bytes(box)[:-1] + b"x", row=actions.row_of(one.pk, "identity"))
    settings.SEALED_KEY = new_key()
    with pytest.raises(BoxBroken):
        unseal(box, row=actions.row_of(one.pk, "identity"))


def test_a_new_key_takes_over_and_the_old_one_can_go(settings: Settings) -> None:
    old, new = new_key(), new_key()
    settings.SEALED_KEY = old
    made = filed()
    actions.write_as_reporter(made.report.pk, "补充", at=timezone.now())
    settings.SEALED_KEY = f"{new},{old}"
    assert text_of(Report.objects.get()) == TEXT
    assert reseal_all() == 4
    assert reseal_all() == 0
    settings.SEALED_KEY = new
    assert text_of(Report.objects.get()) == TEXT
    assert [one.text for one in messages_of(Report.objects.get())] == ["补充"]


@pytest.mark.parametrize(
    "username", [row[0] for row in CAST if row[3] not in {"discipline", "discipline_lead"}]
)
def test_nobody_but_officers_of_discipline_knows_of_it(username: str) -> None:
    report, by = filed().report, staff(username)
    with refused("no_such_report"):
        find_report(report.number, by=by)
    with refused("no_such_report"):
        actions.take(report.number, by=by, at=timezone.now())
    with refused("no_such_report"):
        ask_unsealing(report.number, reason=WHY, by=by, at=timezone.now())
    assert (list(reports(by, State)), count_waiting(by), visible_to(by).count()) == ([], 0, 0)


@pytest.mark.parametrize("accused", ["cleaning", "street"])
def test_an_officer_of_the_accused_unit_or_below_it_sees_no_report_and_no_total(accused: str) -> None:
    report = filed(accused).report
    hostile = make_staff("hostile", name="敌意", password=PASSWORD)
    at = timezone.now()
    # An officer who also works, or once worked, in the accused unit.
    discipline, cleaning = Unit.objects.get(code="discipline"), Unit.objects.get(code="cleaning")
    give_post(hostile, unit=discipline, role="discipline_lead", valid_from=date(2025, 1, 1))
    assert find_report(report.number, by=staff("hostile")) == report
    give_post(
        hostile, unit=cleaning, role="handler", valid_from=date(2025, 1, 1), valid_until=date(2025, 2, 1)
    )
    by = staff("hostile")
    with refused("no_such_report"):
        find_report(report.number, by=by)
    for act in (actions.take, lambda number, **told: decide_unsealing(number, granted=True, **told)):
        with refused("no_such_report"):
            act(report.number, by=by, at=at)
    assert (list(reports(by)), count_waiting(by)) == ([], 0)
    other = filed("east").report
    assert list(reports(by)) == [other]
    assert count_waiting(by) == 1


def test_an_accused_person_is_barred_wherever_they_work_and_it_moves_on() -> None:
    report, at = taken(None), timezone.now()
    ji = Account.objects.get(username="ji")
    actions.aim(report.number, accused_unit=None, accused=[ji], by=staff("ji"), at=at)
    with refused("no_such_report"):
        find_report(report.number, by=staff("ji"))
    report.refresh_from_db()
    assert report.handler is None
    assert find_report(report.number, by=staff("lian")) == report
    assert actions.take(report.number, by=staff("lian"), at=at).handler_id == staff("lian").id


def test_the_accused_unit_never_handles_even_by_the_back_door() -> None:
    report, discipline = filed().report, Unit.objects.get(code="discipline")
    assert report.unit == discipline
    assert filed("discipline").report.unit is None
    with pytest.raises(IntegrityError, match="the_accused_unit_never_handles"), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(accused_unit=discipline)


def test_the_reporter_follows_by_number_and_code_and_writes_under_the_alias() -> None:
    made, at = filed(), timezone.now()
    number = made.report.number
    assert find_by_code(number.lower(), f" {made.code[:6]}-{made.code[6:]} ") == made.report
    for wrong in ((number, "X" * 12), ("JB000000000000", made.code), ("", "")):
        with refused("wrong_report_code"):
            find_by_code(*wrong)
    actions.take(number, by=staff("ji"), at=at)
    actions.write_message(number, "请补充时间", by=staff("ji"), at=at)
    actions.write_as_reporter(made.report.pk, "上周三", at=at + timedelta(seconds=1))
    with refused("not_your_report"):
        actions.write_message(number, "插话", by=staff("lian"), at=at)
    with refused("outcome_missing"):
        actions.answer(number, "已查", outcome="", by=staff("ji"), at=at)
    actions.answer(number, "查实，已处理", outcome="confirmed", by=staff("ji"), at=at + timedelta(seconds=2))
    with refused("report_not_in_this_state"):
        actions.answer(number, "再答", outcome="confirmed", by=staff("ji"), at=at)
    with refused("report_stars_wrong"):
        actions.rate(made.report.pk, stars=6, at=at)
    report = actions.rate(made.report.pk, stars=5, comment="谢谢", at=at + timedelta(seconds=3))
    assert [(one.text, one.from_reporter) for one in messages_of(report)] == [
        ("请补充时间", False), ("上周三", True), ("查实，已处理", False), ("谢谢", True),
    ]  # fmt: skip
    with refused("report_not_in_this_state"):
        actions.write_as_reporter(report.pk, "还有", at=at)


def test_an_identity_is_opened_by_two_persons_for_an_hour_and_every_look_is_written_down() -> None:
    report, at = taken(), timezone.now()
    ji, lian = staff("ji"), staff("lian")
    with refused("unseal_without_reason", field="reason"):
        ask_unsealing(report.number, reason="x", by=ji, at=at)
    with refused("not_your_report"):
        ask_unsealing(report.number, reason=WHY, by=lian, at=at)
    with refused("identity_not_open"):
        open_identity(report.number, by=ji, at=at)
    ask_unsealing(report.number, reason=WHY, by=ji, at=at)
    with refused("unseal_asked"):
        ask_unsealing(report.number, reason=WHY, by=ji, at=at)
    with refused("no_sealed_right"):
        decide_unsealing(report.number, granted=True, by=ji, at=at)
    decide_unsealing(report.number, granted=True, by=lian, at=at)
    with refused("unseal_decided"):
        decide_unsealing(report.number, granted=True, by=lian, at=at)
    assert not PersonalAccess.objects.exists()
    assert open_identity(report.number, by=ji, at=at).phone == PHONE
    with refused("identity_not_open"):
        open_identity(report.number, by=lian, at=at)
    with refused("identity_not_open"):
        open_identity(report.number, by=ji, at=at + timedelta(hours=1))
    (kept,) = PersonalAccess.objects.all()
    assert (kept.account_name, kept.seen, kept.subject, kept.words) == (
        "纪检",
        "identity",
        report.number,
        WHY,
    )
    kinds = Fact.objects.filter(stream=f"report:{report.pk}").order_by("seq").values_list("kind", flat=True)
    assert list(kinds) == [
        "ReportSealed", "ReportTaken", "UnsealingAsked", "UnsealingDecided", "IdentityOpened",
    ]  # fmt: skip
    with pytest.raises(IntegrityError, match="nobody_grants_their_own_unsealing"), transaction.atomic():
        Unsealing.objects.update(decided_by=staff("ji").id)


def test_a_head_of_discipline_cannot_grant_what_they_asked_for_themselves() -> None:
    report, at = filed().report, timezone.now()
    lian = staff("lian")
    actions.take(report.number, by=lian, at=at)
    ask_unsealing(report.number, reason=WHY, by=lian, at=at)
    with refused("unseal_by_another"):
        decide_unsealing(report.number, granted=True, by=lian, at=at)


def test_an_anonymous_report_has_nothing_to_open() -> None:
    made, at = filed(anonymous=True), timezone.now()
    actions.take(made.report.number, by=staff("ji"), at=at)
    with refused("report_anonymous"):
        ask_unsealing(made.report.number, reason=WHY, by=staff("ji"), at=at)
    assert not Identity.objects.exists()


def test_in_time_nobody_knows_any_more_who_reported() -> None:
    made, at = filed(), timezone.now()
    number = made.report.number
    actions.write_as_reporter(made.report.pk, f"我是{NAME}，电话{PHONE}", at=at)
    actions.take(number, by=staff("ji"), at=at)
    actions.answer(number, "查实", outcome="confirmed", by=staff("ji"), at=at)
    assert actions.close_silent(at=at + timedelta(days=actions.RATING_DAYS - 1)) == 0
    assert actions.close_silent(at=at + timedelta(days=actions.RATING_DAYS, minutes=1)) == 1
    closed = at + timedelta(days=actions.RATING_DAYS, minutes=1)
    assert actions.destroy_identities(at=closed + timedelta(days=180)) == 0
    assert actions.destroy_identities(at=closed + timedelta(days=181)) == 1
    assert actions.destroy_identities(at=closed + timedelta(days=181)) == 0
    report = Report.objects.get()
    assert bytes(Identity.objects.get().box) == b""
    left = "".join(one.text for one in messages_of(report))
    assert NAME not in left
    assert PHONE not in left
    assert verify().broken is None


def test_a_number_tells_neither_order_nor_how_many() -> None:
    numbers = [int(filed().report.number[2:]) for _again in range(6)]
    assert numbers != sorted(numbers) or numbers[-1] - numbers[0] > 1000
    assert len({report.alias for report in Report.objects.all()}) == 6


def test_the_first_of_two_officers_takes_it() -> None:
    report, at = filed().report, timezone.now()
    actions.take(report.number, by=staff("ji"), at=at)
    with refused("report_not_in_this_state"):
        actions.take(report.number, by=staff("lian"), at=at)


# --- photos ------------------------------------------------------------------------------------------
def photographed(number: int = 1) -> actions.Filed:
    """Return a report filed with photos whose cameras noted where they were."""
    shots = [(f"{n}.jpg", written(lamp((64 + n, 64)), "JPEG", exif=exif())) for n in range(number)]
    at = timezone.now()
    pictures = clean_pictures(shots, at=at)
    return actions.file_report(text=TEXT, name=NAME, phone=PHONE, pictures=pictures, at=at)


def test_photos_are_sealed_like_the_words_and_lose_what_the_camera_hid() -> None:
    report = photographed(2).report
    keys = pictures_of(report)
    assert len(keys) == 2
    image = open_picture(report, keys[0])
    assert image.startswith(b"\xff\xd8")
    assert b"Exif" not in image
    assert b"SECRET-MAKER" not in image
    for picture in Picture.objects.all():
        assert b"\xff\xd8\xff" not in bytes(picture.box), "what lies in the database is no picture"
    assert not Photo.objects.exists()
    other = filed().report
    with refused("no_such_report"):
        open_picture(other, keys[0])
    Picture.objects.filter(pk=keys[0]).update(report=other)
    with pytest.raises(BoxBroken):
        open_picture(other, keys[0])


def test_a_photo_that_cannot_be_taken_refuses_the_whole_report() -> None:
    before = Report.objects.count()
    with refused("too_many_pictures"):
        photographed(7)
    with pytest.raises(Refusal):
        clean_pictures([("x.jpg", b"no picture")], at=timezone.now())
    assert Report.objects.count() == before


def test_a_new_key_seals_photos_too_and_in_time_they_are_destroyed(settings: Settings) -> None:
    old, new = new_key(), new_key()
    settings.SEALED_KEY = old
    report = photographed().report
    (key,) = pictures_of(report)
    settings.SEALED_KEY = f"{new},{old}"
    assert reseal_all() == 4, "text, whom it is about, who reported, one photo"
    settings.SEALED_KEY = new
    assert open_picture(report, key).startswith(b"\xff\xd8")
    closed_at = timezone.now() - timedelta(days=4000)
    assert destroy_pictures(at=timezone.now()) == 0, "while it is open they stay"
    Report.objects.filter(pk=report.pk).update(state="closed", outcome="confirmed", closed_at=closed_at)
    assert (destroy_pictures(at=timezone.now()), destroy_pictures(at=timezone.now())) == (1, 0)
    assert pictures_of(report) == []
    assert list(timeline(f"report:{report.pk}"))[-1].kind == "PicturesDestroyed"
    assert verify().broken is None
