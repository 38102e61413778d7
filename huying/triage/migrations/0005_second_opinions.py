"""A table of its own for what a large model said: nothing that is read in a hurry grows by it."""

import django.db.models.deletion
from django.db import migrations, models

import huying.kit.ids


class Migration(migrations.Migration):
    dependencies = [("triage", "0004_what_appeals_ask_for")]

    operations = [
        migrations.CreateModel(
            name="SecondOpinion",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huying.kit.ids.new_id, primary_key=True, serialize=False),
                ),
                (
                    "item_code",
                    models.CharField(blank=True, help_text="Empty: none of those offered.", max_length=40),
                ),
                ("model", models.CharField(help_text="As the settings name it.", max_length=80)),
                ("at", models.DateTimeField()),
                (
                    "verdict",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opinion",
                        to="triage.verdict",
                    ),
                ),
            ],
        ),
    ]
