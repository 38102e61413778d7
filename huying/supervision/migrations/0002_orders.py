"""Tables of orders and what hangs on them."""

import django.db.models.deletion
import huying.kit.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("supervision", "0001_topics_and_meetings"),
    ]

    operations = [
        migrations.CreateModel(
            name="Order",
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
                ("number", models.PositiveIntegerField(help_text="Counted within its year.")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("supervised", "Matter under supervision"),
                            ("livelihood", "Livelihood project"),
                            ("coordinated", "Matter to coordinate"),
                            ("works", "Works"),
                        ],
                        default="supervised",
                        max_length=12,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("given", "To be taken on"),
                            ("disputed", "Said to be another's"),
                            ("at_work", "Being worked on"),
                            ("reported", "Reported done, to be approved"),
                            ("closed", "Closed order"),
                            ("cancelled", "Cancelled order"),
                        ],
                        default="given",
                        max_length=9,
                    ),
                ),
                ("title", models.CharField(max_length=120)),
                ("text", models.TextField(help_text="What is to be done.")),
                ("area_path", models.CharField(max_length=200)),
                ("given_at", models.DateTimeField()),
                ("given_by_name", models.CharField(max_length=80)),
                ("due_on", models.DateField(help_text="The last day.")),
                ("first_due_on", models.DateField(help_text="The last day as it was first set.")),
                (
                    "heard_at",
                    models.DateTimeField(help_text="When the unit last said anything, or was last asked."),
                ),
                (
                    "letter",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("blue", "Blue · near its date"),
                            ("yellow", "Yellow · handled poorly"),
                            ("red", "Red · overdue"),
                        ],
                        help_text="The last letter sent.",
                        max_length=6,
                    ),
                ),
                ("soon_told_on", models.DateField(help_text="The date it was told of as near.", null=True)),
                ("late_told_on", models.DateField(help_text="The date it was told of as past.", null=True)),
                ("sent_back", models.BooleanField(default=False, help_text="Its last report was sent back.")),
                (
                    "round",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="How often it was sent back or reopened."
                    ),
                ),
                ("reported_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "said",
                    models.TextField(
                        blank=True, help_text="What its last turn was about: a report, a reason."
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decision",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="order",
                        to="supervision.decision",
                    ),
                ),
                (
                    "reported_by",
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
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.unit",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Interview",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        help_text="The key of the form: the same twice is one talk.",
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("held_on", models.DateField()),
                ("who", models.CharField(help_text="The firm or post that was spoken to.", max_length=80)),
                ("asked", models.TextField(blank=True)),
                ("promise", models.TextField(blank=True)),
                ("promised_on", models.DateField(help_text="The day it was promised for.", null=True)),
                ("kept_at", models.DateTimeField(null=True)),
                (
                    "passed_told_at",
                    models.DateTimeField(help_text="When it was told that the day had passed.", null=True),
                ),
                ("by_name", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interviews",
                        to="supervision.order",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OrderAssist",
            fields=[
                ("id", models.UUIDField(default=huying.kit.ids.new_id, primary_key=True, serialize=False)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assists",
                        to="supervision.order",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.unit"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OrderCase",
            fields=[
                ("id", models.UUIDField(default=huying.kit.ids.new_id, primary_key=True, serialize=False)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="supervision.order",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="order",
            name="topic",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="orders",
                to="supervision.topic",
            ),
        ),
        migrations.CreateModel(
            name="Work",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        help_text="The key of the form: the same twice is one line.",
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("quantity", models.DecimalField(decimal_places=2, max_digits=14)),
                (
                    "measure",
                    models.CharField(help_text="The unit it is counted in: 个, 米, 平方米.", max_length=20),
                ),
                ("cost_yuan", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ("done_on", models.DateField(null=True)),
                ("struck_at", models.DateTimeField(help_text="When the line was struck out.", null=True)),
                ("by_name", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="works",
                        to="supervision.order",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OrderPhoto",
            fields=[
                ("id", models.UUIDField(default=huying.kit.ids.new_id, primary_key=True, serialize=False)),
                (
                    "shows",
                    models.CharField(
                        choices=[("before", "Before"), ("after", "After"), ("evidence", "Evidence of work")],
                        max_length=8,
                    ),
                ),
                ("stored_as", models.CharField(max_length=80)),
                ("thumb_as", models.CharField(max_length=80)),
                ("by_name", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="supervision.order",
                    ),
                ),
                (
                    "work",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="supervision.work",
                    ),
                ),
            ],
        ),
    ]
