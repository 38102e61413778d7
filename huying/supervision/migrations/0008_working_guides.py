import django.db.models.deletion
import huying.kit.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0005_administrators_are_three"),
        ("supervision", "0007_bodies_and_thresholds_of_a_town"),
    ]

    operations = [
        migrations.CreateModel(
            name="Guide",
            fields=[
                ("fact_seq", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "fact_hash",
                    models.BinaryField(
                        default=b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00",
                        max_length=32,
                    ),
                ),
                ("id", models.UUIDField(default=huying.kit.ids.new_id, primary_key=True, serialize=False)),
                ("district", models.CharField(max_length=6)),
                ("area_path", models.CharField(max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Guide being written"),
                            ("comments", "Out for comments"),
                            ("published", "In force"),
                            ("withdrawn", "Out of force"),
                        ],
                        default="draft",
                        max_length=9,
                    ),
                ),
                ("edition", models.PositiveSmallIntegerField(default=1)),
                ("title", models.CharField(max_length=120)),
                ("text", models.TextField()),
                (
                    "comments_until",
                    models.DateField(help_text="The last day comments are asked for.", null=True),
                ),
                ("made_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("changed_by_name", models.CharField(max_length=80)),
                ("said", models.CharField(blank=True, help_text="Why it was withdrawn.", max_length=300)),
                (
                    "topic",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="guides",
                        to="supervision.topic",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="GuideComment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        help_text="The key of the form: the same twice is one comment.",
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("edition", models.PositiveSmallIntegerField()),
                ("text", models.TextField()),
                ("by_name", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                ("answer", models.CharField(blank=True, help_text="Taken up, or why not.", max_length=300)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "guide",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to="supervision.guide",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.unit",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="GuideEdition",
            fields=[
                ("id", models.UUIDField(default=huying.kit.ids.new_id, primary_key=True, serialize=False)),
                ("number", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=120)),
                ("text", models.TextField()),
                ("sha256", models.CharField(max_length=64)),
                ("published_at", models.DateTimeField()),
                ("published_by_name", models.CharField(max_length=80)),
                (
                    "guide",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="editions",
                        to="supervision.guide",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="guide",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("title", ""), _negated=True), models.Q(("text", ""), _negated=True)
                ),
                name="a_guide_says_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="guide",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "comments"), _negated=True),
                    ("comments_until__isnull", False),
                    _connector="OR",
                ),
                name="a_guide_out_for_comments_says_until_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="guide",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "withdrawn"), _negated=True),
                    models.Q(("said", ""), _negated=True),
                    _connector="OR",
                ),
                name="a_withdrawn_guide_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="guidecomment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", ""), ("answered_at__isnull", True)),
                    models.Q(models.Q(("answer", ""), _negated=True), ("answered_at__isnull", False)),
                    _connector="OR",
                ),
                name="a_comment_that_is_answered_says_how",
            ),
        ),
        migrations.AddConstraint(
            model_name="guideedition",
            constraint=models.UniqueConstraint(
                fields=("guide", "number"), name="a_guide_has_an_edition_once"
            ),
        ),
    ]
