"""Heat is told from 0 to 100, as the offline pass tells it (see core.heat); what stands there is told anew."""

from django.db import migrations, models

TABLES = (
    ("insight_hotspot", "heat"),
    ("insight_hotspot", "seen_heat"),
    ("insight_hotalert", "heat"),
    ("insight_hotthreshold", "heat"),
)
THERE = "UPDATE {0} SET {1} = 100 * ({1} * {1} / 2) / ({1} * {1} / 2 + 30) WHERE {1} IS NOT NULL"
BACK = "UPDATE {0} SET {1} = sqrt(60 * {1} / (100 - {1})) WHERE {1} IS NOT NULL"


class Migration(migrations.Migration):
    dependencies = [("insight", "0007_live_reads_as_the_night_does")]

    operations = [
        migrations.RemoveConstraint(model_name="hotthreshold", name="a_threshold_stays_within_reason"),
        *(migrations.RunSQL(THERE.format(*one), BACK.format(*one)) for one in TABLES),
        migrations.AlterField(
            model_name="hotspot",
            name="heat",
            field=models.FloatField(
                default=0, help_text="0 to 100: surprise against what was to be expected; see core.heat."
            ),
        ),
        migrations.AddConstraint(
            model_name="hotthreshold",
            constraint=models.CheckConstraint(
                condition=models.Q(("heat__range", (1, 50))), name="a_threshold_stays_within_reason"
            ),
        ),
    ]
