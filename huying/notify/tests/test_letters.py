"""Every letter over every channel says what happened and what is next; nobody is disturbed at night."""

from __future__ import annotations

import html
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from huying.notify.actions import Told, tell_appeals
from huying.notify.channels.mail import compose
from huying.notify.channels.port import Matter, Message, Template
from huying.notify.channels.wechat import LONGEST, fold
from huying.notify.channels.wecom import markdown
from huying.notify.letters import LETTERS, is_for_staff, names_of, said_of, words_of
from huying.notify.models import Delivery, Notice, Pace, Reach
from huying.notify.queries import figures_of_letters
from huying.notify.rules import SHANGHAI, Rules
from huying.notify.tests.letters import AT, appellant, run, tell, text_of

if TYPE_CHECKING:
    from django.test import Client

    from huying.testing.postoffice import PostOffice

LANGUAGES = [code for code, _name in settings.LANGUAGES]
clocks = st.times().map(lambda at: at.replace(second=0, microsecond=0))
moments = st.integers(0, 3 * 366 * 24 * 60).map(
    lambda minutes: datetime(2024, 1, 1, tzinfo=SHANGHAI) + timedelta(minutes=minutes)
)


def message(kind: str, language: str) -> Message:
    data = {name: f"〈{name}〉" for name in names_of(LETTERS[kind])}
    with translation.override(language):
        said = said_of(kind, data)
    matter = Matter(said.subject, said.happened, said.next, said.brief, "https://t.example/a/")
    return Message("key", (matter,), language, kind=kind, data=data, template=Template("1"))


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_over_every_channel_says_what_happened_and_what_is_next(language: str) -> None:
    for kind in LETTERS:
        told = message(kind, language)
        matter = told.matters[0]
        assert matter.happened
        assert matter.next
        assert "{" not in f"{matter.subject}{matter.happened}{matter.next}{matter.brief}"
        letter = compose("a@b.example", told, sender="c@d.example", at=AT)
        page = letter.get_body(("html",))
        assert page is not None
        bodies = (text_of(letter), html.unescape(page.get_content()), markdown(told))
        assert all(matter.happened in body and matter.next in body for body in bodies), kind
        # A text message and WeChat are filled from the same words; WeChat's blanks take twenty characters.
        assert (told.fill("happened"), told.fill("next")) == (matter.happened, matter.next)
        if not is_for_staff(kind) and language != "en":
            assert fold("thing1", told.fill("subject")) == matter.subject
            assert fold("thing2", told.fill("brief")) == matter.brief
        with translation.override(language):
            line = words_of(Notice(kind=kind, data=dict(told.data)))
        assert matter.happened in line
        assert matter.next in line
    assert LONGEST["thing"] == 20


@given(clocks, clocks, moments)
def test_after_the_quiet_hours_is_never_quiet_and_never_before(begin: time, end: time, at: datetime) -> None:
    rules = Rules(quiet_from=begin, quiet_until=end)
    after = rules.after_quiet(at)
    assert after >= at
    assert after - at < timedelta(days=1)
    assert not rules.is_quiet(after)
    if not rules.is_quiet(at):
        assert after == at
    else:
        assert after.astimezone(SHANGHAI).time() == end


def test_the_quiet_hours_go_over_midnight_of_the_town() -> None:
    rules = Rules()
    for hour, minute, quiet in ((21, 59, False), (22, 0, True), (0, 0, True), (7, 59, True), (8, 0, False)):
        assert rules.is_quiet(datetime(2026, 9, 22, hour, minute, tzinfo=SHANGHAI)) is quiet
    night = datetime(2026, 9, 22, 23, 0, tzinfo=SHANGHAI)
    assert rules.after_quiet(night) == datetime(2026, 9, 23, 8, 0, tzinfo=SHANGHAI)
    assert rules.after_quiet(night + timedelta(hours=3)) == datetime(2026, 9, 23, 8, 0, tzinfo=SHANGHAI)


@given(moments, st.sampled_from(Pace.values))
def test_no_pace_goes_back_in_time_or_waits_longer_than_it_says(at: datetime, pace: str) -> None:
    longest = {Pace.AT_ONCE: 0, Pace.HOURLY: 1, Pace.DAILY: 24, Pace.NEVER: 0}[Pace(pace)]
    assert timedelta() <= Rules().of_pace(pace, at) - at <= timedelta(hours=longest)


@pytest.mark.django_db
def test_five_thousand_appellants_are_told_in_bulk(post: PostOffice) -> None:
    from huying.kit.ids import new_id

    appeals = [new_id() for _one in range(5000)]
    Reach.objects.bulk_create(Reach(appeal_id=one, channel="email", agreed_at=AT) for one in appeals)
    with CaptureQueriesContext(connection) as asked:
        tell_appeals([Told(one, "signed", {"number": "SQ1", "unit": "环卫所"}, AT) for one in appeals])
    assert Delivery.objects.count() == Notice.objects.filter(kind="signed").count() == 5000
    assert len(asked) <= 25, "bulk statements, not one a voice"
    assert post.taken == []


@pytest.mark.django_db
def test_how_letters_stand_is_counted_and_shown_to_machines(client: Client, post: PostOffice) -> None:
    tell(appellant("email"))
    tell(appellant("email", email="gone@mail.example"))
    late = AT + timedelta(minutes=5)
    figures = figures_of_letters(at=late)
    assert figures.counts == {("email", "queued"): 2}
    assert figures.late == 300
    post.unknown = {"gone@mail.example"}
    run("email", at=late)
    figures = figures_of_letters(at=late)
    assert figures.counts == {("email", "sent"): 1, ("email", "failed"): 1}
    assert figures.late == 0
    shown = client.get("/metrics", REMOTE_ADDR="127.0.0.1").content.decode()
    assert "huying_letters_late_seconds" in shown
