"""Those of no matter yet are found by indexes of their own, built beside a town at work."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

LOOSE = models.Q(("spot__isnull", True))


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("insight", "0008_heat_from_0_to_100"), ("intake", "0005_proxies")]

    operations = [
        AddIndexConcurrently(
            model_name="hotmark",
            index=models.Index(
                fields=["cell", "at"],
                name="loose_by_square",
                condition=LOOSE & models.Q(("cell", ""), _negated=True),
            ),
        ),
        AddIndexConcurrently(
            model_name="hotmark",
            index=models.Index(
                fields=["place_key", "at"],
                name="loose_by_place",
                condition=LOOSE & models.Q(("place_key", ""), _negated=True),
            ),
        ),
        AddIndexConcurrently(
            model_name="hotmark",
            index=models.Index(fields=["area_key", "at"], name="loose_by_community", condition=LOOSE),
        ),
    ]
