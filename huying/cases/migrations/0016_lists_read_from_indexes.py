"""Let lists, their counts and looking back read indexes alone; built beside a town at work."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

OPEN = [
    "submitted",
    "need_info",
    "dispatched",
    "in_progress",
    "suspended",
    "return_review",
    "replied",
    "follow_up",
]


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("cases", "0015_many_voices")]

    operations = [
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(
                condition=models.Q(("status__in", OPEN)),
                fields=["unit", "status", "next_due_at", "id"],
                include=("item_code", "grade", "warn_at"),
                name="open_cases_by_unit",
            ),
        ),
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(
                condition=models.Q(("status__in", OPEN)),
                fields=["status", "next_due_at", "id"],
                include=("area_path", "confidential", "item_code", "grade", "warn_at"),
                name="open_cases_by_state",
            ),
        ),
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(
                condition=models.Q(
                    ("false_closure", False), ("resolution", "yes"), ("status__in", ["closed", "archived"])
                ),
                fields=["area_path", "item_code", "closed_at"],
                name="solved_cases_of_an_area",
            ),
        ),
        AddIndexConcurrently(
            model_name="task",
            index=models.Index(
                condition=models.Q(("state", "open")),
                fields=["unit", "kind", "case"],
                name="open_parts_of_a_unit",
            ),
        ),
        RemoveIndexConcurrently(model_name="case", name="open_cases_of_a_unit"),
        RemoveIndexConcurrently(model_name="case", name="open_cases_of_the_town"),
        RemoveIndexConcurrently(model_name="case", name="closed_cases_by_item"),
    ]
