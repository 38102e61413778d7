"""Index the open cases anew, and hold old rows to the new promises, while the town works on."""

from django.contrib.postgres.operations import (
    AddIndexConcurrently,
    RemoveIndexConcurrently,
    ValidateConstraint,
)
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("cases", "0006_applications")]

    operations = [
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(
                condition=models.Q(
                    (
                        "status__in",
                        [
                            "submitted",
                            "need_info",
                            "dispatched",
                            "in_progress",
                            "suspended",
                            "return_review",
                            "replied",
                            "follow_up",
                        ],
                    )
                ),
                fields=["unit", "status", "next_due_at", "id"],
                name="open_cases_of_a_unit",
            ),
        ),
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(
                condition=models.Q(
                    (
                        "status__in",
                        [
                            "submitted",
                            "need_info",
                            "dispatched",
                            "in_progress",
                            "suspended",
                            "return_review",
                            "replied",
                            "follow_up",
                        ],
                    )
                ),
                fields=["status", "next_due_at", "id"],
                name="open_cases_of_the_town",
            ),
        ),
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(
                condition=models.Q(("status__in", ["closed", "archived"])),
                fields=["item_code", "closed_at"],
                name="closed_cases_by_item",
            ),
        ),
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(
                condition=models.Q(("status", "closed")),
                fields=["closed_at"],
                name="closed_cases_to_archive",
            ),
        ),
        RemoveIndexConcurrently(
            model_name="case",
            name="open_work_of_a_unit",
        ),
        RemoveIndexConcurrently(
            model_name="case",
            name="open_work_of_the_town",
        ),
        ValidateConstraint(model_name="case", name="who_works_on_a_case_is_named"),
        ValidateConstraint(model_name="case", name="a_closed_or_archived_case_says_when_and_how"),
        ValidateConstraint(model_name="case", name="a_transferred_case_has_a_receipt"),
        ValidateConstraint(model_name="task", name="a_part_that_is_done_says_what_was_done"),
    ]
