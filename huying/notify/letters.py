"""The words of every notice: what happened, and what is next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from huying.notify.models import Notice

# kind → what it says; the names in braces come from the notice's data.
LETTERS: dict[str, StrOrPromise] = {
    "received": _("We have your appeal {number}. Next: it is given to the unit that answers for it."),
    "dispatched": _("Your appeal {number} is with {unit}. Next: they contact you or deal with it by {due}."),
    "waiting_for_person": _(
        "Your appeal {number} is being read by a person, who gives it to the right unit."
    ),
    "signed": _("{unit} has taken on your appeal {number}."),
    "replied": _("{unit} has replied to your appeal {number}. Next: please tell us whether it is solved."),
    "reworked": _(
        "Your appeal {number} is being worked on again, because it was not solved or not satisfactory."
    ),
    "closed": _("Your appeal {number} is closed. You can still read everything here."),
    "inadmissible": _("Your appeal {number} belongs to another route. The page says which, and why."),
    "merged": _(
        "A neighbour reported the same matter. Both are handled together; you still get your own reply."
    ),
    "unit_dispatched": _("New case {number}: {title}. Please sign by {due}."),
    "unit_reworked": _("Case {number} came back for rework, round {round}."),
    "unit_supervised": _("Case {number} came back a second time and is under supervision."),
}


def words_of(notice: Notice) -> str:
    """Return what a notice says, in the language active now."""
    return str(LETTERS[notice.kind]).format_map(_Missing(notice.data))


class _Missing(dict[str, object]):
    """Shows a dash for a name a notice was not given, rather than failing a page."""

    def __missing__(self, key: str) -> str:
        return "—"
