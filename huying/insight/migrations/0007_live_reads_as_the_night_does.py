"""Live search reads appeals as the night's pass does: one lexicon of the town, one profile for each matter."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("insight", "0006_squares_hold_more"),
    ]

    operations = [
        migrations.AddField(
            model_name="hotmark",
            name="edition",
            field=models.BigIntegerField(help_text="The lexicon its signature was made by.", null=True),
        ),
        migrations.AlterField(
            model_name="hotmark",
            name="signature",
            field=models.BinaryField(help_text="What its text is about; see core.hotspots_profile."),
        ),
        migrations.CreateModel(
            name="HotLexicon",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("body", models.BinaryField()),
                ("texts", models.PositiveIntegerField()),
                ("learnt_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("texts__gt", 0)), name="a_lexicon_was_learnt_of_texts"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HotProfile",
            fields=[
                (
                    "spot",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="profile",
                        serialize=False,
                        to="insight.hotspot",
                    ),
                ),
                ("edition", models.BigIntegerField(help_text="The lexicon it was made by.")),
                ("keys", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("body", models.BinaryField()),
                ("members", models.PositiveIntegerField(help_text="How many appeals it is the sum of.")),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["keys"], name="hot_profiles_by_key")
                ],
            },
        ),
    ]
