"""The duty board: alerts, wall screens, incidents with groups, tasks, statements and reports."""

import django.db.models.deletion
import huying.kit.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0005_administrators_are_three"),
        ("places", "0003_lists_of_places"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Incident",
            fields=[
                ("fact_seq", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "fact_hash",
                    models.BinaryField(
                        default=b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00",
                        max_length=32,
                    ),
                ),
                ("id", models.UUIDField(default=huying.kit.ids.new_id, primary_key=True, serialize=False)),
                ("district", models.CharField(max_length=6)),
                ("title", models.CharField(max_length=80)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("storm", "Storm or flood"),
                            ("fire", "Fire or explosion"),
                            ("building", "Building or ground unsafe"),
                            ("supply", "Water, power or gas cut off"),
                            ("traffic", "Road or transport"),
                            ("environment", "Pollution"),
                            ("crowd", "Many people at one place"),
                            ("other", "Other"),
                        ],
                        max_length=12,
                    ),
                ),
                ("area_path", models.CharField(max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Going on"), ("closed", "Closed")], default="open", max_length=6
                    ),
                ),
                ("since", models.DateTimeField()),
                ("opened_at", models.DateTimeField()),
                ("opened_by_name", models.CharField(max_length=80)),
                (
                    "is_drill",
                    models.BooleanField(default=False, help_text="An exercise: residents see nothing of it."),
                ),
                ("closed_at", models.DateTimeField(null=True)),
                ("summary", models.TextField(blank=True)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.area"
                    ),
                ),
                (
                    "spokes_unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.unit",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Group",
            fields=[
                ("id", models.UUIDField(default=huying.kit.ids.new_id, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=40)),
                (
                    "lead_post",
                    models.CharField(blank=True, help_text="Which post leads it; no name.", max_length=40),
                ),
                ("made_at", models.DateTimeField()),
                (
                    "lead",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.unit",
                    ),
                ),
                ("members", models.ManyToManyField(related_name="+", to="people.unit")),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="groups",
                        to="board.incident",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DailyReport",
            fields=[
                ("id", models.UUIDField(default=huying.kit.ids.new_id, primary_key=True, serialize=False)),
                ("day", models.DateField()),
                ("made_at", models.DateTimeField()),
                ("data", models.JSONField()),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="board.incident",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Statement",
            fields=[
                ("id", models.UUIDField(default=huying.kit.ids.new_id, primary_key=True, serialize=False)),
                ("number", models.PositiveSmallIntegerField()),
                ("text", models.CharField(max_length=500)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft, waits for approval"),
                            ("shown", "Shown to residents"),
                            ("refused", "Not approved"),
                            ("replaced", "Replaced by a later one"),
                            ("taken_down", "Taken down"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("drafted_at", models.DateTimeField()),
                ("drafted_by_name", models.CharField(max_length=80)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by_name", models.CharField(blank=True, max_length=80)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "drafted_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="board.incident",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                ("id", models.UUIDField(default=huying.kit.ids.new_id, primary_key=True, serialize=False)),
                ("words", models.CharField(max_length=200)),
                ("due_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "To do"), ("done", "Done"), ("dropped", "No longer needed")],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("set_at", models.DateTimeField()),
                ("set_by_name", models.CharField(max_length=80)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by_name", models.CharField(blank=True, max_length=80)),
                (
                    "proof",
                    models.TextField(blank=True, help_text="What was done and how that is seen; or why not."),
                ),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tasks", to="board.group"
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tasks", to="board.incident"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WallScreen",
            fields=[
                ("fact_seq", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "fact_hash",
                    models.BinaryField(
                        default=b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00",
                        max_length=32,
                    ),
                ),
                ("id", models.UUIDField(default=huying.kit.ids.new_id, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
                ("link_hash", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("made_by_name", models.CharField(max_length=80)),
                ("ends_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.area"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Alert",
            fields=[
                ("fact_seq", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "fact_hash",
                    models.BinaryField(
                        default=b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00",
                        max_length=32,
                    ),
                ),
                ("id", models.UUIDField(default=huying.kit.ids.new_id, primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=120, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("danger", "Danger to life or property"),
                            ("danger_overdue", "A danger is overdue"),
                            ("hot", "Hot spot"),
                            ("letters", "Letters do not get through"),
                            ("calendar", "The working calendar ends"),
                            ("recount", "Counts had to be mended"),
                        ],
                        max_length=16,
                    ),
                ),
                ("area_path", models.CharField(blank=True, max_length=200)),
                ("item_code", models.CharField(blank=True, max_length=12)),
                ("data", models.JSONField(default=dict)),
                ("raised_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(help_text="Its cause is over.", null=True)),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("acknowledged_by_name", models.CharField(blank=True, max_length=80)),
                ("note", models.CharField(blank=True, max_length=200)),
                (
                    "acknowledged_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("acknowledged_at__isnull", True), ("ended_at__isnull", True)),
                        fields=["-raised_at"],
                        name="alerts_that_stand",
                    ),
                    models.Index(fields=["kind", "-raised_at"], name="alerts_by_kind"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("acknowledged_at__isnull", True), ("acknowledged_by_name", "")),
                            models.Q(
                                ("acknowledged_at__isnull", False),
                                models.Q(("acknowledged_by_name", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="an_acknowledged_alert_says_by_whom",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(fields=["state", "-opened_at"], name="incidents_newest_first"),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", True), ("state", "open")),
                    models.Q(
                        ("closed_at__isnull", False),
                        ("state", "closed"),
                        models.Q(("summary", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="a_closed_incident_has_a_summary",
            ),
        ),
        migrations.AddConstraint(
            model_name="group",
            constraint=models.UniqueConstraint(fields=("incident", "name"), name="a_group_has_its_own_name"),
        ),
        migrations.AddConstraint(
            model_name="dailyreport",
            constraint=models.UniqueConstraint(
                fields=("incident", "day"), name="an_incident_has_one_report_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.UniqueConstraint(
                fields=("incident", "number"), name="statements_are_numbered_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "shown")),
                fields=("incident",),
                name="an_incident_speaks_with_one_voice",
            ),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by__isnull", True),
                    models.Q(("decided_by", models.F("drafted_by")), _negated=True),
                    _connector="OR",
                ),
                name="a_statement_is_approved_by_another",
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(fields=["incident", "state", "due_at"], name="tasks_of_an_incident"),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("state", "open")),
                    models.Q(
                        models.Q(("state", "open"), _negated=True),
                        ("ended_at__isnull", False),
                        models.Q(("proof", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="a_task_that_is_over_has_its_proof",
            ),
        ),
        migrations.AddConstraint(
            model_name="wallscreen",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("made_at"))),
                name="a_wall_screen_ends_after_it_begins",
            ),
        ),
    ]
