"""Letters as residents' programs write them: Chinese in every coding, pictures, forwards, mailboxes."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from email.header import Header
from email.message import EmailMessage
from email.mime.image import MIMEImage
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest

from huying.intake.mail import Letter, read_letter, read_letters

PHOTO = b"\xff\xd8\xff\xe0" + b"a lamp, seen by night " * 40
HEAD = b"From: Li <li@example.org>\nDate: Thu, 5 Mar 2026 10:00:00 +0800\nMessage-ID: <1@example.org>\n"


def keys(letter: Letter) -> list[str]:
    return [problem.key for problem in letter.problems]


def letter_of(body: bytes, head: bytes = HEAD) -> Letter:
    return read_letter(head + body)


def test_a_plain_letter_is_read_whole() -> None:
    letter = letter_of(
        "Subject: 路灯\nContent-Type: text/plain; charset=utf-8\n\n"
        "路灯坏了三天。\n\n> 原文\n-- \n李\n".encode()
    )
    assert letter.message_id == "1@example.org"
    assert (letter.from_name, letter.from_address, letter.subject) == ("Li", "li@example.org", "路灯")
    assert letter.sent_at == datetime(2026, 3, 5, 2, 0, tzinfo=UTC)
    assert letter.text == "路灯坏了三天。\n\n> 原文\n--\n李"
    assert (letter.pictures, letter.attachments, letter.problems) == ((), (), ())
    assert not letter.is_automatic


@pytest.mark.parametrize("charset", ["utf-8", "gb2312", "gbk", "gb18030", "big5"])
@pytest.mark.parametrize("coding", ["b", "q"])
def test_subjects_and_names_come_in_every_chinese_charset(charset: str, coding: str) -> None:
    words = {"big5": ("陳大文", "街燈壞了")}.get(charset, ("陈大文", "路灯坏了"))
    message = MIMEText(f"{words[1]}，請看" if charset == "big5" else f"{words[1]}，请看", "plain", charset)
    for name, value in (("From", words[0]), ("Subject", words[1])):
        if coding == "b":
            text = f"=?{charset}?B?{b64encode(value.encode(charset)).decode()}?="
        else:
            text = f"=?{charset}?Q?{''.join(f'={byte:02X}' for byte in value.encode(charset))}?="
        message[name] = f"{text} <chan@example.org>" if name == "From" else text
    letter = read_letter(message.as_bytes())
    assert (letter.from_name, letter.from_address) == (words[0], "chan@example.org")
    assert letter.subject == words[1]
    assert letter.text.startswith(words[1])


def test_a_character_cut_in_two_between_encoded_words_is_whole_again() -> None:
    data = "路灯坏了".encode("gb2312")
    first, second = (b64encode(part).decode() for part in (data[:3], data[3:]))
    letter = letter_of(f"Subject: =?gb2312?B?{first}?=\n =?gb2312?B?{second}?= (again)\n\nx\n".encode())
    assert letter.subject == "路灯坏了 (again)"


@pytest.mark.parametrize("charset", ["gb18030", "utf-8", "big5hkscs"])
def test_headers_of_raw_bytes_are_guessed(charset: str) -> None:
    subject = "屋苑門口的街燈壞了三天" if charset == "big5hkscs" else "小区门口的路灯坏了三天"
    head = f"From: {subject} <li@example.org>\nSubject: {subject}\n\n".encode(charset)
    letter = read_letter(head + subject.encode(charset))
    assert letter.subject == letter.from_name == letter.text == subject


@pytest.mark.parametrize(
    ("label", "charset", "expected"),
    [
        ("iso-8859-1", "gb18030", ["charset_wrong"]),
        ("us-ascii", "gb18030", ["charset_wrong"]),
        ("gb2312", "utf-8", ["charset_wrong"]),
        ("utf-8", "gb18030", ["charset_wrong"]),
        ("x-unknown-9", "gb18030", ["charset_wrong"]),
        ("gb2312", "gb18030", []),
        ('"utf-8"', "utf-8", []),
        ("GBK", "gbk", []),
    ],
)
def test_a_wrong_label_does_not_spoil_the_text(label: str, charset: str, expected: list[str]) -> None:
    text = "小区门口的路灯坏了三天，请尽快派人来修。"
    letter = letter_of(f"Content-Type: text/plain; charset={label}\n\n".encode() + text.encode(charset))
    assert letter.text == text
    assert keys(letter) == expected


def test_quoted_printable_and_base64_bodies_are_undone() -> None:
    text = "路灯坏了"
    quoted = "".join(f"={byte:02X}" for byte in text.encode("gb2312"))
    for coding, body in (("quoted-printable", quoted), ("base64", b64encode(text.encode("gb2312")).decode())):
        head = f"Content-Type: text/plain; charset=gb2312\nContent-Transfer-Encoding: {coding}\n\n"
        assert letter_of((head + body).encode()).text == text


def make_photo_letter() -> MIMEMultipart:
    outer = MIMEMultipart("mixed")
    outer["From"], outer["Message-ID"] = "li@example.org", "<2@example.org>"
    related = MIMEMultipart("related")
    choice = MIMEMultipart("alternative")
    choice.attach(MIMEText("<p>路灯<b>坏</b>了</p>", "html", "utf-8"))
    choice.attach(MIMEText("路灯坏了", "plain", "utf-8"))
    related.attach(choice)
    inline = MIMEImage(PHOTO, "jpeg")
    inline.add_header("Content-ID", "<a>")
    related.attach(inline)
    outer.attach(related)
    photo = MIMEImage(PHOTO + b"2", "jpeg")
    photo.add_header("Content-Disposition", "attachment", filename=("utf-8", "", "../../夜景.jpg"))
    outer.attach(photo)
    other = MIMEText("a,b", "csv")
    other.add_header("Content-Disposition", "attachment", filename="表.csv")
    outer.attach(other)
    return outer


def test_pictures_are_taken_and_other_attachments_are_named() -> None:
    letter = read_letter(make_photo_letter().as_bytes())
    assert letter.text == "路灯坏了"
    assert [(picture.name, picture.data) for picture in letter.pictures] == [
        ("1", PHOTO),
        ("夜景.jpg", PHOTO + b"2"),
    ]
    assert letter.attachments == ("表.csv",)
    assert keys(letter) == ["date_missing"]


def test_a_picture_labelled_as_a_mere_file_is_still_a_picture() -> None:
    message = EmailMessage()
    message["From"] = "li@example.org"
    message.set_content("见附件")
    for name, data in (
        ("IMG.heic", b"\0\0\0\x18ftypheic" + bytes(400)),
        ("a.bin", b"RIFF\0\0\0\0WEBP" + bytes(400)),
    ):
        message.add_attachment(data, "application", "octet-stream", filename=name)
    message.add_attachment(b"%PDF-1.7", "application", "pdf", filename="说明.pdf")
    message.add_attachment(b"GIF89a" + bytes(30), "image", "gif", filename="dot.gif")
    letter = read_letter(bytes(message))
    assert [picture.name for picture in letter.pictures] == ["IMG.heic", "a.bin"]
    assert letter.attachments == ("说明.pdf", "dot.gif")
    assert "picture_tiny" in keys(letter)


def test_an_html_letter_becomes_the_text_a_person_reads() -> None:
    markup = (
        "<html><head><title>no</title><style>p{color:red}</style></head><body><p>路灯&nbsp;坏了<br>三天</p>"
        "<script>alert(1)</script><div>1 &lt; 2 &amp;amp;</div><!-- no -->"
        "<table><tr><td>楼栋</td><td>3栋</td></tr></table>"
        "<a href='http://evil.example'>链接</a><img src=x onerror=alert(1)><p>完"
    )
    letter = letter_of(b"Content-Type: text/html; charset=utf-8\n\n" + markup.encode())
    assert letter.text == "路灯 坏了\n三天\n\n1 < 2 &amp;\n\n楼栋 3栋\n链接\n完"


def test_html_that_names_its_charset_only_inside_is_read() -> None:
    markup = '<meta http-equiv="Content-Type" content="text/html; charset=gb2312"><p>路灯坏了</p>'
    assert letter_of(b"Content-Type: text/html\n\n" + markup.encode("gb2312")).text == "路灯坏了"


def test_a_forwarded_letter_speaks_after_the_one_that_brings_it() -> None:
    inner = make_photo_letter()
    inner["Subject"] = str(Header("原来的信", "utf-8"))
    carrier = MIMEMultipart("mixed")
    carrier["From"] = "grid@example.org"
    carrier.attach(MIMEText("请处理", "plain", "utf-8"))
    carrier.attach(MIMEMessage(inner))
    letter = read_letter(carrier.as_bytes())
    assert letter.from_address == "grid@example.org"
    assert letter.text == "请处理\n\n—— 原来的信 · li@example.org ——\n\n路灯坏了"
    assert len(letter.pictures) == 2


def test_a_forwarded_letter_coded_as_a_whole_is_read_too() -> None:
    inner = b64encode(b"From: li@example.org\nSubject: lamp\n\nThe lamp is out.\n")
    body = b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n" + inner
    assert letter_of(body).text == "—— lamp · li@example.org ——\n\nThe lamp is out."


def test_a_letter_without_a_number_is_known_by_its_content() -> None:
    letter = read_letter(HEAD.replace(b"Message-ID", b"X-Gone") + b"\nlamp\n")
    again = read_letter(b"Received: elsewhere\n" + HEAD.replace(b"Message-ID", b"X-Gone") + b"\nlamp\n")
    other = read_letter(HEAD.replace(b"Message-ID", b"X-Gone") + b"\nlamps\n")
    assert letter.message_id == again.message_id == f"sha256:{letter.digest}"
    assert other.message_id != letter.message_id
    assert keys(letter) == ["id_missing"]
    assert letter_of(b"\nlamp\n").digest == letter.digest


def test_letters_without_number_and_date_are_told_apart_by_all_their_bytes() -> None:
    first, second = (read_letter(b"From: li@example.org\nReceived: %d\n\nlamp\n" % n) for n in (1, 2))
    assert first.message_id != second.message_id


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("Thu, 5 Mar 2026 10:00:00 +0800", datetime(2026, 3, 5, 2, tzinfo=UTC)),
        ("Thu, 5 Mar 2026 10:00:00 -0000", datetime(2026, 3, 5, 10, tzinfo=UTC)),
        ("5 Mar 26 10:00", datetime(2026, 3, 5, 10, tzinfo=UTC)),
        ("Thu, 5 Mar 2026 10:00:00 +0800 (CST)", datetime(2026, 3, 5, 2, tzinfo=UTC)),
        ("Thu, 99 Mar 2026 10:00:00 +0800", None),
        ("Thu, 5 Mar 9999 10:00:00 +0800", None),
        ("Thu, 5 Mar 1902 10:00:00 +0800", None),
        ("2026年3月5日", None),
        ("Thu, 5 Mar 2026 10:00:00 +9999999999", None),
    ],
)
def test_dates_are_aware_or_none(date: str, expected: datetime | None) -> None:
    letter = read_letter(f"From: li@example.org\nDate: {date}\n\nx\n".encode())
    assert letter.sent_at == expected
    assert ("date_unreadable" in keys(letter)) == (expected is None)
    if letter.sent_at:
        assert letter.sent_at.utcoffset() in {timedelta(0), timedelta(hours=8)}


@pytest.mark.parametrize(
    ("sender", "expected"),
    [
        ("li@example.org", ("", "li@example.org")),
        ('"Li, Hua" <li@example.org>', ("Li, Hua", "li@example.org")),
        ("'Li' <li@example.org>, other@example.org", ("Li", "li@example.org")),
        ("Li Hua", ("Li Hua", "")),
        ("", ("", "")),
        ("<<>>@", ("", "")),
    ],
)
def test_senders_come_in_many_shapes(sender: str, expected: tuple[str, str]) -> None:
    letter = read_letter(f"From: {sender}\n\nx\n".encode())
    found = (letter.from_name, letter.from_address)
    assert found == expected or (sender == "<<>>@" and not letter.from_address)
    assert ("sender_missing" in keys(letter)) == (not expected[1])


def test_letters_of_programs_are_told() -> None:
    for line in (
        b"Auto-Submitted: auto-replied",
        b"Precedence: bulk",
        b"Return-Path: <>",
        b"X-Autoreply: yes",
    ):
        assert letter_of(line + b"\n\nI am away.\n").is_automatic
    assert not letter_of(b"Auto-Submitted: no\nReturn-Path: <li@example.org>\n\nHere.\n").is_automatic


def test_an_answer_names_the_letters_it_answers() -> None:
    letter = letter_of(b"In-Reply-To: <c@x>\nReferences: <a@x> <b@x>\n <c@x>\n\nx\n")
    assert letter.in_reply_to == ("c@x", "b@x", "a@x")


def make_mailbox(count: int) -> bytes:
    body = b"\nFrom here on it is dark.\n\n>From the bridge on, too.\n\nFrom now on, too.\n"
    return b"\n".join(
        b"From li@example.org Thu Mar  5 10:00:00 2026\nFrom: li@example.org\nMessage-ID: <%d@x>\n" % n + body
        for n in range(count)
    )


def test_a_mailbox_gives_its_letters_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "inbox.mbox"
    path.write_bytes(make_mailbox(3))
    for source in (path, make_mailbox(3), make_mailbox(3).replace(b"\n", b"\r\n")):
        letters = list(read_letters(source))
        assert [letter.message_id for letter in letters] == ["0@x", "1@x", "2@x"]
        assert letters[0].text == (
            "From here on it is dark.\n\nFrom the bridge on, too.\n\nFrom now on, too."
        )
    assert path.read_bytes() == make_mailbox(3)


def test_a_single_letter_comes_from_a_path_as_from_bytes(tmp_path: Path) -> None:
    path = tmp_path / "letter.eml"
    path.write_bytes(b"\xef\xbb\xbf\r\n\r\n" + HEAD + b"\nlamp\n")
    assert [letter.text for letter in read_letters(path)] == ["lamp"]
    with pytest.raises(FileNotFoundError):
        next(read_letters(tmp_path / "none.eml"))
