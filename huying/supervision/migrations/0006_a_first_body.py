"""A town that was founded before there were meetings gets the body a new town starts with."""

from django.db import migrations


def found_a_body(apps, schema_editor):
    """Write the starter body, where there are areas and no body yet."""
    body = apps.get_model("supervision", "Body")
    if apps.get_model("places", "Area").objects.exists() and not body.objects.exists():
        body.objects.create(
            name="党工委会", name_en="Party working committee", standing_title="民生诉求专项议题"
        )


class Migration(migrations.Migration):
    dependencies = [("supervision", "0005_promises_of_orders")]

    operations = [migrations.RunPython(found_a_body, migrations.RunPython.noop, elidable=True)]
