"""The access log is only ever added to, as the ledger is: the database refuses to change, remove or empty it."""

from django.db import migrations

PROTECT = """
CREATE TRIGGER accesses_are_only_added BEFORE UPDATE OR DELETE ON people_personalaccess
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER accesses_are_not_emptied BEFORE TRUNCATE ON people_personalaccess
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
"""
UNPROTECT = """
DROP TRIGGER accesses_are_not_emptied ON people_personalaccess;
DROP TRIGGER accesses_are_only_added ON people_personalaccess;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0002_access_log"), ("ledger", "0002_append_only")]
    operations = [migrations.RunSQL(PROTECT, UNPROTECT)]
