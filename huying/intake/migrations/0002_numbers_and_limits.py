"""The running number, given out in blocks, and the counters of the abuse limits.

The counters are unlogged: they need not survive a crash, and counting must not wait for the disk.
"""

from django.db import migrations

FORWARD = """
CREATE SEQUENCE intake_number INCREMENT BY 100 START WITH 1;
CREATE UNLOGGED TABLE intake_limitcount (
    who varchar(80) NOT NULL,
    slot bigint NOT NULL,
    times integer NOT NULL,
    PRIMARY KEY (who, slot)
);
"""
BACKWARD = """
DROP TABLE intake_limitcount;
DROP SEQUENCE intake_number;
"""


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
