"""The duty board as it is asked for: by whom, how fresh, on walls without a person; incidents by forms."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from huying.board.models import Alert, Incident, Statement
from huying.board.tests.storm import an_incident
from huying.cases.models import Case, Deadline
from huying.home.tests.desks import HOSTILE, desk_of, signed_case
from huying.insight.models import Touched
from huying.people.models import Unit
from huying.testing.cast import appeal_of, case_of
from huying.testing.town import EAST, STREET, WEST
from huying.workbench.models import TownModule

pytestmark = pytest.mark.django_db
SECRET = "李小花住在三栋"


@pytest.fixture(autouse=True)
def _nobody_looked_before() -> None:
    cache.clear()


def danger() -> Case:
    case = case_of(appeal_of(f"听澜花园旁边的公厕很脏很臭，没有人打扫，{SECRET}"))
    Case.objects.filter(pk=case.pk).update(grade="A", title=f"公厕脏 {SECRET}")
    return Case.objects.get(pk=case.pk)


def test_the_board_counts_what_just_came_in_and_leads_to_its_cases() -> None:
    signed_case()
    page = desk_of("ling").get("/desk/board/").content.decode()
    assert "Came in today" in page
    assert "/desk/board/cases/?what=came_in" in page
    shown = desk_of("ling").get("/desk/board/cases/?what=signed").content.decode()
    assert "1 case you may see" in shown
    assert "0 cases you may see" in desk_of("ling").get("/desk/board/cases/?what=closed").content.decode()


def test_every_number_leads_to_its_own_list_for_who_may_follow_it() -> None:
    case = signed_case()
    past = timezone.now() - timedelta(seconds=1)
    Deadline.objects.filter(case=case, clock="handle").update(
        started_at=past - timedelta(hours=2), warn_at=past - timedelta(hours=1), due_at=past
    )
    Case.objects.filter(pk=case.pk).update(next_due_at=past)
    Touched.objects.create(case_id=case.pk, touched_at=timezone.now())
    ling = desk_of("ling")
    page = ling.get("/desk/board/").content.decode()
    for told in (
        "what=overdue",
        "what=returned",
        "what=closed&amp;day=yesterday",
        "rate=handled",
        "suspended=on",
    ):
        assert told in page
    behind = "/desk/board/cases/"
    for asked, there in (
        ("?what=overdue", True), ("?what=returned", False), ("?what=came_in&day=yesterday", False),
        ("?rate=handled", True), ("?rate=handled&side=hits", False), ("?rate=signed&side=hits", True),
    ):  # fmt: skip
        assert (case.number in ling.get(behind + asked).content.decode()) is there, asked
    assert "Counted for the rate" in ling.get(f"{behind}?rate=handled").content.decode()
    assert "Came in today" in ling.get(f"{behind}?what=%00&rate=nothing&side=x").content.decode()


def test_a_neighbour_finds_no_case_of_another_area_behind_a_number() -> None:
    case = case_of(appeal_of("荷风雅居旁边的公厕很脏很臭，没有人打扫", east=1))
    for asked in ("?what=came_in", f"?what=came_in&area={WEST}", "?rate=signed&side=misses"):
        assert case.number not in desk_of("dong").get(f"/desk/board/cases/{asked}").content.decode()
    assert case.number in desk_of("ling").get("/desk/board/cases/?what=came_in").content.decode()


def test_who_may_see_numbers_sees_the_board_of_their_own_area() -> None:
    case_of(appeal_of("荷风雅居旁边的公厕很脏很臭，没有人打扫", east=1))
    assert desk_of("lin").get("/desk/board/").status_code == 403
    assert Client().get("/desk/board/").status_code == 302
    for asked in ("", f"?area={WEST}", f"?area={STREET}", "?area=%00"):
        page = desk_of("dong").get(f"/desk/board/{asked}").content.decode()
        assert "竹影社区" in page
        assert "荷塘社区" not in page
    assert "荷塘社区" in desk_of("ling").get("/desk/board/").content.decode()


def test_an_unchanged_board_answers_304_and_still_says_of_when_it_is() -> None:
    signed_case()
    ling = desk_of("ling")
    first = ling.get("/desk/board/live/")
    assert first.headers["X-Board-As-Of"]
    cache.clear()
    again = ling.get("/desk/board/live/", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["X-Board-As-Of"] > first.headers["X-Board-As-Of"]
    appeal_of()
    cache.clear()
    changed = ling.get("/desk/board/live/", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


def test_numbers_that_cannot_keep_up_say_since_when(monkeypatch: pytest.MonkeyPatch) -> None:
    signed_case()
    ling = desk_of("ling")
    assert ling.get("/desk/board/live/").headers["X-Board-Late"] == ""
    since = timezone.now() - timedelta(minutes=9)
    Touched.objects.create(case_id=Case.objects.get().pk, touched_at=since)
    monkeypatch.setattr("huying.insight.tally.roll", lambda **_given: None)
    cache.clear()
    assert ling.get("/desk/board/live/").headers["X-Board-Late"] == since.isoformat()
    assert 'class="board is-late"' in ling.get("/desk/board/").content.decode()


def test_a_wall_shows_numbers_and_no_person_no_case_no_word_of_a_resident() -> None:
    case = danger()
    ling = desk_of("ling")
    refused = ling.post("/desk/board/screens/", {"name": "", "area": ""})
    assert "data-error" in refused.content.decode() or refused.status_code == 200
    made = ling.post("/desk/board/screens/", {"name": "大厅", "area": EAST}).content.decode()
    link = made.split("/wall/")[1].split("/")[0]
    for path in (f"/wall/{link}/", f"/wall/{link}/live/"):
        cache.clear()
        answer = Client().get(path)
        page = answer.content.decode()
        assert answer.status_code == 200
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert SECRET not in page
        assert case.number not in page
        assert "/desk/" not in page
        assert "csrfmiddlewaretoken" not in page
    assert Client().get("/wall/guess/").status_code == 404
    screen = made.split("/desk/board/screens/")[-1].split("/")[0]
    assert desk_of("lin").post(f"/desk/board/screens/{screen}/revoke/").status_code == 403
    assert ling.post(f"/desk/board/screens/{screen}/revoke/").status_code == 302
    assert Client().get(f"/wall/{link}/").status_code == 404


def test_an_alert_is_seen_and_taken_up_with_a_note() -> None:
    danger()
    mei = desk_of("mei")
    assert "Danger to life or property" in mei.get("/desk/board/").content.decode()
    alert = Alert.objects.get(kind="danger")
    assert "Danger to life or property" in mei.get("/desk/today/").content.decode()
    assert mei.post(f"/desk/board/alerts/{alert.pk}/seen/", {"note": "已派人"}).status_code == 302
    page = desk_of("ling").get("/desk/board/alerts/").content.decode()
    assert "梅分" in page
    assert "已派人" in page
    assert desk_of("du").post(f"/desk/board/alerts/{alert.pk}/seen/").status_code == 409
    assert desk_of("guan").post(f"/desk/board/alerts/{alert.pk}/seen/").status_code == 403


def test_hostile_words_stay_words() -> None:
    case = danger()
    Case.objects.filter(pk=case.pk).update(title=HOSTILE[:120])
    page = desk_of("ling").get("/desk/board/").content.decode()
    assert "<script>alert" not in page


def test_a_switched_off_board_is_gone_from_desk_menu_and_wall() -> None:
    ling = desk_of("ling")
    assert "/desk/board/" in ling.get("/desk/today/").content.decode()
    made = ling.post("/desk/board/screens/", {"name": "大厅", "area": EAST}).content.decode()
    link = made.split("/wall/")[1].split("/")[0]
    desk_of("guan").post("/desk/modules/", {"module": "board", "on": "0"})
    assert not TownModule.objects.get(key="board").is_on
    assert ling.get("/desk/board/").status_code == 404
    assert Client().get(f"/wall/{link}/").status_code == 404
    assert "/desk/board/" not in ling.get("/desk/today/").content.decode()


def moment(hours: float) -> str:
    return timezone.localtime(timezone.now() + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M")


def test_an_incident_goes_from_opening_to_its_end_by_the_pages() -> None:
    ling, du, lin = desk_of("ling"), desk_of("du"), desk_of("lin")
    told = {
        "title": "台风过境",
        "kind": "storm",
        "area": STREET,
        "since": moment(-1),
        "spokes_unit": "dispatch",
    }
    assert desk_of("mei").post("/desk/incidents/new/", told).status_code == 403
    assert ling.post("/desk/incidents/new/", told | {"since": moment(5)}).status_code == 400
    page = ling.post("/desk/incidents/new/", told).headers["Location"]
    incident = Incident.objects.get()
    listed = ling.get("/desk/incidents/").content.decode()
    assert f'{page}">台风过境' in listed
    assert desk_of("wu").get(page).status_code == 404
    assert (
        ling.post(
            f"{page}group/", {"name": "清障组", "lead": "cleaning", "members": "没有这个单位"}
        ).status_code
        == 200
    )
    assert (
        ling.post(f"{page}group/", {"name": "清障组", "lead": "cleaning", "members": "east"}).status_code
        == 302
    )
    group = incident.groups.get()
    assert list(group.members.all()) == [Unit.objects.get(code="east")]
    ling.post(f"{page}task/", {"group": group.pk, "words": "清理倒伏树木", "due_at": moment(3)})
    task = incident.tasks.get()
    assert "清理倒伏树木" in lin.get("/desk/today/").content.decode()
    assert desk_of("mei").post(f"{page}task-end/", {"task": task.pk, "proof": "x"}).status_code == 403
    assert lin.post(f"{page}task-end/", {"task": task.pk, "proof": "已清理"}).status_code == 302
    assert lin.post(f"{page}task-end/", {"task": "x", "proof": "已清理"}).status_code == 404
    assert ling.post(f"{page}statement/", {"text": "请减少外出。"}).status_code == 403
    assert du.post(f"{page}statement/", {"text": "请减少外出。"}).status_code == 302
    assert "请减少外出" not in Client().get("/").content.decode()
    assert ling.post(f"{page}statement-decide/", {"number": "1", "approved": "1"}).status_code == 302
    assert "请减少外出" in Client().get("/").content.decode()
    report = ling.post(f"{page}report/").headers["Location"]
    assert "已清理" in ling.get(report).content.decode()
    word, pdf = (ling.get(f"{report.rstrip('/')}.{kind}") for kind in ("docx", "pdf"))
    with zipfile.ZipFile(io.BytesIO(word.content)) as inside:
        text = inside.read("word/document.xml").decode()
    for words in ("突发事件处置日报", "已清理", "第1期"):
        assert words in text, words
    assert pdf.content.startswith(b"%PDF-")
    assert ling.get(f"{page}reports/2020-01-01.docx").status_code == 404
    assert desk_of("wu").get(f"{report.rstrip('/')}.pdf").status_code == 404
    assert "台风过境" in ling.get("/desk/board/").content.decode()
    assert ling.post(f"{page}close/", {"summary": "台风已过。"}).status_code == 302
    assert "请减少外出" not in Client().get("/").content.decode()
    assert Statement.objects.get().state == "taken_down"
    assert "台风已过" in ling.get(page).content.decode()
    assert ling.post(f"{page}anything/").status_code == 404


def test_the_list_of_incidents_says_of_what_kind_each_is() -> None:
    an_incident(at=timezone.now())
    assert "Storm or flood" in desk_of("ling").get("/desk/incidents/").content.decode()
