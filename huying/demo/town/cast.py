"""The residents of the demo, and the staff who type for them."""

import random
from dataclasses import dataclass, field
from itertools import islice

from huying.demo.town import persons
from huying.demo.town.dice import happens
from huying.demo.town.organisation import Organisation, PostRow, unit_for
from huying.demo.town.rows import Resident

RESIDENTS = 1150
KNOWN = Resident("叶小禾", persons.phone(1))
TITLES = ("先生", "女士", "先生", "女士", "阿姨")


@dataclass(slots=True)
class Cast:
    """Chooses who speaks and who types."""

    rng: random.Random
    organisation: Organisation
    people: list[Resident] = field(init=False)
    known: Resident = KNOWN

    def __post_init__(self) -> None:
        made = islice(persons.full_names(random.Random("huying-residents")), RESIDENTS)
        self.people = [
            Resident(name, persons.phone(i), f"resident{i:04d}@mail.invalid")
            for i, name in enumerate(made, 2)
        ]

    def teller(self, channel: str, area: str) -> tuple[Resident, str | None, str]:
        """Return the resident as far as known, the account that typed, and how it was told."""
        rng = self.rng
        person = self.people[int(rng.triangular(0, RESIDENTS, RESIDENTS / 3))]
        if channel == "grid":
            return Resident(), self._typist("grid_worker", area), "patrol"
        if channel == "phone":
            called = person.name[0] + rng.choice(TITLES)
            return Resident(called, person.phone), self._typist("phone_desk", ""), "call"
        if channel == "proxy":
            told = rng.choice(("visit", "counter", "meeting"))
            phone = person.phone if happens(rng, 0.7) else ""
            return Resident(person.name, phone), self._typist("handler", area), told
        if channel == "mail":
            return Resident(person.name, "", person.email), None, ""
        if channel == "import":
            return Resident(person.name[0] + rng.choice(TITLES), person.phone), None, ""
        return self._online(person), None, ""

    def _online(self, person: Resident) -> Resident:
        """Keep of a person what is given online: often nothing, sometimes a number only."""
        name = person.name if happens(self.rng, 0.57) else ""
        return Resident() if happens(self.rng, 0.4) else Resident(name, person.phone)

    def _typist(self, role: str, area: str) -> str:
        posts: list[PostRow] = [
            post for post in self.organisation.posts if post.role == role and post.valid_until is None
        ]
        if role == "grid_worker":
            community = area[:12]
            posts = [post for post in posts if post.area and post.area.startswith(community)] or posts
        elif role == "handler":
            unit = unit_for("community", area, self.organisation.units)
            posts = [post for post in posts if unit and post.unit == unit.code] or posts
        return self.rng.choice(posts).account
