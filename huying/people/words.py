"""Words for rights, which live as keys: what holders of a post may do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from huying.people.permissions import AdminKind, Permission

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PERMISSIONS: dict[Permission, StrOrPromise] = {
    Permission.CASE_SEE: _("See cases"),
    Permission.CASE_WORK: _("Work on cases: sign, contact, reply, ask for a return"),
    Permission.CASE_REVIEW: _("Review replies"),
    Permission.CASE_RECEIVE: _("Receive: answer at once, or say that another route applies"),
    Permission.CASE_DISPATCH: _("Dispatch, redispatch and rule on returns"),
    Permission.CASE_MERGE: _("Merge cases and undo it"),
    Permission.CASE_FOLLOW_UP: _("Ask residents by telephone"),
    Permission.CASE_SUPERVISE: _("Supervise"),
    Permission.CASE_CONFIDENTIAL: _("See confidential cases"),
    Permission.CASE_PUBLISH: _("Release redacted words and photos of cases to everybody"),
    Permission.CASE_CONFIDENTIAL: _("See confidential cases"),
    Permission.CONTACT_SEE: _("See names and phone numbers of residents"),
    Permission.APPEAL_ENTER: _("Enter appeals for residents"),
    Permission.EXPORT_RUN: _("Take lists out as files"),
    Permission.IMPORT_RUN: _("Import files"),
    Permission.CATALOGUE_EDIT: _("Edit the catalogue and duty rules"),
    Permission.PLACES_EDIT: _("Edit areas and places"),
    Permission.LETTERS_EDIT: _("Edit the words and rules of notices, and see what was sent"),
    Permission.SYSTEM_EDIT: _("Administer the system: units, channels, modules, how long data is kept"),
    Permission.PEOPLE_EDIT: _("Administer security: accounts, roles, posts, unlocking"),
    Permission.AUDIT_SEE: _("Audit: read the ledger, the access log, sign-ins and exports; change nothing"),
    Permission.DATA_DECIDE: _("Decide on residents' requests to be forgotten"),
    Permission.STATS_SEE: _("See the numbers"),
    Permission.HOTSPOT_SEE: _("See hot spots and their alerts"),
    Permission.HOTSPOT_DECIDE: _("Decide on hot spots: confirm, rename, merge, split, dismiss"),
    Permission.ADMISSION_APPLY: _("Apply to push tasks of the unit down to streets or communities"),
    Permission.ADMISSION_RULE: _("Admit or refuse tasks pushed down, and review them"),
    Permission.WALK_PLAN: _("Plan walks: themes, checklists, months"),
    Permission.WALK_GO: _("Report for the walks one's unit takes part in"),
    Permission.DRIVE_RUN: _("Run drives, keep their ledgers, take outside indices in"),
    Permission.TOPIC_PROPOSE: _("Propose topics for a meeting"),
    Permission.MEETING_RUN: _("Run meetings: agendas, minutes, decisions"),
    Permission.ORDER_SEE: _("See orders under supervision"),
    Permission.ORDER_WORK: _("Work on the unit's orders: take on, report, interviews, works"),
    Permission.ORDER_APPROVE: _("Give orders, send them back, put them off, approve their end"),
    Permission.BOARD_WATCH: _("Watch the duty board: acknowledge alerts, hang it on a wall"),
    Permission.INCIDENT_LEAD: _("Open and lead incidents, approve what is said in public"),
    Permission.REMINDER_WRITE: _("Draft reminder letters to units, look at the answers"),
    Permission.REMINDER_SIGN: _("Sign and issue reminder letters"),
    Permission.BULLETIN_WRITE: _("Draft and edit bulletins"),
    Permission.BULLETIN_RELEASE: _("Release bulletins"),
    Permission.SEALED_HANDLE: _("Handle sealed reports of violations, under an alias"),
    Permission.SEALED_UNSEAL: _("Grant that the identity behind a sealed report is opened"),
}


ADMIN_KINDS: dict[AdminKind, StrOrPromise] = {
    AdminKind.NONE: "",
    AdminKind.SYSTEM: _("administrator: system"),
    AdminKind.SECURITY: _("administrator: security"),
    AdminKind.AUDIT: _("administrator: audit"),
    AdminKind.WHOLE: _("administrator of everything, to be split"),
}


def words_of_right(right: str) -> str:
    """Return a right in words; one this program no longer knows by its key."""
    known = {str(permission): words for permission, words in PERMISSIONS.items()}
    return str(known.get(right, right))


def permission_options() -> list[tuple[str, str]]:
    """Return every right with its words, for boxes to tick."""
    return [(str(permission), str(words)) for permission, words in PERMISSIONS.items()]
