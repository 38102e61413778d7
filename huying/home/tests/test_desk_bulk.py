"""Many cases at once, and lists as files, through the browser."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from huying.cases.actions import move_case
from huying.cases.models import Case, Reply, Status
from huying.home.tests.desks import desk_of
from huying.ledger.models import Fact
from huying.people.models import Account
from huying.testing.cast import appeal_of, case_of, staff
from huying.workbench.jobs import write_list
from huying.workbench.models import BulkRun, ExportRun

if TYPE_CHECKING:
    from django.test.client import Client, _MonkeyPatchedWSGIResponse

pytestmark = pytest.mark.django_db


def cases(count: int, *, signed: bool = False) -> list[Case]:
    """Return cases of the cleaners, perhaps signed by Lin."""
    found = [
        case_of(appeal_of(f"听澜花园的公厕{day}天没有人打扫", name="李小花")) for day in range(3, 3 + count)
    ]
    if not signed:
        return found
    return [move_case(case.pk, "sign", by=staff("lin"), at=timezone.now()) for case in found]


def send(client: Client, act: str, *chosen: Case, **told: Any) -> _MonkeyPatchedWSGIResponse:  # noqa: ANN401 - a form
    """Send the marked cases with an act, as the bar under the list does."""
    form = {
        "act": act, "chosen": [f"{case.number}:{case.fact_seq}" for case in chosen], "key": str(uuid4()),
        "next": "/desk/?tab=to_sign",
    } | told  # fmt: skip
    return client.post("/desk/bulk/", form)


def test_whoever_may_by_another_right_is_offered_the_act_and_does_it_to_many() -> None:
    marked = cases(2)
    hao = desk_of("hao")  # reviews, and may hand cases to colleagues for it; works on none
    page = hao.get("/desk/?tab=").content.decode()
    assert 'value="hand_to"' in page
    assert 'value="sign"' not in page
    lin = Account.objects.get(username="lin")
    answer = send(hao, "hand_to", *marked, step="do", handler=str(lin.pk), note="请办理")
    assert "2 cases are done." in hao.get(answer.headers["Location"]).content.decode()
    assert set(Case.objects.values_list("handler", flat=True)) == {lin.pk}


def test_marked_cases_are_signed_at_once_and_the_page_says_what_came_of_each() -> None:
    first, second, third = cases(3)
    lin, key = desk_of("lin"), str(uuid4())
    move_case(third.pk, "note", by=staff("lin"), at=timezone.now(), note="有人在看")
    answer = send(lin, "sign", first, second, third, key=key)
    page = lin.get(answer.headers["Location"]).content.decode()
    assert "2 cases are done." in page
    assert "Somebody else has just worked on this case." in page
    assert 'href="/desk/?tab=to_sign"' in page
    # The same form again changes nothing.
    assert send(lin, "sign", first, second, third, key=key).headers["Location"] == answer.headers["Location"]
    assert Fact.objects.filter(kind="CaseSigned").count() == 2
    again = lin.post(answer.headers["Location"], {"act": "again", "key": str(uuid4())})
    assert "1 case is done." in lin.get(again.headers["Location"]).content.decode()
    assert set(Case.objects.values_list("status", flat=True)) == {Status.IN_PROGRESS}


def test_a_reply_is_previewed_with_its_blanks_filled_and_sent_to_each() -> None:
    first, second = cases(2, signed=True)
    lin = desk_of("lin")
    asked = send(lin, "reply", first, second).content.decode()
    assert "{place}" in asked
    assert first.number in asked
    words = {"public_text": "{resident}您好，{place}已打扫（{number}）。", "solved": "yes"}
    preview = send(lin, "reply", first, second, step="look", **words).content.decode()
    assert f"Dear resident您好，{first.place_name}已打扫（{first.number}）。" in preview
    assert not Reply.objects.exists()
    refused = send(lin, "reply", first, step="do", public_text="{金额}", solved="yes")
    assert (refused.status_code, Reply.objects.count()) == (422, 0)
    assert "nothing to fill in for {金额}" in refused.content.decode()
    partly = send(lin, "reply", first, step="do", public_text="好", solved="partly")
    assert "What is not solved needs a reason." in partly.content.decode()
    send(lin, "reply", first, second, step="do", **words)
    assert sorted(Reply.objects.values_list("public_text", flat=True)) == sorted(
        f"Dear resident您好，{case.place_name}已打扫（{case.number}）。" for case in (first, second)
    )


def test_cases_are_handed_to_a_colleague_who_is_offered() -> None:
    first, second = cases(2)
    lin = desk_of("lin")
    page = send(lin, "hand_to", first, second).content.decode()
    assert "林清 · 环卫所" in page
    assert "吴邻" not in page
    send(lin, "hand_to", first, second, step="do", handler=str(staff("lin").id))
    assert set(Case.objects.values_list("handler__username", flat=True)) == {"lin"}


def test_what_was_not_marked_not_seen_or_not_offered_is_refused() -> None:
    case, wu = cases(1)[0], desk_of("wu")
    assert send(wu, "sign").status_code == 400
    assert send(wu, "close", case).status_code == 404
    answer = send(wu, "sign", case)
    page = wu.get(answer.headers["Location"]).content.decode()
    assert "There is no such case" in page
    assert case.title not in page
    assert Case.objects.get(pk=case.pk).status == Status.DISPATCHED
    run = BulkRun.objects.get()
    assert desk_of("lin").get(f"/desk/bulk/{run.pk}/").status_code == 404
    assert (
        send(wu, "sign", case, next="https://evil.example/").headers["Location"].endswith("next=%2Fdesk%2F")
    )


def test_the_acts_offered_fit_the_tab_and_the_posts() -> None:
    cases(1)

    def offered(who: str, address: str) -> list[str]:
        return [act["key"] for act in desk_of(who).get(address).context["acts"]]

    assert offered("lin", "/desk/?tab=to_sign") == ["sign", "hand_to", "note"]
    assert offered("lin", "/desk/?tab=working") == ["hand_to", "reply", "note"]
    assert offered("ling", "/desk/area/?tab=to_sign") == ["note"]


def test_a_list_is_asked_for_with_a_reason_written_and_downloaded_by_its_owner_only() -> None:
    case = cases(1)[0]
    dong, key = desk_of("dong"), str(uuid4())
    page = dong.get("/desk/area/?tab=to_sign").content.decode()
    address = "/desk/exports/new/?listed=area&tab=to_sign"
    assert "/desk/exports/new/?listed=area&amp;tab=to_sign" in page
    assert dong.post(address, {"key": key, "why": ""}).status_code == 422
    assert dong.post(address, {"key": key, "why": "每周例会"}).status_code == 302
    dong.post(address, {"key": key, "why": "每周例会"})
    run = ExportRun.objects.get()
    waiting = dong.get("/desk/exports/").content.decode()
    assert 'hx-trigger="every 3s"' in waiting
    assert dong.get(f"/desk/exports/{run.pk}/").status_code == 409
    write_list(str(run.pk))
    ready = dong.get("/desk/exports/", headers={"HX-Request": "true"}).content.decode()
    assert f"/desk/exports/{run.pk}/" in ready
    assert "every 3s" not in ready
    answer = dong.get(f"/desk/exports/{run.pk}/")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(1).to_python()
    assert rows[1][0] == case.number
    assert desk_of("du").get(f"/desk/exports/{run.pk}/").status_code == 404
    assert desk_of("lin").get("/desk/exports/").status_code == 403
    assert "exports/new" not in desk_of("lin").get("/desk/?tab=to_sign").content.decode()
