"""Every fact of a case says that it is to be counted anew.

Putting the trigger on waits for nobody longer than two seconds: then it is tried again later.
"""

from django.db import migrations

TOUCH = """
SET LOCAL lock_timeout = '2s';
CREATE FUNCTION insight_touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO insight_touched (case_id, touched_at)
    SELECT DISTINCT CASE WHEN stream LIKE 'case:%' THEN substr(stream, 6) ELSE data ->> 'case' END::uuid, now()
    FROM fresh WHERE stream LIKE 'case:%' OR kind IN ('ReplyRated', 'RatingLapsed');
    RETURN NULL;
END $$;
CREATE TRIGGER what_happens_is_counted AFTER INSERT ON ledger_fact
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION insight_touch();
INSERT INTO insight_rollingstate (id) VALUES (1);
"""
UNTOUCH = """
DROP TRIGGER what_happens_is_counted ON ledger_fact;
DROP FUNCTION insight_touch();
"""


class Migration(migrations.Migration):
    dependencies = [("insight", "0003_rolling_counts")]
    operations = [migrations.RunSQL(TOUCH, UNTOUCH)]
