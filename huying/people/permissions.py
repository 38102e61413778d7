"""Rights are words: every permission there is, and the roles a new town starts with."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Permission(StrEnum):
    """What an actor may do. On a case, a right holds over the unit's own work or over an area (see Grant)."""

    CASE_SEE = "case:see"
    CASE_WORK = "case:work"  # sign, first contact, reply, ask for return
    CASE_REVIEW = "case:review"
    CASE_RECEIVE = "case:receive"  # answer at once, inadmissible
    CASE_DISPATCH = "case:dispatch"  # dispatch, redispatch, decide on returns
    CASE_MERGE = "case:merge"
    CASE_FOLLOW_UP = "case:follow-up"
    CASE_SUPERVISE = "case:supervise"  # colours, suspensions, second extensions, leaders' instructions
    CASE_CONFIDENTIAL = "case:see-confidential"
    CASE_PUBLISH = "case:publish"  # release redacted words and photos to everybody
    CONTACT_SEE = "contact:see"
    APPEAL_ENTER = "appeal:enter"  # proxy entry, phone desk
    EXPORT_RUN = "export:run"  # take a list out as a file, with a reason
    IMPORT_RUN = "import:run"
    CATALOGUE_EDIT = "catalogue:edit"
    PLACES_EDIT = "places:edit"
    LETTERS_EDIT = "letters:edit"  # words, channels and rules of notices, and what became of each
    SYSTEM_EDIT = "system:edit"  # units, channels, modules, how long data is kept
    PEOPLE_EDIT = "people:edit"  # accounts, roles, posts, unlocking
    AUDIT_SEE = "audit:see"  # ledger, access log, sign-ins, exports; changes nothing
    DATA_DECIDE = "data:decide"  # decide on residents' requests to be forgotten
    STATS_SEE = "stats:see"
    HOTSPOT_SEE = "hotspot:see"  # matters that draw appeals, their alerts
    HOTSPOT_DECIDE = "hotspot:decide"  # confirm, rename, merge, split, dismiss
    ADMISSION_APPLY = "admission:apply"  # over a unit: apply to push its tasks down
    ADMISSION_RULE = "admission:rule"  # over an area: admit, refuse, review
    WALK_PLAN = "walk:plan"  # over an area: themes, months, walks
    WALK_GO = "walk:go"  # over an area: report for the walks one's unit takes part in
    DRIVE_RUN = "drive:run"  # over an area: drives, their ledgers, outside indices
    TOPIC_PROPOSE = "topic:propose"  # over an area or for a unit: propose matters for a meeting
    MEETING_RUN = "meeting:run"  # over an area: agendas, minutes, decisions
    ORDER_SEE = "order:see"
    ORDER_WORK = "order:work"  # over a unit: take on, report, interview, works, households
    ORDER_APPROVE = "order:approve"  # over an area: give, return, put off, letters, closing
    BOARD_WATCH = "board:watch"  # over an area: acknowledge alerts, hang its board on a wall
    INCIDENT_LEAD = "incident:lead"  # over an area: open and lead an incident, approve what is said
    REMINDER_WRITE = "reminder:write"  # over an area: draft reminder letters, look at answers, close
    REMINDER_SIGN = "reminder:sign"  # over an area: sign and issue what another drafted
    BULLETIN_WRITE = "bulletin:write"  # over an area: draft and edit bulletins
    BULLETIN_RELEASE = "bulletin:release"  # over an area: release them
    SEALED_HANDLE = "sealed:handle"  # reports of violations, under an alias
    SEALED_UNSEAL = "sealed:unseal"  # grant that an identity is opened


class AdminKind(StrEnum):
    """Which of the three administrators a role makes (GB/T 22239, level 3); WHOLE is not split yet."""

    NONE = ""
    SYSTEM = "system"
    SECURITY = "security"
    AUDIT = "audit"
    WHOLE = "whole"


# The right that makes an administrator. The database judges by the same table (migration 0005 of people).
ADMIN_MARKS = {
    Permission.SYSTEM_EDIT: AdminKind.SYSTEM,
    Permission.PEOPLE_EDIT: AdminKind.SECURITY,
    Permission.AUDIT_SEE: AdminKind.AUDIT,
}


def admin_kind(rights: Iterable[str]) -> AdminKind:
    """Return which administrator these rights make; WHOLE when they mix several."""
    kinds = {kind for right, kind in ADMIN_MARKS.items() if right in set(rights)}
    return AdminKind.WHOLE if len(kinds) > 1 else next(iter(kinds), AdminKind.NONE)


@dataclass(frozen=True)
class StarterRole:
    """A role a new town starts with; edited as data afterwards."""

    key: str
    name: str
    name_en: str
    on_unit: tuple[Permission, ...] = ()
    on_area: tuple[Permission, ...] = ()


P = Permission
_WORK = (P.CASE_SEE, P.CASE_WORK, P.CONTACT_SEE)
_ORDERS = (P.ORDER_SEE, P.ORDER_WORK)
_SUPERVISING = (P.TOPIC_PROPOSE, P.MEETING_RUN, P.ORDER_SEE, P.ORDER_APPROVE)
_HOTSPOTS = (P.HOTSPOT_SEE, P.HOTSPOT_DECIDE)
_LEADING = (P.BOARD_WATCH, P.INCIDENT_LEAD)
STARTER_ROLES = (
    StarterRole("handler", "经办", "Handler", (*_WORK, *_ORDERS), (P.APPEAL_ENTER, P.WALK_GO)),
    StarterRole("reviewer", "审核", "Reviewer", (P.CASE_SEE, P.CASE_REVIEW)),
    StarterRole(
        "unit_lead", "单位负责人", "Unit lead",
        (*_WORK, *_ORDERS, P.CASE_REVIEW, P.EXPORT_RUN, P.ADMISSION_APPLY, P.TOPIC_PROPOSE),
        (P.STATS_SEE, P.WALK_GO, P.HOTSPOT_SEE),
    ),
    StarterRole(
        "dispatcher", "分拨员", "Dispatcher", (),
        (P.CASE_SEE, P.CASE_DISPATCH, P.CASE_RECEIVE, P.CASE_MERGE, P.CASE_CONFIDENTIAL, P.APPEAL_ENTER,
         P.STATS_SEE, P.CASE_PUBLISH, P.EXPORT_RUN, P.BOARD_WATCH, *_HOTSPOTS),
    ),
    StarterRole(
        "receiver", "受理员", "Receiver", (),
        (P.CASE_SEE, P.CASE_RECEIVE, P.CASE_MERGE, P.APPEAL_ENTER, P.CONTACT_SEE, P.CASE_PUBLISH),
    ),
    StarterRole(
        "phone_desk", "话务员", "Phone desk", (),
        (P.CASE_SEE, P.APPEAL_ENTER, P.CASE_FOLLOW_UP, P.CONTACT_SEE),
    ),
    StarterRole("grid_worker", "网格员", "Grid worker", _WORK, (P.CASE_SEE, P.APPEAL_ENTER, P.WALK_GO)),
    StarterRole(
        "community_head", "社区书记", "Community head", (*_WORK, *_ORDERS, P.CASE_REVIEW),
        (P.CASE_SEE, P.STATS_SEE, P.APPEAL_ENTER, P.EXPORT_RUN, P.ADMISSION_RULE, P.WALK_PLAN, P.WALK_GO,
         P.DRIVE_RUN, P.TOPIC_PROPOSE, P.ORDER_SEE, P.BOARD_WATCH,
         P.BULLETIN_WRITE, P.BULLETIN_RELEASE, *_HOTSPOTS),
    ),
    StarterRole(
        "supervisor", "督办员", "Supervisor", (),
        (P.CASE_SEE, P.CASE_SUPERVISE, P.CASE_REVIEW, P.CASE_FOLLOW_UP, P.CASE_CONFIDENTIAL, P.STATS_SEE,
         P.CASE_PUBLISH, P.EXPORT_RUN, P.DATA_DECIDE, P.WALK_PLAN, P.WALK_GO, P.DRIVE_RUN, *_SUPERVISING,
         P.REMINDER_WRITE, P.BULLETIN_WRITE, *_LEADING, *_HOTSPOTS),
    ),
    StarterRole(
        "leader", "分管领导", "Leader", (),
        (P.CASE_SEE, P.CASE_SUPERVISE, P.CASE_CONFIDENTIAL, P.STATS_SEE, P.ADMISSION_RULE, P.WALK_PLAN,
         P.WALK_GO, P.DRIVE_RUN, P.REMINDER_SIGN, P.BULLETIN_WRITE, P.BULLETIN_RELEASE, *_SUPERVISING,
         *_LEADING, *_HOTSPOTS),
    ),
    StarterRole(
        "duty_officer", "值班员", "Duty officer", (),
        (P.CASE_SEE, P.STATS_SEE, P.BOARD_WATCH, P.HOTSPOT_SEE),
    ),
    StarterRole("gatekeeper", "准入审核员", "Admission gatekeeper", (), (P.ADMISSION_RULE,)),
    StarterRole(
        "admin", "系统管理员", "System administrator", (),
        (P.IMPORT_RUN, P.CATALOGUE_EDIT, P.LETTERS_EDIT, P.PLACES_EDIT, P.SYSTEM_EDIT, P.STATS_SEE,
         P.DATA_DECIDE),
    ),
    StarterRole("admin_security", "安全管理员", "Security administrator", (), (P.PEOPLE_EDIT,)),
    StarterRole("admin_audit", "审计管理员", "Audit administrator", (), (P.AUDIT_SEE, P.STATS_SEE)),
    StarterRole("discipline", "纪检员", "Discipline officer", (P.SEALED_HANDLE,)),
    StarterRole(
        "discipline_lead", "纪检负责人", "Head of discipline", (P.SEALED_HANDLE, P.SEALED_UNSEAL)
    ),
)  # fmt: skip
