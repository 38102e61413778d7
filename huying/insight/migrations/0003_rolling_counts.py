"""What happens is counted as it happens: where a change waits, what each case adds, the sums."""

import huying.kit.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("insight", "0002_promises_of_hot_spots"),
        ("cases", "0014_matters_of_many"),
        ("ledger", "0002_append_only"),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseTally",
            fields=[
                ("case_id", models.UUIDField(primary_key=True, serialize=False)),
                ("area_path", models.CharField(max_length=200)),
                ("item_code", models.CharField(blank=True, max_length=12)),
                ("grade", models.CharField(max_length=1)),
                ("lines", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="Recount",
            fields=[
                ("id", models.UUIDField(default=huying.kit.ids.new_id, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("cases", models.PositiveIntegerField()),
                ("cases_mended", models.PositiveIntegerField()),
                ("sums_mended", models.PositiveIntegerField()),
                ("examples", models.JSONField(default=list, help_text="Up to twenty keys of what differed.")),
            ],
        ),
        migrations.CreateModel(
            name="Touched",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("case_id", models.UUIDField()),
                ("touched_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="RollingState",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("rolled_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="counting_has_one_state")
                ],
            },
        ),
        migrations.CreateModel(
            name="Sum",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("period", models.CharField(max_length=10)),
                ("area_path", models.CharField(max_length=200)),
                ("unit", models.CharField(blank=True, max_length=36)),
                ("item_code", models.CharField(blank=True, max_length=12)),
                ("grade", models.CharField(max_length=1)),
                ("channel", models.CharField(blank=True, max_length=40)),
                ("came_in", models.IntegerField(null=True)),
                ("opened", models.IntegerField(null=True)),
                ("dispatched", models.IntegerField(null=True)),
                ("automatic", models.IntegerField(null=True)),
                ("given", models.IntegerField(null=True)),
                ("signed", models.IntegerField(null=True)),
                ("contacted", models.IntegerField(null=True)),
                ("returned", models.IntegerField(null=True)),
                ("replied", models.IntegerField(null=True)),
                ("reworked", models.IntegerField(null=True)),
                ("suspended", models.IntegerField(null=True)),
                ("extended", models.IntegerField(null=True)),
                ("urged", models.IntegerField(null=True)),
                ("closed", models.IntegerField(null=True)),
                ("closed_unconfirmed", models.IntegerField(null=True)),
                ("closed_checked", models.IntegerField(null=True)),
                ("false_closure", models.IntegerField(null=True)),
                ("ended", models.IntegerField(null=True)),
                ("sign_in_time", models.IntegerField(null=True)),
                ("sign_late", models.IntegerField(null=True)),
                ("contact_in_time", models.IntegerField(null=True)),
                ("contact_late", models.IntegerField(null=True)),
                ("handle_in_time", models.IntegerField(null=True)),
                ("overdue", models.IntegerField(null=True)),
                ("said_yes", models.IntegerField(null=True)),
                ("said_partly", models.IntegerField(null=True)),
                ("said_no", models.IntegerField(null=True)),
                ("silent", models.IntegerField(null=True)),
                ("starred", models.IntegerField(null=True)),
                ("satisfied", models.IntegerField(null=True)),
                ("open", models.IntegerField(null=True)),
                ("waiting", models.IntegerField(null=True)),
                ("to_sign", models.IntegerField(null=True)),
                ("in_work", models.IntegerField(null=True)),
                ("in_question", models.IntegerField(null=True)),
                ("to_review", models.IntegerField(null=True)),
                ("asking", models.IntegerField(null=True)),
                ("need_info", models.IntegerField(null=True)),
                ("resting", models.IntegerField(null=True)),
                ("overdue_now", models.IntegerField(null=True)),
                ("danger", models.IntegerField(null=True)),
                ("supervised", models.IntegerField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("period", "area_path", "unit", "item_code", "grade", "channel"),
                        name="a_period_is_summed_once_for_each_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("period", "now"),
                            ("period__regex", "^[0-9]{4}-[0-9]{2}(-[0-9]{2})?$"),
                            _connector="OR",
                        ),
                        name="a_sum_is_of_a_day_a_month_or_now",
                    ),
                ],
            },
        ),
    ]
