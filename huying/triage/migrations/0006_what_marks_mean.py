"""Keep with each mark what its text means; marks from before stay as they are and are compared by their words."""

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
        migrations.AddField(
            model_name="twinmark",
            name="wrongs",
            field=models.BigIntegerField(
                db_default=0,
                default=0,
                help_text="What is said to be wrong, a bit each, by which twins are fetched.",
            ),
        ),
    ]
