"""Admission at the desk and in public: departments apply, areas rule, everybody may read what stands."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from huying.admission.actions import earliest_start
from huying.admission.models import Application, ApplicationState, GatedItem, Ruling
from huying.admission.queries import gate
from huying.admission.tests.cast import LABOUR, admit, applied, found_bureau, unit
from huying.catalogue.core.calendar import local_day
from huying.catalogue.models import ClockPolicy
from huying.catalogue.queries import CLOCKS, published
from huying.home.tests.desks import desk_of
from huying.ledger.snapshots import announce
from huying.people.models import Account
from huying.testing.town import EAST, STREET, WEST

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db
LIST, PUBLIC = "/desk/admission/", "/admitted/"


@pytest.fixture(autouse=True)
def _bureau() -> None:
    found_bureau()


def told(**more: Any) -> dict[str, Any]:  # noqa: ANN401 - a form's
    first = earliest_start(timezone.now())
    return {
        "unit": str(unit().id),
        "name": "欠薪线索摸排",
        "items": LABOUR,
        "level": "community",
        "areas": [EAST],
        "description": "每月一次",
        "basis": "《保障农民工工资支付条例》",
        "money": "每年两万元",
        "people": "派驻一人",
        "contact": "薄局 0755",
        "starts_on": first.isoformat(),
        "ends_on": (first + timedelta(days=300)).isoformat(),
        "review_on": (first + timedelta(days=100)).isoformat(),
    } | more


def act(who: str, made: Application, what: str, **form: Any) -> Any:  # noqa: ANN401 - Django's test response
    return desk_of(who).post(f"{LIST}{made.pk}/{what}/", form)


def running_now() -> Application:
    """Return an application admitted in the east whose term runs today."""
    ClockPolicy.objects.create(key="admission_notice", amount=1, unit="natural_minutes", edition=99)
    announce(CLOCKS)
    made = applied(timezone.now(), starts_on=local_day(timezone.now()))
    admit(made, at=timezone.now())
    return made


def test_a_department_applies_and_the_area_is_asked() -> None:
    assert desk_of("bo").get(f"{LIST}new/").status_code == 200
    answer = desk_of("bo").post(f"{LIST}new/", told())
    made = Application.objects.get()
    assert answer.headers["Location"] == f"{LIST}{made.pk}/"
    row = desk_of("dong").get(LIST).context["rows"][0]
    assert (row["one"], row["waits_for_me"]) == (made, True)
    assert desk_of("bo").get(LIST).context["rows"][0]["waits_for_me"] is False


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"basis": " "}, "basis"),
        ({"areas": []}, "areas"),
        ({"areas": ["x"]}, "areas"),
        ({"starts_on": "2020-01-01"}, "starts_on"),
        ({"ends_on": "2020-01-01"}, "ends_on"),
        ({"level": "grid"}, "level"),
        ({"items": "zz"}, "items"),
        ({"unit": "x"}, "unit"),
        ({"starts_on": "soon"}, "starts_on"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field(wrong: dict[str, Any], field: str) -> None:
    answer = desk_of("bo").post(f"{LIST}new/", told(**wrong))
    assert answer.status_code in {400, 422}
    assert field in answer.context["form"].errors
    assert not Application.objects.exists()


def test_outsiders_see_nothing_and_do_nothing() -> None:
    made = applied(timezone.now(), areas=(WEST,))
    for who in ("lin", "mei", "guan"):
        assert desk_of(who).get(LIST).status_code == 403
    assert desk_of("dong").get(f"{LIST}{made.pk}/").status_code == 404
    for what in ("rule", "return", "review"):
        assert act("dong", made, what, area=WEST, verdict="admitted", reason="x").status_code == 404
        assert act("bo", made, what, area=WEST, verdict="admitted", reason="x").status_code == 403
    for what in ("withdraw", "complete"):
        assert act("ling", made, what, reason="x").status_code == 403
    assert Client().get(f"{LIST}{made.pk}/").status_code == 302
    assert set(Ruling.objects.values_list("verdict", flat=True)) == {""}


def test_an_area_admits_once_and_a_second_click_is_told() -> None:
    made = applied(timezone.now())
    assert act("dong", made, "rule", area=EAST, verdict="refused").status_code == 400
    assert act("dong", made, "rule", area=EAST, verdict="admitted").status_code == 302
    assert act("dong", made, "rule", area=EAST, verdict="admitted").status_code == 422
    made.refresh_from_db()
    assert made.state == ApplicationState.SETTLED
    page = desk_of("bo").get(f"{LIST}{made.pk}/").content.decode()
    assert "admitted, begins later" in page


def test_a_community_refuses_for_itself_what_its_street_was_asked() -> None:
    made = applied(timezone.now(), areas=(STREET,))
    form = desk_of("dong").get(f"{LIST}{made.pk}/").context["ruling"]
    assert [code for code, _ in form.fields["area"].choices] == [EAST]
    assert act("dong", made, "rule", area=EAST, verdict="admitted").status_code == 400
    assert act("dong", made, "rule", area=EAST, verdict="refused", reason="人手不足").status_code == 302


def test_it_is_returned_completed_and_taken_back() -> None:
    made = applied(timezone.now())
    assert act("dong", made, "return").status_code == 422
    assert act("dong", made, "return", reason="缺经费文件").status_code == 302
    page = desk_of("bo").get(f"{LIST}{made.pk}/complete/")
    assert page.context["form"]["name"].value() == "欠薪线索摸排"
    assert "缺经费文件" in page.content.decode()
    assert desk_of("bo").post(f"{LIST}{made.pk}/complete/", told(money="区财政专项")).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.money) == (ApplicationState.APPLIED, "区财政专项")
    assert desk_of("bo").get(f"{LIST}{made.pk}/complete/").status_code == 404
    assert act("bo", made, "withdraw", reason="暂缓").status_code == 302
    assert act("bo", made, "withdraw", reason="暂缓").status_code == 409


def test_a_review_goes_on_or_ends_it_and_the_gate_follows() -> None:
    made = running_now()
    GatedItem.objects.create(items=LABOUR, level_id="community", basis="x")
    announce("admission")
    item, today = published().by_code["160101"], local_day(timezone.now())
    assert gate().closed_for(item, unit("east"), on=today) is None
    key = str(made.rulings.get().pk)
    later = (today + timedelta(days=30)).isoformat()
    assert act("dong", made, "review", ruling=key, act="keep", review_on=later).status_code == 302
    assert act("dong", made, "review", ruling=key, act="keep").status_code == 400
    assert act("dong", made, "review", ruling=key, act="end").status_code == 400
    assert act("dong", made, "review", ruling=key, act="end", reason="经费停发").status_code == 302
    assert gate().closed_for(item, unit("east"), on=today) is not None


def test_a_renewal_begins_after_the_term_with_what_was_said_before() -> None:
    made = running_now()
    page = desk_of("bo").get(f"{LIST}new/?renews={made.pk}")
    initial = page.context["form"].initial
    assert initial["starts_on"] == made.ends_on + timedelta(days=1)
    assert initial["name"] == made.name
    first = initial["starts_on"]
    form = told(
        starts_on=first.isoformat(),
        ends_on=(first + timedelta(days=100)).isoformat(),
        review_on=(first + timedelta(days=50)).isoformat(),
    )
    assert desk_of("bo").post(f"{LIST}new/?renews={made.pk}", form).status_code == 302
    assert Application.objects.get(renews=made).starts_on == first


def test_everybody_reads_what_stands_without_names_of_clerks_or_contacts() -> None:
    applied(timezone.now(), name="还没有准入")
    page = Client().get(PUBLIC)
    assert (page.status_code, page.context["rows"]) == (200, [])
    running_now()
    shown = Client().get(PUBLIC).content.decode()
    assert "欠薪线索摸排" in shown
    assert "《保障农民工工资支付条例》" in shown
    for hidden in ("0755-00000000", "薄局", "董东", "还没有准入"):
        assert hidden not in shown
    assert Client().get(PUBLIC, {"q": "竹影"}).context["rows"]
    assert Client().get(PUBLIC, {"q": "不存在"}).context["rows"] == []
    assert Client().get(PUBLIC, {"level": "street"}).context["rows"] == []
    assert Client().get(PUBLIC, {"page": "x", "level": "'"}).status_code == 200
    assert f'href="{PUBLIC}"' in Client().get("/").content.decode()


def test_lists_cost_few_queries_however_many(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(12):
        applied(timezone.now(), areas=(EAST, WEST))
    desk = desk_of("qu")
    desk.get(LIST)
    with django_assert_max_num_queries(12):
        assert len(desk.get(LIST).context["rows"]) == 12
    running_now()
    with django_assert_max_num_queries(8):
        assert len(Client().get(PUBLIC).context["rows"]) == 1


def test_gates_are_data_a_town_edits(client: Client) -> None:
    guan = Account.objects.get(username="guan")
    guan.is_staff = True
    guan.save()
    client.force_login(guan)
    front = "/desk/config/admission/gateditem/"
    form = {"items": "16", "level": "community", "basis": "三定方案", "is_active": "on"}
    assert client.post(f"{front}add/", form | {"items": "zz"}).status_code == 200
    assert not GatedItem.objects.exists()
    assert client.post(f"{front}add/", form).status_code == 302
    today = local_day(timezone.now())
    assert gate().closed_for(published().by_code["160101"], unit("east"), on=today) is not None


def test_papers_are_attached_read_by_who_may_see_it_and_taken_off() -> None:
    made = applied(timezone.now())
    page = f"{LIST}{made.pk}/"
    file = SimpleUploadedFile("依据<b>.pdf", b"%PDF-1.7 law")
    assert act("bo", made, "papers", file=file).status_code == 302
    paper = made.attachments.get()
    shown = desk_of("dong").get(page).content.decode()
    assert "依据&lt;b&gt;.pdf" in shown
    assert "papers/" in shown
    read = desk_of("dong").get(f"{page}papers/{paper.pk}/")
    assert read.content == b"%PDF-1.7 law"
    assert read.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in read.headers["Content-Security-Policy"]
    assert desk_of("lin").get(f"{page}papers/{paper.pk}/").status_code in {403, 404}
    wrong = act("bo", made, "papers", file=SimpleUploadedFile("a.exe", b"MZ"))
    assert wrong.status_code == 422
    assert "Attach a PDF" in wrong.content.decode()
    assert act("dong", made, f"papers/{paper.pk}/off").status_code == 403
    assert act("bo", made, f"papers/{paper.pk}/off").status_code == 302
    assert not made.attachments.exists()
    admit(made, at=timezone.now())
    assert "Paper or photo" not in desk_of("bo").get(page).content.decode()
