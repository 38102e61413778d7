"""The letters Huying writes: of each kind a subject, what happened, and what is next."""

from __future__ import annotations

from string import Formatter
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huying.kit.moments import read_out
from huying.notify.letter import Letter, Said
from huying.notify.letters_codes import CODES
from huying.notify.letters_hot import HOT
from huying.notify.letters_incidents import INCIDENTS
from huying.notify.letters_office import OFFICE
from huying.notify.letters_orders import ORDERS
from huying.notify.letters_residents import RESIDENTS
from huying.notify.letters_staff import STAFF
from huying.notify.wordings import town_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from huying.notify.models import Notice

# kind → what it says by default; a town may put it in its own words (wordings).
LETTERS: dict[str, Letter] = RESIDENTS | STAFF | OFFICE | ORDERS | HOT | INCIDENTS | CODES


def is_for_staff(kind: str) -> bool:
    """Return whether letters of a kind go to staff, and not to residents."""
    return any(kind in letters for letters in (STAFF, OFFICE, ORDERS, HOT, INCIDENTS))


def said_of(kind: str, data: Mapping[str, Any]) -> Said:
    """Return what a letter says, in the language active now, in the town's own words where it has some."""
    letter, names = LETTERS[kind], _Missing(data)
    town = town_words(kind, get_language() or "")
    names.update((name, read_out(value)) for name, value in data.items() if isinstance(value, str))
    texts = {part: (town or {}).get(part) or str(getattr(letter, part)) for part in Letter.PARTS}
    return Said(**{part: text.format_map(names) for part, text in texts.items()})


def words_of(notice: Notice) -> str:
    """Return what a notice says in one line: what happened, and what is next."""
    return in_one_line(said_of(notice.kind, notice.data))


def in_one_line(said: Said) -> str:
    """Return both sentences of a letter, one after the other as the language writes them."""
    # Translators: Chinese needs no space between the two sentences.
    return _("{happened} Next: {next}").format(happened=said.happened, next=said.next)


def names_of(letter: Letter) -> set[str]:
    """Return every name a letter's default words are filled with."""
    return {name for part in Letter.PARTS for name in names_in(str(getattr(letter, part)))}


def names_in(text: str) -> set[str]:
    """Return the names in braces of a text. Raises ValueError for braces that are no plain name."""
    found = set()
    for _words, name, form, turn in Formatter().parse(text):
        if name is None:
            continue
        if not name.isidentifier() or form or turn:
            raise ValueError(name)
        found.add(name)
    return found


class _Missing(dict[str, object]):
    """Shows a dash for a name a notice was not given, rather than failing a page."""

    def __missing__(self, key: str) -> str:
        return "—"
