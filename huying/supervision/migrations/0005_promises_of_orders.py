"""What the database promises of orders."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("supervision", "0004_promises_of_topics"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="interview",
            index=models.Index(
                condition=models.Q(("kept_at__isnull", True), ("promised_on__isnull", False)),
                fields=["promised_on"],
                name="promises_not_kept_yet",
            ),
        ),
        migrations.AddConstraint(
            model_name="interview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("promised_on__isnull", True), models.Q(("promise", ""), _negated=True), _connector="OR"
                ),
                name="a_promise_with_a_date_says_what",
            ),
        ),
        migrations.AddIndex(
            model_name="effect",
            index=models.Index(
                condition=models.Q(("settled_at__isnull", True)),
                fields=["counted_at"],
                name="effects_still_counted",
            ),
        ),
        migrations.AddConstraint(
            model_name="effect",
            constraint=models.UniqueConstraint(
                fields=("order", "round"), name="an_end_of_an_order_is_checked_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="effect",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("found", "running"), ("settled_at__isnull", True)),
                    models.Q(models.Q(("found", "running"), _negated=True), ("settled_at__isnull", False)),
                    _connector="OR",
                ),
                name="an_effect_that_is_found_says_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderassist",
            constraint=models.UniqueConstraint(fields=("order", "unit"), name="a_unit_assists_once"),
        ),
        migrations.AddConstraint(
            model_name="ordercase",
            constraint=models.UniqueConstraint(fields=("order", "case"), name="a_case_is_in_an_order_once"),
        ),
        migrations.AddIndex(
            model_name="release",
            index=models.Index(
                condition=models.Q(("withdrawn_at__isnull", True)),
                fields=["-released_at"],
                name="releases_newest_first",
            ),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("order__isnull", True), ("topic__isnull", False)),
                    models.Q(("order__isnull", False), ("topic__isnull", True)),
                    _connector="OR",
                ),
                name="a_release_is_of_a_topic_or_of_an_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("withdrawn_at__isnull", True),
                        models.Q(("title", ""), _negated=True),
                        models.Q(("text", ""), _negated=True),
                    ),
                    models.Q(
                        ("text", ""),
                        ("title", ""),
                        ("withdrawn_at__isnull", False),
                        models.Q(("withdraw_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="what_is_public_of_a_matter_has_words",
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("state__in", ["given", "disputed", "at_work", "reported"])),
                fields=["due_on", "id"],
                name="open_orders_by_date",
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["unit", "state", "due_on"], name="orders_of_a_unit"),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["area_path"], name="orders_by_area", opclasses=["text_pattern_ops"]),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("state", "closed")), fields=["closed_at"], name="closed_orders_by_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.UniqueConstraint(
                fields=("year", "number"), name="orders_are_counted_once_a_year"
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", False), ("state__in", ["closed", "cancelled"])),
                    models.Q(
                        models.Q(("state__in", ["closed", "cancelled"]), _negated=True),
                        ("closed_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="an_order_that_is_over_says_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "closed"), _negated=True),
                    ("closed_by__isnull", True),
                    ("reported_by__isnull", True),
                    models.Q(("closed_by", models.F("reported_by")), _negated=True),
                    _connector="OR",
                ),
                name="nobody_approves_the_end_of_their_own_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "reported"), _negated=True),
                    ("reported_at__isnull", False),
                    _connector="OR",
                ),
                name="a_reported_order_says_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="work",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)), name="works_have_a_quantity"
            ),
        ),
        migrations.AddConstraint(
            model_name="work",
            constraint=models.CheckConstraint(
                condition=models.Q(("cost_yuan__isnull", True), ("cost_yuan__gte", 0), _connector="OR"),
                name="works_cost_nothing_or_more",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderphoto",
            constraint=models.UniqueConstraint(
                fields=("order", "shows", "stored_as"), name="a_photo_of_an_order_is_kept_once"
            ),
        ),
    ]
