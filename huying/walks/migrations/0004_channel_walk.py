"""A town that is at work already gets the channel for what walks find; a new one is founded with it."""

from django.db import migrations


def add_channel(apps, schema_editor):
    channels = apps.get_model("intake", "Channel").objects
    if channels.exists():
        channels.get_or_create(
            key="walk", defaults={"adapter": "proxy", "name": "行走发现", "name_en": "Found on a walk"}
        )


class Migration(migrations.Migration):
    dependencies = [("walks", "0003_promises"), ("intake", "0001_initial")]

    operations = [migrations.RunPython(add_channel, migrations.RunPython.noop)]
