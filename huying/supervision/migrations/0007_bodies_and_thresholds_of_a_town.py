from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("supervision", "0006_a_first_body"),
    ]

    operations = [
        migrations.CreateModel(
            name="SupervisionTable",
            fields=[
                ("fact_seq", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "fact_hash",
                    models.BinaryField(
                        default=b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00",
                        max_length=32,
                    ),
                ),
                ("key", models.SlugField(max_length=30, primary_key=True, serialize=False)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="EffectRule",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "fewest_people",
                    models.PositiveSmallIntegerField(help_text="Different people who speak again."),
                ),
                (
                    "fewest_to_tell",
                    models.PositiveSmallIntegerField(help_text="Appeals before and after, together."),
                ),
                (
                    "as_before_percent",
                    models.PositiveSmallIntegerField(help_text="From this pace on it is as before."),
                ),
                (
                    "more_percent",
                    models.PositiveSmallIntegerField(help_text="Beyond this pace it is more than before."),
                ),
                (
                    "pace_after_days",
                    models.PositiveSmallIntegerField(help_text="Before so many days no pace is known."),
                ),
                ("at", models.DateTimeField()),
                ("by_name", models.CharField(max_length=80)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("more_percent__gte", models.F("as_before_percent"))),
                        name="more_than_before_is_no_less_than_as_before",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("fewest_people__gte", 1),
                            ("fewest_to_tell__gte", 1),
                            ("pace_after_days__gte", 1),
                            ("as_before_percent__gte", 1),
                        ),
                        name="an_effect_is_judged_by_something",
                    ),
                ],
            },
        ),
    ]
