"""A town that was founded before gets the rules of forgetting, too; those it has stay as they are."""

from django.db import migrations

BASIS = "个人信息保护法第十九条：保存期限为实现处理目的所必要的最短时间"
KINDS = ("closed", "inadmissible", "transferred", "lapsed", "withdrawn", "sealed")


def write_rules(apps, schema_editor):
    rules = apps.get_model("intake", "RetentionRule")
    for kind in KINDS:
        rules.objects.get_or_create(kind=kind, defaults={"days": 180, "basis": BASIS})


class Migration(migrations.Migration):
    dependencies = [("intake", "0003_forgetting")]
    operations = [migrations.RunPython(write_rules, migrations.RunPython.noop)]
