"""Find what people judged without walking over all that the machine did."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("triage", "0002_learnt_models")]

    operations = [
        AddIndexConcurrently(
            model_name="verdict",
            index=models.Index(
                condition=models.Q(("confidence", 1)), fields=["at"], name="verdicts_of_people"
            ),
        ),
    ]
