"""The way of an appeal as a timeline: facts of the ledger in kind words, for the resident they belong to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from huying.cases.models import Case, How, Membership, Reply
from huying.catalogue.models import StatutoryRoute
from huying.home.pages.story_moves import MOVE_SENTENCES, event, moment_of
from huying.kit.names import in_language
from huying.ledger.queries import timeline

if TYPE_CHECKING:
    from collections.abc import Callable

    from huying.intake.models import Appeal
    from huying.ledger.models import Fact

ANSWERS = frozenset({"ReviewPassed", "AnsweredAtOnce"})


@dataclass
class Story:
    """Everything a resident may read of what happened.

    `events` newest first, as `{% timeline %}` takes them; `replies` newest first, those that were released;
    `refusal` is why the matter is not admissible, with its statutory route.
    """

    events: list[dict[str, Any]]
    replies: list[Reply]
    refusal: dict[str, Any] | None


@dataclass
class _Telling:
    """What the sentences need besides their fact."""

    appeal: Appeal
    replies: dict[str, Reply]
    routes: dict[str, StatutoryRoute]


def story_of(appeal: Appeal, present: Case | None) -> Story:
    """Return the story of an appeal: its own facts, and those of its cases while it belonged to them."""
    members = list(Membership.objects.filter(appeal=appeal).select_related("case__unit").order_by("from_at"))
    streams = [f"appeal:{appeal.pk}", *dict.fromkeys(f"case:{member.case_id}" for member in members)]
    # Of the facts of one moment, the one that it came in is the first.
    found = sorted(timeline(*streams), key=lambda fact: (fact.at, fact.kind != "AppealReceived", fact.pk))
    answers = [fact for fact in found if fact.kind in ANSWERS and _is_mine(fact, members, present)]
    told = _Telling(appeal, _replies(answers), _routes(found))
    seen = [fact for fact in found if fact.stream == streams[0] or _within(fact, members)]
    events = [said for fact in seen if (said := _tell(fact, told)) is not None]
    events += [_joined(member) for member in members if member.how == How.ME_TOO]
    # Of one moment, what was told later stands above.
    events.reverse()
    events.sort(key=lambda said: said["at"], reverse=True)
    if events:
        events[0]["current"] = True
    replies = [
        told.replies[fact.data["reply"]] for fact in reversed(answers) if fact.data["reply"] in told.replies
    ]
    refused = next((fact for fact in reversed(seen) if fact.kind == "CaseInadmissible"), None)
    return Story(events, replies, _refusal(refused, told) if refused else None)


def _within(fact: Fact, members: list[Membership]) -> bool:
    """Return whether a case's fact happened while the appeal belonged to that case."""
    return any(
        fact.stream == f"case:{member.case_id}"
        and member.from_at <= fact.at
        and (member.until_at is None or fact.at <= member.until_at)
        for member in members
    )


def _is_mine(fact: Fact, members: list[Membership], present: Case | None) -> bool:
    """Return whether an answer is for this appeal: given while it was in the case, or asked about now."""
    now = present is not None and fact.stream == f"case:{present.pk}" and fact.data["round"] == present.round
    return now or _within(fact, members)


def _replies(answers: list[Fact]) -> dict[str, Reply]:
    if not answers:
        return {}
    found = Reply.objects.filter(pk__in=[fact.data["reply"] for fact in answers])
    return {str(reply.pk): reply for reply in found.select_related("unit").prefetch_related("evidence")}


def _routes(told: list[Fact]) -> dict[str, StatutoryRoute]:
    keys = [fact.data["route"] for fact in told if fact.kind == "CaseInadmissible"]
    return {route.pk: route for route in StatutoryRoute.objects.filter(pk__in=keys)} if keys else {}


def _refusal(fact: Fact, told: _Telling) -> dict[str, Any]:
    return {"reason": fact.data["reason"], "route": told.routes.get(fact.data["route"])}


def _tell(fact: Fact, told: _Telling) -> dict[str, Any] | None:
    sentence = SENTENCES.get(fact.kind)
    said = sentence(fact, told) if sentence else None
    return {"at": fact.at, **said} if said else None


def _of_move(fact: Fact, told: _Telling) -> dict[str, Any] | None:
    return MOVE_SENTENCES[fact.kind](fact, str(told.appeal.pk))


def _joined(member: Membership) -> dict[str, Any]:
    unit = member.case.unit.name if member.case.unit else ""
    text = _(
        "Neighbours had reported the same, so it is dealt with together. You still get your own answer "
        "and are asked yourself."
    )
    return {"at": member.from_at, **event("merged", _("You joined a matter under way"), text=text, who=unit)}


def _received(_fact: Fact, told: _Telling) -> dict[str, Any]:
    channel = told.appeal.channel
    return event("received", _("We have your appeal"), who=in_language(channel.name, channel.name_en))


def _waits(_fact: Fact, _told: _Telling) -> dict[str, Any]:
    return event(
        "note",
        _("A person is reading it"),
        text=_("The right unit could not be named at once, so somebody looks at it."),
    )


def _dispatched(fact: Fact, _told: _Telling) -> dict[str, Any]:
    unit, due = fact.data["unit_name"], moment_of(fact.data["due_at"])
    how = _("by the duty catalogue, at once") if fact.data["automatic"] else _("by the dispatch centre")
    text = _("To be dealt with by %(due)s.") % {"due": due} if due else ""
    return event("dispatched", _("Given to %(unit)s") % {"unit": unit}, text=text, who=how)


def _signed(fact: Fact, _told: _Telling) -> dict[str, Any]:
    return event("signed", _("%(unit)s took it on") % {"unit": fact.data["unit_name"] or _("The unit")})


def _contacted(_fact: Fact, _told: _Telling) -> dict[str, Any]:
    return event("contacted", _("The unit got in touch"))


def _answered(fact: Fact, told: _Telling) -> dict[str, Any]:
    reply = told.replies.get(fact.data["reply"])
    unit = reply.unit.name if reply and reply.unit else _("The dispatch centre")
    return event("reply", _("%(unit)s answered") % {"unit": unit})


def _reworked(fact: Fact, _told: _Telling) -> dict[str, Any]:
    text = _("Somebody said that it is not solved or not satisfactory. The unit works on it again.")
    if fact.data["supervised"]:
        text += " " + _("Because it is not the first time, supervision watches it.")
    return event("rework", _("Back to work"), text=text)


def _closed(fact: Fact, _told: _Telling) -> dict[str, Any]:
    confirmed = fact.data["closure"] in ("confirmed", "checked")
    return event("closed", _("Closed") if confirmed else _("Closed, not confirmed"))


def _inadmissible(fact: Fact, told: _Telling) -> dict[str, Any]:
    route = told.routes.get(fact.data["route"])
    name = in_language(route.name, route.name_en) if route else ""
    return event("note", _("Another way applies"), text=fact.data["reason"], who=name)


def _merged(_fact: Fact, _told: _Telling) -> dict[str, Any]:
    text = _(
        "A neighbour had reported the same. Nothing of yours is lost: you get your own answer "
        "and are asked yourself."
    )
    return event("merged", _("Put together with the same matter"), text=text)


def _unmerged(_fact: Fact, _told: _Telling) -> dict[str, Any]:
    return event(
        "merged", _("Dealt with by itself again"), text=_("It turned out to be a matter of its own.")
    )


def _withdrawn(fact: Fact, _told: _Telling) -> dict[str, Any]:
    return event("withdrawn", _("You took it back"), text=fact.data["reason"])


def _asked(fact: Fact, _told: _Telling) -> dict[str, Any]:
    text = _("Until %(until)s you can say whether it is solved.") % {
        "until": moment_of(fact.data["closes_at"])
    }
    return event("note", _("We ask you: is it solved?"), text=text)


def _rated(fact: Fact, _told: _Telling) -> dict[str, Any]:
    said = {
        "yes": _("You said: solved"),
        "partly": _("You said: partly solved"),
        "no": _("You said: not solved"),
    }
    return event("rated", said.get(fact.data["solved"], _("You gave your verdict")))


def _lapsed(_fact: Fact, _told: _Telling) -> dict[str, Any]:
    return event(
        "note", _("No answer from you"), text=_("It is counted as unconfirmed, which is not satisfied.")
    )


def _corrected(_fact: Fact, _told: _Telling) -> dict[str, Any]:
    return event("note", _("You changed how we reach you"))


def _proxied(_fact: Fact, _told: _Telling) -> dict[str, Any]:
    return event("note", _("Filed for another"), text=_("Both can follow it: who told it and who typed it."))


def _unproxied(_fact: Fact, _told: _Telling) -> dict[str, Any]:
    return event("note", _("Only the person it is about follows it now"))


def _masked(_fact: Fact, _told: _Telling) -> dict[str, Any]:
    text = _("Contact, photos and everything personal in your words are gone for good.")
    return event("note", _("Your personal data was deleted"), text=text)


def _silent(_fact: Fact, _told: _Telling) -> None:
    """Say nothing: another fact of the same moment has said it."""


# Every kind of fact a resident may read, and its sentence; a test holds this against the facts themselves.
SENTENCES: dict[str, Callable[[Fact, _Telling], dict[str, Any] | None]] = {
    "AppealReceived": _received,
    "AppealWithdrawn": _withdrawn,
    "CaseOpened": _silent,
    "CaseWaits": _waits,
    "CaseDispatched": _dispatched,
    "CaseSigned": _signed,
    "ContactMade": _contacted,
    "ReviewPassed": _answered,
    "AnsweredAtOnce": _answered,
    "CaseReworked": _reworked,
    "CaseClosed": _closed,
    "CaseWithdrawn": _silent,
    "CaseInadmissible": _inadmissible,
    "CaseMerged": _merged,
    "CaseUnmerged": _unmerged,
    "ContactCorrected": _corrected,
    "ProxyNamed": _proxied,
    "ProxyEnded": _unproxied,
    "AppealMasked": _masked,
    "RatingAsked": _asked,
    "ReplyRated": _rated,
    "RatingLapsed": _lapsed,
    **dict.fromkeys(MOVE_SENTENCES, _of_move),
}
