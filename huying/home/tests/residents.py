"""What residents do in a browser, for the tests of their pages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Protocol
from uuid import uuid4

from django.utils import timezone

from huying.cases.actions import move_case
from huying.cases.models import Status
from huying.feedback.actions import ask_appellants
from huying.intake.links import link_of
from huying.intake.models import Appeal
from huying.people.models import Account, AccountKind
from huying.testing.cast import RUBBISH, case_of, staff
from huying.testing.town import middle

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.test import Client

    from huying.cases.models import Case
    from huying.journeys.appeal import Taken

MIDDLE: dict[str, Any] = dict(zip(("lat", "lon"), middle(0, 0), strict=True))


class Answer(Protocol):
    """What a page answered, as the tests look at it."""

    status_code: int
    content: bytes

    @property
    def headers(self) -> Mapping[str, str]:
        """Return the answer's headers."""
        ...


def file_appeal(client: Client, text: str = RUBBISH, **fields: object) -> Answer:
    """Send the form of an appeal once, as a browser without JavaScript does."""
    told = {"key": str(uuid4()), "step": "write", "text": text, "place_words": "", "lat": "", "lon": ""}
    return client.post("/file/", told | {"name": "", "phone": ""} | fields)


def page_of(answer: Answer) -> str:
    """Return the page as text."""
    return answer.content.decode()


def number_in(answer: Answer) -> str:
    """Return the number an accepted form led to."""
    found = re.match(r"/a/(SQ\d+)/", answer.headers["Location"])
    assert found, answer.headers["Location"]
    return found[1]


def filed(client: Client, text: str = RUBBISH, **fields: object) -> Appeal:
    """File an appeal that is taken at once and return it."""
    return Appeal.objects.get(number=number_in(file_appeal(client, text, **fields)))


def link(taken: Taken) -> str:
    """Return the path of an appeal's page."""
    return link_of(taken.appeal_id, taken.number)


def offered(page: str, name: str) -> list[str]:
    """Return the values a page offers under a name, the empty one left out."""
    found = [tag for tag in re.findall(r"<input[^>]*>", page) if f'name="{name}"' in tag]
    values = [value[1] for tag in found if (value := re.search(r'value="([^"]*)"', tag))]
    return [value for value in values if value]


def account(phone: str = "13800138000") -> Account:
    """Return a resident's account."""
    return Account.objects.create_user(f"r-{phone}", kind=AccountKind.RESIDENT, phone=phone)


def answered(
    taken: Taken, text: str = "垃圾已清走，地面已冲洗。", *, passed: bool = True, **given: object
) -> Case:
    """Take the case of an appeal to its reply, and through review when `passed`; ask its residents then."""
    case, at = case_of(taken), timezone.now()
    if case.status == Status.DISPATCHED:
        move_case(case.pk, "sign", by=staff("lin"), at=at)
    reply: dict[str, Any] = {"public_text": text, "solved": "yes", **given}
    move_case(case.pk, "reply", by=staff("lin"), at=at, **reply)
    if passed:
        move_case(case.pk, "pass_review", by=staff("hao"), at=at)
        ask_appellants(case.pk, at=at, window_days=7)
    return case_of(taken)
