from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("board", "0002_kinds_of_incidents"),
    ]

    operations = [
        migrations.AddField(
            model_name="task",
            name="late_told_at",
            field=models.DateTimeField(help_text="When it was told that its time had passed.", null=True),
        ),
    ]
