"""Find the few cases somebody is to rule on without walking all that are open."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("cases", "0008_running_clocks")]

    operations = [
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(
                condition=models.Q(("open_asks__gt", 0)),
                fields=["unit", "status", "next_due_at", "id"],
                name="cases_to_rule_on",
            ),
        ),
    ]
