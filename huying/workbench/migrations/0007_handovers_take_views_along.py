"""A hand-over says which saved views went along and what is still open in the post's units."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """Two columns with a default the database knows: no row is rewritten."""

    dependencies = [("workbench", "0006_round_steps")]

    operations = [
        migrations.AddField(
            model_name="handover",
            name="views",
            field=models.PositiveSmallIntegerField(db_default=0),
        ),
        migrations.AddField(
            model_name="handover",
            name="parts",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=60), db_default=[], default=list
            ),
        ),
    ]
