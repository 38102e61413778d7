from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("board", "0001_duty_board"),
    ]

    operations = [
        migrations.AlterField(
            model_name="incident",
            name="kind",
            field=models.CharField(help_text="A key of `board.kinds`.", max_length=12),
        ),
        migrations.CreateModel(
            name="KindOfIncident",
            fields=[
                ("fact_seq", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "fact_hash",
                    models.BinaryField(
                        default=b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00",
                        max_length=32,
                    ),
                ),
                ("key", models.SlugField(max_length=12, primary_key=True, serialize=False)),
                ("name", models.CharField(blank=True, max_length=40)),
                ("name_en", models.CharField(blank=True, max_length=40)),
                ("is_active", models.BooleanField(default=True)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        fields=("name",),
                        name="a_kind_of_incident_has_a_name_of_its_own",
                    )
                ],
            },
        ),
    ]
