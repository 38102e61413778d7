"""Follow-up and reports to supervision have clocks of their own; the database itself is not touched."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0012_notes")]

    operations = [
        migrations.AlterField(
            model_name="deadline",
            name="clock",
            field=models.CharField(
                choices=[
                    ("receive", "Placing"),
                    ("sign", "Signing"),
                    ("contact", "First contact"),
                    ("handle", "Handling"),
                    ("stage", "Stage"),
                    ("review", "Review"),
                    ("asking", "Follow-up"),
                    ("report", "Report to supervision"),
                    ("info", "Details from the resident"),
                    ("ruling", "Ruling on whose it is"),
                    ("request", "Ruling on an application"),
                    ("suspend", "Review of the suspension"),
                ],
                max_length=8,
            ),
        ),
    ]
