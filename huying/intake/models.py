"""Tables of intake: channels, raw payloads, appeals and who is behind them, photos, imports."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huying.kit.ids import new_id
from huying.ledger.models import Story
from huying.people.models import Account
from huying.places.models import Area, Place


class Adapter(models.TextChoices):
    """How a channel's payloads are read."""

    WEB = "web", _("Web form")
    PROXY = "proxy", _("Entered by staff for a resident")
    PHONE = "phone", _("Phone desk")
    API = "api", _("JSON API")
    FILE = "file", _("File import")
    MAIL = "mail", _("E-mail")


class Channel(models.Model):
    """A way appeals come in; data over one of the adapters."""

    key = models.SlugField(primary_key=True, max_length=30)
    adapter = models.CharField(max_length=10, choices=Adapter)
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60, blank=True)
    settings = models.JSONField(default=dict, blank=True)
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class Inbound(models.Model):
    """What a channel handed over, exactly as it came. (channel, key) is taken once, for ever."""

    id = models.UUIDField(primary_key=True, default=new_id)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=200)
    content_type = models.CharField(max_length=80)
    body = models.BinaryField()
    received_at = models.DateTimeField()
    appeal_id = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "key"], name="a_channel_hands_over_a_key_once")
        ]

    def __str__(self) -> str:
        return f"{self.channel_id}:{self.key}"


class Appeal(Story):
    """One resident's voice: never merged away, has its own reply and its own rating."""

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.CharField(max_length=20, unique=True)
    district = models.CharField(max_length=6)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+", db_index=False)
    inbound = models.OneToOneField(Inbound, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    place_words = models.CharField(max_length=200, blank=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, related_name="+")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    area_path = models.CharField(max_length=200)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    point_system = models.CharField(max_length=10, blank=True)
    point_original = models.JSONField(null=True)
    occurred_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    language = models.CharField(max_length=10, default="zh-hans")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="appeals")
    typed_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    held_for = models.CharField(
        max_length=40, blank=True, help_text="Reason key when limits asked for a person."
    )
    link_edition = models.PositiveSmallIntegerField(default=1)
    withdrawn_at = models.DateTimeField(null=True)
    masked_at = models.DateTimeField(
        null=True, help_text="When what points at a person was taken out for good."
    )

    class Meta:
        indexes = [models.Index(fields=["received_at"], name="appeals_by_time")]
        constraints = [
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lon__isnull=True)
                | Q(lat__isnull=False, lat__range=(-90, 90), lon__isnull=False, lon__range=(-180, 180)),
                name="an_appeal_has_a_whole_point_or_none",
            )
        ]

    def __str__(self) -> str:
        return self.number


class Party(models.Model):
    """The person behind an appeal, kept apart from it: for answering only, masked later."""

    appeal = models.OneToOneField(Appeal, on_delete=models.PROTECT, primary_key=True, related_name="party")
    name = models.CharField(max_length=40, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    email = models.CharField(max_length=120, blank=True)
    told_how = models.CharField(max_length=30, blank=True)
    purpose = models.CharField(max_length=30, default="answer")
    delete_on = models.DateField(null=True, help_text="Not used any more: RetentionRule says when.")

    def __str__(self) -> str:
        return str(self.appeal_id)


class Relation(models.TextChoices):
    """What the person who typed an appeal is to the person it is about."""

    PARENT = "parent", _("My father or mother")
    GRANDPARENT = "grandparent", _("My grandparent")
    PARTNER = "partner", _("My husband or wife")
    CHILD = "child", _("My child")
    RELATIVE = "relative", _("Another relative")
    NEIGHBOUR = "neighbour", _("A neighbour or friend")


class Proxy(models.Model):
    """A resident typed an appeal for another, who agreed; for this appeal only, until one of them ends it.

    The party of the appeal is then the person it is about (who told); here is who typed.
    """

    appeal = models.OneToOneField(Appeal, on_delete=models.PROTECT, primary_key=True, related_name="proxy")
    relation = models.CharField(max_length=12, choices=Relation)
    filed_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    filer_name = models.CharField(max_length=40, blank=True)
    filer_phone = models.CharField(max_length=30, blank=True)
    consent_at = models.DateTimeField(help_text="When the typist said that the other agreed.")
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.relation} {self.appeal_id}"


class Photo(models.Model):
    """A cleaned photo in the store. Uploaded before the appeal is sent, it waits under its upload key."""

    id = models.UUIDField(primary_key=True, default=new_id)
    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, null=True, related_name="photos")
    upload_key = models.CharField(max_length=64, blank=True, db_index=True)
    stored_as = models.CharField(max_length=80)
    thumb_as = models.CharField(max_length=80)
    original_sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size_bytes = models.PositiveIntegerField()
    hint_lat = models.FloatField(null=True)
    hint_lon = models.FloatField(null=True)
    hint_taken_at = models.DateTimeField(null=True)
    uploaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)


class RetentionRule(models.Model):
    """How long what points at a person is kept after an ending of this kind, and why that long.

    `swept_until` is how far the masking job has come: every ending before it was looked at.
    """

    kind = models.SlugField(primary_key=True, max_length=30)
    days = models.PositiveSmallIntegerField()
    basis = models.CharField(max_length=200, blank=True)
    swept_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(days__range=(1, 3650)), name="personal_data_is_kept_a_day_to_ten_years"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.days}"


class LegalHold(models.Model):
    """An appeal that must stay whole for now (a lawsuit, an inquiry), with the reason and who said so."""

    id = models.UUIDField(primary_key=True, default=new_id)
    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="holds")
    reason = models.CharField(max_length=500)
    set_by = models.CharField(max_length=80)
    set_at = models.DateTimeField()
    lifted_by = models.CharField(max_length=80, blank=True)
    lifted_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True, help_text="When masking came by and was held up.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["appeal"],
                condition=Q(lifted_at__isnull=True),
                name="an_appeal_is_held_once_at_a_time",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_hold_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"hold on {self.appeal_id}"


class ImportState(models.TextChoices):
    """How far an import has come."""

    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class ImportRun(models.Model):
    """One file going in: known by its content, so that the same file goes on where it stopped."""

    id = models.UUIDField(primary_key=True, default=new_id)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="imports")
    file_name = models.CharField(max_length=200)
    file_sha256 = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.RUNNING)
    rows_read = models.PositiveIntegerField(default=0)
    taken = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    by_name = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = [models.Index(fields=["file_sha256"], name="imports_by_file")]

    def __str__(self) -> str:
        return self.file_name


class ImportProblem(models.Model):
    """A row that did not become an appeal, with its line, why, and the row itself."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="problems")
    line = models.PositiveIntegerField()
    reason = models.CharField(max_length=60)
    sentence = models.TextField()
    row = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "line"], name="a_line_of_an_import_is_told_once")
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.reason}"
