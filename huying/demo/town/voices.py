"""Who speaks up about what, where and on which day: singles, twins and the two rising matters."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from huying.demo.town import spots, timing, topics
from huying.demo.town.dice import happens
from huying.demo.town.items import ItemRow
from huying.demo.town.spots import Spot
from huying.demo.town.topics import Topic

APPEALS = 2000
TWIN_MATTERS = 120
DANGERS = 40
HELD = 78
EXAMPLE_SHARE = 0.2
TWIN_SIZES = {2: 46, 3: 30, 4: 18, 5: 10, 6: 6, 7: 4, 8: 2, 9: 1, 10: 1, 11: 1, 12: 1}
CASE_OF_A_HOT_MATTER = 9


@dataclass(slots=True)
class Voice:
    """One voice to be written: a topic, or an item whose example is used, at a spot on a day."""

    item: str
    day: date
    topic: Topic | None = None
    spot: Spot | None = None
    example: str = ""
    matter: str = ""
    hot: bool = False


def voices(items: Sequence[ItemRow], end: datetime, rng: random.Random, count: int = APPEALS) -> list[Voice]:
    """Return the voices, 2,000 unless told otherwise, not yet in order of time."""
    found = [*_hot(end, rng), *_twins(end, rng), *_marked(end, rng)]
    found += _singles(items, count - len(found), end, rng)
    return found


def _hot(end: datetime, rng: random.Random) -> Iterator[Voice]:
    """Rise towards the end; every nine or so voices become one case."""
    for hot in topics.hot_matters():
        days = sorted(timing.rising_days(end, hot.count, rng, first=56))
        homes = spots.spots_of_site(hot.site)
        for i, day in enumerate(days):
            matter = f"{hot.topic.key}-{i // CASE_OF_A_HOT_MATTER + 1}"
            yield Voice(hot.topic.item, day, hot.topic, rng.choice(homes), matter=matter, hot=True)


def _twins(end: datetime, rng: random.Random) -> Iterator[Voice]:
    """Let 2 to 12 residents meet the same thing within a few days and 200 metres."""
    sizes = [size for size, count in TWIN_SIZES.items() for _ in range(count)]
    pool = [topic for topic in topics.topics() if not topic.held and not topic.danger and len(topic.say) > 1]
    first_days = timing.moments(end, TWIN_MATTERS, rng)
    for i, (size, first) in enumerate(zip(sizes, first_days, strict=True), 1):
        rich = [topic for topic in pool if len(topic.say) * max(1, len(topic.more)) >= 3 * size]
        topic = rng.choices(rich, [topic.weight for topic in rich])[0]
        spot = rng.choice(spots.spots_of(rng.choice(topic.places)))
        around = spots.neighbours(spot) if spot.kind != "road" else (spot,)
        last = (end - timedelta(days=1)).date()
        for n in range(size):
            day = min(first + timedelta(days=round(rng.triangular(0, 6, 1)) if n else 0), last)
            where = spot if n == 0 or happens(rng, 0.5) else rng.choice(around)
            yield Voice(topic.item, day, topic, where, matter=f"twin-{i:03d}")


def _marked(end: datetime, rng: random.Random) -> Iterator[Voice]:
    """Yield dangers, matters a person must decide, and voices in other languages."""
    dangers = [topic for topic in topics.topics() if topic.danger]
    held = [topic for topic in topics.topics() if topic.held]
    foreign = topics.foreign_topics()
    chosen = [
        *_each_once(dangers, DANGERS, rng),
        *_each_once(held, HELD, rng),
        *foreign,
    ]
    for topic, day in zip(chosen, timing.moments(end, len(chosen), rng), strict=True):
        spot = None if topic.held else rng.choice(spots.spots_of(rng.choice(topic.places)))
        yield Voice(topic.item, _fresh(day, topic, end, rng), topic, spot)


def _fresh(day: date, topic: Topic, end: datetime, rng: random.Random) -> date:
    """Let a third of the vague voices come from the last days: they are what waits for a person."""
    if topic.vague and happens(rng, 0.36):
        return (end - timedelta(days=rng.randint(1, 3))).date()
    return day


def _each_once(pool: Sequence[Topic], count: int, rng: random.Random) -> list[Topic]:
    """Choose topics by weight, each at least once."""
    return [*pool, *rng.choices(pool, [topic.weight for topic in pool], k=count - len(pool))]


def _singles(items: Sequence[ItemRow], count: int, end: datetime, rng: random.Random) -> Iterator[Voice]:
    """Yield voices on their own: of a topic, or for items without one by their examples."""
    pool = [topic for topic in topics.topics() if not topic.held and not topic.danger]
    covered = {topic.item for topic in topics.topics()}
    others = [item for item in items if item.code not in covered and item.grade != "A" and item.examples]
    examples = round(count * EXAMPLE_SHARE) if others else 0
    days = timing.moments(end, count, rng)
    order = rng.sample(others, len(others)) if others else []
    for i, day in enumerate(days):
        if i < examples:
            item = order[i % len(order)]
            example = item.examples[i // len(order) % len(item.examples)]
            spot = rng.choice(spots.spots_of(rng.choice(("housing", "village", "resettlement", "road"))))
            yield Voice(item.code, day, None, spot, example)
        else:
            topic = rng.choices(pool, [topic.weight for topic in pool])[0]
            spot = rng.choice(spots.spots_of(rng.choice(topic.places)))
            yield Voice(topic.item, day, topic, spot)
