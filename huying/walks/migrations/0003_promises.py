"""What the database promises of walks and drives."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("walks", "0002_drives")]

    operations = [
        migrations.AddConstraint(
            model_name="checkline",
            constraint=models.UniqueConstraint(
                fields=("checklist", "order"), name="a_checklist_orders_its_lines"
            ),
        ),
        migrations.AddConstraint(
            model_name="checkline",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="a_line_to_look_at_has_words"
            ),
        ),
        migrations.AddConstraint(
            model_name="drive",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="a_drive_has_a_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="drive",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                name="a_drive_ends_after_it_began",
            ),
        ),
        migrations.AddConstraint(
            model_name="cleared",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)), name="what_was_cleared_is_more_than_nothing"
            ),
        ),
        migrations.AddConstraint(
            model_name="cleared",
            constraint=models.CheckConstraint(
                condition=models.Q(("cost__isnull", True), ("cost__gte", 0), _connector="OR"),
                name="a_cost_is_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="cleared",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("struck_at__isnull", True), ("struck_for", "")),
                    models.Q(("struck_at__isnull", False), models.Q(("struck_for", ""), _negated=True)),
                    _connector="OR",
                ),
                name="a_line_struck_out_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="drivemark",
            constraint=models.UniqueConstraint(
                fields=("drive", "case"), name="a_case_is_marked_for_a_drive_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="drivemark",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True),
                name="a_case_is_marked_for_a_drive_with_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="indexseries",
            constraint=models.UniqueConstraint(fields=("area", "name"), name="an_area_names_a_series_once"),
        ),
        migrations.AddConstraint(
            model_name="indexseries",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="a_series_has_a_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="indexvalue",
            constraint=models.UniqueConstraint(
                fields=("series", "area", "on"), name="an_area_has_one_value_of_a_series_on_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="indexvalue",
            constraint=models.CheckConstraint(
                condition=models.Q(("source", ""), _negated=True), name="a_value_says_where_it_comes_from"
            ),
        ),
        migrations.AddConstraint(
            model_name="theme",
            constraint=models.UniqueConstraint(fields=("area", "name"), name="an_area_names_a_theme_once"),
        ),
        migrations.AddConstraint(
            model_name="theme",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="a_theme_has_a_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="monthplan",
            constraint=models.UniqueConstraint(fields=("area", "month"), name="an_area_plans_a_month_once"),
        ),
        migrations.AddConstraint(
            model_name="monthplan",
            constraint=models.CheckConstraint(
                condition=models.Q(("month__day", 1)), name="a_plan_is_of_a_whole_month"
            ),
        ),
        migrations.AddConstraint(
            model_name="monthplan",
            constraint=models.CheckConstraint(
                condition=models.Q(("key_task", ""), _negated=True), name="a_month_has_a_key_task"
            ),
        ),
        migrations.AddConstraint(
            model_name="checklist",
            constraint=models.UniqueConstraint(
                fields=("theme", "number"), name="a_theme_numbers_its_checklists_once"
            ),
        ),
        migrations.AddIndex(
            model_name="walk",
            index=models.Index(fields=["on", "area"], name="walks_by_day"),
        ),
        migrations.AddConstraint(
            model_name="walk",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", False), ("state", "ended")),
                    models.Q(models.Q(("state", "ended"), _negated=True), ("ended_at__isnull", True)),
                    _connector="OR",
                ),
                name="an_ended_walk_says_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="walk",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "called_off"), models.Q(("called_off_for", ""), _negated=True)),
                    models.Q(models.Q(("state", "called_off"), _negated=True), ("called_off_for", "")),
                    _connector="OR",
                ),
                name="a_walk_called_off_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="stop",
            constraint=models.UniqueConstraint(
                fields=("walk", "order"),
                name="a_walk_orders_its_places",
            ),
        ),
        migrations.AddConstraint(
            model_name="stop",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="a_place_to_walk_to_has_a_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="stop",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lat__isnull", True), ("lon__isnull", True)),
                    models.Q(("lat__isnull", False), ("lon__isnull", False)),
                    _connector="OR",
                ),
                name="a_place_to_walk_to_has_a_whole_point_or_none",
            ),
        ),
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(fields=["walk", "at"], name="findings_of_a_walk"),
        ),
        migrations.AddConstraint(
            model_name="check",
            constraint=models.UniqueConstraint(fields=("walk", "line"), name="a_walk_checks_a_line_once"),
        ),
        migrations.AddConstraint(
            model_name="walker",
            constraint=models.UniqueConstraint(
                fields=("walk", "unit", "role"), name="a_post_takes_part_in_a_walk_once"
            ),
        ),
    ]
