"""Squares tell the item and the matter without the row itself; what has no point is found by an index too.

Both indexes are built beside a town at work.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("insight", "0005_weeks_by_item"),
        ("intake", "0005_proxies"),
    ]

    operations = [
        RemoveIndexConcurrently(model_name="hotmark", name="marks_by_square"),
        AddIndexConcurrently(
            model_name="hotmark",
            index=models.Index(
                condition=models.Q(("cell", ""), _negated=True),
                fields=["cell", "at"],
                include=("item_code", "spot"),
                name="marks_by_square",
            ),
        ),
        AddIndexConcurrently(
            model_name="hotmark",
            index=models.Index(
                condition=models.Q(("lat__isnull", True)),
                fields=["area_key", "at"],
                name="marks_without_a_point",
            ),
        ),
    ]
