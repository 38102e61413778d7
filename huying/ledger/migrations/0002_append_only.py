"""Facts are only ever added: the database itself refuses to change, remove or empty them."""

from django.db import migrations

PROTECT = """
CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only: % of % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER facts_are_only_added BEFORE UPDATE OR DELETE ON ledger_fact
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER facts_are_not_emptied BEFORE TRUNCATE ON ledger_fact
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
"""
UNPROTECT = """
DROP TRIGGER facts_are_not_emptied ON ledger_fact;
DROP TRIGGER facts_are_only_added ON ledger_fact;
DROP FUNCTION ledger_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunSQL(PROTECT, UNPROTECT)]
