"""Writing a list into an Excel file: row by row, in bounded memory, names masked where they must be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from huying.cases.lists import Place, Scope, Tab, inbox
from huying.cases.queries import first_voices
from huying.cases.rules import lies_under
from huying.cases.searching import Search, search
from huying.kit.tabular import Stamp, write_xlsx
from huying.kit.text import mask_name, mask_phone
from huying.people.permissions import Permission
from huying.people.queries import unit_book
from huying.workbench.columns import COLUMN
from huying.workbench.models import Listed
from huying.workbench.watermark import draw_watermark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path as FilePath
    from uuid import UUID

    from huying.cases.lists import Page
    from huying.cases.models import Case
    from huying.intake.models import Appeal
    from huying.kit.tabular import Cell
    from huying.ledger.actor import Actor
    from huying.workbench.lens import Lens

MOST_ROWS = 100_000
AT_ONCE = 500
SCOPES = {Listed.INBOX: Scope.UNITS, Listed.AREA: Scope.AREAS}


def pages_of(lens: Lens, *, by: Actor, at: datetime, size: int = AT_ONCE) -> Iterator[list[Case]]:
    """Yield the cases somebody sees through a lens, page by page, in the lens's order."""
    if lens.listed == Listed.SEARCH:
        asked, before = Search(lens.words, lens.status, lens.narrow), None
        while True:
            page = search(asked, by=by, before=before, size=size)
            yield page.cases
            if not page.following:
                return
            before = page.cases[-1].pk
    after = None
    while True:
        page = _tab_page(lens, by=by, at=at, after=after, size=size)
        yield page.cases
        if not page.following:
            return
        after = Place.read(page.following)


def _tab_page(lens: Lens, *, by: Actor, at: datetime, after: Place | None, size: int) -> Page:
    return inbox(
        Tab(lens.tab or Tab.WORKING), by=by, at=at, scope=SCOPES[lens.listed], after=after,
        narrow=lens.narrow, order=lens.order, size=size,
    )  # fmt: skip


def sees_contact(by: Actor, case: Case) -> bool:
    """Return whether somebody may read a resident's name and number here: as the lead, or over the area.

    An assisting unit sees them on the page of the case only: a list of thousands is no place to be generous.
    """
    card = unit_book().by_id.get(case.unit_id) if case.unit_id else None
    return any(
        (
            Permission.CONTACT_SEE in grant.on_area
            and lies_under(case.area_path, grant.area_path)
            and (not case.confidential or Permission.CASE_CONFIDENTIAL in grant.on_area)
        )
        or (
            Permission.CONTACT_SEE in grant.on_unit
            and card is not None
            and lies_under(card.path, grant.unit_path)
        )
        for grant in by.grants
        if not grant.items or case.item_code.startswith(grant.items)
    )


class ListWriter:
    """Turns cases into rows, counts them, and stops at the most a file may hold."""

    def __init__(
        self,
        lens: Lens,
        *,
        contacts: bool,
        by: Actor,
        at: datetime,
        most: int = MOST_ROWS,
        on_contacts: Callable[[list[UUID]], None] = lambda _appeals: None,
    ) -> None:
        """Take what to write; `on_contacts` is told the appeals whose persons a page of rows shows whole."""
        self._lens, self._contacts, self._by, self._at, self._most = lens, contacts, by, at, most
        self._on_contacts = on_contacts
        self._whole: list[UUID] = []
        self.rows = 0
        self.more = False

    @property
    def header(self) -> list[str]:
        """Return the headings: number and matter, the chosen columns, and where asked for the resident."""
        chosen = [str(COLUMN[key].label) for key in self._lens.columns]
        return [
            _("Number"),
            _("Matter"),
            *chosen,
            *([_("Resident"), _("Telephone")] if self._contacts else []),
        ]

    def lines(self, progress: Callable[[int], None] = lambda _rows: None) -> Iterator[list[Cell]]:
        """Yield the rows; `progress` is told after every page how many there are so far."""
        for cases in pages_of(self._lens, by=self._by, at=self._at):
            voices = first_voices(case.pk for case in cases) if self._contacts else {}
            for case in cases:
                if self.rows == self._most:
                    self.more = True
                    self._tell_contacts()
                    return
                self.rows += 1
                yield self._line(case, voices.get(case.pk))
            self._tell_contacts()
            progress(self.rows)

    def _tell_contacts(self) -> None:
        if self._whole:
            self._on_contacts(self._whole)
            self._whole = []

    def _line(self, case: Case, voice: Appeal | None) -> list[Cell]:
        cells: list[Cell] = [case.number, case.title]
        cells += [COLUMN[key].cell(case) for key in self._lens.columns]
        return cells + self._contact(case, voice) if self._contacts else cells

    def _contact(self, case: Case, voice: Appeal | None) -> list[Cell]:
        party = getattr(voice, "party", None)
        if party is None or voice is None:
            return ["", ""]
        if sees_contact(self._by, case):
            self._whole.append(voice.pk)
            return [party.name, party.phone]
        return [mask_name(party.name), mask_phone(party.phone)]


def write_file(
    path: FilePath,
    writer: ListWriter,
    *,
    stamp: Stamp,
    progress: Callable[[int], None] = lambda _rows: None,
) -> None:
    """Write the list to a file; afterwards `writer` says how many rows and whether there were more."""
    write_xlsx(path, writer.header, writer.lines(progress), sheet=_("List"), stamp=stamp)


def stamp_of(
    *, number: str, why: str, username: str, by: Actor, told: list[tuple[str, str]], at: datetime
) -> Stamp:
    """Return what every page of a list says: who took it out, when, what for, and whom it is for."""
    moment = timezone.localtime(at).strftime("%Y-%m-%d %H:%M")
    cover = [
        (_("Taken out by"), f"{by.name} ({username})"),
        (_("Taken out at"), moment),
        (_("What for"), why),
        (_("Number of this list"), number),
        *told,
        (_("Please note"), _("For this purpose only; pass it on to nobody, delete it when it is done.")),
    ]
    head = _("%(name)s · %(moment)s · %(why)s") % {"name": by.name, "moment": moment, "why": why}
    foot = _("List %(number)s · not to be passed on") % {"number": number}
    picture = draw_watermark([by.name, username, moment, number])
    return Stamp(_("About this list"), cover, head, foot, picture)
