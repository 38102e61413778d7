"""Find the few marks without a point in an estate many write about, while the town goes on."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("triage", "0006_what_marks_mean")]

    operations = [
        AddIndexConcurrently(
            model_name="twinmark",
            index=models.Index(
                condition=models.Q(("lat", None)),
                fields=["item_group", "area_key", "at"],
                name="twins_without_a_point",
            ),
        ),
    ]
