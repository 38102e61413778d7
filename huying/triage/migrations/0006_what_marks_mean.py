"""Keep with each mark what its text means; marks from before stay as they are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("triage", "0005_second_opinions")]

    operations = [
        migrations.AddField(
            model_name="twinmark",
            name="concepts",
            field=models.BinaryField(
                db_default=b"",
                default=b"",
                help_text="What the text means, a byte each; empty in marks from before.",
            ),
        ),
    ]
