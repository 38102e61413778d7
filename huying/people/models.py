"""Tables of people: accounts, units, roles, posts, and the keys of machines."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from huying.kit.ids import new_id
from huying.ledger.models import Story
from huying.people.permissions import Permission
from huying.places.models import Area

if TYPE_CHECKING:
    from datetime import date

LONGEST_POWER = timedelta(minutes=60)


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts; Django's own commands use it."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> Account:  # noqa: ANN401 - Django's signature
        """Return a new account with a hashed password, or without one (phone code only)."""
        account = self.model(username=username, **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> Account:  # noqa: ANN401 - likewise
        """Return a new account that may use every configuration page."""
        return self.create_user(
            username, password, kind=AccountKind.STAFF, is_staff=True, is_superuser=True, **fields
        )


class AccountKind(models.TextChoices):
    """Whose account it is."""

    STAFF = "staff", _("Staff")
    RESIDENT = "resident", _("Resident")


class Account(AbstractBaseUser, PermissionsMixin):
    """Somebody who signed up or works here. Nothing about the person beyond what signing in needs."""

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=10, choices=AccountKind, default=AccountKind.RESIDENT)
    username = models.CharField(_("user name"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=40, blank=True)
    # NULL, not "", says that there is none: the constraint below lets one number sign in one resident.
    phone = models.CharField(_("mobile phone"), max_length=20, null=True, blank=True)  # noqa: DJ001 - see above
    language = models.CharField(_("language"), max_length=10, blank=True)
    totp_secret = models.CharField(max_length=64, blank=True)
    totp_last_step = models.BigIntegerField(default=0)
    must_change_password = models.BooleanField(default=False, db_default=False)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may configure"), default=False)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[AccountManager] = AccountManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["phone"],
                condition=Q(kind="resident", phone__isnull=False),
                name="a_phone_signs_in_one_resident",
            )
        ]

    def __str__(self) -> str:
        return self.name or self.username


class Unit(models.Model):
    """An organisation or a part of one that cases can be given to.

    `path` is the codes from the root down, joined by "/". `roles` are the duty roles it fills (catalogue), in
    its area; the unit nearest above a place that fills a role is the one meant.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=100, blank=True)
    short_names = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    pinyin = models.CharField(max_length=300, blank=True)
    initials = models.CharField(max_length=60, blank=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    path = models.CharField(max_length=300)
    roles = ArrayField(models.SlugField(max_length=40), default=list, blank=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, related_name="units")
    phone = models.CharField(max_length=30, blank=True, help_text="Public number of the office.")
    is_active = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["path"], name="units_by_path", opclasses=["text_pattern_ops"])]

    def __str__(self) -> str:
        return self.name


def permission_choices() -> list[tuple[str, str]]:
    """Return every permission for a configuration form."""
    return [(permission.value, permission.value) for permission in Permission]


class Role(models.Model):
    """What holders of a post may do: over their unit's work, and over the area of the post."""

    key = models.SlugField(primary_key=True, max_length=30)
    name = models.CharField(max_length=30)
    name_en = models.CharField(max_length=60, blank=True)
    on_unit = ArrayField(
        models.CharField(max_length=30, choices=permission_choices), default=list, blank=True
    )
    on_area = ArrayField(
        models.CharField(max_length=30, choices=permission_choices), default=list, blank=True
    )

    # Which administrator it makes its holder; written by the database from the rights, never by hand.
    admin_of = models.CharField(max_length=10, db_default="", default="", editable=False)

    def __str__(self) -> str:
        return self.name


class PostQuerySet(models.QuerySet["Post"]):
    """Filters over posts."""

    def held_on(self, day: date) -> PostQuerySet:
        """Keep the posts held on this day."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=day), valid_from__lte=day)


class Post(models.Model):
    """Who answers for what and where, from when to when; a person may hold several."""

    id = models.UUIDField(primary_key=True, default=new_id)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="posts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="posts")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, related_name="posts")
    items = ArrayField(
        models.CharField(max_length=12),
        default=list,
        blank=True,
        help_text="Item code prefixes; empty: every item.",
    )
    deputy_of = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="deputies"
    )
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    admin_of = models.CharField(max_length=10, db_default="", default="", editable=False)  # the role's

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="a_post_is_held_at_least_a_day",
            ),
            ExclusionConstraint(
                name="one_account_is_one_kind_of_administrator",
                expressions=[
                    ("account", RangeOperators.EQUAL),
                    ("admin_of", RangeOperators.NOT_EQUAL),
                    (Func("valid_from", "valid_until", function="DATERANGE"), RangeOperators.OVERLAPS),
                ],
                condition=~Q(admin_of=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} · {self.role} · {self.unit}"


class PhoneCode(models.Model):
    """A sign-in code sent to a phone: kept only as a hash, valid for minutes, with few tries."""

    id = models.BigAutoField(primary_key=True)
    phone = models.CharField(max_length=20, db_index=True)
    code_hash = models.CharField(max_length=128)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries_left = models.PositiveSmallIntegerField(default=5)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"code sent {self.sent_at:%Y-%m-%d %H:%M}"


class ApiKey(models.Model):
    """Lets a machine act for a channel; only the key's hash is kept."""

    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.CharField(max_length=60)
    channel = models.SlugField(max_length=30)
    key_hash = models.CharField(max_length=64, unique=True)
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Seen(models.TextChoices):
    """What of a person was seen."""

    CONTACT = "contact", _("Name and contact, and the text with its numbers")
    PAGE = "page", _("The page, in a session of power")
    IDENTITY = "identity", _("Who reported a violation")
    EXPORT = "export", _("A copy taken out as a file")


class PersonalAccess(models.Model):
    """Who saw what of the person behind an appeal, when, on which page and why; only ever added.

    `subject` is the number of the case or report, `open_until` the end of the moment in which the page shows
    it whole, `power` the session of power it was read in.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    at = models.DateTimeField()
    account_id = models.UUIDField(null=True)
    account_name = models.CharField(max_length=80)
    appeal_id = models.UUIDField(null=True)
    subject = models.CharField(max_length=40, blank=True)
    seen = models.CharField(max_length=10, choices=Seen)
    page = models.CharField(max_length=80)
    reason = models.CharField(max_length=30)
    words = models.CharField(max_length=300, blank=True)
    open_until = models.DateTimeField(null=True)
    power = models.UUIDField(null=True)

    class Meta:
        indexes = [
            BrinIndex(fields=["at"], name="accesses_by_time", autosummarize=True),
            models.Index(fields=["appeal_id", "at"], name="accesses_of_an_appeal"),
            models.Index(fields=["account_id", "open_until"], name="accesses_of_an_account"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="an_access_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.account_name} {self.subject} {self.at:%Y-%m-%d %H:%M}"


class RightsBook(Story):
    """The one book of who may do what: each change of roles, posts and accounts is a fact of it, in order."""

    key = models.SlugField(primary_key=True, max_length=10)

    def __str__(self) -> str:
        return self.key


class AdminProposal(models.Model):
    """A post of an administrator, proposed by one and given only when another confirms it (four eyes)."""

    id = models.UUIDField(primary_key=True, default=new_id)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    proposed_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    confirmed = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(confirmed=True)
                | (
                    ~Q(decided_by=F("proposed_by"))
                    & ~Q(decided_by=F("account"))
                    & Q(decided_by__isnull=False)
                ),
                name="an_administrator_is_confirmed_by_somebody_else",
            )
        ]

    def __str__(self) -> str:
        return f"{self.account} · {self.role}"


class PowerEnd(models.TextChoices):
    """How a session of power ended."""

    TIME = "time", _("its time was over")
    IDLE = "idle", _("nothing was done in it for a while")
    HAND = "hand", _("ended by hand")


class PowerSession(models.Model):
    """An administrator's look into cases for a stated reason, an hour at most; it ends by itself."""

    id = models.UUIDField(primary_key=True, default=new_id)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="powers")
    reason = models.CharField(max_length=300)
    started_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    how = models.CharField(max_length=4, choices=PowerEnd, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("started_at"), ends_at__lte=F("started_at") + LONGEST_POWER),
                name="power_lasts_an_hour_at_most",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="power_has_a_reason"),
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(ended_at__isnull=True),
                name="an_account_has_one_power_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.started_at:%Y-%m-%d %H:%M}"


class SignInOutcome(models.TextChoices):
    """What came of a try to sign in."""

    IN = "in", _("signed in")
    WRONG = "wrong", _("refused")
    OUT = "out", _("signed out")
    IDLE = "idle", _("signed out after doing nothing")


class SignInEntry(models.Model):
    """One try of staff to come in, or their going; only ever added. A name nobody has is not kept."""

    id = models.UUIDField(primary_key=True, default=new_id)
    at = models.DateTimeField()
    account_id = models.UUIDField(null=True)
    account_name = models.CharField(max_length=80, blank=True)
    outcome = models.CharField(max_length=6, choices=SignInOutcome)
    network = models.CharField(max_length=50, blank=True)
    browser = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [
            BrinIndex(fields=["at"], name="sign_ins_by_time", autosummarize=True),
            models.Index(fields=["account_id", "at"], name="sign_ins_of_an_account"),
        ]

    def __str__(self) -> str:
        return f"{self.account_name} {self.outcome}"
