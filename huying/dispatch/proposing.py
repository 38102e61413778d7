"""Rules that rulings propose: asked of the units, voted on, and adopted or declined by a person."""

from __future__ import annotations

from collections import Counter
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from huying.catalogue.core.clock import due_at
from huying.catalogue.queries import town_clock
from huying.dispatch import facts, reasons
from huying.dispatch.actions import set_duty_rule
from huying.dispatch.models import DutyRule, ProposalState, RuleProposal, RuleVote, VoteChoice
from huying.dispatch.rules import may_decide, voting_units
from huying.kit.errors import Refusal
from huying.kit.text import clean
from huying.ledger.actions import record
from huying.places.queries import town_map

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from huying.ledger.actor import Actor
    from huying.ledger.chain import FactBody
    from huying.people.queries import UnitCard

LONGEST_REASON = 2_000


def propose_rule(
    *,
    items: str,
    area_path: str,
    lead: UnitCard,
    assists: Sequence[UnitCard],
    reason: str,
    case_number: str,
    units_asked: Sequence[UnitCard],
    district: str,
    by: Actor,
    at: datetime,
) -> RuleProposal:
    """Make a ruling a proposed duty rule, and ask the units: those in dispute, the lead and the assisting.

    `items` is the beginning of an item code, `area_path` the area ("": the whole town). The rights of whoever
    rules were judged by the move that calls. The same ruling on the same case is proposed once; a later one
    that says otherwise withdraws what is still open.
    """
    area = town_map().by_code(area_path.rpartition("/")[2]) if area_path else None
    asked = tuple(dict.fromkeys((lead, *assists, *units_asked)))
    with transaction.atomic():
        earlier = _latest_of(case_number)
        if earlier is not None and _says(earlier) == (items, area.id if area else None, lead.id):
            return earlier
        if earlier is not None and earlier.state == ProposalState.OPEN:
            body = facts.RuleWithdrawn(why="later_ruling")
            _settle(earlier, ProposalState.WITHDRAWN, body, "", district=district, by=by, at=at)
        proposal = RuleProposal(
            items=items,
            area_id=area.id if area else None,
            lead_id=lead.id,
            reason=clean(reason)[:LONGEST_REASON],
            case_number=case_number,
            proposed_by=by.name,
            proposed_at=at,
            closes_at=_closes_at(at),
        )
        proposed = facts.RuleProposed(
            items=items,
            area=area.code if area else "",
            lead=lead.code,
            assists=[card.code for card in assists],
            reason=proposal.reason,
            case_number=case_number,
            units_asked=[card.code for card in asked],
            closes_at=proposal.closes_at.isoformat(),
        )
        record(proposal, proposed, district=district, by=by, at=at)
        proposal.save()
        keys: list[Any] = [
            card.id for card in assists
        ]  # Django takes keys as well; its stubs know numbers only
        proposal.assists.set(keys)
        RuleVote.objects.bulk_create(RuleVote(proposal=proposal, unit_id=card.id) for card in asked)
    return proposal


def _latest_of(case_number: str) -> RuleProposal | None:
    """Return the latest proposal from a case, locked."""
    found = RuleProposal.objects.select_for_update().filter(case_number=case_number)
    return found.order_by("-proposed_at", "-id").first()


def _says(proposal: RuleProposal) -> tuple[str, UUID | None, UUID]:
    return proposal.items, proposal.area_id, proposal.lead_id


def _closes_at(at: datetime) -> datetime:
    town = town_clock(at)
    return due_at(at, town.policies["rule_vote"], town.calendar).at


def vote_on_rule(
    proposal_id: UUID,
    *,
    unit: UnitCard,
    choice: str,
    reason: str = "",
    district: str,
    by: Actor,
    at: datetime,
) -> RuleVote:
    """Give or change the vote of a unit while the vote is open; the same again changes nothing.

    Refusals `not_your_vote`, `unit_not_asked`, `proposal_settled`, `vote_closed`, `objection_needs_reason`.
    """
    words = clean(reason)[:LONGEST_REASON]
    if choice not in VoteChoice.values:
        raise Refusal(reasons.UNKNOWN_CHOICE, field="choice")
    if unit.id not in voting_units(by):
        raise Refusal(reasons.NOT_YOUR_VOTE)
    if choice == VoteChoice.AGAINST and not words:
        raise Refusal(reasons.OBJECTION_NEEDS_REASON, field="reason")
    with transaction.atomic():
        proposal = _open(proposal_id)
        vote = RuleVote.objects.filter(proposal=proposal, unit_id=unit.id).first()
        if vote is None:
            raise Refusal(reasons.UNIT_NOT_ASKED)
        if at >= proposal.closes_at:
            raise Refusal(reasons.VOTE_CLOSED)
        if (vote.choice, vote.reason) == (choice, words):
            return vote
        body = facts.RuleVoted(unit=unit.code, choice=choice, reason=words, before=vote.choice)
        vote.choice, vote.reason, vote.by_name, vote.at = choice, words, by.name, at
        vote.save()
        record(proposal, body, district=district, by=by, at=at)
        proposal.save(update_fields=["fact_seq", "fact_hash"])
        return vote


def adopt_rule(proposal_id: UUID, *, reason: str = "", district: str, by: Actor, at: datetime) -> DutyRule:
    """Make a proposed rule a duty rule that stands; never done by the machine.

    Every unit has voted, or the time to vote is over. Against an objection it takes a reason. The fallback of
    the rule it replaces stays.
    """
    words = clean(reason)[:LONGEST_REASON]
    with transaction.atomic():
        proposal = _to_decide(proposal_id, by)
        count = count_votes(proposal.votes.all())
        if count["open"] and at < proposal.closes_at:
            until = date_format(timezone.localtime(proposal.closes_at), "SHORT_DATETIME_FORMAT")
            raise Refusal(reasons.VOTE_STILL_OPEN, until=until)
        if count["against"] and not words:
            raise Refusal(reasons.DECISION_NEEDS_REASON, field="reason")
        for unit in (proposal.lead, *proposal.assists.all()):
            if not unit.is_active:
                raise Refusal(reasons.UNIT_GONE, unit=unit.name)
        stood = DutyRule.objects.filter(items=proposal.items, area=proposal.area, valid_until=None).first()
        rule = set_duty_rule(
            items=proposal.items,
            area=proposal.area,
            lead=proposal.lead,
            assists=sorted(proposal.assists.all(), key=attrgetter("code")),
            fallback=stood.fallback if stood else None,
            note=proposal.reason,
            district=district,
            by=by,
            at=at,
        )
        proposal.rule = rule
        body = facts.RuleAdopted(number=rule.number, votes=count, reason=words)
        _settle(proposal, ProposalState.ADOPTED, body, words, district=district, by=by, at=at)
        return rule


def decline_rule(proposal_id: UUID, *, reason: str, district: str, by: Actor, at: datetime) -> RuleProposal:
    """Decline a proposed rule, with the reason the units read."""
    words = clean(reason)[:LONGEST_REASON]
    if not words:
        raise Refusal(reasons.DECISION_NEEDS_REASON, field="reason")
    with transaction.atomic():
        proposal = _to_decide(proposal_id, by)
        body = facts.RuleDeclined(votes=count_votes(proposal.votes.all()), reason=words)
        _settle(proposal, ProposalState.DECLINED, body, words, district=district, by=by, at=at)
        return proposal


def count_votes(votes: Iterable[RuleVote]) -> dict[str, int]:
    """Return how many units are for, against, abstain, and have not said anything (`open`)."""
    found = Counter(vote.choice or "open" for vote in votes)
    return {key: found.get(key, 0) for key in (*VoteChoice.values, "open")}


def _open(proposal_id: UUID) -> RuleProposal:
    """Return a proposal nobody has decided on, locked."""
    proposal = (
        RuleProposal.objects.select_for_update(of=("self",))
        .select_related("area", "lead")
        .filter(pk=proposal_id)
        .first()
    )
    if proposal is None:
        raise Refusal(reasons.PROPOSAL_NOT_FOUND)
    if proposal.state != ProposalState.OPEN:
        raise Refusal(reasons.PROPOSAL_SETTLED)
    return proposal


def _to_decide(proposal_id: UUID, by: Actor) -> RuleProposal:
    proposal = _open(proposal_id)
    if not may_decide(by, proposal.area.path if proposal.area else ""):
        raise Refusal(reasons.NOT_YOURS_TO_DECIDE)
    return proposal


def _settle(
    proposal: RuleProposal,
    state: ProposalState,
    body: FactBody,
    words: str,
    *,
    district: str,
    by: Actor,
    at: datetime,
) -> None:
    """Write that a proposal is decided: state, fact, who and why."""
    proposal.state, proposal.decided_at, proposal.decided_by, proposal.decision = state, at, by.name, words
    record(proposal, body, district=district, by=by, at=at)
    proposal.save()
