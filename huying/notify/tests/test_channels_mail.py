"""E-mail over SMTP: what the letter says, how it can be ended, and what the mail server answers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from huying.notify.channels.mail import compose
from huying.notify.channels.open import port_of
from huying.notify.channels.port import MisconfiguredError, RefusedError, TryLaterError
from huying.notify.tests.conftest import change
from huying.notify.tests.messages import AT, MATTER, message

if TYPE_CHECKING:
    from email.message import EmailMessage

    from pytest_django.fixtures import Settings

    from huying.notify.channels.port import Port
    from huying.testing.postoffice import PostOffice

WHO = "li@mail.example"
STOP = "https://t.example/stop/abc/"


def port() -> Port:
    found = port_of("email")
    assert found is not None
    return found


def parts(letter: EmailMessage) -> tuple[str, str]:
    """Return a letter's text and its HTML."""
    text, page = letter.get_body(("plain",)), letter.get_body(("html",))
    assert text is not None
    assert page is not None
    return text.get_content(), page.get_content()


def test_a_letter_says_what_happened_and_what_is_next_in_text_and_html(post: PostOffice) -> None:
    key = port().send(WHO, message(unsubscribe=STOP), at=AT)
    ((sender, to, letter),) = post.taken
    assert (sender, to) == ("letters@lanwan.example", [WHO])
    assert letter["Subject"] == "澜湾区·呼应：有答复了"
    assert letter["From"] == "呼应 <letters@lanwan.example>"
    assert letter["Message-ID"] == key == "<0199-key@lanwan.example>"
    assert letter["Auto-Submitted"] == "auto-generated"
    for part in parts(letter):
        for words in (MATTER.happened, MATTER.next, MATTER.link, STOP):
            assert words in part


def test_a_mail_program_can_end_letters_with_one_click(post: PostOffice) -> None:
    port().send(WHO, message(unsubscribe=STOP), at=AT)
    letter = post.taken[0][2]
    assert letter["List-Unsubscribe"] == f"<{STOP}>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_several_matters_make_one_letter(post: PostOffice) -> None:
    other = replace(MATTER, subject="时间延长", happened="延长了。", next="新期限 10 月 9 日。")
    port().send(WHO, message(MATTER, other), at=AT)
    letter = post.taken[0][2]
    assert "2" in letter["Subject"]
    assert "时间延长" in letter["Subject"]
    for part in parts(letter):
        assert all(one.happened in part and one.next in part for one in (MATTER, other))


def test_words_of_people_are_words_in_html_and_never_a_header(post: PostOffice) -> None:
    hostile = replace(
        MATTER, subject="好\r\nBcc: all@bad.example", happened="<script>alert(1)</script>", link=""
    )
    port().send(WHO, message(hostile), at=AT)
    letter = post.taken[0][2]
    assert letter["Bcc"] is None
    assert "\n" not in letter["Subject"]
    text, page = parts(letter)
    assert "<script>" in text
    assert "<script>" not in page


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Next: "), ("zh-hans", "下一步："), ("zh-hant", "請勿")]
)
def test_a_letter_is_in_its_readers_language(language: str, words: str) -> None:
    letter = compose(WHO, message(language=language), sender="a@b.example", at=AT)
    assert words in parts(letter)[0]
    assert f'lang="{language}"' in parts(letter)[1]


def test_a_mailbox_that_is_none_is_not_tried_again_a_busy_one_is(post: PostOffice) -> None:
    post.unknown, post.busy = {"gone@mail.example"}, {"busy@mail.example"}
    with pytest.raises(RefusedError, match="recipient_550") as caught:
        port().send("gone@mail.example", message(), at=AT)
    assert caught.value.for_good
    with pytest.raises(TryLaterError, match="recipient_450"):
        port().send("busy@mail.example", message(), at=AT)
    assert post.taken == []


def test_a_server_that_wants_to_know_who_sends_is_told(post: PostOffice, settings: Settings) -> None:
    post.user, post.password = "letters", "right"
    with pytest.raises(MisconfiguredError, match="smtp_530"):
        port().send(WHO, message(), at=AT)
    change(settings, smtp_user="letters", smtp_password="wrong")
    with pytest.raises(MisconfiguredError, match="smtp_535"):
        port().send(WHO, message(), at=AT)
    change(settings, smtp_password="right")
    port().send(WHO, message(), at=AT)
    assert len(post.taken) == 1


def test_no_server_and_one_that_hangs_up_are_for_later(post: PostOffice, settings: Settings) -> None:
    post.cut_after_data = True
    with pytest.raises(TryLaterError, match="unreachable"):
        port().send(WHO, message(), at=AT)
    change(settings, smtp_port=9)
    with pytest.raises(TryLaterError, match="unreachable"):
        port().send(WHO, message(), at=AT)
