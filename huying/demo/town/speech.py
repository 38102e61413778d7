"""What staff write on a case and what residents answer: replies by class of matter, remarks, ratings."""

import random
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from huying.demo.town import topics
from huying.demo.town.dice import happens

if TYPE_CHECKING:
    from huying.demo.town.fate import Subject

STARS = {"good": (3, 8, 30), "fair": (30, 40, 12)}


@dataclass(slots=True)
class Speech:
    """Chooses texts with one source of chance."""

    rng: random.Random

    def remark(self, name: str) -> str:
        """Return one remark of a list."""
        return self.rng.choice(topics.remarks(name))

    def inadmissible(self, route: str) -> str:
        """Return why a matter belongs to a statutory route."""
        return topics.inadmissible_text(route)

    def reply(self, subject: "Subject", solved: str, at: datetime, start: datetime) -> dict[str, Any]:
        """Return a reply: public text, internal note, whether it is solved and, if not, why."""
        rng = self.rng
        replies = topics.replies_for(subject.item.code)
        texts = {"yes": replies.solved, "partly": replies.partly, "no": replies.unsolved}[solved]
        text = rng.choice(texts)
        days = (at.date() - start.date()).days
        day = f"{at.month}月{at.day}日" if days else "今天"
        text = text.format(p=subject.place, day=day, n=rng.randint(2, 18))
        given: dict[str, Any] = {
            "public_text": text,
            "internal_note": rng.choice(replies.notes) if happens(rng, 0.8) else "",
            "solved": solved,
        }
        if solved != "yes":
            given["unsolved_reason"] = self.remark("unsolved_reasons")
        return given

    def good_rating(self, *, fair: bool) -> dict[str, Any]:
        """Return an answer that closes the case: solved, three stars or more."""
        kind = "fair" if fair else "good"
        stars = self.rng.choices((3, 4, 5), STARS[kind], k=4)
        comment = self.remark(f"comments_{kind}") if happens(self.rng, 0.45) else ""
        return _rating("yes", stars, comment)

    def bad_rating(self) -> dict[str, Any]:
        """Return an answer that sends the case back: not or only partly solved, few stars for the result."""
        rng = self.rng
        solved = rng.choices(("no", "partly"), (70, 30))[0]
        stars = [rng.randint(1, 4), rng.randint(1, 2), rng.randint(1, 5), rng.randint(1, 3)]
        return _rating(solved, stars, self.remark("comments_bad") if happens(rng, 0.75) else "")


def _rating(solved: str, stars: list[int], comment: str) -> dict[str, Any]:
    axes = dict(zip(("speed", "result", "service", "process"), stars, strict=True))
    return {"solved": solved, **axes, "comment": comment}
