from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bulletin", "0003_issued_papers_never_change")]

    operations = [
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.UniqueConstraint(
                condition=models.Q(("order_key", ""), _negated=True),
                fields=("bulletin", "order_key"),
                name="a_bulletin_promises_an_order_once",
            ),
        ),
    ]
