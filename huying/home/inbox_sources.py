"""One inbox over all modules: each source says what of it waits for an actor; later packages add a line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from huying.admission.models import ApplicationState, Ruling
from huying.admission.rules import ruled_areas
from huying.board.incidents import open_tasks_for
from huying.board.models import Alert, AlertKind
from huying.board.watching import alerts_for
from huying.bulletin.models import Bulletin, BulletinState, Reminder, ReminderState
from huying.bulletin.rules import ANSWERING, WRITING, own_units, tops_of
from huying.cases.lists import MOST_COUNTED, Tab, inbox
from huying.cases.rules import lies_under
from huying.cases.words import item_name
from huying.dispatch.models import ProposalState, RuleVote
from huying.dispatch.rules import voting_units
from huying.insight.lists import open_alerts
from huying.kit.moments import in_words
from huying.notify.letters import said_of
from huying.notify.models import Notice
from huying.people.permissions import Permission
from huying.supervision.models import Order
from huying.supervision.queries import end_of
from huying.supervision.rules import areas_of, units_of, within
from huying.supervision.states import OrderState
from huying.walks.queries import walks_to_go
from huying.workbench.modules import is_on

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.db.models import QuerySet
    from django_stubs_ext import StrOrPromise

    from huying.home.desk.frame import Frame

MOST_ROWS = 5


@dataclass(frozen=True)
class Waiting:
    """One thing that waits: what it is, where it is done, until when."""

    title: str
    sub: str
    url: str
    due_at: datetime | None = None
    number: str = ""


@dataclass(frozen=True)
class Source:
    """A kind of work. `count` is None for whom it is not meant; `module` is "" when every town has it."""

    key: str
    label: StrOrPromise
    icon: str
    page: str
    count: Callable[[Frame], int | None]
    rows: Callable[[Frame], list[Waiting]]
    module: str = ""
    query: str = ""

    @property
    def url(self) -> str:
        """Return the page with all of it."""
        return reverse(self.page) + self.query


def _cases(tab: Tab, label: StrOrPromise, icon: str, page: str = "desk:inbox") -> Source:
    def rows(frame: Frame) -> list[Waiting]:
        return [
            Waiting(
                case.title, case.place_name, reverse("desk:case", args=[case.number]), case.next_due_at,
                case.number,
            )
            for case in inbox(tab, by=frame.by, at=frame.at).cases[:MOST_ROWS]
        ]  # fmt: skip

    query = f"?tab={tab}" if page == "desk:inbox" else ""
    return Source(str(tab), label, icon, page, lambda frame: frame.counts.get(tab), rows, query=query)


def _walks_today(frame: Frame) -> int | None:
    if not any(frame.by.holds(right) for right in (Permission.WALK_GO, Permission.WALK_PLAN)):
        return None
    return len(walks_to_go(frame.by, at=frame.at))


def _walk_rows(frame: Frame) -> list[Waiting]:
    return [
        Waiting(
            f"{walk.theme.name} · {walk.area.name}", in_words(walk.on, "day"), reverse("desk:walk_go"),
            number=walk.number,
        )
        for walk in walks_to_go(frame.by, at=frame.at)[:MOST_ROWS]
    ]  # fmt: skip


def _open_votes(frame: Frame) -> list[RuleVote]:
    units = voting_units(frame.by)
    if not units:
        return []
    asked = RuleVote.objects.filter(
        unit__in=units, choice="", proposal__state=ProposalState.OPEN, proposal__closes_at__gt=frame.at
    )
    return list(asked.select_related("proposal", "unit").order_by("proposal__closes_at")[: MOST_ROWS * 20])


def _vote_rows(frame: Frame) -> list[Waiting]:
    return [
        Waiting(
            item_name(vote.proposal.items) or str(_("every item")), vote.unit.name,
            reverse("desk:rule", args=[vote.proposal_id]), vote.proposal.closes_at,
        )
        for vote in _open_votes(frame)[:MOST_ROWS]
    ]  # fmt: skip


def _open_rulings(frame: Frame) -> list[Ruling]:
    tops = ruled_areas(frame.by)
    if not tops:
        return []
    asked = Ruling.objects.filter(verdict="", application__state=ApplicationState.APPLIED)
    found = asked.select_related("application", "area").order_by("application__number", "pk")
    return [row for row in found[: MOST_ROWS * 40] if any(lies_under(row.area.path, top) for top in tops)]


def _orders(frame: Frame) -> QuerySet[Order]:
    """Return the orders an actor has to take on, work on or answer for, and those whose end they approve."""
    mine = units_of(frame.by, Permission.ORDER_WORK)
    own = Q(unit__in=mine, state__in=[OrderState.GIVEN, OrderState.AT_WORK])
    approved = within(areas_of(frame.by, Permission.ORDER_APPROVE))
    approved &= Q(state__in=[OrderState.REPORTED, OrderState.DISPUTED])
    return Order.objects.filter(own | approved).order_by("due_on", "id")


def _order_rows(frame: Frame) -> list[Waiting]:
    return [
        Waiting(
            order.title, str(order.get_state_display()), reverse("desk:order", args=[order.pk]),
            end_of(order.due_on), str(order),
        )
        for order in _orders(frame)[:MOST_ROWS]
    ]  # fmt: skip


def _count_orders(frame: Frame) -> int | None:
    works = any(map(frame.by.holds, (Permission.ORDER_WORK, Permission.ORDER_APPROVE)))
    return _orders(frame)[: MOST_COUNTED + 1].count() if works else None


def _ruling_rows(frame: Frame) -> list[Waiting]:
    return [
        Waiting(row.application.name, row.area.name, reverse("desk:admission", args=[row.application_id]))
        for row in _open_rulings(frame)[:MOST_ROWS]
    ]


def _alert_rows(frame: Frame) -> list[Waiting]:
    return [
        Waiting(
            f"{alert.spot.title} · {alert.get_stage_display()}",
            " · ".join(filter(None, (alert.spot.place, in_words(alert.at, "short")))),
            reverse("desk:hot_spot", args=[alert.spot_id]),
        )
        for alert in open_alerts(by=frame.by)[:MOST_ROWS]
    ]


def _notice_rows(frame: Frame) -> list[Waiting]:
    new = Notice.objects.filter(to_unit_id__in=frame.by.unit_ids, read_at=None).order_by("-at")
    page = reverse("desk:notices")
    return [
        Waiting(
            said_of(one.kind, one.data).subject,
            " · ".join(filter(None, (in_words(one.at, "short"), str(one.data.get("title", ""))[:40]))),
            page,
        )
        for one in new[:MOST_ROWS]
    ]


def _on_board(frame: Frame) -> QuerySet[Alert]:
    return alerts_for(frame.by).filter(acknowledged_at=None, ended_at=None)


def _board_rows(frame: Frame) -> list[Waiting]:
    page = reverse("desk:board_alerts")
    return [
        Waiting(str(AlertKind(one.kind).label), str(one.data.get("title", one.data.get("place", ""))), page)
        for one in _on_board(frame)[:MOST_ROWS]
    ]


def _incident_rows(frame: Frame) -> list[Waiting]:
    return [
        Waiting(
            task.words, f"{task.incident.title} · {task.group.name}",
            reverse("desk:incident", args=[task.incident_id]), task.due_at,
        )
        for task in list(open_tasks_for(frame.by))[:MOST_ROWS]
    ]  # fmt: skip


RELEASING = (Permission.BULLETIN_RELEASE,)


def has_letters(frame: Frame) -> bool:
    """Return whether letters are meant for an actor at all: as one who signs, writes or answers them."""
    return any(map(frame.by.holds, (*WRITING, *ANSWERING)))


def waiting_letters(frame: Frame) -> list[Reminder]:
    """Return the letters that wait for an actor: to sign, to answer for a unit, to look at the answer."""
    by = frame.by
    own = [card.id for card in own_units(by)]
    waits = Q(unit_id__in=own, state__in=[ReminderState.ISSUED, ReminderState.RECEIVED])
    for right, state in (
        (Permission.REMINDER_SIGN, ReminderState.DRAFT),
        (Permission.REMINDER_WRITE, ReminderState.ANSWERED),
    ):
        for top in tops_of(by, right):
            area = Q(area_path=top) | Q(area_path__startswith=f"{top}/")
            theirs = area & Q(state=state)
            waits |= theirs & ~Q(drafted_by_id=by.id) if state == ReminderState.DRAFT else theirs
    found = Reminder.objects.filter(waits).select_related("unit").defer("paper")
    return list(found.order_by("answer_by", "drafted_at")[: MOST_ROWS * 20])


def _letter_rows(frame: Frame) -> list[Waiting]:
    return [
        Waiting(
            one.title, f"{one.unit.name} · {one.get_state_display()}", reverse("desk:letter", args=[one.pk]),
            one.answer_by, one.symbol,
        )
        for one in waiting_letters(frame)[:MOST_ROWS]
    ]  # fmt: skip


def _open_bulletins(frame: Frame) -> list[Bulletin]:
    within = Q(pk__in=[])
    for top in tops_of(frame.by, *RELEASING):
        within |= Q(area_path=top) | Q(area_path__startswith=f"{top}/")
    found = Bulletin.objects.filter(within, state=BulletinState.DRAFT).select_related("area")
    return list(
        found.defer("paper", "sections", "numbers").order_by("starts_on", "area_path")[: MOST_ROWS * 20]
    )


def _bulletin_rows(frame: Frame) -> list[Waiting]:
    return [
        Waiting(
            f"{one.area.name} · {one.get_span_display()}", f"{one.starts_on} – {one.ends_on}",
            reverse("desk:bulletin", args=[one.pk]),
        )
        for one in _open_bulletins(frame)[:MOST_ROWS]
    ]  # fmt: skip


SOURCES: tuple[Source, ...] = (
    _cases(Tab.OVERDUE, _("Overdue"), "alert"),
    _cases(Tab.SOON, _("Soon due"), "soon"),
    _cases(Tab.TO_SIGN, _("To sign"), "edit"),
    _cases(Tab.TO_REVIEW, _("To review"), "check"),
    _cases(Tab.TO_RULE, _("Applications on cases"), "flag"),
    _cases(Tab.ASSIST, _("We assist"), "users"),
    _cases(Tab.QUEUE, _("Waiting for dispatch"), "route", "desk:queue"),
    _cases(Tab.RETURNS, _("Returns to rule on"), "return", "desk:returns"),
    Source("walks", _("Walks of today"), "map", "desk:walk_go", _walks_today, _walk_rows, "walks"),
    Source("votes", _("Votes on duty rules"), "users", "desk:rules",
           lambda frame: len(_open_votes(frame)) if voting_units(frame.by) else None, _vote_rows, "rules"),
    Source("letters", _("Reminder letters"), "flag", "desk:letters",
           lambda frame: len(waiting_letters(frame)) if has_letters(frame) else None,
           _letter_rows, "letters"),
    Source("bulletins", _("Bulletins to release"), "list", "desk:bulletins",
           lambda frame: len(_open_bulletins(frame)) if tops_of(frame.by, *RELEASING) else None,
           _bulletin_rows, "bulletins"),
    Source("admission", _("Applications to rule on"), "shield", "desk:admissions",
           lambda frame: len(_open_rulings(frame)) if ruled_areas(frame.by) else None, _ruling_rows,
           "admission"),
    Source("hot_alerts", _("Alerts of hot spots"), "chart", "desk:hot_alerts",
           lambda frame: frame.alerts if frame.by.holds(Permission.HOTSPOT_SEE) else None, _alert_rows,
           "hot_spots"),
    Source("orders", _("Orders under supervision"), "flag", "desk:orders", _count_orders, _order_rows,
           "supervision"),
    Source("alerts", _("Alerts to acknowledge"), "alert", "desk:board_alerts",
           lambda frame: _on_board(frame).count() if frame.by.holds(Permission.BOARD_WATCH) else None,
           _board_rows, "board"),
    Source("incidents", _("Tasks in incidents"), "flag", "desk:incidents",
           lambda frame: len(list(open_tasks_for(frame.by))) if frame.by.unit_ids else None, _incident_rows,
           "incidents"),
    Source("notices", _("Unread notices"), "bell", "desk:notices",
           lambda frame: frame.unread if frame.by.unit_ids else None, _notice_rows),
)  # fmt: skip


def waiting_for(frame: Frame) -> list[tuple[Source, int, list[Waiting]]]:
    """Return what waits for an actor, source by source, with how much there is and the most urgent of it.

    Sources of modules that are switched off, and those that have nothing, are left out.
    """
    found = []
    for source in SOURCES:
        if not is_on(source.module):
            continue
        number = source.count(frame)
        if number:
            found.append((source, number, source.rows(frame)))
    return found
