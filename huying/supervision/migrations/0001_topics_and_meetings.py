"""Tables of topics and meetings."""

import django.db.models.deletion
import huying.kit.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cases", "0014_matters_of_many"),
        ("people", "0005_administrators_are_three"),
        ("people", "__first__"),
        ("places", "0002_old_names"),
    ]

    operations = [
        migrations.CreateModel(
            name="AgendaItem",
            fields=[
                ("id", models.UUIDField(default=huying.kit.ids.new_id, primary_key=True, serialize=False)),
                ("place", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=120)),
                ("is_standing", models.BooleanField(default=False)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("decided", "Decided on"),
                            ("heard", "Heard"),
                            ("put_off", "Put off"),
                            ("taken_off", "Taken off"),
                        ],
                        help_text="Empty: still to come.",
                        max_length=9,
                    ),
                ),
                ("settled_at", models.DateTimeField(null=True)),
                ("notes", models.TextField(blank=True, help_text="What was said, as the minutes tell it.")),
            ],
        ),
        migrations.CreateModel(
            name="Pack",
            fields=[
                (
                    "item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="pack",
                        serialize=False,
                        to="supervision.agendaitem",
                    ),
                ),
                ("data", models.JSONField()),
                ("sha256", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Body",
            fields=[
                ("id", models.UUIDField(default=huying.kit.ids.new_id, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80, unique=True)),
                ("name_en", models.CharField(blank=True, max_length=80)),
                (
                    "standing_title",
                    models.CharField(
                        blank=True,
                        help_text="The item that stands on every agenda; empty: none does.",
                        max_length=80,
                    ),
                ),
                (
                    "standing_last",
                    models.BooleanField(default=True, help_text="Whether that item comes last, or first."),
                ),
                ("is_active", models.BooleanField(default=True)),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        help_text="Whose matters it takes up; empty: those of the whole town.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.area",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        help_text="The key of the form: the same twice is one decision.",
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("place", models.PositiveSmallIntegerField()),
                ("text", models.TextField()),
                ("decided_at", models.DateTimeField()),
                ("decided_by_name", models.CharField(max_length=80)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="supervision.agendaitem",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Meeting",
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
                ("year", models.PositiveSmallIntegerField()),
                (
                    "number",
                    models.PositiveSmallIntegerField(
                        help_text="Which meeting of the body it is in its year."
                    ),
                ),
                ("area_path", models.CharField(max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[("called", "Called"), ("released", "Minutes released")],
                        default="called",
                        max_length=8,
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("where", models.CharField(blank=True, max_length=120)),
                ("chaired_by", models.CharField(blank=True, max_length=80)),
                ("written_by", models.CharField(blank=True, max_length=80)),
                ("called_by_name", models.CharField(max_length=80)),
                ("released_at", models.DateTimeField(null=True)),
                ("released_by_name", models.CharField(blank=True, max_length=80)),
                ("minutes", models.JSONField(help_text="The minutes as they were released.", null=True)),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="meetings",
                        to="supervision.body",
                    ),
                ),
                (
                    "called_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Attendance",
            fields=[
                ("id", models.UUIDField(default=huying.kit.ids.new_id, primary_key=True, serialize=False)),
                ("place", models.PositiveSmallIntegerField()),
                ("who", models.CharField(max_length=80)),
                (
                    "presence",
                    models.CharField(
                        choices=[
                            ("present", "Present"),
                            ("listening", "Attending without a vote"),
                            ("excused", "Excused"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendance",
                        to="supervision.meeting",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="agendaitem",
            name="meeting",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="items", to="supervision.meeting"
            ),
        ),
        migrations.CreateModel(
            name="Topic",
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
                ("number", models.PositiveIntegerField(unique=True)),
                ("district", models.CharField(max_length=6)),
                ("title", models.CharField(max_length=120)),
                ("why", models.TextField(help_text="Why it is to be taken up.")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("hot_spot", "A hot spot"),
                            ("overdue", "Overdue cases"),
                            ("walk", "A walk"),
                            ("hand", "Proposed by hand"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed topic"),
                            ("listed", "On an agenda"),
                            ("decided", "Decided, being worked on"),
                            ("ended", "Topic ended"),
                            ("dropped", "Not taken up"),
                        ],
                        default="proposed",
                        max_length=8,
                    ),
                ),
                ("hot_spot", models.UUIDField(help_text="The hot spot it was made from.", null=True)),
                ("walk", models.UUIDField(help_text="The walk it was made from.", null=True)),
                ("area_path", models.CharField(max_length=200)),
                ("item_code", models.CharField(blank=True, max_length=12)),
                ("place_name", models.CharField(blank=True, max_length=120)),
                ("proposed_at", models.DateTimeField()),
                ("proposed_by_name", models.CharField(max_length=80)),
                ("ended_at", models.DateTimeField(null=True)),
                ("said", models.TextField(blank=True, help_text="Why it was dropped, or how it ended.")),
                (
                    "proposed_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.unit",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Household",
            fields=[
                ("id", models.UUIDField(default=huying.kit.ids.new_id, primary_key=True, serialize=False)),
                ("place", models.PositiveIntegerField(help_text="Its place in the list.")),
                ("label", models.CharField(max_length=30)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Not begun"), ("at_work", "Begun"), ("done", "Household done")],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=120)),
                ("changed_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="households",
                        to="supervision.topic",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="agendaitem",
            name="topic",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="agenda_items",
                to="supervision.topic",
            ),
        ),
        migrations.CreateModel(
            name="TopicCase",
            fields=[
                ("id", models.UUIDField(default=huying.kit.ids.new_id, primary_key=True, serialize=False)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="supervision.topic",
                    ),
                ),
            ],
        ),
    ]
