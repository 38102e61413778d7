"""Tables of sealed reports: the report, who is behind it (apart), what was written, who opened it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from huying.kit.ids import new_id
from huying.ledger.models import Story
from huying.people.models import Account, Unit


class State(models.TextChoices):
    """Where a report stands."""

    NEW = "new", _("Received")
    WORKING = "working", _("Being looked into")
    REPLIED = "replied", _("Answered")
    CLOSED = "closed", _("Closed")


class Outcome(models.TextChoices):
    """What was found."""

    CONFIRMED = "confirmed", _("Confirmed")
    PARTLY = "partly", _("Confirmed in part")
    UNFOUNDED = "unfounded", _("Not borne out")
    ELSEWHERE = "elsewhere", _("Belongs to another authority")


class Report(Story):
    """A report of a violation. Its words are sealed; nothing in this row says who wrote it.

    `number` is random, so that it tells neither order nor how many there are. `alias` is all that handlers
    see of the reporter. `unit` handles it; without one every officer may take it who is not barred.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.CharField(max_length=20, unique=True)
    district = models.CharField(max_length=6)
    alias = models.CharField(max_length=20, unique=True)
    code_hash = models.CharField(max_length=128)
    state = models.CharField(max_length=8, choices=State, default=State.NEW)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    text_box = models.BinaryField()
    about_box = models.BinaryField(help_text="Whom the reporter names, in their own words.")
    accused_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    handler = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    received_on = models.DateField(help_text="The day only: a minute could tell who it was.")
    closed_at = models.DateTimeField(null=True)
    stars = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(stars__isnull=True) | Q(stars__range=(1, 5)),
                name="a_report_has_one_to_five_stars",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_at__isnull=False), name="a_closed_report_says_when"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["replied", "closed"]) | ~Q(outcome=""),
                name="an_answered_report_says_what_was_found",
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=True) | Q(accused_unit__isnull=True) | ~Q(unit=F("accused_unit")),
                name="the_accused_unit_never_handles_its_own_report",
            ),
        ]
        indexes = [models.Index(fields=["state", "received_on"], name="sealed_by_state_and_day")]

    def __str__(self) -> str:
        return self.number


class Accused(models.Model):
    """A member of staff a report is about: neither handles nor sees it, whatever posts they hold."""

    id = models.BigAutoField(primary_key=True)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="accused")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "account"], name="a_report_accuses_somebody_once")
        ]

    def __str__(self) -> str:
        return str(self.report_id)


class Identity(models.Model):
    """Who is behind a report: a sealed box in a table of its own, empty once it was destroyed."""

    report = models.OneToOneField(Report, on_delete=models.PROTECT, primary_key=True, related_name="identity")
    box = models.BinaryField()
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(destroyed_at__isnull=True) | Q(box=b""), name="a_destroyed_identity_is_empty"
            )
        ]

    def __str__(self) -> str:
        return str(self.report_id)


class Message(models.Model):
    """What reporter and handler write each other, sealed; the reporter under the alias."""

    id = models.UUIDField(primary_key=True, default=new_id)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="messages")
    from_reporter = models.BooleanField()
    is_reply = models.BooleanField(default=False)
    box = models.BinaryField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)


class Picture(models.Model):
    """A photo sent with a report: a box of its own, with neither name nor moment."""

    id = models.UUIDField(primary_key=True, default=new_id)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="pictures")
    box = models.BinaryField()

    def __str__(self) -> str:
        return str(self.id)


class Unsealing(models.Model):
    """An officer asked to open an identity, with a reason; another granted or refused it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="unsealings")
    reason = models.CharField(max_length=500)
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    granted = models.BooleanField(null=True)
    open_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="nobody_grants_their_own_unsealing",
            ),
            models.CheckConstraint(
                condition=Q(open_until__isnull=True)
                | Q(granted=True, granted__isnull=False, decided_by__isnull=False),
                name="an_identity_opens_only_when_granted",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="an_unsealing_has_a_reason"),
            models.UniqueConstraint(
                fields=["report"],
                condition=Q(decided_at__isnull=True),
                name="a_report_is_asked_for_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.asked_at:%Y-%m-%d}"
