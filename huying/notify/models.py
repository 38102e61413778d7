"""Tables of notify: notices, what goes out of them over which channel, and who wants to be reached how."""

from __future__ import annotations

from datetime import time

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huying.kit.ids import new_id
from huying.people.models import Account, Unit


class Notice(models.Model):
    """One notice to one reader: a resident's appeal, a unit, or an account.

    The words are made when it is read, from `kind` and `data`, in the reader's language.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    to_appeal_id = models.UUIDField(null=True, db_index=True)
    to_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    to_account = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=40)
    data = models.JSONField(default=dict)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["to_unit", "-at"], name="notices_of_a_unit"),
            models.Index(fields=["to_account", "-at"], name="notices_of_an_account"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_appeal_id__isnull=False)
                | Q(to_unit__isnull=False)
                | Q(to_account__isnull=False),
                name="a_notice_has_a_reader",
            )
        ]

    def __str__(self) -> str:
        return self.kind


class Channel(models.TextChoices):
    """A way out of the house; what stands in the app needs none."""

    WECHAT = "wechat", _("WeChat")
    SMS = "sms", _("Text message")
    EMAIL = "email", _("E-mail")
    WECOM = "wecom", _("WeCom group robot")


class DeliveryState(models.TextChoices):
    """What became of a letter over one channel."""

    QUEUED = "queued", _("Queued")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Refused by the channel")
    GIVEN_UP = "given_up", _("Given up")
    SUPPRESSED = "suppressed", _("Not sent")


class Delivery(models.Model):
    """One notice over one channel to one reader: how often it was tried, and what came of it.

    The address is looked up when it is sent and kept here masked only. `then` are the channels to fall back
    to, in order. `batch` is shared by what goes out in one letter.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=8, choices=Channel)
    reader = models.CharField(max_length=60, help_text="appeal:…, account:… or robot:…")
    language = models.CharField(max_length=10, blank=True)
    urgent = models.BooleanField(default=False)
    together = models.BooleanField(default=False, help_text="Goes out in one letter with what else is due.")
    then = ArrayField(models.CharField(max_length=8), default=list)
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    batch = models.UUIDField(null=True)
    claimed_at = models.DateTimeField(null=True)
    address = models.CharField(max_length=80, blank=True, help_text="Masked.")
    provider_id = models.CharField(max_length=120, blank=True)
    error = models.CharField(max_length=60, blank=True, help_text="Reason key or the channel's own code.")
    error_text = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "channel", "reader"],
                name="a_notice_goes_out_once_over_a_channel_to_a_reader",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "sending"], ended_at__isnull=True)
                | Q(state__in=["sent", "failed", "given_up", "suppressed"], ended_at__isnull=False),
                name="a_delivery_that_ended_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="sending") | Q(claimed_at__isnull=False, batch__isnull=False),
                name="what_is_being_sent_says_since_when",
            ),
        ]
        indexes = [
            models.Index(
                fields=["channel", "not_before"], name="deliveries_due", condition=Q(state="queued")
            ),
            models.Index(fields=["claimed_at"], name="deliveries_being_sent", condition=Q(state="sending")),
            models.Index(fields=["-made_at", "-id"], name="deliveries_newest_first"),
            models.Index(
                fields=["state", "-made_at"],
                name="deliveries_with_trouble",
                condition=Q(state__in=["failed", "given_up", "suppressed"]),
            ),
            models.Index(fields=["reader", "-made_at"], name="deliveries_of_a_reader"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"


class Sending(models.Model):
    """A letter handed to a channel at a moment: what rate limits are counted by. Names nobody.

    `bucket` is what the limit holds for: a robot, or a phone as a keyed hash.
    """

    id = models.BigAutoField(primary_key=True)
    bucket = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["bucket", "at"], name="sendings_of_a_bucket")]

    def __str__(self) -> str:
        return f"{self.bucket} {self.at:%Y-%m-%d %H:%M:%S}"


class Reach(models.Model):
    """Somebody agreed to be reached over a channel, for one appeal or for all of an account.

    The phone and the address given with an appeal stay there and are looked up when something is sent;
    `address` is for what is known nowhere else (the e-mail address of staff, an openid). One who wants
    nothing more keeps the row with `stopped_at`: that is remembered, too.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    appeal_id = models.UUIDField(null=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    channel = models.CharField(max_length=8, choices=Channel)
    address = models.CharField(max_length=120, blank=True)
    leave_out = ArrayField(
        models.CharField(max_length=10),
        default=list,
        db_default=[],
        blank=True,
        help_text="Groups of letters not wanted this way (letters_residents.GROUPS); empty: all are.",
    )
    agreed_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    stopped_by = models.CharField(max_length=20, blank=True, help_text="page, link, or the channel.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["appeal_id", "channel"],
                condition=Q(appeal_id__isnull=False),
                name="an_appeal_is_reached_one_way_over_a_channel",
            ),
            models.UniqueConstraint(
                fields=["account", "channel"],
                condition=Q(account__isnull=False),
                name="an_account_is_reached_one_way_over_a_channel",
            ),
            models.CheckConstraint(
                condition=Q(appeal_id__isnull=False, account__isnull=True)
                | Q(appeal_id__isnull=True, account__isnull=False),
                name="a_reach_is_for_an_appeal_or_an_account",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} of {self.appeal_id or self.account_id}"


class Contact(models.Model):
    """An address a resident proved to be theirs: an e-mail address by a code, WeChat by its own sign-in.

    What is written to it is for Reach to say; removed here, it is gone there as well.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=8, choices=Channel)
    address = models.CharField(max_length=120)
    proved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "channel"], name="an_account_has_one_contact_of_a_channel"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=["email", "wechat"]) & ~Q(address=""),
                name="a_contact_is_an_address_or_an_openid",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} of {self.account_id}"


class ContactCode(models.Model):
    """A code sent to an e-mail address that is to be proved: a hash, good for minutes, with few tries."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=120)
    code_hash = models.CharField(max_length=128)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries_left = models.PositiveSmallIntegerField(default=5)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["address", "sent_at"], name="contact_codes_of_an_address"),
            models.Index(fields=["sent_at"], name="contact_codes_by_age"),
        ]

    def __str__(self) -> str:
        return f"code sent {self.sent_at:%Y-%m-%d %H:%M}"


class Pace(models.TextChoices):
    """How soon staff want to hear of a kind of thing."""

    AT_ONCE = "at_once", _("At once")
    HOURLY = "hourly", _("Once an hour, together")
    DAILY = "daily", _("Once a day, together")
    NEVER = "never", _("Only here at the desk")


class StaffPace(models.Model):
    """How soon one member of staff wants letters of one kind."""

    id = models.UUIDField(primary_key=True, default=new_id)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    pace = models.CharField(max_length=8, choices=Pace)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "kind"], name="staff_choose_one_pace_for_a_kind")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pace}"


class Wording(models.Model):
    """The town's own words for a letter in one language; a new version each time, none is ever changed.

    `is_default` says that from this version on the words that come with Huying count again.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=40)
    language = models.CharField(max_length=10)
    version = models.PositiveIntegerField()
    is_default = models.BooleanField(default=False)
    subject = models.CharField(max_length=60, blank=True)
    happened = models.CharField(max_length=300, blank=True)
    next = models.CharField(max_length=300, blank=True)
    brief = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    by_name = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "language", "version"], name="a_wording_has_a_version_once"
            ),
            models.CheckConstraint(
                condition=Q(is_default=True)
                | (~Q(subject="") & ~Q(happened="") & ~Q(next="") & ~Q(brief="")),
                name="the_towns_words_say_everything",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.language} {self.version}"


class ProviderTemplate(models.Model):
    """A template as a provider has approved it: its code, and what its blanks are filled with.

    `kind` empty: for every kind without one of its own. `blanks` names, in order, the provider's blank and
    what goes into it: `thing1=subject`, or only `number` where the provider counts its blanks.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    channel = models.CharField(max_length=8, choices=Channel)
    kind = models.CharField(max_length=40, blank=True)
    code = models.CharField(max_length=80)
    blanks = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    is_active = models.BooleanField(default=True)
    at = models.DateTimeField(null=True)
    by_name = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "kind"],
                condition=Q(is_active=True),
                name="a_kind_has_one_template_of_a_channel",
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.kind or '*'} {self.code}"


def default_order() -> list[str]:
    """Return the channels residents are tried over, first to last, before a town says otherwise."""
    return [Channel.WECHAT.value, Channel.SMS.value, Channel.EMAIL.value]


class TownRules(models.Model):
    """What a town decides for all letters: quiet hours, order of channels, limits, hour of the digest.

    Each change is a new row; the newest counts.
    """

    id = models.PositiveIntegerField(primary_key=True, default=1)
    quiet_from = models.TimeField(default=time(22))
    quiet_until = models.TimeField(default=time(8))
    order = ArrayField(models.CharField(max_length=8), default=default_order)
    texts_a_day = models.PositiveSmallIntegerField(default=10)
    daily_at = models.TimeField(default=time(8, 30))
    at = models.DateTimeField(null=True)
    by_name = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(texts_a_day__gte=1), name="a_phone_may_get_a_text_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.quiet_from:%H:%M}-{self.quiet_until:%H:%M}"


class Reminder(models.Model):
    """A clock was told of at a stage (near due, overdue); written with the notice, so it happens once."""

    id = models.BigAutoField(primary_key=True)
    about = models.UUIDField()
    stage = models.CharField(max_length=12)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["about", "stage"], name="a_stage_of_a_clock_is_told_once")
        ]

    def __str__(self) -> str:
        return f"{self.stage} of {self.about}"
