"""A resident and a unit who are written to, for the tests of delivering."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from huying.intake.models import Appeal
from huying.journeys.delivering import look_up
from huying.ledger.snapshots import announce
from huying.notify.actions import Told, tell_appeals, tell_units
from huying.notify.delivering import deliver
from huying.notify.models import Delivery, ProviderTemplate, Reach
from huying.people.models import Account, Unit
from huying.testing.cast import appeal_of

if TYPE_CHECKING:
    from email.message import EmailMessage
    from uuid import UUID

SHANGHAI = ZoneInfo("Asia/Shanghai")
# A Tuesday morning.
AT = datetime(2026, 9, 22, 10, 0, tzinfo=SHANGHAI)
PHONE, MAIL = "13800138000", "li@mail.example"
MINUTE = timedelta(minutes=1)


def appellant(*channels: str, at: datetime = AT, **more: Any) -> Appeal:  # noqa: ANN401 - of a draft
    """Return an appeal whose resident agreed to these channels."""
    told = {"name": "李小花", "phone": PHONE, "email": MAIL} | more
    appeal = Appeal.objects.get(pk=appeal_of(at=at, **told).appeal_id)
    for channel in channels:
        address = "OPENID" if channel == "wechat" else ""
        Reach.objects.create(appeal_id=appeal.pk, channel=channel, address=address, agreed_at=at)
    return appeal


def tell(appeal: Appeal, kind: str = "signed", *, at: datetime = AT) -> None:
    """Tell a resident something."""
    words = {"number": appeal.number, "unit": "环卫所", "due": "2026-09-30 18:00"}
    tell_appeals([Told(appeal.pk, kind, words, at, account=appeal.account_id, language=appeal.language)])


def tell_unit(
    code: str = "cleaning", kind: str = "unit_dispatched", *, number: str = "GD260922000018",
    at: datetime = AT, urgent: bool = False,
) -> None:  # fmt: skip
    """Tell a unit something."""
    words = {
        "number": number,
        "title": "李小花说她家门口有垃圾",
        "matter": "垃圾清运",
        "due": "2026-09-30 18:00",
    }
    tell_units([Told(unit(code), kind, words, at, urgent=urgent)])


def unit(code: str) -> UUID:
    """Return the key of a unit."""
    return Unit.objects.get(code=code).pk


def colleague(username: str, *channels: str) -> Account:
    """Return a member of the cast who gave addresses for these channels."""
    account = Account.objects.get(username=username)
    if "sms" in channels:
        Account.objects.filter(pk=account.pk).update(phone="13900139000")
    for channel in channels:
        address = f"{username}@town.example" if channel == "email" else ""
        Reach.objects.create(account=account, channel=channel, address=address, agreed_at=AT)
    return account


def approve(channel: str = "sms", kind: str = "", code: str = "SMS_15305****", *blanks: str) -> None:
    """Enter a template the provider approved."""
    ProviderTemplate.objects.create(channel=channel, kind=kind, code=code, blanks=list(blanks))
    announce("notify")


def run(channel: str, *, at: datetime = AT) -> int:
    """Take out everything that is due for a channel at this moment; return how many were dealt with."""
    total = 0
    while dealt := deliver(channel, look_up, at=at):
        total += dealt
    return total


def text_of(letter: EmailMessage) -> str:
    """Return the plain text of a letter."""
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def states(reader: str = "") -> list[tuple[str, str, str]]:
    """Return channel, state and error of each delivery, in the order they were made."""
    rows = Delivery.objects.filter(reader__startswith=reader).order_by("id")
    return [(row.channel, row.state, row.error) for row in rows]
