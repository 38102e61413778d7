"""Find twins by place and time whatever item they were judged to be of, while the town goes on."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("triage", "0006_what_marks_mean")]

    operations = [
        AddIndexConcurrently(
            model_name="twinmark",
            index=models.Index(fields=["cell", "at"], name="twins_by_point"),
        ),
        AddIndexConcurrently(
            model_name="twinmark",
            index=models.Index(fields=["area_key", "at"], name="twins_by_area"),
        ),
        AddIndexConcurrently(
            model_name="twinmark",
            index=models.Index(
                condition=models.Q(("lat", None)),
                fields=["area_key", "at"],
                name="twins_without_a_point",
            ),
        ),
        RemoveIndexConcurrently(model_name="twinmark", name="twins_by_matter_and_point"),
        RemoveIndexConcurrently(model_name="twinmark", name="twins_by_matter_and_area"),
    ]
