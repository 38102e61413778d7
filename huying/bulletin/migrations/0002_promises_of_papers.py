from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bulletin", "0001_papers")]

    operations = [
        migrations.AddIndex(
            model_name="bulletin",
            index=models.Index(
                fields=["area_path"], name="bulletins_by_area", opclasses=["text_pattern_ops"]
            ),
        ),
        migrations.AddIndex(
            model_name="bulletin",
            index=models.Index(fields=["area", "span", "-starts_on"], name="bulletins_newest_first"),
        ),
        migrations.AddConstraint(
            model_name="bulletin",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "dropped"), _negated=True),
                fields=("area", "span", "starts_on", "edition"),
                name="a_bulletin_has_one_of_each_edition",
            ),
        ),
        migrations.AddConstraint(
            model_name="bulletin",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "draft")),
                fields=("area", "span", "starts_on"),
                name="a_bulletin_is_drafted_once_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="bulletin",
            constraint=models.UniqueConstraint(
                fields=("area", "span", "year", "number", "edition"),
                name="a_bulletin_has_an_issue_of_its_own",
            ),
        ),
        migrations.AddConstraint(
            model_name="bulletin",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "released"), _negated=True),
                    models.Q(
                        ("number__isnull", False),
                        ("paper__isnull", False),
                        ("released_at__isnull", False),
                        models.Q(("sha256", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="a_released_bulletin_has_its_issue_and_its_paper",
            ),
        ),
        migrations.AddConstraint(
            model_name="bulletin",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("corrects__isnull", True), models.Q(("correction", ""), _negated=True), _connector="OR"
                ),
                name="a_new_edition_says_what_it_puts_right",
            ),
        ),
        migrations.AddConstraint(
            model_name="bulletin",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                name="a_bulletin_ends_after_it_began",
            ),
        ),
        migrations.AddConstraint(
            model_name="bulletinplan",
            constraint=models.UniqueConstraint(fields=("level", "span"), name="a_level_has_one_plan_a_span"),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.UniqueConstraint(
                fields=("bulletin", "place"), name="promises_of_a_bulletin_are_in_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outcome", "open"),
                    models.Q(models.Q(("outcome_text", ""), _negated=True), ("outcome_at__isnull", False)),
                    _connector="OR",
                ),
                name="what_came_of_a_promise_says_how",
            ),
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(
                fields=["area_path"], name="reminders_by_area", opclasses=["text_pattern_ops"]
            ),
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(fields=["unit", "state", "answer_by"], name="reminders_of_a_unit"),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(
                fields=("area", "year", "number"), name="a_reminder_has_a_number_of_its_own"
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["draft", "issued", "received", "answered"])),
                fields=("set_key",),
                name="a_set_of_cases_is_reminded_of_once_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("number__isnull", True), ("state__in", ["draft", "dropped"])),
                    models.Q(
                        models.Q(("state__in", ["draft", "dropped"]), _negated=True),
                        ("issued_at__isnull", False),
                        ("number__isnull", False),
                        ("paper__isnull", False),
                        ("answer_by__isnull", False),
                        models.Q(("sha256", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="what_was_issued_has_its_number_and_its_paper",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("signed_by_id__isnull", True),
                    models.Q(("signed_by_id", models.F("drafted_by_id")), _negated=True),
                    _connector="OR",
                ),
                name="nobody_signs_a_reminder_of_their_own",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["answered", "closed"]), _negated=True),
                    models.Q(("answer", ""), _negated=True),
                    _connector="OR",
                ),
                name="an_answered_reminder_holds_the_answer",
            ),
        ),
        migrations.AddConstraint(
            model_name="print",
            constraint=models.UniqueConstraint(
                fields=("reminder", "ending"), name="a_letter_is_printed_once_a_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="print",
            constraint=models.UniqueConstraint(
                fields=("bulletin", "ending"), name="a_bulletin_is_printed_once_a_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="print",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("bulletin__isnull", True), ("reminder__isnull", False)),
                    models.Q(("bulletin__isnull", False), ("reminder__isnull", True)),
                    _connector="OR",
                ),
                name="a_print_is_of_one_paper",
            ),
        ),
        migrations.AddConstraint(
            model_name="remindercase",
            constraint=models.UniqueConstraint(
                fields=("reminder", "case"), name="a_letter_names_a_case_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="series",
            constraint=models.UniqueConstraint(
                fields=("kind", "area", "year"), name="a_series_runs_once_a_kind_area_and_year"
            ),
        ),
    ]
