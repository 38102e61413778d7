"""Tables of dispatch: duty rules, the assignments they gave, and the rules rulings propose."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from huying.catalogue.models import Item
from huying.intake.models import Appeal
from huying.kit.ids import new_id
from huying.ledger.models import Story
from huying.people.models import Unit
from huying.places.models import Area


class DutyRule(Story):
    """Item × area → lead, assists, fallback.

    A change ends the row and makes a new one, so that every assignment can name the rule as it was. `items`
    is an item code or the beginning of one ("" = every item). The rule for the longest code wins, then the
    one for the smallest area.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.PositiveIntegerField(unique=True)
    items = models.CharField(max_length=12, blank=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    lead = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    assists = models.ManyToManyField(Unit, related_name="+", blank=True)
    fallback = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    note = models.TextField(blank=True)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["items", "area"],
                condition=Q(valid_until__isnull=True),
                nulls_distinct=False,
                name="one_duty_rule_stands_for_an_item_and_area",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="a_duty_rule_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.number} {self.items or '*'}"


class Assignment(models.Model):
    """Who was given a matter, by which rule, by whom. Never changed: a redispatch is a new one."""

    id = models.UUIDField(primary_key=True, default=new_id)
    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    assists = ArrayField(models.UUIDField(), default=list)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+", db_index=False)
    rule = models.ForeignKey(DutyRule, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    why = models.JSONField(help_text="Reason key and its details: which rule, role or person decided.")
    automatic = models.BooleanField()
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.unit_id} at {self.at:%Y-%m-%d %H:%M}"


class ProposalState(models.TextChoices):
    """Where a proposed duty rule stands."""

    OPEN = "open", _("Being voted on")
    ADOPTED = "adopted", _("Adopted")
    DECLINED = "declined", _("Not adopted")
    WITHDRAWN = "withdrawn", _("Taken back")


class RuleProposal(Story):
    """A duty rule a ruling proposes: it stands only once somebody adopts it, after the units have had a say.

    The ruling is named by the number of its case alone, for cases stand above dispatch.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    items = models.CharField(max_length=12)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, related_name="+")
    lead = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    assists = models.ManyToManyField(Unit, related_name="+")
    reason = models.TextField()
    case_number = models.CharField(max_length=20)
    proposed_by = models.CharField(max_length=80)
    proposed_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ProposalState, default=ProposalState.OPEN)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decision = models.TextField(blank=True, help_text="Why it was adopted against a vote, or not at all.")
    rule = models.OneToOneField(DutyRule, on_delete=models.PROTECT, null=True, related_name="proposal")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case_number"],
                condition=Q(state="open"),
                name="a_case_has_one_open_rule_proposal",
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True)
                | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="a_rule_proposal_is_decided_at_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(state="adopted", rule__isnull=False)
                | (~Q(state="adopted") & Q(rule__isnull=True)),
                name="an_adopted_rule_proposal_names_its_rule",
            ),
        ]
        indexes = [models.Index(fields=["case_number"], name="rule_proposals_by_case")]

    def __str__(self) -> str:
        return f"{self.items or '*'} → {self.lead_id} ({self.case_number})"


class VoteChoice(models.TextChoices):
    """What a unit says to a proposed rule."""

    FOR = "for", _("In favour")
    AGAINST = "against", _("Against")
    ABSTAIN = "abstain", _("Abstains")


class RuleVote(models.Model):
    """A unit asked about a proposed rule, and what it says now: nothing yet, or its one standing vote."""

    id = models.UUIDField(primary_key=True, default=new_id)
    proposal = models.ForeignKey(RuleProposal, on_delete=models.PROTECT, related_name="votes")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    choice = models.CharField(max_length=10, choices=VoteChoice, blank=True)
    reason = models.TextField(blank=True)
    by_name = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "unit"], name="a_unit_is_asked_once_about_a_rule"),
            models.CheckConstraint(
                condition=Q(choice="", at__isnull=True) | (~Q(choice="") & Q(at__isnull=False)),
                name="a_vote_was_given_at_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(choice="against") | ~Q(reason=""), name="a_vote_against_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.choice or '-'}"
