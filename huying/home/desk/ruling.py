"""Rules that rulings propose: the list, one of them with its votes, a unit's vote, and the decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from huying.cases.models import Case
from huying.cases.rules import visible_to
from huying.cases.words import item_name
from huying.dispatch.models import ProposalState, RuleProposal, VoteChoice
from huying.dispatch.proposing import LONGEST_REASON, adopt_rule, count_votes, decline_rule, vote_on_rule
from huying.dispatch.rules import may_decide, proposals_visible_to, voting_units
from huying.home.desk.access import staff_required
from huying.home.desk.frame import RULING
from huying.home.desk.telling import who
from huying.home.forms import WordsField
from huying.kit.errors import Refusal
from huying.kit.telling import TellingForm
from huying.ledger.queries import timeline
from huying.people.permissions import Permission
from huying.people.queries import unit_book

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse
    from django_stubs_ext import StrOrPromise

    from huying.dispatch.models import RuleVote
    from huying.home.desk.access import DeskRequest
    from huying.ledger.models import Fact
    from huying.people.queries import UnitCard

MOST_SHOWN = 100
# How a vote and a state look: tone and icon beside their words.
VOTE_LOOKS: dict[str, tuple[str, str]] = {
    VoteChoice.FOR: ("ok", "check"), VoteChoice.AGAINST: ("bad", "ban"), VoteChoice.ABSTAIN: ("mute", "info"),
}  # fmt: skip
STATE_LOOKS = {
    ProposalState.OPEN: ("info", "users"), ProposalState.ADOPTED: ("ok", "check"),
    ProposalState.DECLINED: ("mute", "ban"), ProposalState.WITHDRAWN: ("mute", "return"),
}  # fmt: skip


class VoteForm(TellingForm):
    """What a unit says to a proposed rule."""

    choice = forms.ChoiceField(
        label=gettext_lazy("What your unit says"), choices=VoteChoice.choices, widget=forms.RadioSelect
    )
    reason = WordsField(
        label=gettext_lazy("Why"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("Needed when you are against it. Everybody who was asked reads it."),
    )


class DecisionForm(TellingForm):
    """Whether a proposed rule is adopted, and why."""

    reason = WordsField(
        label=gettext_lazy("Why"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("Needed to decline it, and to adopt it against an objection."),
    )


@require_safe
@staff_required(*RULING)
def proposals(request: DeskRequest) -> HttpResponse:
    """List the proposed rules of the actor's units and areas: those open, or those decided."""
    decided = request.GET.get("decided") == "1"
    found = RuleProposal.objects.filter(proposals_visible_to(request.actor))
    found = found.exclude(state=ProposalState.OPEN) if decided else found.filter(state=ProposalState.OPEN)
    found = found.select_related("area", "lead", "rule").prefetch_related("votes__unit", "assists")
    mine = voting_units(request.actor)
    order = ("-decided_at", "-id") if decided else ("closes_at", "id")
    rows = [
        _row(proposal)
        | {
            "waits_for_me": any(vote.unit_id in mine and not vote.choice for vote in proposal.votes.all())
            and request.at < proposal.closes_at,
        }
        for proposal in found.order_by(*order)[:MOST_SHOWN]
    ]
    return render(request, "desk/rules.html", {"rows": rows, "decided": decided, "now": request.at})


def _row(proposal: RuleProposal) -> dict[str, Any]:
    tone, icon = STATE_LOOKS[ProposalState(proposal.state)]
    return {
        "proposal": proposal,
        "url": reverse("desk:rule", args=[proposal.pk]),
        "items": item_name(proposal.items) or _("every item"),
        "area": proposal.area.name if proposal.area else _("the whole town"),
        "count": count_votes(proposal.votes.all()),
        "tone": tone,
        "icon": icon,
    }


def _found(request: DeskRequest, proposal_id: UUID) -> RuleProposal:
    shown = RuleProposal.objects.filter(proposals_visible_to(request.actor), pk=proposal_id)
    proposal = shown.select_related("area", "lead", "rule").first()
    if proposal is None:
        raise Http404
    return proposal


@require_safe
@staff_required(*RULING)
def proposal(request: DeskRequest, proposal_id: UUID) -> HttpResponse:
    """Show a proposed rule with its votes, and what this member of staff may do about it."""
    return _page(request, _found(request, proposal_id))


def _page(
    request: DeskRequest,
    shown: RuleProposal,
    *,
    voting: tuple[UUID, VoteForm] | None = None,
    deciding: DecisionForm | None = None,
) -> HttpResponse:
    """Show a proposal; a form that was refused stands where it was, with what was typed."""
    is_open = shown.state == ProposalState.OPEN
    votes = list(shown.votes.select_related("unit").order_by("unit__code"))
    mine = voting_units(request.actor) if is_open and request.at < shown.closes_at else frozenset()
    forms_of = [
        (vote, voting[1] if voting and voting[0] == vote.unit_id else _form_of(vote))
        for vote in votes
        if vote.unit_id in mine
    ]
    decides = is_open and may_decide(request.actor, shown.area.path if shown.area else "")
    seen = Case.objects.filter(visible_to(request.actor), number=shown.case_number).exists()
    answered = next((form for form in (voting and voting[1], deciding) if form and form.errors), None)
    context = _row(shown) | {
        "votes": [(vote, *VOTE_LOOKS.get(vote.choice, ("", ""))) for vote in votes],
        "vote_forms": forms_of,
        "decision": (deciding or DecisionForm(auto_id="decision_%s")) if decides else None,
        "is_open": is_open,
        "case_url": reverse("desk:case", args=[shown.case_number]) if seen else "",
        "rules_url": reverse("desk:office:duties") if request.actor.holds(Permission.CATALOGUE_EDIT) else "",
        "events": [_event(fact) for fact in reversed(timeline(f"ruleproposal:{shown.pk}"))],
        "now": request.at,
    }  # fmt: skip
    return render(request, "desk/rule.html", context, status=_status(answered))


def _status(form: TellingForm | None) -> int:
    if form is None:
        return 200
    return form.refusal.reason.status if form.refusal else 422


def _form_of(vote: RuleVote) -> VoteForm:
    return VoteForm(initial={"choice": vote.choice, "reason": vote.reason}, auto_id=f"{vote.unit.code}_%s")


def _event(fact: Fact) -> dict[str, Any]:
    """Return a fact of a proposal's story as the timeline shows it."""
    titles: dict[str, tuple[str, StrOrPromise]] = {
        "RuleProposed": ("note", _("A ruling proposed the rule")),
        "RuleAdopted": ("closed", _("Adopted as duty rule")),
        "RuleDeclined": ("withdrawn", _("Not adopted")),
        "RuleWithdrawn": ("withdrawn", _("Taken back: a later ruling on the same case says otherwise")),
    }
    if fact.kind == "RuleVoted":
        unit = unit_book().by_code.get(fact.data["unit"])
        name = unit.name if unit else fact.data["unit"]
        title: StrOrPromise = f"{name}: {VoteChoice(fact.data['choice']).label}"
        kind = "reviewed"
    else:
        kind, title = titles[fact.kind]
    return {
        "kind": kind,
        "title": title,
        "text": fact.data.get("reason", ""),
        "at": fact.at,
        "who": who(fact),
    }


@require_POST
@staff_required(Permission.CASE_WORK)
def vote(request: DeskRequest, proposal_id: UUID, unit_id: UUID) -> HttpResponse:
    """Take a unit's vote."""
    shown = _found(request, proposal_id)
    unit = _unit(unit_id)
    form = VoteForm(request.POST, auto_id=f"{unit.code}_%s")
    if form.is_valid():
        told = form.cleaned_data
        try:
            vote_on_rule(
                proposal_id, unit=unit, choice=told["choice"], reason=told["reason"],
                district=settings.DISTRICT, by=request.actor, at=request.at,
            )  # fmt: skip
        except Refusal as refusal:
            form.tell(refusal)
        else:
            messages.success(request, _("The vote of {unit} is noted.").format(unit=unit.name))
            return redirect("desk:rule", proposal_id=proposal_id)
    return _page(request, shown, voting=(unit_id, form))


def _unit(unit_id: UUID) -> UnitCard:
    card = unit_book().by_id.get(unit_id)
    if card is None:
        raise Http404
    return card


@require_POST
@staff_required(Permission.CASE_DISPATCH, Permission.CATALOGUE_EDIT)
def decide(request: DeskRequest, proposal_id: UUID) -> HttpResponse:
    """Adopt or decline a proposed rule, as the button says."""
    shown = _found(request, proposal_id)
    form = DecisionForm(request.POST, auto_id="decision_%s")
    if form.is_valid():
        who_and_when: dict[str, Any] = {
            "reason": form.cleaned_data["reason"],
            "district": settings.DISTRICT, "by": request.actor, "at": request.at,
        }  # fmt: skip
        try:
            if request.POST.get("act") == "adopt":
                rule = adopt_rule(proposal_id, **who_and_when)
                said = _("Duty rule no. {number} stands.").format(number=rule.number)
            else:
                decline_rule(proposal_id, **who_and_when)
                said = _("The rule is not adopted. The ruling on the one case stays as it is.")
        except Refusal as refusal:
            form.tell(refusal)
        else:
            messages.success(request, said)
            return redirect("desk:rule", proposal_id=proposal_id)
    return _page(request, shown, deciding=form)
