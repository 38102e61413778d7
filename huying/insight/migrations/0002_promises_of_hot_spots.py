from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("insight", "0001_hot_spots")]

    operations = [
        migrations.AddIndex(
            model_name="hotspot",
            index=models.Index(
                condition=models.Q(
                    models.Q(("stage", "quiet"), _negated=True), ("state__in", ["open", "confirmed"])
                ),
                fields=["-heat"],
                name="hot_spots_by_heat",
            ),
        ),
        migrations.AddIndex(
            model_name="hotspot",
            index=models.Index(
                condition=models.Q(
                    models.Q(("stage__in", ["quiet", "resolved"]), _negated=True),
                    ("state__in", ["open", "confirmed"]),
                ),
                fields=["last_at"],
                name="hot_spots_that_may_cool",
            ),
        ),
        migrations.AddConstraint(
            model_name="hotspot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("merged_into__isnull", False), ("state", "merged")),
                    models.Q(models.Q(("state", "merged"), _negated=True), ("merged_into__isnull", True)),
                    _connector="OR",
                ),
                name="a_merged_hot_spot_names_where_it_went",
            ),
        ),
        migrations.AddConstraint(
            model_name="hotspot",
            constraint=models.CheckConstraint(
                condition=models.Q(("merged_into", models.F("id")), _negated=True),
                name="a_hot_spot_is_not_merged_into_itself",
            ),
        ),
        migrations.AddConstraint(
            model_name="hotspot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "dismissed"), _negated=True),
                    models.Q(("decided_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="a_dismissed_hot_spot_has_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="hotspot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lat__isnull", True), ("lon__isnull", True)),
                    models.Q(("lat__isnull", False), ("lon__isnull", False)),
                    _connector="OR",
                ),
                name="a_hot_spot_has_a_whole_point_or_none",
            ),
        ),
        migrations.AddConstraint(
            model_name="hotrearrangement",
            constraint=models.CheckConstraint(
                condition=models.Q(("source", models.F("target")), _negated=True),
                name="nothing_moves_into_itself",
            ),
        ),
        migrations.AddIndex(
            model_name="hotmark",
            index=models.Index(
                condition=models.Q(("cell", ""), _negated=True), fields=["cell", "at"], name="marks_by_square"
            ),
        ),
        migrations.AddIndex(
            model_name="hotmark",
            index=models.Index(
                condition=models.Q(("place_key", ""), _negated=True),
                fields=["place_key", "at"],
                name="marks_by_place",
            ),
        ),
        migrations.AddIndex(
            model_name="hotmark",
            index=models.Index(fields=["area_key", "at"], name="marks_by_community"),
        ),
        migrations.AddIndex(
            model_name="hotmark",
            index=models.Index(
                condition=models.Q(("spot__isnull", False)),
                fields=["spot", "at"],
                include=("who", "me_too"),
                name="marks_of_a_hot_spot",
            ),
        ),
        migrations.AddIndex(
            model_name="hotalert",
            index=models.Index(
                condition=models.Q(("acknowledged_at__isnull", True)),
                fields=["-at"],
                name="alerts_to_look_at",
            ),
        ),
        migrations.AddConstraint(
            model_name="hotalert",
            constraint=models.UniqueConstraint(
                fields=("spot", "episode", "stage"), name="a_rise_to_a_stage_is_alerted_once"
            ),
        ),
    ]
