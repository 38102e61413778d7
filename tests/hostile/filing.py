"""Sending the residents' form as someone does who writes the request by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from huying.intake.models import Appeal
from huying.testing.town import middle

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

TEXT = "听澜花园门口的垃圾堆了三天没人清"
LAT, LON = (str(degrees) for degrees in middle(0, 0))


def file_appeal(browser: Client, **fields: object) -> HttpResponse:
    """Send the form past its check; nothing but the fields given here differs from an honest one."""
    told = {"key": str(uuid4()), "step": "check", "text": TEXT, "place_words": "", "lat": LAT, "lon": LON}
    answer: Any = browser.post("/file/", told | {"name": "", "phone": ""} | fields)
    return answer  # type: ignore[no-any-return]  # the client's answer is a response with extras


def taken(answer: HttpResponse) -> Appeal:
    """Return the appeal a form became; fail with the page when it became none."""
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    number = answer.headers["Location"].split("/")[2]
    return Appeal.objects.select_related("inbound", "party").get(number=number)
