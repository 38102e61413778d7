"""Tables of the duty board: alerts and who saw them, wall screens, incidents and what is done in them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from huying.kit.ids import new_id
from huying.ledger.models import Story
from huying.people.models import Account, Unit
from huying.places.models import Area


class AlertKind(models.TextChoices):
    """What somebody has to look at, the gravest first."""

    DANGER = "danger", _("Danger to life or property")
    DANGER_OVERDUE = "danger_overdue", _("A danger is overdue")
    HOT = "hot", _("Hot spot")
    LETTERS = "letters", _("Letters do not get through")
    CALENDAR = "calendar", _("The working calendar ends")
    RECOUNT = "recount", _("Counts had to be mended")


class Alert(Story):
    """One thing the duty officer is to look at, acknowledged once. It names no person.

    `key` says what it is about, so that it is raised once; `area_path` is "" for the whole town. `data` holds
    what its words need: number and title of a case, a place, an item.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=16, choices=AlertKind)
    area_path = models.CharField(max_length=200, blank=True)
    item_code = models.CharField(max_length=12, blank=True)
    data = models.JSONField(default=dict)
    raised_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="Its cause is over.")
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    acknowledged_by_name = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True, acknowledged_by_name="")
                | (Q(acknowledged_at__isnull=False) & ~Q(acknowledged_by_name="")),
                name="an_acknowledged_alert_says_by_whom",
            )
        ]
        indexes = [
            models.Index(
                fields=["-raised_at"],
                name="alerts_that_stand",
                condition=Q(acknowledged_at__isnull=True, ended_at__isnull=True),
            ),
            models.Index(fields=["kind", "-raised_at"], name="alerts_by_kind"),
        ]

    def __str__(self) -> str:
        return self.key


class WallScreen(Story):
    """A screen on a wall that shows the board of an area by its link, without anybody signed in.

    Only the hash of the link is kept; it is shown once, and can be taken back.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.CharField(max_length=60)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    link_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by_name = models.CharField(max_length=80)
    ends_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("made_at")), name="a_wall_screen_ends_after_it_begins"
            )
        ]

    def __str__(self) -> str:
        return self.name


class IncidentKind(models.TextChoices):
    """What may befall a town: the kinds every town starts with; its own stand in `KindOfIncident`."""

    STORM = "storm", _("Storm or flood")
    FIRE = "fire", _("Fire or explosion")
    BUILDING = "building", _("Building or ground unsafe")
    SUPPLY = "supply", _("Water, power or gas cut off")
    TRAFFIC = "traffic", _("Road or transport")
    ENVIRONMENT = "environment", _("Pollution")
    CROWD = "crowd", _("Many people at one place")
    OTHER = "other", _("Other")


class KindOfIncident(Story):
    """A kind of incident a town named itself, or one it renamed or switched off.

    Without a name of its own it goes by the words it came with.
    """

    key = models.SlugField(primary_key=True, max_length=12)
    name = models.CharField(max_length=40, blank=True)
    name_en = models.CharField(max_length=40, blank=True)
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=~Q(name=""), name="a_kind_of_incident_has_a_name_of_its_own"
            )
        ]

    def __str__(self) -> str:
        return self.name or self.key


class IncidentState(models.TextChoices):
    """Whether it goes on."""

    OPEN = "open", _("Going on")
    CLOSED = "closed", _("Closed")


class Incident(Story):
    """Something out of the ordinary that is led from one place: groups, tasks, one voice, a report a day."""

    id = models.UUIDField(primary_key=True, default=new_id)
    district = models.CharField(max_length=6)
    title = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, help_text="A key of `board.kinds`.")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    area_path = models.CharField(max_length=200)
    state = models.CharField(max_length=6, choices=IncidentState, default=IncidentState.OPEN)
    since = models.DateTimeField()
    opened_at = models.DateTimeField()
    opened_by_name = models.CharField(max_length=80)
    spokes_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    is_drill = models.BooleanField(default=False, help_text="An exercise: residents see nothing of it.")
    closed_at = models.DateTimeField(null=True)
    summary = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True)
                | (Q(state="closed", closed_at__isnull=False) & ~Q(summary="")),
                name="a_closed_incident_has_a_summary",
            )
        ]
        indexes = [models.Index(fields=["state", "-opened_at"], name="incidents_newest_first")]

    def __str__(self) -> str:
        return self.title


class Group(models.Model):
    """A working group of an incident: units, one of them in the lead. No person is listed."""

    id = models.UUIDField(primary_key=True, default=new_id)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="groups")
    name = models.CharField(max_length=40)
    lead = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    lead_post = models.CharField(max_length=40, blank=True, help_text="Which post leads it; no name.")
    members = models.ManyToManyField(Unit, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "name"], name="a_group_has_its_own_name"),
        ]

    def __str__(self) -> str:
        return self.name


class TaskState(models.TextChoices):
    """How far a task is."""

    OPEN = "open", _("To do")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("No longer needed")


class Task(models.Model):
    """What a group is to do until when; done, it says with what proof."""

    id = models.UUIDField(primary_key=True, default=new_id)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="tasks")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="tasks")
    words = models.CharField(max_length=200)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=TaskState, default=TaskState.OPEN)
    set_at = models.DateTimeField()
    set_by_name = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True)
    ended_by_name = models.CharField(max_length=80, blank=True)
    proof = models.TextField(blank=True, help_text="What was done and how that is seen; or why not.")
    late_told_at = models.DateTimeField(null=True, help_text="When it was told that its time had passed.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", ended_at__isnull=True)
                | (~Q(state="open") & Q(ended_at__isnull=False) & ~Q(proof="")),
                name="a_task_that_is_over_has_its_proof",
            )
        ]
        indexes = [models.Index(fields=["incident", "state", "due_at"], name="tasks_of_an_incident")]

    def __str__(self) -> str:
        return self.words


class StatementState(models.TextChoices):
    """How far a public statement is."""

    DRAFT = "draft", _("Draft, waits for approval")
    SHOWN = "shown", _("Shown to residents")
    REFUSED = "refused", _("Not approved")
    REPLACED = "replaced", _("Replaced by a later one")
    TAKEN_DOWN = "taken_down", _("Taken down")


class Statement(models.Model):
    """What the town says of an incident, with one voice; every version is kept as it was shown."""

    id = models.UUIDField(primary_key=True, default=new_id)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="statements")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=500)
    state = models.CharField(max_length=10, choices=StatementState, default=StatementState.DRAFT)
    drafted_at = models.DateTimeField()
    drafted_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    drafted_by_name = models.CharField(max_length=80)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_by_name = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "number"], name="statements_are_numbered_once"),
            models.UniqueConstraint(
                fields=["incident"], condition=Q(state="shown"), name="an_incident_speaks_with_one_voice"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("drafted_by")),
                name="a_statement_is_approved_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} of {self.incident_id}"


class DailyReport(models.Model):
    """What happened in an incident up to a moment of a day, as it was known then; never changed."""

    id = models.UUIDField(primary_key=True, default=new_id)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="reports")
    day = models.DateField()
    made_at = models.DateTimeField()
    data = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "day"], name="an_incident_has_one_report_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.day}"
