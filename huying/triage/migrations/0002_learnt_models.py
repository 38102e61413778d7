"""Keep a register of the models learnt from what people judged."""

import huying.kit.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0002_grades_stages_and_seasons"),
        ("intake", "0005_proxies"),
        ("triage", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ModelEdition",
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
                ("made_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("candidate", "Candidate"),
                            ("in_force", "In Force"),
                            ("retired", "Retired"),
                            ("kept_out", "Kept Out"),
                        ],
                        default="candidate",
                        max_length=10,
                    ),
                ),
                ("folder", models.CharField(max_length=80)),
                (
                    "version",
                    models.CharField(help_text="As the model names itself on its verdicts.", max_length=40),
                ),
                (
                    "catalogue_number",
                    models.PositiveIntegerField(help_text="The catalogue it was learnt beside."),
                ),
                (
                    "data_fingerprint",
                    models.CharField(help_text="sha256 of all it was learnt from.", max_length=64),
                ),
                ("examples", models.PositiveIntegerField()),
                (
                    "corrections",
                    models.PositiveIntegerField(
                        help_text="Examples a person judged otherwise than the machine."
                    ),
                ),
                ("learnt_until", models.DateTimeField(help_text="The newest judgement it knows.")),
                (
                    "compared_from",
                    models.DateTimeField(
                        help_text="Since when it was tried beside what was said.", null=True
                    ),
                ),
                ("figures", models.JSONField(default=dict)),
                ("finding", models.CharField(help_text="Key of what the comparison found.", max_length=40)),
                ("in_force_at", models.DateTimeField(null=True)),
                ("in_force_by", models.CharField(blank=True, max_length=80)),
            ],
        ),
        migrations.AddConstraint(
            model_name="modeledition",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "in_force")),
                fields=("state",),
                name="one_learnt_model_is_in_force",
            ),
        ),
        migrations.AddConstraint(
            model_name="modeledition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "in_force"), _negated=True),
                    ("in_force_at__isnull", False),
                    _connector="OR",
                ),
                name="a_model_in_force_says_since_when",
            ),
        ),
    ]
