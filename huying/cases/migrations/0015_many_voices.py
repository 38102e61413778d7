"""Say of the mark of many that later voices set it, too; nothing changes in the database."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0014_matters_of_many")]

    operations = [
        migrations.AlterField(
            model_name="case",
            name="concerns_many",
            field=models.BooleanField(
                db_default=False,
                help_text="An appeal of it tells of many people or of gathering, or five joined it.",
            ),
        ),
    ]
