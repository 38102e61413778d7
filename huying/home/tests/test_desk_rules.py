"""Proposed duty rules at the desk: who sees them, who votes, who decides."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from huying.dispatch.models import DutyRule, ProposalState, RuleProposal
from huying.dispatch.proposing import propose_rule
from huying.home.tests.desks import HOSTILE, desk_of, toilet_case
from huying.people.queries import unit_book
from huying.testing.cast import staff
from huying.testing.town import DISTRICT, EAST, STREET

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db
LIST = "/desk/rules/"


def ruling(number: str = "GD2026110200001", *, days_ago: int = 0, **more: Any) -> RuleProposal:  # noqa: ANN401
    units = unit_book().by_code
    told: dict[str, Any] = {
        "items": "0101", "area_path": f"{DISTRICT}/{STREET}/{EAST}", "lead": units["city"],
        "assists": [], "reason": HOSTILE, "units_asked": [units["cleaning"], units["city"]],
    } | more  # fmt: skip
    return propose_rule(
        case_number=number, district=DISTRICT, by=staff("mei"),
        at=timezone.now() - timedelta(days=days_ago), **told,
    )  # fmt: skip


def vote(who: str, made: RuleProposal, code: str, **told: str) -> Any:  # noqa: ANN401 - Django's test response
    unit = unit_book().by_code[code]
    return desk_of(who).post(f"{LIST}{made.pk}/vote/{unit.id}/", told)


def decide(who: str, made: RuleProposal, act: str, reason: str = "") -> Any:  # noqa: ANN401 - likewise
    return desk_of(who).post(f"{LIST}{made.pk}/decide/", {"act": act, "reason": reason})


def test_a_unit_finds_what_it_is_asked_votes_and_changes_its_vote() -> None:
    made = ruling()
    listed = desk_of("lin").get(LIST)
    assert [row["waits_for_me"] for row in listed.context["rows"]] == [True]
    page = desk_of("lin").get(f"{LIST}{made.pk}/")
    assert [vote.unit.code for vote, _ in page.context["vote_forms"]] == ["cleaning"]
    assert page.context["decision"] is None
    assert "<script>alert" not in page.content.decode()
    assert vote("lin", made, "cleaning", choice="against", reason="人手不够").status_code == 302
    assert vote("lin", made, "cleaning", choice="for").status_code == 302
    again = desk_of("lin").get(f"{LIST}{made.pk}/")
    titles = [event["title"] for event in again.context["events"]]
    assert titles == ["环卫所: In favour", "环卫所: Against", "A ruling proposed the rule"]
    assert again.context["count"]["for"] == 1


def test_what_is_wrong_with_a_vote_is_told_beside_its_field() -> None:
    made = ruling()
    for told, field in (({"choice": "against"}, "reason"), ({"choice": "maybe"}, "choice"), ({}, "choice")):
        answer = vote("lin", made, "cleaning", **told)
        assert answer.status_code in {400, 422}
        assert field in answer.context["vote_forms"][0][1].errors
    assert made.votes.filter(choice="").count() == 2


def test_outsiders_see_nothing_and_vote_for_nobody() -> None:
    made = ruling()
    for outsider in ("ge", "dong"):
        desk = desk_of(outsider)
        assert desk.get(LIST).context["rows"] == []
        assert desk.get(f"{LIST}{made.pk}/").status_code == 404
        assert vote(outsider, made, "cleaning", choice="for").status_code == 404
    for outsider in ("shou", "ling"):
        assert desk_of(outsider).get(LIST).status_code == 403
    # Asked about the rule, but not to speak for others.
    refused = vote("wu", made, "cleaning", choice="for")
    assert refused.status_code == 403
    assert decide("wu", made, "adopt").status_code == 403
    assert not made.votes.exclude(choice="").exists()


def test_the_dispatch_centre_adopts_it_and_the_rule_leads_back() -> None:
    made = ruling(days_ago=30)
    early = ruling("GD2026110200002")
    assert decide("mei", early, "adopt").status_code == 409
    answer = decide("mei", made, "adopt")
    assert answer.status_code == 302
    rule = DutyRule.objects.get()
    assert rule.proposal == made
    assert decide("mei", made, "decline", "再想想").status_code == 409, "somebody has decided already"
    office = desk_of("guan").get("/desk/office/duties/").content.decode()
    assert f"{LIST}{made.pk}/" in office
    assert "From the ruling on GD2026110200001" in office
    assert [row["proposal"] for row in desk_of("mei").get(LIST, {"decided": "1"}).context["rows"]] == [made]


def test_declining_takes_a_reason_which_the_units_read() -> None:
    made = ruling()
    answer = decide("mei", made, "decline")
    assert answer.status_code == 400
    assert "reason" in answer.context["decision"].errors
    assert decide("mei", made, "decline", "个案").status_code == 302
    page = desk_of("lin").get(f"{LIST}{made.pk}/")
    assert "个案" in page.content.decode()
    assert page.context["vote_forms"] == []
    assert RuleProposal.objects.get().state == ProposalState.DECLINED


def test_the_ruling_is_a_link_only_for_those_who_may_see_its_case() -> None:
    case = toilet_case()
    made = ruling(case.number)
    assert desk_of("lin").get(f"{LIST}{made.pk}/").context["case_url"] == f"/desk/cases/{case.number}/"
    page = desk_of("wu").get(f"{LIST}{made.pk}/")
    assert page.context["case_url"] == ""
    assert case.number in page.content.decode()


def test_the_list_costs_few_queries_however_many(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(12):
        ruling(f"GD20261102{number:05d}")
    desk = desk_of("mei")
    desk.get(LIST)
    with django_assert_max_num_queries(14):
        assert len(desk.get(LIST).context["rows"]) == 12
