"""Composes what a resident writes: own sentences of a topic in the manner of a channel and a person."""

import random
import re
from dataclasses import dataclass, field

from huying.demo.town.dice import happens
from huying.demo.town.topics import Topic, choices, phrases

SPOKEN = re.compile(r"[，。！；：、]")
TWICE = re.compile(r"(门口|旁边|附近|对面|里面|楼下)\1")
ENDINGS = ("。", "。", "。", "。", "！", "！", "", "", "", "！！", "。。")
SHORT_TITLE = 9
JOINTS = ("，", "。", "；", "，")


@dataclass(frozen=True, slots=True)
class Written:
    """A title, which may be empty, and a text."""

    title: str
    text: str


@dataclass(slots=True)
class Writer:
    """Writes texts, none of them twice."""

    rng: random.Random
    seen: set[str] = field(default_factory=set)
    used: dict[str, set[str]] = field(default_factory=dict)

    def complaint(self, topic: Topic, place: str, channel: str, matter: str = "") -> Written:
        """Write about a topic at a place (the words for it, or vague ones) as it comes in by a channel.

        Voices of one `matter` use different lines as long as there are some.
        """
        for _ in range(40):
            text = self._text(topic, place, channel, matter)
            if text not in self.seen:
                self.seen.add(text)
                return Written(self._title(topic, place, channel), text)
        raise ValueError(f"Nothing new to say about {topic.key} at {place}; write more lines for it.")

    def example(self, example: str, name: str, place: str, channel: str) -> Written:
        """Put an example phrasing of the catalogue into a resident's own sentence."""
        rng = self.rng
        said = self._synonyms(example.rstrip("。！？"))
        frames = (
            f"{place}，{said}",
            f"住在{place}，{said}",
            f"{place}这边，{said}",
            f"{said}，地点在{place}",
            f"位置：{place}。{said}",
            f"{said}（{place}）",
        )
        text = self._dressed(rng.choice(frames), channel)
        self.seen.add(text)
        titled = channel in ("web", "mail", "import") and happens(rng, 0.5)
        return Written(name.partition("、")[0] if titled else "", text)

    def _text(self, topic: Topic, place: str, channel: str, matter: str) -> str:
        rng = self.rng
        if topic.language != "zh-hans":
            return topic.say[0].replace("{p}", place)
        if channel == "grid" and topic.grid:
            return self._filled(rng.choice(topic.grid), topic, place) + "。"
        parts = [self._filled(self._fresh(topic.say, matter, 1)[0], topic, place)]
        count = rng.choices((0, 1, 2), weights=(15, 60, 25))[0] if topic.more else 0
        parts += [self._filled(line, topic, place) for line in self._fresh(topic.more, matter, count)]
        body = parts[0]
        for part in parts[1:]:
            body += rng.choice(JOINTS) + part
        said = body if topic.danger else self._synonyms(body)
        return self._dressed(said, channel, hurried=topic.danger)

    def _filled(self, line: str, topic: Topic, place: str) -> str:
        rng = self.rng
        filled = line.format(
            p=place,
            d=rng.choice(phrases("durations")),
            h=rng.choice(choices("hours")[topic.hours]),
            n=rng.randint(2, 28),
            f=rng.randint(2, 26),
            e=rng.choice(phrases("elders")),
            c=rng.choice(phrases("children")),
            k=rng.choice(phrases("elders") + phrases("children")),
        )
        return TWICE.sub(r"\1", filled)

    def _fresh(self, options: tuple[str, ...], matter: str, count: int) -> list[str]:
        """Choose lines, before all those nobody has used in this matter yet."""
        used = self.used.setdefault(matter, set()) if matter else set()
        order = self.rng.sample(options, len(options))
        chosen = sorted(order, key=lambda line: line in used)[:count]
        used.update(chosen)
        return chosen

    def _synonyms(self, text: str) -> str:
        for word, others in choices("synonyms").items():
            if word in text and happens(self.rng, 0.35):
                text = text.replace(word, self.rng.choice(others), 1)
        return text

    def _dressed(self, body: str, channel: str, *, hurried: bool = False) -> str:
        """Begin and end a text as one does on this channel."""
        if channel in ("phone", "proxy", "mail", "import"):
            last = {"phone": "phone_closings", "mail": "mail_closings", "import": "closings"}.get(channel)
            ending = self._of(last) if last else ""
            text = f"{self._of(f'{channel}_openings')}{body}。{ending}".replace("\\n", "\n")
            return text + "。" if channel == "import" else text
        if channel == "grid":
            return f"巡查中居民反映，{body}。"
        if hurried:
            return body + self.rng.choice(("！", "，快！", "！！快来人", "，请马上派人来", "，急"))
        return self._typed(body, by_voice=channel == "wechat")

    def _typed(self, body: str, *, by_voice: bool) -> str:
        """Write as people do on a phone: now and then dictated, mistyped or in dialect."""
        rng = self.rng
        if by_voice and happens(rng, 0.045):
            return self._dictated(body)
        if happens(rng, 0.03):
            return self._in_dialect(body)
        text = (self._of("openings") if happens(rng, 0.5) else "") + body
        if happens(rng, 0.6):
            text += rng.choice(("。", "，", "。", "！")) + self._of("closings")
        text += rng.choice(ENDINGS)
        return self._mistyped(text) if happens(rng, 0.055) else text

    def _of(self, name: str) -> str:
        return self.rng.choice(phrases(name))

    def _dictated(self, body: str) -> str:
        """Turn a text into an elder's voice message as a phone writes it down: no stops, and fillers."""
        pieces = [piece for piece in SPOKEN.split(body) if piece]
        said = self._of("voice_openings")
        for piece in pieces:
            said += (self._of("voice_fillers") if happens(self.rng, 0.4) else "") + piece
        return said + self._of("voice_closings")

    def _in_dialect(self, body: str) -> str:
        swaps = choices("dialect")
        if happens(self.rng, 0.5):
            for word, others in swaps.items():
                body = body.replace(word, others[0])
        return body + "，" + self._of("dialect_closings")

    def _mistyped(self, text: str) -> str:
        """Put one or two slips of the hand into a text."""
        table = [(word, others[0]) for word, others in choices("typos").items() if word in text]
        for word, wrong in self.rng.sample(table, min(len(table), self.rng.choice((1, 1, 2)))):
            text = text.replace(word, wrong, 1)
        return text

    def _title(self, topic: Topic, place: str, channel: str) -> str:
        share = {"web": 0.6, "mail": 0.9, "import": 0.8, "phone": 0.35, "api": 0.3}.get(channel, 0.0)
        if not topic.titles or not happens(self.rng, share):
            return ""
        title = self._filled(self.rng.choice(topic.titles), topic, place)
        if place not in title and happens(self.rng, 0.4):
            title = f"{place}{title}" if len(title) < SHORT_TITLE else f"{title}（{place}）"
        return title[:60]
