"""Reading the real tables that lie beside the project, where they do."""

import tracemalloc
from itertools import islice
from pathlib import Path

import pytest

from huying.kit.tabular import read_table

DATA = Path(__file__).parents[3].parent / "shared" / "data"

pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not DATA.is_dir(), reason="the real tables (../shared/data) are not here"),
]


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("appeals-zh/messages_4326.csv", 4326),
        ("appeals-zh/labelled_2700.csv", 2687),
        ("appeals-zh/labelled_tokens_8200.csv.gz", 8133),
        ("appeals-zh/replies_2816.csv", 2816),
        ("appeals-zh/category_system_517.csv", 517),
        ("reports-en/sample_5000.csv", 5000),
    ],
)
def test_every_real_row_is_read_without_a_flaw(path: str, count: int) -> None:
    with read_table(DATA / path, name=path) as table:
        rows = list(table)
        assert table.done == table.total
    assert len(rows) == count
    assert not [row for row in rows if row.errors]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-16-le", "utf-8-sig"])
def test_real_messages_in_another_encoding_read_the_same(encoding: str) -> None:
    original = (DATA / "appeals-zh/messages_4326.csv").read_text("utf-8-sig")
    with read_table(original.encode(encoding), name="messages.csv") as table:
        assert table.encoding == encoding
        assert sum(1 for _ in table) == 4326


def test_a_hundred_thousand_rows_stream_in_little_memory() -> None:
    with read_table(DATA / "reports-en/reports_111k.csv.gz", name="reports.csv.gz") as table:
        tracemalloc.start()
        try:
            assert sum(1 for _ in islice(table, 20_000)) == 20_000
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert sum(1 for _ in table) == 91_270
    assert peak < 2 * 2**20
