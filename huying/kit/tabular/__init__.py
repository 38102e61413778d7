"""Tables as people really send and want them: CSV and Excel in every dialect, read and written safely."""

from huying.kit.tabular.reading import read_table
from huying.kit.tabular.reasons import TableRefusal
from huying.kit.tabular.table import Flaw, Limits, Row, Table, header_key
from huying.kit.tabular.writing import Cell, Stamp, Written, write_csv, write_xlsx

__all__ = [
    "Cell",
    "Flaw",
    "Limits",
    "Row",
    "Stamp",
    "Table",
    "TableRefusal",
    "Written",
    "header_key",
    "read_table",
    "write_csv",
    "write_xlsx",
]
