"""What the tests of the desk share: a signed-in member of the cast, and the cases they work on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.test import Client
from django.utils import timezone

from huying.cases.actions import move_case
from huying.feedback.actions import ask_appellants
from huying.people.models import Account
from huying.testing.cast import appeal_of, case_of, staff

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse

    from huying.cases.models import Case

# A matter the cleaners deal with alone; with the rubbish heap of the cast the city's force assists.
TOILET = "听澜花园旁边的公厕很脏很臭，没有人打扫"
# Shares nothing with the catalogue, so a person decides.
UNCLEAR = "嗯嗯好的"
HOSTILE = f"{TOILET}<script>alert('x')</script>\"'><img src=x onerror=alert(1)>{{{{ 7|add:7 }}}}"
REPLY = "已打扫干净，今后每天两次。"


def desk_of(username: str) -> Client:
    """Return a browser in which this member of the cast is signed in and reads English."""
    client = Client()
    client.force_login(Account.objects.get(username=username))
    client.cookies["django_language"] = "en"
    return client


def toilet_case() -> Case:
    """Return a fresh case, dispatched to the cleaners by the rules."""
    return case_of(appeal_of(TOILET, name="李小花", phone="13800138000"))


def waiting_case() -> Case:
    """Return a fresh case that waits for a dispatcher."""
    return case_of(appeal_of(UNCLEAR))


def signed_case() -> Case:
    """Return a case Lin has signed for."""
    return move_case(toilet_case().pk, "sign", by=staff("lin"), at=timezone.now())


def replied_case() -> Case:
    """Return a case Lin has answered, waiting for review."""
    return move_case(
        signed_case().pk, "reply", by=staff("lin"), at=timezone.now(), public_text=REPLY, solved="yes"
    )


def asked_case() -> Case:
    """Return a case whose resident is asked whether it is solved."""
    case = move_case(replied_case().pk, "pass_review", by=staff("hao"), at=timezone.now())
    ask_appellants(case.pk, at=timezone.now(), window_days=7)
    return case


def move(client: Client, case: Case, key: str, /, **told: object) -> _MonkeyPatchedWSGIResponse:
    """Send the form of a move as it stood on a screen that showed the case as given."""
    form = {"seen": case.fact_seq} | told
    return client.post(f"/desk/cases/{case.number}/moves/{key}/", form)
