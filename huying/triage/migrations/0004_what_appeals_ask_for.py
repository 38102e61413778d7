"""Keep with a verdict what the text asks for; a constant default, so that no row is rewritten."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("triage", "0003_find_what_people_judged")]

    operations = [
        migrations.AddField(
            model_name="verdict",
            name="asks",
            field=models.JSONField(
                db_default=models.Value({}, models.JSONField()),
                default=dict,
                help_text="Days the text asks for (days: on, by, words), whom it concerns (count, unit, words).",
            ),
        ),
    ]
