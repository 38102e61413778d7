"""A town that is at work already gets the channel for what staff find themselves; a new one is founded with it."""

from django.db import migrations


def add_channel(apps, schema_editor):
    channels = apps.get_model("intake", "Channel").objects
    if channels.exists():
        channels.get_or_create(
            key="self-found", defaults={"adapter": "proxy", "name": "自行发现", "name_en": "Found by staff"}
        )


class Migration(migrations.Migration):
    dependencies = [("workbench", "0002_views_bulk_exports"), ("intake", "0001_initial")]

    operations = [migrations.RunPython(add_channel, migrations.RunPython.noop)]
