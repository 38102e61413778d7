"""Tables of the workbench: phrases, presence, views, acts on many cases, lists, posts, rosters, rounds."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from huying.cases.models import Case
from huying.kit.ids import new_id
from huying.ledger.models import Story
from huying.people.models import Account, Post, Unit

LONGEST_PHRASE = 2_000


class QuickPhrase(models.Model):
    """Words that are written often: one person's own, or shared by a unit.

    `move` is the key of the move they belong to, empty for all; placeholders in braces are filled in for the
    case at hand (`workbench.phrases`).
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    owner = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, null=True, related_name="+")
    move = models.SlugField(max_length=30, blank=True)
    title = models.CharField(max_length=40)
    text = models.TextField()
    made_by = models.ForeignKey(
        Account, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(owner__isnull=False, unit__isnull=True)
                | Q(owner__isnull=True, unit__isnull=False),
                name="a_phrase_belongs_to_a_person_or_a_unit",
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(text=""), name="a_phrase_has_a_title_and_words"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Doing(models.TextChoices):
    """What somebody does with a case just now."""

    LOOKING = "looking", _("has it open")
    DECIDING = "deciding", _("decides on it")
    WRITING = "writing", _("writes")


class Presence(models.Model):
    """Somebody has a case open this very moment. No history: a row lives a minute after the last sign.

    The table is unlogged (it is not in the write-ahead log, on no replica and in no backup), and what is
    known is overwritten or deleted; nobody's day can be read off it.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    case_id = models.UUIDField()
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    doing = models.CharField(max_length=8, choices=Doing)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case_id", "account"], name="somebody_is_at_a_case_once")
        ]

    def __str__(self) -> str:
        return self.doing


class Listed(models.TextChoices):
    """Which list something is about."""

    INBOX = "inbox", _("My inbox")
    AREA = "area", _("My area")
    SEARCH = "search", _("Search")


class TakenOut(models.TextChoices):
    """Which list a file holds: one of cases, or one of another room."""

    INBOX = "inbox", _("My inbox")
    AREA = "area", _("My area")
    SEARCH = "search", _("Search")
    ORDERS = "orders", _("Supervision list")


class SharedWith(models.TextChoices):
    """Who finds a saved view among theirs."""

    NOBODY = "nobody", _("Only me")
    UNIT = "unit", _("My unit")
    EVERYONE = "everyone", _("All staff")


class SavedView(models.Model):
    """A list looked at in one way, under a name. It holds no cases: readers see through it what is theirs.

    `filters`, `columns` and `order` are those of a `lens.Lens`.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    owner = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    listed = models.CharField(max_length=8, choices=Listed)
    filters = models.JSONField(default=dict)
    columns = ArrayField(models.CharField(max_length=20), default=list)
    order = models.CharField(max_length=8, default="due")
    shared_with = models.CharField(max_length=8, choices=SharedWith, default=SharedWith.NOBODY)
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, null=True, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="a_person_names_a_view_once"),
            models.CheckConstraint(condition=~Q(name=""), name="a_view_has_a_name"),
            models.CheckConstraint(
                condition=Q(shared_with="unit", unit__isnull=False)
                | (~Q(shared_with="unit") & Q(unit__isnull=True)),
                name="a_view_shared_with_a_unit_names_it",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ViewUse(models.Model):
    """How one person uses a view, their own or a shared one: pinned above the list, opened at the start."""

    id = models.UUIDField(primary_key=True, default=new_id)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="uses")
    pinned = models.BooleanField(default=False)
    at_start = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "view"], name="a_person_uses_a_view_in_one_way"),
            models.UniqueConstraint(
                fields=["account"], condition=Q(at_start=True), name="a_person_starts_with_one_view"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} uses {self.view_id}"


class ListHabit(models.Model):
    """The columns and order one person last chose for a list, where no saved view says otherwise."""

    id = models.UUIDField(primary_key=True, default=new_id)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    listed = models.CharField(max_length=8, choices=Listed)
    columns = ArrayField(models.CharField(max_length=20), default=list)
    order = models.CharField(max_length=8, default="due")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "listed"], name="a_person_sets_a_list_in_one_way")
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.listed}"


class BulkRun(models.Model):
    """One act asked for with many cases. Its key comes from the form: a second click finds the first run."""

    id = models.UUIDField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    act = models.CharField(max_length=20, help_text="The key of a move.")
    given = models.JSONField(default=dict)
    asked_at = models.DateTimeField()
    retry_of = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="retries")

    def __str__(self) -> str:
        return f"{self.act} {self.id}"


class RowState(models.TextChoices):
    """What came of one case of a run."""

    WAITING = "waiting", _("Not yet done")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused")


class BulkRow(models.Model):
    """One case of a run: what was seen of it, and what came of it; without a case there was none to see."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(BulkRun, on_delete=models.CASCADE, related_name="rows")
    number = models.CharField(max_length=20)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    seen = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=RowState, default=RowState.WAITING)
    reason = models.CharField(max_length=60, blank=True)
    sentence = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="a_run_has_a_case_once"),
            models.CheckConstraint(
                condition=Q(state="refused") & ~Q(reason="") | ~Q(state="refused") & Q(reason=""),
                name="what_is_refused_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.state}"


class ExportState(models.TextChoices):
    """How far a list is that somebody takes out."""

    WAITING = "waiting", _("Waits")
    RUNNING = "running", _("Is being written")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")
    DELETED = "deleted", _("Deleted")


class ExportRun(Story):
    """A list taken out as a file: by whom, what for, what was in it, until when it is kept."""

    id = models.UUIDField(primary_key=True)
    district = models.CharField(max_length=6)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=200)
    listed = models.CharField(max_length=8, choices=TakenOut)
    filters = models.JSONField(default=dict)
    columns = ArrayField(models.CharField(max_length=20), default=list)
    order = models.CharField(max_length=8, default="due")
    contacts = models.BooleanField(default=False, help_text="Names and numbers of residents were asked for.")
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=8, choices=ExportState, default=ExportState.WAITING)
    rows = models.PositiveIntegerField(default=0)
    more = models.BooleanField(default=False, help_text="There were more rows than a file may hold.")
    stored_as = models.CharField(max_length=80, blank=True)
    size_bytes = models.PositiveBigIntegerField(default=0)
    failed_for = models.TextField(blank=True)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    delete_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(why=""), name="a_list_taken_out_has_a_reason"),
            models.CheckConstraint(
                condition=Q(state="ready", delete_at__isnull=False) & ~Q(stored_as="")
                | ~Q(state="ready") & Q(stored_as=""),
                name="only_a_ready_list_has_a_file_and_its_end",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-asked_at"], name="lists_a_person_took_out"),
            models.Index(fields=["delete_at"], name="lists_to_delete", condition=Q(state="ready")),
        ]

    def __str__(self) -> str:
        return f"{self.listed} {self.id}"


class HandOver(models.Model):
    """A post goes to somebody else from a day on, and with it what its holder had in hand.

    `cases` are the numbers of the cases that went along; `done_at` is when they did, on the first day.
    `parts` are what stays with the unit and now waits for the next holder, each "number:kind": applications
    the holder made, and parts of other units' cases.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    new_post = models.OneToOneField(Post, on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField()
    decided_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    cases = ArrayField(models.CharField(max_length=20), default=list)
    phrases = models.PositiveSmallIntegerField(default=0)
    views = models.PositiveSmallIntegerField(db_default=0)
    parts = ArrayField(models.CharField(max_length=60), default=list, db_default=[])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post"], name="a_post_is_handed_over_once"),
            models.CheckConstraint(condition=~Q(post=F("new_post")), name="a_post_goes_to_another_post"),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} from {self.from_on}"


class Roster(models.Model):
    """A duty of a unit somebody is always named for, such as the night duty; `phone` is the desk's own."""

    id = models.UUIDField(primary_key=True, default=new_id)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="rosters")
    name = models.CharField(max_length=40)
    phone = models.CharField(max_length=30, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="a_unit_names_a_duty_once")]

    def __str__(self) -> str:
        return self.name


class Shift(models.Model):
    """Who is on duty from when to when; the name is enough, for not everybody on call has an account."""

    id = models.UUIDField(primary_key=True, default=new_id)
    roster = models.ForeignKey(Roster, on_delete=models.CASCADE, related_name="shifts")
    name = models.CharField(max_length=40)
    phone = models.CharField(max_length=30, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="a_shift_ends_after_it_starts"
            ),
            models.UniqueConstraint(
                fields=["roster", "starts_at", "name"], name="somebody_is_on_a_duty_once_at_a_time"
            ),
        ]
        indexes = [models.Index(fields=["roster", "ends_at"], name="shifts_of_a_roster")]

    def __str__(self) -> str:
        return f"{self.name} {self.starts_at:%Y-%m-%d %H:%M}"


class RoundStep(models.Model):
    """A step a phone sent from the round, under its one-time key: sent again, it is known. Kept a month."""

    key = models.UUIDField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+", db_index=False)
    move = models.SlugField(max_length=30)
    taken_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.move} {self.key}"


class TownModule(Story):
    """Whether a town uses a part of Huying that can be done without; without a row it does."""

    key = models.SlugField(primary_key=True, max_length=30)
    is_on = models.BooleanField(default=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key
