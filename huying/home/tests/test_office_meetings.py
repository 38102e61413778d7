"""Bodies, thresholds and kinds of incidents in the office: a town's own, checked and on record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from huying.board.kinds import kind_choices, kind_name, set_kind
from huying.board.models import IncidentKind, KindOfIncident
from huying.home.tests.desks import desk_of
from huying.ledger.queries import timeline, verify
from huying.supervision.judging import USUAL, Counted, Thresholds, judge
from huying.supervision.models import AgendaItem, Body, EffectRule, Meeting
from huying.supervision.settings import BodyDraft, set_body, set_thresholds, thresholds
from huying.supervision.states import EffectFound
from huying.supervision.tests.cast import called
from huying.testing.cast import staff
from huying.testing.refusals import refused
from huying.testing.town import EAST

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
BODIES, KINDS = "/desk/office/bodies/", "/desk/office/incident-kinds/"


@pytest.fixture
def guan() -> Client:
    return desk_of("guan")


def told(**more: Any) -> dict[str, Any]:  # noqa: ANN401 - fields of a form
    return {"name": "竹影社区议事会", "standing_title": "居民诉求", "is_active": "on"} | more


def test_a_body_is_added_changed_and_its_next_agenda_begins_with_the_standing_item(guan: Client) -> None:
    assert guan.post(f"{BODIES}new/", told(area=EAST, standing_last="on")).status_code == 302
    body = Body.objects.get(name="竹影社区议事会")
    assert body.area is not None
    assert (body.area.code, body.standing_last) == (EAST, True)
    assert guan.post(f"{BODIES}{body.pk}/", told(area=EAST, name="居民议事会")).status_code == 302
    body.refresh_from_db()
    assert (body.name, body.standing_last) == ("居民议事会", False)
    page = guan.get(BODIES).content.decode()
    assert "居民议事会" in page
    first, second = timeline("supervisiontable:bodies")
    assert first.data["before"] == {}
    assert second.data["before"]["name"] == "竹影社区议事会"
    assert verify().broken is None


def test_the_same_form_twice_leaves_one_fact_and_a_taken_name_is_told(guan: Client) -> None:
    body = Body.objects.get()
    form = told(name=body.name, standing_title="民生诉求", standing_last="on")
    for _ in range(2):
        assert guan.post(f"{BODIES}{body.pk}/", form).status_code == 302
    assert len(timeline("supervisiontable:bodies")) == 1
    answer = guan.post(f"{BODIES}new/", form)
    assert answer.status_code == 400
    assert "There is a body of this name already." in answer.content.decode()
    assert guan.post(f"{BODIES}new/", told(name="")).status_code == 422


def test_a_body_that_meets_no_longer_is_not_called_and_its_meetings_stay() -> None:
    meeting, body, at = called(), Body.objects.get(), timezone.now()
    by = staff("guan")
    set_body(BodyDraft(body.name, standing_title="新的固定议题", is_active=False), body=body.pk, by=by, at=at)
    with refused("meeting_not_found"):
        called()
    assert Meeting.objects.get().pk == meeting.pk
    assert not AgendaItem.objects.filter(title="新的固定议题").exists()
    with refused("topic_area_unknown"):
        set_body(BodyDraft("某会", area="nowhere"), body=None, by=by, at=at)


def test_thresholds_are_set_kept_and_judge_what_is_counted_from_then_on(guan: Client) -> None:
    strict = Counted(before=40, after=12, people_after=4, days=30, window_days=92)
    assert judge(strict, thresholds()) == EffectFound.RETURNED
    form = {
        "fewest_people": 5, "as_before_percent": 80, "more_percent": 120, "fewest_to_tell": 5,
        "pace_after_days": 14,
    }  # fmt: skip
    before = timezone.now()
    assert guan.post(f"{BODIES}effect/", form).status_code == 302
    assert judge(strict, thresholds()) is None
    assert thresholds(at=before) == USUAL
    assert "at least 5 different people" in guan.get(BODIES).content.decode()
    assert timeline("supervisiontable:effects").get().data["before"]["fewest_people"] == 3
    answer = guan.post(f"{BODIES}effect/", form | {"as_before_percent": 400})
    assert answer.status_code == 400
    assert "between 10 and 100" in answer.content.decode()


def test_a_kind_of_incident_is_renamed_switched_off_and_added(guan: Client) -> None:
    assert guan.post(f"{KINDS}fire/", {"name": "火情", "is_active": "on"}).status_code == 302
    assert guan.post(f"{KINDS}crowd/", {"name": "Many people at one place"}).status_code == 302
    assert guan.post(f"{KINDS}new/", {"name": "疫情", "is_active": "on"}).status_code == 302
    offered = dict(kind_choices())
    assert offered["fire"] == "火情"
    assert offered["own1"] == "疫情"
    assert "crowd" not in offered
    assert kind_name("crowd") == "Many people at one place", "what was opened keeps its words"
    answer = guan.post(f"{KINDS}new/", {"name": "疫情", "is_active": "on"})
    assert answer.status_code == 400
    assert timeline("kindofincident:fire").get().data["name"] == "火情"
    assert "疫情" in guan.get(KINDS).content.decode()


def test_one_kind_remains_to_choose_from() -> None:
    guan, at = staff("guan"), timezone.now()
    first, *others = IncidentKind.values
    for key in others:
        set_kind(key, name=kind_name(key), is_active=False, by=guan, at=at)
    with refused("last_kind"):
        set_kind(first, name=kind_name(first), is_active=False, by=guan, at=at)
    assert [key for key, _name in kind_choices()] == [first]


@pytest.mark.parametrize("page", [BODIES, f"{BODIES}new/", f"{BODIES}effect/", KINDS, f"{KINDS}new/"])
def test_whoever_does_not_run_the_system_is_kept_out(page: str) -> None:
    for name in ("du", "dong", "lin"):
        assert desk_of(name).get(page).status_code in {403, 404}
        assert desk_of(name).post(page, told()).status_code in {403, 404, 405}


def test_actions_ask_for_the_right_by_themselves() -> None:
    du, at = staff("du"), timezone.now()
    with refused("supervision_not_yours"):
        set_body(BodyDraft("某会"), body=None, by=du, at=at)
    with refused("supervision_not_yours"):
        set_thresholds(Thresholds(), by=du, at=at)
    with refused("not_allowed"):
        set_kind("fire", name="火情", by=du, at=at)
    assert not Body.objects.filter(name="某会").exists()
    assert not EffectRule.objects.exists()
    assert not KindOfIncident.objects.exists()
