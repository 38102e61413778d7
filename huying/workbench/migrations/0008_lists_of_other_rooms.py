"""Lists taken out may be of other rooms than cases: words only, no column changes."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """The supervision list is one of the lists that are taken out."""

    dependencies = [("workbench", "0007_handovers_take_views_along")]

    operations = [
        migrations.AlterField(
            model_name="exportrun",
            name="listed",
            field=models.CharField(
                choices=[
                    ("inbox", "My inbox"),
                    ("area", "My area"),
                    ("search", "Search"),
                    ("orders", "Supervision list"),
                ],
                max_length=8,
            ),
        ),
    ]
