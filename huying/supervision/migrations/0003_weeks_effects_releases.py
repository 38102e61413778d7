"""Tables of what watches over orders."""

import django.db.models.deletion
import huying.kit.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("supervision", "0002_orders"),
    ]

    operations = [
        migrations.CreateModel(
            name="Effect",
            fields=[
                ("id", models.UUIDField(default=huying.kit.ids.new_id, primary_key=True, serialize=False)),
                ("round", models.PositiveSmallIntegerField()),
                ("since", models.DateTimeField(help_text="When the order was closed.")),
                ("until", models.DateTimeField(help_text="Until when is counted.")),
                (
                    "before",
                    models.PositiveIntegerField(
                        default=0, help_text="Appeals in as long a time before it was given."
                    ),
                ),
                ("after", models.PositiveIntegerField(default=0)),
                (
                    "people_after",
                    models.PositiveIntegerField(default=0, help_text="Different appellants among them."),
                ),
                (
                    "months",
                    models.JSONField(default=list, help_text="Appeals of each month after it was closed."),
                ),
                (
                    "found",
                    models.CharField(
                        choices=[
                            ("running", "Still being counted"),
                            ("fell", "Fewer appeals than before"),
                            ("same", "About as many appeals as before"),
                            ("rose", "More appeals than before"),
                            ("returned", "Appeals came back: opened again"),
                            ("too_few", "Too few appeals to tell"),
                        ],
                        default="running",
                        max_length=8,
                    ),
                ),
                ("counted_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="effects",
                        to="supervision.order",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Release",
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
                ("edition", models.PositiveIntegerField(default=1)),
                ("title", models.CharField(blank=True, max_length=120)),
                ("text", models.TextField(blank=True)),
                (
                    "voices",
                    models.JSONField(default=list, help_text="What residents said, as it was released."),
                ),
                ("area_path", models.CharField(max_length=200)),
                ("is_livelihood", models.BooleanField(default=False)),
                ("released_at", models.DateTimeField()),
                ("released_by_name", models.CharField(max_length=80)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdraw_reason", models.CharField(blank=True, max_length=300)),
                (
                    "order",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="release",
                        to="supervision.order",
                    ),
                ),
                (
                    "topic",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="release",
                        to="supervision.topic",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WeekList",
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
                ("week_on", models.DateField(help_text="Its Monday.", unique=True)),
                (
                    "rows",
                    models.JSONField(
                        help_text="The orders that were open in it, as they stood when it ended."
                    ),
                ),
                (
                    "carried",
                    models.PositiveIntegerField(help_text="How many of them went on into the next week."),
                ),
                ("frozen_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("week_on__week_day", 2)), name="a_week_begins_on_monday"
                    )
                ],
            },
        ),
    ]
