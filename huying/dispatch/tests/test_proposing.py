"""Rulings become proposed rules: units are asked, a person decides, and nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, transaction

from huying.cases.tests.stories import AT, HOUR
from huying.dispatch.actions import set_duty_rule
from huying.dispatch.duties import duty_book
from huying.dispatch.models import DutyRule, ProposalState, RuleProposal, RuleVote
from huying.dispatch.proposing import adopt_rule, count_votes, decline_rule, propose_rule, vote_on_rule
from huying.dispatch.rules import may_see
from huying.dispatch.tests.test_duties import IN_EAST, IN_WEST, item
from huying.ledger.actor import SYSTEM
from huying.ledger.queries import timeline, verify
from huying.ledger.snapshots import announce
from huying.people.models import Unit
from huying.people.queries import unit_book
from huying.testing.cast import resident, staff
from huying.testing.refusals import refused
from huying.testing.town import DISTRICT, EAST, STREET

if TYPE_CHECKING:
    from huying.people.queries import UnitCard

pytestmark = pytest.mark.django_db
TOWN = f"{DISTRICT}/{STREET}"
LATER = AT + timedelta(days=30)


def unit(code: str) -> UnitCard:
    return unit_book().by_code[code]


def ruling(lead: str = "city", *, case: str = "GD2026110200001", at: Any = AT, **more: Any) -> RuleProposal:  # noqa: ANN401
    told: dict[str, Any] = {
        "items": "0101",
        "area_path": f"{TOWN}/{EAST}",
        "assists": [unit("east")],
        "reason": "谁主管谁负责：占道由城管牵头",
        "units_asked": [unit("cleaning"), unit("city")],
    } | more
    return propose_rule(lead=unit(lead), case_number=case, district=DISTRICT, by=staff("mei"), at=at, **told)


def vote(proposal: RuleProposal, who: str, code: str, choice: str, reason: str = "", **more: Any) -> RuleVote:  # noqa: ANN401
    when = more.get("at", AT + HOUR)
    return vote_on_rule(
        proposal.pk, unit=unit(code), choice=choice, reason=reason, district=DISTRICT, by=staff(who), at=when
    )


def adopt(proposal: RuleProposal, who: str = "mei", reason: str = "", **more: Any) -> DutyRule:  # noqa: ANN401
    when = more.get("at", LATER)
    return adopt_rule(proposal.pk, reason=reason, district=DISTRICT, by=staff(who), at=when)


def decline(proposal: RuleProposal, who: str = "mei", reason: str = "个案，不成规则") -> RuleProposal:
    return decline_rule(proposal.pk, reason=reason, district=DISTRICT, by=staff(who), at=LATER)


def leads(path: str = IN_EAST) -> str:
    duty = duty_book().decide(item(), path)
    return duty.lead.code if duty else ""


# --- proposing ---------------------------------------------------------------------------------------
def test_a_ruling_asks_each_unit_once_and_changes_no_duty() -> None:
    made = ruling()
    asked = {vote.unit.code: vote.choice for vote in made.votes.select_related("unit")}
    assert asked == {"city": "", "cleaning": "", "east": ""}
    assert made.state == ProposalState.OPEN
    assert made.area is not None
    assert (made.area.code, made.proposed_by) == (EAST, "梅分")
    assert AT < made.closes_at < AT + timedelta(days=12)
    assert leads() == "cleaning", "a proposal is not yet a rule"
    assert verify().broken is None


def test_the_same_ruling_is_proposed_once_and_another_takes_its_place() -> None:
    first = ruling()
    assert ruling().pk == first.pk
    assert ruling(case="GD2026110200002").pk != first.pk
    second = ruling("east", assists=[], at=AT + HOUR)
    first.refresh_from_db()
    assert (first.state, second.state) == (ProposalState.WITHDRAWN, ProposalState.OPEN)
    assert [fact.kind for fact in timeline(f"ruleproposal:{first.pk}")] == ["RuleProposed", "RuleWithdrawn"]
    assert ruling("east", at=AT + 2 * HOUR).pk == second.pk


def test_a_decided_ruling_is_not_proposed_again_by_a_retry() -> None:
    made = ruling()
    decline(made)
    assert ruling(at=LATER).pk == made.pk
    assert RuleProposal.objects.count() == 1


# --- voting ------------------------------------------------------------------------------------------
def test_a_unit_votes_changes_its_mind_and_the_history_keeps_both() -> None:
    made = ruling()
    vote(made, "lin", "cleaning", "against", "人手不够")
    vote(made, "lin", "cleaning", "against", "人手不够")
    vote(made, "lin", "cleaning", "for", at=AT + 2 * HOUR)
    vote(made, "wu", "city", "abstain")
    assert count_votes(made.votes.all()) == {"for": 1, "against": 0, "abstain": 1, "open": 1}
    said = [
        (fact.data["unit"], fact.data["before"], fact.data["choice"])
        for fact in timeline(f"ruleproposal:{made.pk}")
        if fact.kind == "RuleVoted"
    ]
    assert said == [("cleaning", "", "against"), ("city", "", "abstain"), ("cleaning", "against", "for")]
    assert verify().broken is None


def test_only_those_who_work_for_a_unit_that_was_asked_vote_and_in_time() -> None:
    made = ruling()
    with refused("not_your_vote"):
        vote(made, "wu", "cleaning", "for")
    with refused("not_your_vote"):
        vote(made, "mei", "city", "for")
    with refused("not_your_vote"):
        vote_on_rule(made.pk, unit=unit("city"), choice="for", district=DISTRICT, by=resident(), at=AT)
    with refused("unknown_choice"):
        vote(made, "wu", "city", "perhaps")
    with refused("objection_needs_reason", field="reason"):
        vote(made, "wu", "city", "against", "  ")
    with refused("vote_closed"):
        vote(made, "wu", "city", "for", at=made.closes_at)
    alone = ruling(case="GD2026110200009", assists=[], units_asked=[])
    with refused("unit_not_asked"):
        vote(alone, "lin", "cleaning", "for")
    assert not RuleVote.objects.exclude(choice="").exists()


def test_a_neighbour_that_was_not_asked_does_not_see_it() -> None:
    made = ruling(assists=[], units_asked=[])
    assert may_see(staff("wu"), made)
    assert may_see(staff("mei"), made)
    assert may_see(staff("guan"), made)
    assert may_see(SYSTEM, made)
    for outsider in ("lin", "ge", "shou", "ling"):
        assert not may_see(staff(outsider), made), outsider
    assert not may_see(resident(), made)
    everywhere = ruling(case="GD2026110200003", area_path="", assists=[], units_asked=[])
    assert may_see(staff("mei"), everywhere)
    assert not may_see(staff("lin"), everywhere)


# --- deciding ----------------------------------------------------------------------------------------
def test_an_adopted_rule_stands_there_and_leads_back_to_the_ruling() -> None:
    made = ruling()
    for who, code in (("lin", "cleaning"), ("wu", "city"), ("dong", "east")):
        vote(made, who, code, "for")
    rule = adopt(made, at=AT + 2 * HOUR)
    assert (leads(IN_EAST), leads(IN_WEST)) == ("city", "cleaning")
    assert [card.code for card in rule.assists.all()] == ["east"]
    assert (rule.proposal.case_number, rule.note) == (made.case_number, made.reason)
    fact = timeline(f"ruleproposal:{made.pk}").last()
    assert fact is not None
    assert (fact.kind, fact.data["number"], fact.data["votes"]["for"]) == ("RuleAdopted", rule.number, 3)
    assert verify().broken is None


def test_nobody_is_hurried_and_an_objection_is_answered() -> None:
    made = ruling()
    vote(made, "lin", "cleaning", "against", "合同不含")
    with refused("vote_still_open"):
        adopt(made, at=AT + 2 * HOUR)
    with refused("decision_needs_reason", field="reason"):
        adopt(made)
    rule = adopt(made, reason="合同下季度补签")
    made.refresh_from_db()
    assert (made.state, made.decision, made.decided_by) == (ProposalState.ADOPTED, "合同下季度补签", "梅分")
    assert rule.valid_until is None


def test_the_rule_it_replaces_ends_and_leaves_its_fallback() -> None:
    area = None
    spare = Unit.objects.get(code="west")
    old = set_duty_rule(
        items="0101", area=area, lead=Unit.objects.get(code="east"), fallback=spare, district=DISTRICT,
        by=SYSTEM, at=AT,
    )  # fmt: skip
    rule = adopt(ruling(area_path=""))
    old.refresh_from_db()
    assert old.valid_until == LATER
    assert rule.fallback == spare


def test_only_the_dispatch_centre_or_whoever_edits_the_rules_decides() -> None:
    made = ruling()
    for outsider in ("wu", "lin", "dong", "shou", "ling"):
        with refused("not_yours_to_decide"):
            adopt(made, outsider)
        with refused("not_yours_to_decide"):
            decline(made, outsider)
    assert adopt(made, "guan").number


def test_a_decision_is_made_once() -> None:
    made = ruling()
    with refused("decision_needs_reason", field="reason"):
        decline(made, reason=" ")
    decline(made)
    for again in (decline, adopt):
        with refused("proposal_settled"):
            again(made)
    with refused("proposal_settled"):
        vote(made, "wu", "city", "for")
    assert leads() == "cleaning"
    with refused("proposal_not_found"):
        adopt(RuleProposal())


def test_a_rule_cannot_name_a_unit_that_was_closed_meanwhile() -> None:
    made = ruling()
    Unit.objects.filter(code="city").update(is_active=False)
    announce("people")
    with refused("unit_gone"):
        adopt(made)


def test_the_database_keeps_it() -> None:
    made = ruling()
    for wrong, name in (
        ({"state": "adopted", "decided_at": AT}, "an_adopted_rule_proposal_names_its_rule"),
        ({"state": "declined"}, "a_rule_proposal_is_decided_at_a_moment"),
        ({"decided_at": AT}, "a_rule_proposal_is_decided_at_a_moment"),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            RuleProposal.objects.filter(pk=made.pk).update(**wrong)
    with pytest.raises(IntegrityError, match="a_case_has_one_open_rule_proposal"), transaction.atomic():
        RuleProposal.objects.create(
            items="01", lead=made.lead, case_number=made.case_number, proposed_at=AT, closes_at=AT
        )
    with pytest.raises(IntegrityError, match="a_unit_is_asked_once_about_a_rule"), transaction.atomic():
        RuleVote.objects.create(proposal=made, unit=made.lead)
    asked = made.votes.filter(unit=made.lead)
    with pytest.raises(IntegrityError, match="a_vote_against_says_why"), transaction.atomic():
        asked.update(choice="against", at=AT)
    with pytest.raises(IntegrityError, match="a_vote_was_given_at_a_moment"), transaction.atomic():
        asked.update(choice="for")
