"""Find the clocks that run out without looking at all of them, while the town works on."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

RUNNING = models.Q(("ended_at__isnull", True), ("met_at__isnull", True))


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("cases", "0007_moves_whole_in_peace")]

    operations = [
        AddIndexConcurrently(
            model_name="deadline",
            index=models.Index(condition=RUNNING, fields=["warn_at"], name="running_clocks_by_warning"),
        ),
        AddIndexConcurrently(
            model_name="deadline",
            index=models.Index(condition=RUNNING, fields=["due_at"], name="running_clocks_by_end"),
        ),
    ]
