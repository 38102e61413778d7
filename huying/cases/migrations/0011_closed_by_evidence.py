"""One more way a case is closed: by its evidence, where nobody can be asked; the database is not touched."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_stage_clock")]

    operations = [
        migrations.AlterField(
            model_name="case",
            name="closure",
            field=models.CharField(
                blank=True,
                choices=[
                    ("confirmed", "Confirmed by the resident"),
                    ("unconfirmed", "Not confirmed"),
                    ("checked", "Checked by its evidence; found by staff"),
                    ("unreasonable", "Closed against the resident's word, by two people"),
                ],
                max_length=12,
            ),
        ),
    ]
