"""A mass complaint: a case with very many appeals, written straight into the tables as joining would."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from huying.cases.models import Case

# Copies of the first appeal of the case; each with a chain of its own that has no fact yet.
VOICES = """
WITH first AS (
    SELECT a.* FROM intake_appeal a JOIN cases_membership m ON m.appeal_id = a.id
    WHERE m.case_id = %(case)s AND m.until_at IS NULL ORDER BY m.from_at, m.id LIMIT 1
), fresh AS MATERIALIZED (
    SELECT gen_random_uuid() AS id, gen_random_uuid() AS inbound_id, 'M' || %(from)s + n AS number
    FROM generate_series(1, %(count)s) AS n
), inbound AS (
    INSERT INTO intake_inbound (id, channel_id, key, content_type, body, received_at, appeal_id)
    SELECT fresh.inbound_id, i.channel_id, fresh.number, i.content_type, i.body, i.received_at, fresh.id
    FROM fresh CROSS JOIN first JOIN intake_inbound i ON i.id = first.inbound_id
), appeal AS (
    INSERT INTO intake_appeal
    SELECT (jsonb_populate_record(NULL::intake_appeal, to_jsonb(first) || jsonb_build_object(
        'id', fresh.id, 'number', fresh.number, 'inbound_id', fresh.inbound_id,
        'fact_seq', 0, 'fact_hash', '\\x' || repeat('00', 32)
    ))).* FROM fresh CROSS JOIN first
), party AS (
    INSERT INTO intake_party (appeal_id, name, phone, email, told_how, purpose)
    SELECT fresh.id, '', '', '', '', 'answer' FROM fresh
), joined AS (
    INSERT INTO cases_membership (id, case_id, appeal_id, how, from_at)
    SELECT gen_random_uuid(), %(case)s, fresh.id, 'me_too', first.received_at FROM fresh CROSS JOIN first
)
UPDATE cases_case SET appeal_count = appeal_count + %(count)s WHERE id = %(case)s
"""


def crowd(case: Case, count: int) -> Case:
    """Let so many more residents say the same as the first one of a case, and return it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM intake_appeal")
        (known,) = cursor.fetchone()
        # Foreign keys are checked when the transaction ends: the order of the inserts does not matter.
        cursor.execute(VOICES, {"case": case.pk, "count": count, "from": known})
    case.refresh_from_db()
    return case
