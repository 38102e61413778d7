"""Who may enter the office: as at the desk, staff whose posts give the right the page asks for."""

from __future__ import annotations

from huying.home.desk.access import DeskRequest as StaffRequest
from huying.home.desk.access import staff_required as office

__all__ = ["StaffRequest", "office"]
