"""Mark cases that concern many; a constant default, so that no row is rewritten."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0013_clocks_of_asking")]

    operations = [
        migrations.AddField(
            model_name="case",
            name="concerns_many",
            field=models.BooleanField(
                db_default=False,
                help_text="The appeal it was opened for tells of many people, or of gathering.",
            ),
        ),
    ]
