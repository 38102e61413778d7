"""What happened to a hot spot, fact by fact, in sentences for its page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from huying.home.desk.telling import who
from huying.insight.stages import Stage, State

if TYPE_CHECKING:
    from collections.abc import Callable

    from huying.ledger.models import Fact

Data = dict[str, Any]


def _stage(data: Data) -> tuple[str, str]:
    after, before = Stage(data["after"]).label, Stage(data["before"]).label
    title = _("{before} → {after}").format(before=before, after=after)
    return title, _(
        "Heat {heat} (threshold {threshold}); {count} appeals of {people} appellants, {expected} expected."
    ).format(
        heat=f"{data['heat']:.1f}", threshold=f"{data['threshold']:.1f}", count=data["count"],
        people=data["appellants"], expected=f"{data['expected']:.1f}",
    )  # fmt: skip


def _moved(title: str) -> Callable[[Data], tuple[str, str]]:
    def tell(data: Data) -> tuple[str, str]:
        return _(title), _("{count} appeals moved.").format(count=data["appeals"])

    return tell


_SENTENCES: dict[str, Callable[[Data], tuple[str, str]]] = {
    "HotStageChanged": _stage,
    "HotAlertRaised": lambda data: (_("Alert: {stage}").format(stage=Stage(data["stage"]).label), ""),
    "HotAlertSeen": lambda data: (
        _("Alert acknowledged: {stage}").format(stage=Stage(data["stage"]).label), "",
    ),
    "HotSpotConfirmed": lambda _data: (_("Confirmed"), ""),
    "HotSpotDismissed": lambda data: (_("Dismissed"), data["reason"]),
    "HotSpotReopened": lambda data: (
        _("Taken back: {state}").format(state=State(data["was"]).label), "",
    ),
    "HotSpotRenamed": lambda data: (_("Renamed"), f"{data['before']} → {data['after']}"),
    "HotSpotMerged": _moved(gettext_noop("Merged")),
    "HotSpotUnmerged": _moved(gettext_noop("Merge undone")),
    "HotSpotSplit": _moved(gettext_noop("Split")),
    "HotSpotJoinedAgain": _moved(gettext_noop("Split undone")),
}  # fmt: skip


def event_of(fact: Fact) -> dict[str, Any] | None:
    """Return a fact as the timeline shows it; None for one that says nothing here."""
    tell = _SENTENCES.get(fact.kind)
    if tell is None:
        return None
    title, text = tell(fact.data)
    return {"title": title, "text": text, "at": fact.at, "who": who(fact)}
