"""Moves through forms: what is done, what is refused, and that nothing typed is lost either way."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from huying.cases.actions import move_case
from huying.cases.models import Case, Evidence, Reply, Status
from huying.home.tests.desks import (
    REPLY,
    TOILET,
    desk_of,
    move,
    replied_case,
    signed_case,
    toilet_case,
    waiting_case,
)
from huying.intake.tests.photos import lamp, written
from huying.ledger.models import Fact
from huying.testing.cast import appeal_of, case_of, staff
from huying.triage.models import Verdict

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


def facts(case: Case, kind: str) -> int:
    """Return how often something happened to a case."""
    return Fact.objects.filter(stream=f"case:{case.pk}", kind=kind).count()


def stands(case: Case) -> str:
    """Return where a case stands now."""
    return Case.objects.values_list("status", flat=True).get(pk=case.pk)


def test_a_case_goes_its_whole_way_through_plain_forms() -> None:
    case, lin, hao = toilet_case(), desk_of("lin"), desk_of("hao")
    steps: tuple[tuple[Client, str, dict[str, str]], ...] = (
        (lin, "sign", {}),
        (lin, "first_contact", {"note": "已电话联系"}),
        (lin, "note", {"note": "钥匙在保安处"}),
        (lin, "reply", {"public_text": REPLY, "solved": "yes"}),
        (hao, "pass_review", {}),
    )
    for client, key, told in steps:
        case.refresh_from_db()
        answer = move(client, case, key, **told)
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/desk/cases/{case.number}/"), key
    assert stands(case) == Status.FOLLOW_UP
    assert "every appellant is asked now" in hao.get(f"/desk/cases/{case.number}/").content.decode()


def test_what_is_missing_is_said_beside_its_field_and_the_rest_is_kept() -> None:
    case, lin = signed_case(), desk_of("lin")
    answer = move(lin, case, "reply", public_text=REPLY, solved="")
    page = answer.content.decode()
    assert answer.status_code == 400
    assert REPLY in page
    assert '<details class="confirm" id="act-reply" open>' in page
    assert "id_reply_solved_error" in page
    refused = move(lin, case, "reply", public_text=REPLY, solved="no", unsolved_reason=" ")
    assert refused.status_code == 400
    assert "What is not solved needs a reason." in refused.content.decode()
    assert stands(case) == Status.IN_PROGRESS


def test_an_old_screen_moves_nothing_and_what_was_typed_is_kept_beside_the_news() -> None:
    case, lin = signed_case(), desk_of("lin")
    move_case(case.pk, "note", by=staff("lin"), at=timezone.now(), note="新情况")
    answer = move(lin, case, "reply", public_text=REPLY, solved="yes")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else has just worked on this case" in page
    assert REPLY in page
    assert "新情况" in page
    assert stands(case) == Status.IN_PROGRESS
    # The form that is shown again knows the news: sent once more it goes through.
    case.refresh_from_db()
    assert f'name="seen" value="{case.fact_seq}"' in page
    assert move(lin, case, "reply", public_text=REPLY, solved="yes").status_code == 302


def test_words_typed_for_a_move_no_longer_possible_are_shown_to_be_copied() -> None:
    case, lin = signed_case(), desk_of("lin")
    move_case(case.pk, "reply", by=staff("lin"), at=timezone.now(), public_text="别的答复", solved="yes")
    answer = move(lin, case, "reply", public_text=REPLY, solved="yes")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "was not done" in page
    assert f'readonly aria-label="Reply to the resident">{REPLY}' in page
    assert Reply.objects.filter(case=case).count() == 1


@pytest.mark.parametrize("seen", ["", "-1", "x", "999999", "1"])
def test_a_form_that_does_not_say_what_it_saw_moves_nothing(seen: str) -> None:
    case = toilet_case()
    assert move(desk_of("lin"), case, "sign", seen=seen).status_code == 409
    assert stands(case) == Status.DISPATCHED


def test_two_clicks_sign_reply_and_note_once_each_and_both_look_done() -> None:
    case, lin = toilet_case(), desk_of("lin")
    for key, told, kind in (
        ("sign", {}, "CaseSigned"),
        ("note", {"note": "钥匙在保安处"}, "CaseNoted"),
        ("reply", {"public_text": REPLY, "solved": "yes"}, "CaseReplied"),
    ):
        case.refresh_from_db()
        answers = [move(lin, case, key, **told).status_code for _ in range(2)]
        assert answers == [302, 302]
        assert facts(case, kind) == 1


def test_another_text_on_an_old_screen_is_no_second_click() -> None:
    case, lin = signed_case(), desk_of("lin")
    assert move(lin, case, "note", note="一").status_code == 302
    refused = move(lin, case, "note", note="二")
    assert refused.status_code == 409
    assert "二" in refused.content.decode()


@pytest.mark.parametrize("username", ["wu", "hao", "mei", "ling"])
def test_whose_right_it_is_not_cannot_sign_whatever_is_posted(username: str) -> None:
    case = toilet_case()
    assert move(desk_of(username), case, "sign").status_code in (403, 404)
    assert stands(case) == Status.DISPATCHED
    assert move(desk_of("lin"), case, "sign").status_code == 302


@pytest.mark.parametrize("key", ["close", "rework", "withdraw", "follow_up", "reopen", "fly"])
def test_moves_without_a_button_have_no_address(key: str) -> None:
    case = toilet_case()
    assert move(desk_of("lin"), case, key, reason="x", closure="confirmed").status_code == 404
    assert stands(case) == Status.DISPATCHED


def test_who_wrote_the_reply_cannot_pass_it() -> None:
    case = replied_case()
    Reply.objects.filter(case=case).update(by=staff("hao").id)
    assert move(desk_of("hao"), case, "pass_review").status_code == 403
    assert stands(case) == Status.REPLIED


def test_a_dispatcher_names_unit_and_item_by_name_code_or_initials_and_leaves_a_verdict() -> None:
    for item, unit in (("公厕脏臭、无人保洁", "环卫所"), ("010201", "cleaning"), ("gczcwrbj", "hws")):
        case, mei = waiting_case(), desk_of("mei")
        answer = move(mei, case, "dispatch", item=item, unit=unit, assists=["city"], note="请核实地点")
        assert answer.status_code == 302
        case = Case.objects.select_related("unit", "item").get(pk=case.pk)
        assert (case.status, case.item_code, case.unit and case.unit.code) == (
            "dispatched",
            "010201",
            "cleaning",
        )
        verdict = Verdict.objects.filter(appeal__memberships__case=case).latest("at")
        assert (verdict.by_name, verdict.item_id, verdict.confidence) == ("梅分", case.item_id, 1.0)
    assert set(case.tasks.values_list("unit__code", "kind")) == {("cleaning", "lead"), ("city", "assist")}


def test_the_duty_rules_name_the_unit_where_the_dispatcher_names_only_the_item(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case, mei = waiting_case(), desk_of("mei")
    assert move(mei, case, "dispatch", item="010101", unit="").status_code == 302
    assert set(case.tasks.values_list("unit__code", "kind")) == {("cleaning", "lead"), ("city", "assist")}
    other = waiting_case()
    monkeypatch.setattr("huying.dispatch.duties.DutyBook.decide", lambda *_: None)
    refused = move(mei, other, "dispatch", item="010101", unit="")
    assert refused.status_code == 400
    assert "please name a unit" in refused.content.decode()


def test_a_name_that_may_be_several_is_asked_back_and_nothing_is_guessed() -> None:
    case, mei = waiting_case(), desk_of("mei")
    answer = move(mei, case, "dispatch", item="公厕", unit="社区")
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "竹影社区工作站 / 荷塘社区工作站" in page
    assert "Please say which" in page
    unknown = move(mei, case, "dispatch", item="不存在的事项", unit="环卫所")
    assert "Nothing is known by this name." in unknown.content.decode()
    assert stands(case) == Status.SUBMITTED


def test_a_return_is_ruled_on_by_the_centre_and_cannot_be_asked_for_twice() -> None:
    case, lin, mei = toilet_case(), desk_of("lin"), desk_of("mei")
    move(lin, case, "return", reason="属城管职责", unit="城管执法队")
    assert stands(case) == Status.RETURN_REVIEW
    page = mei.get("/desk/returns/").content.decode()
    assert "属城管职责" in page
    assert "Give it to 城管执法队" in page
    case.refresh_from_db()
    answer = move(mei, case, "refuse_return", reason="职责清单写明由环卫负责", next="/desk/returns/")
    assert answer.headers["Location"] == "/desk/returns/"
    assert stands(case) == Status.DISPATCHED
    case.refresh_from_db()
    assert move(lin, case, "return", reason="再退", unit="城管执法队").status_code == 409
    assert "returned once only" in lin.get(f"/desk/cases/{case.number}/").content.decode()


def test_a_redispatch_with_another_item_leaves_a_verdict_and_leads_the_clerk_away_from_what_is_not_hers() -> (
    None
):
    case = toilet_case()
    move(desk_of("lin"), case, "return", reason="属城管职责", unit="城管执法队")
    case.refresh_from_db()
    mei = desk_of("mei")
    answer = move(mei, case, "redispatch", unit="city", reason="同意", item="010301")
    assert answer.status_code == 302
    case = Case.objects.select_related("unit").get(pk=case.pk)
    assert (case.status, case.unit and case.unit.code, case.item_code) == ("dispatched", "city", "010301")
    assert Verdict.objects.filter(appeal__memberships__case=case, by_name="梅分").count() == 1


def test_a_merge_is_made_by_number_and_undone_from_either_case() -> None:
    first, second, mei = toilet_case(), toilet_case(), desk_of("mei")
    assert move(mei, second, "merge", into=second.number).status_code == 400
    assert move(mei, second, "merge", into="GD000000000000").status_code == 400
    assert move(mei, second, "merge", into=f" {first.number.lower()} ").status_code == 302
    second.refresh_from_db()
    assert second.merged_into_id == first.pk
    assert (
        f"/desk/cases/{second.number}/moves/unmerge/"
        in mei.get(f"/desk/cases/{first.number}/").content.decode()
    )
    assert move(mei, second, "unmerge").status_code == 302
    assert stands(second) == Status.DISPATCHED


def test_an_appeal_s_number_names_its_case_for_a_merge() -> None:
    taken = appeal_of(TOILET)
    first, second = case_of(taken), toilet_case()
    move(desk_of("mei"), second, "merge", into=taken.number)
    second.refresh_from_db()
    assert second.merged_into_id == first.pk


def test_what_is_not_admissible_names_a_statutory_route() -> None:
    case, shou = waiting_case(), desk_of("shou")
    assert move(shou, case, "find_inadmissible", reason="属劳动争议", route="").status_code == 400
    assert move(shou, case, "find_inadmissible", reason="属劳动争议", route="nowhere").status_code == 400
    assert move(shou, case, "find_inadmissible", reason="属劳动争议", route="litigation").status_code == 302
    assert stands(case) == Status.SUBMITTED
    case.refresh_from_db()
    assert move(desk_of("mei"), case, "inadmissible").status_code == 302
    assert stands(case) == Status.INADMISSIBLE


def test_evidence_is_kept_through_a_refused_try_and_shown_with_the_reply() -> None:
    case, lin = signed_case(), desk_of("lin")
    photo = SimpleUploadedFile("done.jpg", written(lamp(), "JPEG"), content_type="image/jpeg")
    refused = move(lin, case, "reply", public_text=REPLY, solved="", evidence=photo)
    assert refused.status_code == 400
    form = next(act.form for act in refused.context["acts"] if act.move.key == "reply")
    kept = form.kept
    assert len(kept) == 1
    assert lin.get(kept[0]["url"]).status_code == 200
    assert desk_of("hao").get(kept[0]["url"]).status_code == 404
    sent = move(lin, case, "reply", public_text=REPLY, solved="yes", photo_key=form.photo_key)
    assert sent.status_code == 302
    evidence = Evidence.objects.get(reply__case=case)
    address = f"/desk/cases/{case.number}/evidence/{evidence.pk}/"
    assert address in desk_of("hao").get(f"/desk/cases/{case.number}/").content.decode()
    assert desk_of("hao").get(address).status_code == 200
    assert desk_of("wu").get(address).status_code == 404


def test_a_file_that_is_no_photo_is_told_beside_the_field_and_the_text_is_kept() -> None:
    case, lin = signed_case(), desk_of("lin")
    bad = SimpleUploadedFile("x.jpg", b"<script>alert(1)</script>", content_type="image/jpeg")
    answer = move(lin, case, "reply", public_text=REPLY, solved="yes", evidence=bad)
    assert answer.status_code >= 400
    assert REPLY in answer.content.decode()
    assert stands(case) == Status.IN_PROGRESS


def test_a_form_leads_back_to_where_it_came_from_on_this_site_only() -> None:
    for target, page in (
        ("/desk/queue/", "/desk/queue/"),
        ("https://elsewhere.example/", None),
        ("//x.example", None),
    ):
        case = waiting_case()
        answer = move(desk_of("mei"), case, "dispatch", item="010201", unit="cleaning", next=target)
        assert answer.headers["Location"] == (page or f"/desk/cases/{case.number}/")


def test_a_note_is_retracted_by_its_author_and_the_page_says_who_and_when() -> None:
    case, lin = signed_case(), desk_of("lin")
    move(lin, case, "note", note="王小明家的钥匙在保安处")
    page = lin.get(f"/desk/cases/{case.number}/").content.decode()
    assert "王小明" in page
    way = re.search(r"/desk/cases/\w+/notes/\d+/retract/", page)
    assert way
    assert way[0] not in desk_of("hao").get(f"/desk/cases/{case.number}/").content.decode()
    assert desk_of("hao").get(way[0]).status_code == 404
    assert "王小明" in lin.get(way[0]).content.decode()
    assert lin.post(way[0], {"reason": "", "note": ""}).status_code == 400
    page = lin.post(way[0], {"reason": "写了姓名", "note": "钥匙在保安处"}, follow=True).content.decode()
    assert "王小明" not in page
    assert "钥匙在保安处" in page
    assert "Retracted by 林清 on " in page
    assert lin.get(way[0]).status_code == 404
