"""What stands on the board, in words: tiles, rates, bars, alerts; links only for who may follow them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huying.board.models import Alert, AlertKind
from huying.cases.words import item_name
from huying.insight.core.telling import FEWEST, Number, Told
from huying.insight.stages import Stage
from huying.insight.tally import RATE
from huying.kit.moments import in_words, read_out
from huying.notify.models import Channel
from huying.places.queries import town_map

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django_stubs_ext import StrOrPromise

    from huying.board.view import Board
    from huying.insight.hotspots import HotMatter
    from huying.insight.tally import Tally

SHOWN_RATES = ("response", "handled", "solved", "satisfied", "unconfirmed", "reworked")
# What a number of today counts: the word of the tally, its label, and its tone.
TODAY: tuple[tuple[str, StrOrPromise, str], ...] = (
    ("came_in", gettext_lazy("Came in today"), "call"),
    ("dispatched", gettext_lazy("Dispatched today"), "info"),
    ("signed", gettext_lazy("Signed today"), "mute"),
    ("closed", gettext_lazy("Closed today"), "ok"),
)
NOW: tuple[tuple[str, StrOrPromise, str], ...] = (
    ("open", gettext_lazy("Open now"), "mute"),
    ("waiting", gettext_lazy("Waiting for dispatch"), "warn"),
    ("overdue_now", gettext_lazy("Overdue now"), "bad"),
    ("danger", gettext_lazy("Danger, open"), "bad"),
)
# Every count of a day that leads to its cases.
COUNTED: dict[str, StrOrPromise] = {
    **{word: label for word, label, _tone in TODAY},
    "overdue": gettext_lazy("Ran out today"),
    "returned": gettext_lazy("Returned today"),
}
HEIGHT, WIDTH = 100, 24


@dataclass(frozen=True)
class Looks:
    """Who looks: `code` is the area's, `follows` whether numbers lead to cases, `wall` nobody is known.

    `sets_up` is whether the calendar's page opens to them.
    """

    code: str
    follows: bool
    wall: bool = False
    sets_up: bool = False

    def behind(self, code: str = "", /, **told: str) -> str:
        """Return the address of the cases behind a number, "" for who may not follow it."""
        if not self.follows:
            return ""
        return f"{reverse('desk:board_cases')}?{urlencode({**told, 'area': code or self.code})}"


def context_of(board: Board, looks: Looks) -> dict[str, Any]:
    """Return what the live part of the board shows."""
    return {
        "board": board,
        "looks": looks,
        "tiles": [*_today(board, looks), *_now(board, looks)],
        "rates": [rate_of(key, board.rates[key], looks) for key in SHOWN_RATES],
        "hot": [matter_of(one, looks) for one in board.hot],
        "early": [matter_of(one, looks) for one in board.early],
        "alerts": [alert_of(one, looks) for one in board.alerts],
        "bars": _bars(
            [(in_words(day, "day"), tally["came_in"], tally["closed"]) for day, tally in board.days]
        ),
        "hours": _bars([(f"{hour}:00", number, 0) for hour, number in enumerate(board.hours)]),
        "areas": [_area(path, today, now, looks) for path, today, now in board.areas],
    }


def _today(board: Board, looks: Looks) -> Iterable[dict[str, Any]]:
    for word, label, tone in TODAY:
        sub = _("yesterday {number}").format(number=board.yesterday[word])
        yield {
            "key": word,
            "label": label,
            "tone": tone,
            "value": board.numbers[word],
            "sub": sub,
            "url": looks.behind(what=word),
            "sub_url": looks.behind(what=word, day="yesterday"),
        }


def _now(board: Board, looks: Looks) -> Iterable[dict[str, Any]]:
    links = {
        "open": f"{reverse('desk:search')}?{urlencode({'status': 'open', 'area': looks.code})}",
        "waiting": f"{reverse('desk:search')}?{urlencode({'status': 'submitted', 'area': looks.code})}",
        "overdue_now": f"{reverse('desk:area')}?{urlencode({'tab': 'overdue', 'area': looks.code})}",
        "danger": f"{reverse('desk:search')}?"
        f"{urlencode({'status': 'open', 'grade': 'A', 'area': looks.code})}",
    }
    subs = {
        "open": _("suspended {number}").format(number=board.stands["resting"]),
        "overdue_now": _("ran out today {number}").format(number=board.numbers["overdue"]),
        "waiting": _("returned today {number}").format(number=board.numbers["returned"]),
        "danger": _("under supervision {number}").format(number=board.stands["supervised"]),
    }
    sub_links = {
        "open": f"{reverse('desk:search')}?"
        f"{urlencode({'status': 'open', 'suspended': 'on', 'area': looks.code})}",
        "overdue_now": looks.behind(what="overdue"),
        "waiting": looks.behind(what="returned"),
        "danger": f"{reverse('desk:search')}?"
        f"{urlencode({'status': 'open', 'supervised': 'on', 'area': looks.code})}",
    }
    for word, label, tone in NOW:
        value = board.stands[word]
        yield {
            "key": word, "label": label, "tone": tone if value or tone == "mute" else "mute", "value": value,
            "sub": subs[word], "url": links[word] if looks.follows else "",
            "sub_url": sub_links[word] if looks.follows else "",
        }  # fmt: skip


def rate_of(key: str, number: Number, looks: Looks) -> dict[str, Any]:
    """Return a rate in words: the share or its range, what it stands on, its formula."""
    rate = RATE[key]
    value = "—"
    if number.told == Told.HIDDEN:
        value = _("too few to tell")
    elif number.told == Told.RANGE and number.low is not None and number.high is not None:
        value = f"{number.low * 100:.0f}–{number.high * 100:.0f}%"
    elif number.share is not None:
        value = f"{number.share * 100:.1f}%"
    told = number.told in (Told.RANGE, Told.PLAIN)
    low, high = number.low or 0.0, number.high or 0.0
    return {
        "key": key,
        "label": _(rate.label),
        "value": value,
        "is_words": not told,
        "base": f"n = {number.counted.whole}"
        if told
        else f"n < {FEWEST}"
        if number.counted.whole
        else "n = 0",
        "range": f"{low * 100:.0f}–{high * 100:.0f}%" if number.told == Told.PLAIN else "",
        "says": _(rate.says),
        "from": round(low * 100, 1),
        "wide": round((high - low) * 100, 1),
        "at": round((number.share if number.share is not None else (low + high) / 2) * 100, 1),
        "told": told,
        "url": looks.behind(rate=key) if number.counted.whole else "",
    }


def matter_of(one: HotMatter, looks: Looks) -> dict[str, Any]:
    """Return a hot matter in words; on a wall only what it is about and where, never residents' own words."""
    item = item_name(one.item_code) or _("not classified")
    place = one.place or area_name(one.area_code)
    return {
        "key": one.key,
        "title": item if looks.wall else one.title or item,
        "place": place,
        "stage": Stage(one.stage).label,
        "stage_key": one.stage,
        "count": one.count,
        "appellants": one.appellants,
        "heat": one.heat,
        "lat": one.lat,
        "lon": one.lon,
        "evidence": () if looks.wall else one.evidence[:1],
        "url": _spot_url(str(one.key)) if looks.follows else "",
    }


def alert_of(alert: Alert, looks: Looks) -> dict[str, Any]:
    """Return an alert in words; on a wall its kind and its area only."""
    kind = AlertKind(alert.kind)
    told = {"title": "", "sub": "", "url": ""} if looks.wall else _words(alert, kind, looks)
    return {
        "key": alert.pk,
        "kind": kind.label,
        "kind_key": str(kind),
        "tone": "bad" if kind in (AlertKind.DANGER, AlertKind.DANGER_OVERDUE) else "warn",
        "icon": _ICONS[kind],
        "area": area_name(alert.area_path),
        "item": item_name(alert.item_code) if alert.item_code else "",
        "at": alert.raised_at,
        "alert": alert,
        **told,
        "url": told["url"] if looks.follows else "",
    }


_ICONS = {
    AlertKind.DANGER: "alert", AlertKind.DANGER_OVERDUE: "soon", AlertKind.HOT: "flag",
    AlertKind.LETTERS: "letters", AlertKind.CALENDAR: "clock", AlertKind.RECOUNT: "chart",
}  # fmt: skip


def _words(alert: Alert, kind: AlertKind, looks: Looks) -> dict[str, str]:
    data: dict[str, Any] = alert.data
    if kind in (AlertKind.DANGER, AlertKind.DANGER_OVERDUE):
        url = reverse("desk:case", args=[data["number"]])
        due = datetime.fromisoformat(data["due_at"]) if "due_at" in data else None
        more = [str(data["place"]), _("due {when}").format(when=in_words(due, "short")) if due else ""]
        return {"title": str(data["title"]), "sub": " · ".join(filter(None, more)), "url": url}
    if kind == AlertKind.HOT:
        sub = _("{count} appeals of {appellants} appellants").format(
            count=data["count"], appellants=data["appellants"]
        )
        return {
            "title": str(data["title"]),
            "sub": f"{data['place']} · {sub}",
            "url": _spot_url(data["spot"]),
        }
    if kind == AlertKind.LETTERS:
        channel = Channel(data["channel"]).label if data["channel"] in Channel.values else data["channel"]
        title = _("{channel}: {count} letters wait").format(channel=channel, count=data["count"])
        return {"title": title, "sub": str(data["error"]), "url": reverse("desk:reaching")}
    if kind == AlertKind.CALENDAR:
        until = read_out(data["until"]) or _("no year is certain")
        return {"title": _("Certain days end: {until}").format(until=until), "sub": "",
                "url": reverse("desk:office:calendar") if looks.sets_up else ""}  # fmt: skip
    title = _("{cases} cases and {sums} sums were put right").format(cases=data["cases"], sums=data["sums"])
    return {"title": title, "sub": "", "url": ""}


def _spot_url(key: str) -> str:
    try:
        return reverse("desk:hot_spot", args=[key])
    except NoReverseMatch:
        return ""


def area_name(path: str) -> str:
    """Return what an area is called, "" for the whole town."""
    area = town_map().by_code(path.rpartition("/")[2]) if path else None
    return area.name if area else ""


def _area(path: str, today: Tally, now: Tally, looks: Looks) -> dict[str, Any]:
    code = path.rpartition("/")[2]
    opened = f"{reverse('desk:search')}?{urlencode({'status': 'open', 'area': code})}"
    late = f"{reverse('desk:area')}?{urlencode({'tab': 'overdue', 'area': code})}"
    return {
        "name": area_name(path) or path,
        "code": code,
        "came_in": today["came_in"],
        "closed": today["closed"],
        "open": now["open"],
        "overdue": now["overdue_now"],
        "urls": {
            "came_in": looks.behind(code, what="came_in"),
            "closed": looks.behind(code, what="closed"),
            "open": opened if looks.follows else "",
            "overdue": late if looks.follows else "",
        },
    }


def _bars(rows: Sequence[tuple[str, int, int]]) -> dict[str, Any]:
    """Return bars as an SVG draws them, the tallest as high as the drawing."""
    most = max((max(one, other) for _label, one, other in rows), default=0) or 1
    drawn = []
    for place, (label, one, other) in enumerate(rows):
        high, low = (round(number / most * HEIGHT, 1) for number in (one, other))
        drawn.append(
            {"label": label, "one": one, "other": other, "x": place * WIDTH, "y": HEIGHT - high, "high": high,
             "x2": place * WIDTH + WIDTH // 2 - 1, "y2": HEIGHT - low, "low": low}
        )  # fmt: skip
    return {"rows": drawn, "most": most, "wide": len(rows) * WIDTH, "total": sum(one for _l, one, _o in rows)}
