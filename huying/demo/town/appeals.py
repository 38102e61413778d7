"""Two thousand appeals of the last ninety days: what came in, by which channel, and what becomes of it."""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from huying.demo.town import names, spots, timing
from huying.demo.town.cast import Cast
from huying.demo.town.dice import happens
from huying.demo.town.fate import Life, Planner, Subject
from huying.demo.town.items import ItemRow
from huying.demo.town.matters import first_state, settle_matter
from huying.demo.town.organisation import Organisation
from huying.demo.town.rows import AppealRow, Fate, Outcome, PhotoRow
from huying.demo.town.speech import Speech
from huying.demo.town.topics import Topic, choices
from huying.demo.town.voices import APPEALS, Voice, voices
from huying.demo.town.writing import Writer, Written

CHANNELS = {"wechat": 34, "web": 21, "phone": 19, "import": 7, "grid": 6, "proxy": 5, "api": 5, "mail": 3}
HURRIED = {"phone": 46, "wechat": 36, "web": 14, "grid": 4}
ABROAD = {"web": 50, "wechat": 40, "mail": 10}
VAGUE = {"wechat": 50, "web": 25, "phone": 25}
POINTED = ("web", "wechat", "grid", "api")
PHOTO_SHARE = 0.17
LOST_SHARE = 0.17
# What stands open at the end: how many of each state at least, and how old they may be in days.
OPEN_WORK: dict[Outcome, tuple[int, int]] = {
    "waiting_for_person": (24, 4),
    "returned": (7, 20),
    "redispatched": (7, 21),
    "replied": (18, 14),
    "reworking": (10, 25),
    "dispatched": (28, 3),
}
KNOWN_OUTCOMES: tuple[Outcome, ...] = (
    "dispatched",
    "in_progress",
    "follow_up",
    "closed_satisfied",
    "closed_satisfied",
    "reworked_then_closed",
    "closed_unconfirmed",
)


@dataclass(slots=True)
class Told:
    """How far a resident says where: words in the form, words in the text, a point."""

    field: bool
    text: bool
    point: bool

    @property
    def lost(self) -> bool:
        """Whether nothing says where it is."""
        return not (self.field or self.text or self.point)


def appeals(
    items: Sequence[ItemRow], organisation: Organisation, seed: int, until: date, count: int = APPEALS
) -> list[AppealRow]:
    """Return `count` appeals in order of time; the same arguments give the same rows.

    Raises KeyError when the catalogue lacks an item the written material names.
    """
    end = timing.end_of(until)
    rng = random.Random(f"huying-appeals:{seed}")
    by_code = {item.code: item for item in items}
    placed = sorted(
        (
            (_moment(voice, channel, end, rng), channel, voice)
            for voice, channel in _channels(items, end, rng, count)
        ),
        key=lambda row: (row[0], row[2].item, row[1]),
    )
    clerk = _Clerk(rng, Writer(rng), Cast(rng, organisation), by_code)
    rows = [clerk.row(f"T{i:04d}", at, channel, voice) for i, (at, channel, voice) in enumerate(placed, 1)]
    spoken = [voice for _, _, voice in placed]
    subjects = [_subject(row, voice, by_code) for row, voice in zip(rows, spoken, strict=True)]
    planner = Planner(rng, organisation.units, Speech(rng), end)
    return _known_resident(_with_fates(rows, subjects, planner), clerk.cast)


def _with_fates(rows: list[AppealRow], subjects: list[Subject], planner: Planner) -> list[AppealRow]:
    """Plan every life: voices of one matter together, the others on their own."""
    groups: dict[str, list[int]] = defaultdict(list)
    for i, row in enumerate(rows):
        groups[row.matter or row.key].append(i)
    done = list(rows)
    alone: dict[int, Life] = {}
    for members in groups.values():
        if len(members) == 1:
            at = members[0]
            alone[at] = planner.life(subjects[at])
            done[at] = replace(rows[at], fate=alone[at].fate(planner.end, first_state(rows[at])))
            continue
        together = settle_matter([rows[i] for i in members], [subjects[i] for i in members], planner)
        for i, row in zip(members, together, strict=True):
            done[i] = row
    return _with_open_work(done, alone, planner.end)


def _with_open_work(rows: list[AppealRow], alone: dict[int, Life], end: datetime) -> list[AppealRow]:
    """Leave some of the last days' cases where they stand, so that every queue of the demo has work in it."""
    taken: set[int] = set()
    for state, (count, days) in OPEN_WORK.items():
        missing = count - sum(row.fate.outcome == state for row in rows)
        for i in sorted(alone, reverse=True):
            row = rows[i]
            if missing <= 0 or end - row.received_at > timedelta(days=days):
                break
            fits = i not in taken and not row.danger and (state != "waiting_for_person" or not row.says_where)
            fate = alone[i].fate(end, first_state(row), stop=state) if fits else None
            if fate is not None and fate.outcome == state:
                rows[i] = replace(row, fate=fate, hold=row.hold or state == "waiting_for_person")
                taken.add(i)
                missing -= 1
    return rows


def _known_resident(rows: list[AppealRow], cast: Cast) -> list[AppealRow]:
    """Give the one resident of the sign-in page appeals in different states, the newest of each."""
    wanted = list(KNOWN_OUTCOMES)
    done = list(rows)
    for i in range(len(rows) - 1, -1, -1):
        row = rows[i]
        fits = row.channel in ("web", "wechat") and row.language == "zh-hans" and not row.danger
        if fits and row.resident.phone and row.fate.outcome in wanted:
            wanted.remove(row.fate.outcome)
            done[i] = replace(row, resident=cast.known)
    return done


def _channels(
    items: Sequence[ItemRow], end: datetime, rng: random.Random, count: int
) -> list[tuple[Voice, str]]:
    found = []
    for voice in voices(items, end, rng, count):
        topic = voice.topic
        table = CHANNELS
        if topic is not None and (topic.vague or topic.held):
            table = VAGUE
        elif topic is not None and topic.danger:
            table = HURRIED
        elif topic is not None and topic.language != "zh-hans":
            table = ABROAD
        channel = rng.choices(list(table), list(table.values()))[0]
        if channel == "grid" and not (topic and topic.grid):
            channel = "wechat"
        found.append((voice, channel))
    return found


def _moment(voice: Voice, channel: str, end: datetime, rng: random.Random) -> datetime:
    hours = voice.topic.hours if voice.topic else "day"
    return timing.moment_on(voice.day, hours, channel, end, rng)


@dataclass(slots=True)
class _Clerk:
    """Turns voices into rows, still without a fate."""

    rng: random.Random
    writer: Writer
    cast: Cast
    items: dict[str, ItemRow]

    def row(self, key: str, at: datetime, channel: str, voice: Voice) -> AppealRow:
        """Write one appeal down."""
        rng = self.rng
        told = self._told(voice, channel)
        spot = voice.spot
        words = rng.choice(spot.words) if spot else ""
        written = self._written(voice, words if told.text else self._vague(voice), channel)
        lat, lon = spots.jittered(spot, rng) if spot and told.point else (None, None)
        resident, typed_by, how = self.cast.teller(channel, spot.area if spot else "")
        return AppealRow(
            key=key,
            channel=channel,
            received_at=at,
            language=voice.topic.language if voice.topic else "zh-hans",
            title=written.title,
            text=written.text,
            place_words=words if told.field else "",
            lat=lat,
            lon=lon,
            says_where=not told.lost,
            area=spot.area if spot else "",
            item=self.items[voice.item].code,
            danger=bool(voice.topic and voice.topic.danger),
            hold=bool(voice.topic and voice.topic.held),
            matter=voice.matter,
            joins=None,
            resident=resident,
            typed_by=typed_by,
            told_how=how,
            photos=self._photos(voice.topic, channel),
            fate=Fate("dispatched", ()),
        )

    def _told(self, voice: Voice, channel: str) -> Told:
        rng = self.rng
        topic = voice.topic
        if voice.spot is None:
            return Told(field=False, text=False, point=False)
        if channel == "grid" or (topic and topic.danger):
            return Told(field=True, text=True, point=channel in POINTED)
        abroad = topic is not None and topic.language != "zh-hans"
        if not voice.matter and not abroad and happens(rng, LOST_SHARE):
            return Told(field=False, text=False, point=False)
        point = channel in POINTED and happens(rng, 0.85 if channel == "wechat" else 0.7)
        field = happens(rng, 0.62)
        text = happens(rng, 0.6 if point or field else 1.0) or (voice.hot and happens(rng, 0.8))
        return Told(field=field, text=text or abroad, point=point)

    def _vague(self, voice: Voice) -> str:
        kind = voice.spot.kind if voice.spot else "any"
        return self.rng.choice(choices("vague").get(kind, choices("vague")["any"]))

    def _written(self, voice: Voice, place: str, channel: str) -> Written:
        if voice.topic is None:
            return self.writer.example(voice.example, self.items[voice.item].name, place, channel)
        return self.writer.complaint(voice.topic, place, channel, voice.matter)

    def _photos(self, topic: Topic | None, channel: str) -> tuple[PhotoRow, ...]:
        rng = self.rng
        if topic is None or not topic.photo or channel not in POINTED or not happens(rng, PHOTO_SHARE):
            return ()
        return tuple(
            PhotoRow(topic.photo, rng.randrange(1_000_000)) for _ in range(rng.choice((1, 1, 1, 2, 2, 3)))
        )


def _subject(row: AppealRow, voice: Voice, items: dict[str, ItemRow]) -> Subject:
    return Subject(
        item=items[row.item],
        area=row.area or names.STREET_CODE,
        place=row.place_words or (voice.spot.name if voice.spot else "现场"),
        received_at=row.received_at,
        topic=voice.topic,
        lost=not row.says_where,
        anonymous=not (row.resident.phone or row.resident.email),
        hot=voice.hot,
        shared=bool(row.matter),
    )
