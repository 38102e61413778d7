"""Every indicator there is: its name, its formula in words, and what is left out of it and why.

Sources: 三率 as Beijing counts them (响应率, 解决率, 满意率) and the usual indicators of a dispatch
centre; the formulas are ours where no source prints one. None of them is of a person, and none could be.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


def _(msgid: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return msgid


class Of(StrEnum):
    """What is counted one by one."""

    CASES = "cases"  # the matters
    ANSWERS = "answers"  # the last question to each appellant about a reply
    VOICES = "voices"  # appeals, each in the case it is in now


class Part(StrEnum):
    """Where on the page an indicator stands: the way of a matter, from coming in to what residents say."""

    CAME = "came"
    DISPATCH = "dispatch"
    WORK = "work"
    END = "end"
    SAID = "said"


class Kind(StrEnum):
    """How an indicator is told."""

    SHARE = "share"
    COUNT = "count"
    MEDIAN = "median"  # of a length of time, in seconds


@dataclass(frozen=True)
class Left:
    """What is left out of an indicator: a key and the reason in words."""

    key: str
    words: str


@dataclass(frozen=True)
class Indicator:
    """One indicator. `hits` and `whole` are the two sides of its formula, in words."""

    key: str
    part: Part
    label: str
    hits: str
    whole: str
    of: Of = Of.CASES
    kind: Kind = Kind.SHARE
    left: tuple[Left, ...] = ()
    about: str = ""


ELSEWHERE = Left("elsewhere", _("went another way: merged, withdrawn, not admissible, transferred or lapsed"))
NOT_OUT = Left("not_out", _("never given to a unit: waiting, or answered at once"))
RUNNING = Left("running", _("the clock still runs, or stands still"))
NO_CLOCK = Left("no_clock", _("no clock was set, or it was stopped"))
NOT_SEEN = Left("not_seen", _("no unit has signed or returned it yet"))
NO_REPLY = Left("no_reply", _("no reply yet"))
OPEN = Left("open", _("not closed yet"))
WAITING = Left("waiting", _("the resident may still answer"))
SILENT = Left("silent", _("the resident did not answer, or could not be reached"))
DROPPED = Left("dropped", _("no longer asked"))
NO_STARS = Left("no_stars", _("answered without stars"))
NO_LEVEL = Left("no_level", _("the level it was opened or closed on is not known"))
NOBODY = Left("nobody", _("found by staff: nobody could be asked"))
NOT_YET = Left("not_yet", _("it has not come so far"))

INDICATORS: Final = (
    Indicator(
        "response",
        Part.WORK,
        _("Response rate"),
        _("first contact in time"),
        _("dispatched cases whose contact was due"),
        left=(ELSEWHERE, NOT_OUT, NO_CLOCK, RUNNING),
    ),
    Indicator(
        "solved",
        Part.SAID,
        _("Solution rate"),
        _("residents who say it is solved"),
        _("residents who answered"),
        of=Of.ANSWERS,
        left=(WAITING, SILENT, DROPPED),
        about=_("What residents say, not what units say. Partly solved is not solved."),
    ),
    Indicator(
        "satisfied",
        Part.SAID,
        _("Satisfaction rate"),
        _("three stars or more for the result and on average"),
        _("residents who gave stars"),
        of=Of.ANSWERS,
        left=(WAITING, SILENT, DROPPED, NO_STARS),
        about=_("Silence is never counted as satisfied."),
    ),
    Indicator(
        "first_dispatch",
        Part.DISPATCH,
        _("Right at the first dispatch"),
        _("signed, never returned or redispatched"),
        _("cases a unit has signed or returned"),
        left=(ELSEWHERE, NOT_OUT, NOT_SEEN),
    ),
    Indicator(
        "signed_on_time",
        Part.WORK,
        _("Signed on time"),
        _("signed before the clock ran out"),
        _("dispatched cases whose signing was due"),
        left=(ELSEWHERE, NOT_OUT, NO_CLOCK, RUNNING),
    ),
    Indicator(
        "handled_on_time",
        Part.WORK,
        _("Handled on time"),
        _("replied before the handling clock ran out"),
        _("dispatched cases whose handling was due"),
        left=(ELSEWHERE, NOT_OUT, NO_CLOCK, RUNNING),
        about=_("The last handling clock counts: after rework, the one of the rework."),
    ),
    Indicator(
        "returned",
        Part.DISPATCH,
        _("Return rate"),
        _("returned by a unit at least once"),
        _("dispatched cases"),
        left=(ELSEWHERE, NOT_OUT),
    ),
    Indicator(
        "extended",
        Part.WORK,
        _("Extension rate"),
        _("given more time at least once"),
        _("dispatched cases"),
        left=(ELSEWHERE, NOT_OUT),
    ),
    Indicator(
        "reworked",
        Part.WORK,
        _("Rework rate"),
        _("worked on again after a reply"),
        _("cases that were replied to"),
        left=(ELSEWHERE, NO_REPLY),
    ),
    Indicator(
        "repeated",
        Part.CAME,
        _("Repeat rate"),
        _("voices that came to a matter already reported"),
        _("all voices"),
        of=Of.VOICES,
        about=_("Told by the matter, never by the person: nobody's appeals are counted together."),
    ),
    Indicator(
        "false_closure",
        Part.END,
        _("False closure rate"),
        _("closed, and came back"),
        _("closed cases"),
        left=(ELSEWHERE, OPEN),
    ),
    Indicator(
        "unconfirmed",
        Part.SAID,
        _("Unconfirmed rate"),
        _("closed without any resident's answer"),
        _("closed cases"),
        left=(ELSEWHERE, OPEN, NOBODY),
    ),
    Indicator(
        "in_place",
        Part.END,
        _("Settled in place"),
        _("closed on the level it was opened for, or nearer to the people"),
        _("closed cases whose levels are known"),
        left=(ELSEWHERE, OPEN, NO_LEVEL),
    ),
    Indicator(
        "self_found",
        Part.CAME,
        _("Found by staff"),
        _("found by staff on their way, before anybody called"),
        _("all cases"),
    ),
    Indicator(
        "suspended",
        Part.WORK,
        _("Suspended now"),
        _("cases on the list of open matters"),
        _("all cases"),
        kind=Kind.COUNT,
        about=_("Counted apart, never as closed."),
    ),
    Indicator(
        "to_dispatch",
        Part.DISPATCH,
        _("Time to dispatch"),
        _("half were quicker"),
        _("dispatched cases"),
        kind=Kind.MEDIAN,
        left=(NOT_YET,),
    ),
    Indicator(
        "to_contact",
        Part.WORK,
        _("Time to first contact"),
        _("half were quicker"),
        _("cases whose resident was contacted, from dispatch"),
        kind=Kind.MEDIAN,
        left=(NOT_YET,),
    ),
    Indicator(
        "to_reply",
        Part.WORK,
        _("Time to reply"),
        _("half were quicker"),
        _("cases that were replied to, from dispatch"),
        kind=Kind.MEDIAN,
        left=(NOT_YET,),
    ),
    Indicator(
        "to_close",
        Part.END,
        _("Time to close"),
        _("half were quicker"),
        _("closed cases, from opening"),
        kind=Kind.MEDIAN,
        left=(NOT_YET,),
    ),
    Indicator(
        "came_in",
        Part.CAME,
        _("Appeals"),
        _("appeals that belong to these cases"),
        _("all voices"),
        of=Of.VOICES,
        kind=Kind.COUNT,
    ),
    Indicator(
        "opened",
        Part.CAME,
        _("Cases"),
        _("cases opened"),
        _("all cases"),
        kind=Kind.COUNT,
        about=_("Several appeals may share one."),
    ),
    Indicator(
        "waiting",
        Part.CAME,
        _("Waiting for a person"),
        _("cases the rules could not place"),
        _("all cases"),
        kind=Kind.COUNT,
    ),
    Indicator(
        "merged",
        Part.CAME,
        _("Merged into another"),
        _("cases that go on in another one"),
        _("all cases"),
        kind=Kind.COUNT,
    ),
    Indicator(
        "withdrawn",
        Part.CAME,
        _("Withdrawn"),
        _("cases taken back by the resident"),
        _("all cases"),
        kind=Kind.COUNT,
    ),
    Indicator(
        "inadmissible",
        Part.CAME,
        _("Not admissible"),
        _("cases the town may not take up"),
        _("all cases"),
        kind=Kind.COUNT,
    ),
    Indicator(
        "dispatched",
        Part.DISPATCH,
        _("Dispatched"),
        _("cases given to a unit"),
        _("all cases"),
        kind=Kind.COUNT,
    ),
    Indicator(
        "automatic",
        Part.DISPATCH,
        _("Dispatched without a hand"),
        _("first dispatched by the rules alone"),
        _("dispatched cases"),
        left=(NOT_OUT,),
    ),
    Indicator(
        "supervised",
        Part.WORK,
        _("Supervised"),
        _("cases under supervision at least once"),
        _("all cases"),
        kind=Kind.COUNT,
    ),
    Indicator(
        "closed",
        Part.END,
        _("Closed"),
        _("cases closed or put away"),
        _("all cases"),
        kind=Kind.COUNT,
        about=_("Closed is not solved, and solved is not satisfied: they are counted apart."),
    ),
    Indicator(
        "unit_solved",
        Part.END,
        _("Solved, as the unit says"),
        _("closed as solved"),
        _("closed cases"),
        left=(ELSEWHERE, OPEN),
    ),
    Indicator(
        "unit_partly",
        Part.END,
        _("Partly solved, as the unit says"),
        _("closed as partly solved"),
        _("closed cases"),
        left=(ELSEWHERE, OPEN),
    ),
    Indicator(
        "unit_unsolved",
        Part.END,
        _("Not solved, as the unit says"),
        _("closed as not solved"),
        _("closed cases"),
        left=(ELSEWHERE, OPEN),
    ),
)
BY_KEY: Final = {indicator.key: indicator for indicator in INDICATORS}
