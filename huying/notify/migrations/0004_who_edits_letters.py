"""Gives the right to edit letters to roles that may edit the catalogue; a town changes it afterwards."""

from django.db import migrations

OLD, NEW = "catalogue:edit", "letters:edit"


def give(apps, schema_editor):
    for role in apps.get_model("people", "Role").objects.filter(on_area__contains=[OLD]):
        if NEW not in role.on_area:
            role.on_area = [*role.on_area, NEW]
            role.save(update_fields=["on_area"])


class Migration(migrations.Migration):
    dependencies = [("notify", "0003_who_settled_what"), ("people", "0001_initial")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
