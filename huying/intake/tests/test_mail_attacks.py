"""Letters meant to break the reader: each gives a letter with its problems, soon, and never an exception."""

from time import perf_counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from huying.intake.mail import Letter, MailLimits, read_letter, read_letters
from huying.intake.mail.headers import decode_words
from huying.intake.mail.markup import html_to_text

HEAD = b"From: Li <li@example.org>\nDate: Thu, 5 Mar 2026 10:00:00 +0800\nMessage-ID: <1@example.org>\n"
PHOTO = b"\xff\xd8\xff\xe0" + bytes(1000)


def keys(letter: Letter) -> set[str]:
    return {problem.key for problem in letter.problems}


def is_sound(letter: Letter) -> bool:
    """Whether a letter is fit to be stored: its text is clean, and its moment, if any, is aware."""
    letter.text.encode()
    letter.subject.encode()
    return (
        "\0" not in letter.text + letter.subject + letter.from_name
        and bool(letter.message_id)
        and (letter.sent_at is None or letter.sent_at.tzinfo is not None)
        and all(problem.sentence for problem in letter.problems)
    )


@given(st.binary(max_size=2000))
@example(b"From \n\nFrom ")
@example(b"Subject: =?gb2312?B?\xff?=\n\n")
def test_any_bytes_give_a_letter(data: bytes) -> None:
    for letter in read_letters(data):
        assert is_sound(letter)


LINES = st.sampled_from(
    [
        b"From: =?gb2312?B?wrfGzA==?= <li@example.org>",
        b"From: \xc2\xb7\xb5\xc6 <",
        b"Subject: =?utf-8?Q?=E8=B7?= =?utf-8?Q?=AF?=",
        b"Subject: =?idna?Q?xn--?=",
        b"Content-Type: multipart/mixed; boundary=a",
        b'Content-Type: multipart/alternative; boundary="b',
        b"Content-Type: message/rfc822",
        b"Content-Type: text/html; charset*0*=utf-8''gb%32",
        b"Content-Type: image/jpeg; name*1=x; name*0*=%",
        b"Content-Type: text/plain; charset=unicode_escape",
        b"Content-Disposition: attachment; filename*=x''%ff%fe",
        b'Content-Disposition: attachment; filename="=?gbk?B?xyA=?="',
        b"Content-Transfer-Encoding: base64",
        b"Content-Transfer-Encoding: x-uuencode",
        b"Content-Transfer-Encoding: quoted-printable",
        b"Date: Thu, 32 Foo 2026",
        b"Message-ID: <a b@\xff>",
        b"--a",
        b"--a--",
        b"--b",
        b"",
        b"begin 644 x",
        b"\xc2\xb7\xb5\xc6=E8=B7<p>&lt;",
        b"wrfGzA",
        b" folded",
        b"From li@example.org Thu Mar  5 10:00:00 2026",
    ]
)


@settings(max_examples=300)
@given(st.lists(LINES, max_size=40))
def test_any_shuffle_of_a_letters_lines_gives_a_letter(lines: list[bytes]) -> None:
    for letter in read_letters(b"\n".join(lines)):
        assert is_sound(letter)


@given(st.text(max_size=200))
def test_any_field_decodes_to_a_text(raw: str) -> None:
    assert isinstance(decode_words(raw.encode("utf-8", "replace").decode("ascii", "surrogateescape")), str)


@given(
    st.text(max_size=200), st.sampled_from(["", "<", "<p>", "<script>", "<style>", "&#", "<!--", "<svg><p>"])
)
def test_any_markup_becomes_text_without_tags(text: str, prefix: str) -> None:
    assert "<script" not in html_to_text(
        f"<p>{prefix}{text.replace('<', '').replace('&', '')}<script>x</script>"
    )


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "letter_empty"),
        (b" \r\n\n", "letter_empty"),
        (b"%PDF-1.7", "not_a_letter"),
        (b"PK\x03\x04" + bytes(50), "not_a_letter"),
        (b"\xd0\xcf\x11\xe0" + bytes(50), "not_a_letter"),
    ],
)
def test_what_is_no_letter_is_told_and_kept(data: bytes, key: str) -> None:
    (letter,) = read_letters(data)
    assert key in keys(letter)
    assert letter.raw == data
    assert letter.text == ""


def test_parts_within_parts_without_end_are_read_flat() -> None:
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000))
    letter = read_letter(HEAD + deep + b"\nlamp\n")
    assert keys(letter) & {"letter_tangled", "too_many_parts"}
    assert letter.from_address == "li@example.org"
    assert letter.message_id == "1@example.org"


def test_deep_parts_within_the_limit_are_read_and_deeper_ones_told() -> None:
    def nested(depth: int) -> bytes:
        return b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(depth)
        )

    assert read_letter(HEAD + nested(10) + b"\nlamp\n").text == "lamp"
    assert "too_many_parts" in keys(read_letter(HEAD + nested(40) + b"\nlamp\n"))


def test_many_boundaries_in_a_long_letter_cost_no_time() -> None:
    many = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(200))
    begun = perf_counter()
    letter = read_letter(HEAD + many + b"x\n" * 1_000_000)
    assert perf_counter() - begun < 5
    assert "letter_tangled" in keys(letter)


def test_a_letter_longer_than_allowed_is_cut_and_told() -> None:
    limits = MailLimits(letter_bytes=1000)
    mailbox = b"From li@example.org Thu Mar  5 10:00:00 2026\n" + HEAD + b"\n" + b"lamp is out\n" * 500
    mailbox += (
        b"\nFrom li@example.org Thu Mar  5 10:00:00 2026\n" + HEAD.replace(b"<1@", b"<2@") + b"\nshort\n"
    )
    long, short = read_letters(mailbox, limits=limits)
    assert keys(long) == {"letter_cut"}
    assert len(long.raw) <= 1000
    assert (short.text, keys(short)) == ("short", set())
    (single,) = read_letters(HEAD + b"\n" + b"lamp is out\n" * 500, limits=limits)
    assert keys(single) == {"letter_cut"}


def test_text_headers_pictures_and_parts_have_their_limits() -> None:
    part = b"--b\nContent-Type: image/jpeg\n\n" + PHOTO + b"\n"
    body = (
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\n"
        + b"long " * 100
        + b"\n"
        + part * 5
        + b"--b--\n"
    )
    limits = MailLimits(text_characters=50, pictures=2, header_characters=100)
    letter = read_letter(HEAD + b"Subject: " + b"x" * 500 + b"\n" + body, limits=limits)
    assert keys(letter) == {"text_cut", "too_many_pictures", "header_cut"}
    assert (len(letter.text), len(letter.pictures), len(letter.attachments)) == (50, 2, 3)
    assert len(letter.subject) <= 100
    few = read_letter(HEAD + body, limits=MailLimits(parts=3))
    assert "too_many_parts" in keys(few)


def test_a_broken_coding_leaves_what_can_be_read() -> None:
    body = b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
    assert read_letter(HEAD + body + "路灯".encode()).text
    letter = read_letter(
        HEAD + b"Content-Type: text/plain; charset=utf-8\n\nlamp \xff\xfe out, \xe8\xb7\xaf\n"
    )
    assert "lamp" in letter.text
    assert keys(letter) <= {"charset_wrong", "text_damaged"}


def test_control_characters_and_zero_bytes_do_not_reach_the_text() -> None:
    letter = read_letter(HEAD + b"Subject: la\x00mp\x07\n\nThe\x00 lamp\x1b[31m is out\n")
    assert letter.subject == "lamp"
    assert letter.text == "The lamp[31m is out"


def test_a_hundred_thousand_headers_are_read() -> None:
    letter = read_letter(HEAD + b"X-A: b\n" * 100_000 + b"\nlamp\n")
    assert letter.text == "lamp"
