"""What the database promises of topics and meetings."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("supervision", "0003_weeks_effects_releases"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(
                fields=("item", "place"), name="decisions_of_an_item_are_counted_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="a_decision_says_what"
            ),
        ),
        migrations.AddIndex(
            model_name="meeting",
            index=models.Index(fields=["-starts_at"], name="meetings_newest_first"),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.UniqueConstraint(
                fields=("body", "year", "number"), name="a_meeting_of_a_body_is_counted_once_a_year"
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("minutes__isnull", False), ("released_at__isnull", False), ("state", "released")
                    ),
                    models.Q(("minutes__isnull", True), ("released_at__isnull", True), ("state", "called")),
                    _connector="OR",
                ),
                name="released_minutes_are_kept_as_they_were",
            ),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.UniqueConstraint(
                fields=("meeting", "who"), name="somebody_is_at_a_meeting_once"
            ),
        ),
        migrations.AddIndex(
            model_name="topic",
            index=models.Index(fields=["area_path"], name="topics_by_area", opclasses=["text_pattern_ops"]),
        ),
        migrations.AddConstraint(
            model_name="topic",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("hot_spot__isnull", False), ("state__in", ["proposed", "listed", "decided"])
                ),
                fields=("hot_spot",),
                name="a_hot_spot_is_one_running_topic",
            ),
        ),
        migrations.AddConstraint(
            model_name="topic",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", False), ("state__in", ["ended", "dropped"])),
                    models.Q(("ended_at__isnull", True), ("state__in", ["proposed", "listed", "decided"])),
                    _connector="OR",
                ),
                name="a_topic_that_is_over_says_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="topic",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("source", "hot_spot"), _negated=True),
                    ("hot_spot__isnull", False),
                    _connector="OR",
                ),
                name="a_topic_from_a_hot_spot_names_it",
            ),
        ),
        migrations.AddConstraint(
            model_name="household",
            constraint=models.UniqueConstraint(fields=("topic", "label"), name="a_household_is_listed_once"),
        ),
        migrations.AddConstraint(
            model_name="household",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_at__isnull", False), ("state", "done")),
                    models.Q(models.Q(("state", "done"), _negated=True), ("done_at__isnull", True)),
                    _connector="OR",
                ),
                name="a_household_that_is_done_says_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="agendaitem",
            constraint=models.UniqueConstraint(
                condition=models.Q(("outcome", ""), ("topic__isnull", False)),
                fields=("topic",),
                name="a_topic_waits_on_one_agenda",
            ),
        ),
        migrations.AddConstraint(
            model_name="agendaitem",
            constraint=models.UniqueConstraint(
                condition=models.Q(("outcome", "taken_off"), _negated=True),
                fields=("meeting", "topic"),
                name="a_topic_is_on_an_agenda_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="agendaitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", ""), ("settled_at__isnull", True)),
                    models.Q(models.Q(("outcome", ""), _negated=True), ("settled_at__isnull", False)),
                    _connector="OR",
                ),
                name="an_item_that_is_settled_says_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="agendaitem",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_standing", True)),
                fields=("meeting",),
                name="an_agenda_has_one_standing_item",
            ),
        ),
        migrations.AddConstraint(
            model_name="topiccase",
            constraint=models.UniqueConstraint(fields=("topic", "case"), name="a_case_is_in_a_topic_once"),
        ),
    ]
