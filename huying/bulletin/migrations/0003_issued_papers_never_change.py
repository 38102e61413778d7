"""What was issued never changes: neither its document, number and day, nor the files printed from it."""

from django.db import migrations

PROTECT = """
CREATE FUNCTION bulletin_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.paper IS NOT NULL AND (
        TG_OP = 'DELETE' OR OLD.paper IS DISTINCT FROM NEW.paper OR OLD.sha256 IS DISTINCT FROM NEW.sha256
        OR OLD.year IS DISTINCT FROM NEW.year OR OLD.number IS DISTINCT FROM NEW.number
        OR to_jsonb(OLD) -> 'sections' IS DISTINCT FROM to_jsonb(NEW) -> 'sections'
        OR to_jsonb(OLD) -> 'numbers' IS DISTINCT FROM to_jsonb(NEW) -> 'numbers'
        OR to_jsonb(OLD) -> 'issued_at' IS DISTINCT FROM to_jsonb(NEW) -> 'issued_at'
        OR to_jsonb(OLD) -> 'released_at' IS DISTINCT FROM to_jsonb(NEW) -> 'released_at'
        OR to_jsonb(OLD) -> 'symbol' IS DISTINCT FROM to_jsonb(NEW) -> 'symbol'
    ) THEN
        RAISE EXCEPTION 'an issued paper never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER issued_letters_never_change BEFORE UPDATE OR DELETE ON bulletin_reminder
    FOR EACH ROW EXECUTE FUNCTION bulletin_refuse_change();
CREATE TRIGGER released_bulletins_never_change BEFORE UPDATE OR DELETE ON bulletin_bulletin
    FOR EACH ROW EXECUTE FUNCTION bulletin_refuse_change();
CREATE TRIGGER prints_are_only_added BEFORE UPDATE OR DELETE ON bulletin_print
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
"""
UNPROTECT = """
DROP TRIGGER prints_are_only_added ON bulletin_print;
DROP TRIGGER released_bulletins_never_change ON bulletin_bulletin;
DROP TRIGGER issued_letters_never_change ON bulletin_reminder;
DROP FUNCTION bulletin_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("bulletin", "0002_promises_of_papers"), ("ledger", "0002_append_only")]
    operations = [migrations.RunSQL(PROTECT, UNPROTECT)]
