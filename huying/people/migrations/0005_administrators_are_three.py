"""Three administrators: the database itself says which one a role makes, and keeps it on the posts.

A town that was founded before keeps its one administrator (kind "whole") until it splits him with
`huying admins`; the new starter roles are there for it.
"""

from django.db import migrations

PROTECT = """
CREATE FUNCTION people_say_admin() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    rights text[] := NEW.on_unit::text[] || NEW.on_area::text[];
    system boolean := 'system:edit' = ANY(rights);
    security boolean := 'people:edit' = ANY(rights);
    audit boolean := 'audit:see' = ANY(rights);
BEGIN
    NEW.admin_of := CASE
        WHEN system::int + security::int + audit::int > 1 THEN 'whole'
        WHEN system THEN 'system'
        WHEN security THEN 'security'
        WHEN audit THEN 'audit'
        ELSE ''
    END;
    RETURN NEW;
END $$;
CREATE TRIGGER a_role_says_which_administrator_it_makes BEFORE INSERT OR UPDATE ON people_role
    FOR EACH ROW EXECUTE FUNCTION people_say_admin();

CREATE FUNCTION people_take_admin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.admin_of := (SELECT admin_of FROM people_role WHERE key = NEW.role_id);
    RETURN NEW;
END $$;
CREATE TRIGGER a_post_makes_the_administrator_of_its_role BEFORE INSERT OR UPDATE ON people_post
    FOR EACH ROW EXECUTE FUNCTION people_take_admin();

CREATE FUNCTION people_pass_admin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE people_post SET admin_of = NEW.admin_of WHERE role_id = NEW.key;
    RETURN NULL;
END $$;
CREATE TRIGGER a_changed_role_changes_its_posts AFTER UPDATE ON people_role
    FOR EACH ROW WHEN (OLD.admin_of IS DISTINCT FROM NEW.admin_of) EXECUTE FUNCTION people_pass_admin();

CREATE TRIGGER sign_ins_are_only_added BEFORE UPDATE OR DELETE ON people_signinentry
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER sign_ins_are_not_emptied BEFORE TRUNCATE ON people_signinentry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
"""
UNPROTECT = """
DROP TRIGGER sign_ins_are_not_emptied ON people_signinentry;
DROP TRIGGER sign_ins_are_only_added ON people_signinentry;
DROP TRIGGER a_changed_role_changes_its_posts ON people_role;
DROP FUNCTION people_pass_admin();
DROP TRIGGER a_post_makes_the_administrator_of_its_role ON people_post;
DROP FUNCTION people_take_admin();
DROP TRIGGER a_role_says_which_administrator_it_makes ON people_role;
DROP FUNCTION people_say_admin();
"""
NEW_ROLES = (
    ("admin_security", "安全管理员", "Security administrator", [], ["people:edit"]),
    ("admin_audit", "审计管理员", "Audit administrator", [], ["audit:see", "stats:see"]),
    ("discipline", "纪检员", "Discipline officer", ["sealed:handle"], []),
    ("discipline_lead", "纪检负责人", "Head of discipline", ["sealed:handle", "sealed:unseal"], []),
)


def prepare_the_split(apps, schema_editor):
    roles = apps.get_model("people", "Role")
    old = roles.objects.filter(key="admin").first()
    if old is None:
        return  # a new town: it starts with three
    if "system:edit" not in old.on_area:
        old.on_area = [*old.on_area, "system:edit"]
    old.save()
    for key, name, name_en, on_unit, on_area in NEW_ROLES:
        values = {"name": name, "name_en": name_en, "on_unit": on_unit, "on_area": on_area}
        roles.objects.get_or_create(key=key, defaults=values)
    for role in roles.objects.all():
        role.save()  # other roles with such rights are named, too


class Migration(migrations.Migration):
    dependencies = [("people", "0004_rights"), ("ledger", "0002_append_only")]
    operations = [
        migrations.RunSQL(PROTECT, UNPROTECT),
        migrations.RunPython(prepare_the_split, migrations.RunPython.noop),
    ]
