"""E-mail over SMTP: text and simple HTML, a Message-ID that stays the same, one-click unsubscribing."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, parseaddr
from typing import TYPE_CHECKING, ClassVar

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from huying.notify.channels.port import MisconfiguredError, RefusedError, TryLaterError

if TYPE_CHECKING:
    from datetime import datetime

    from huying.notify.channels.port import Message

SECONDS = 10.0
PERMANENT = 500


@dataclass(frozen=True)
class Mail:
    """Hands letters to the town's mail server. `security`: none, starttls, or tls from the first byte."""

    host: str
    port: int
    sender: str
    security: str = "starttls"
    user: str = ""
    password: str = ""

    key: ClassVar[str] = "email"
    combines: ClassVar[bool] = True
    needs_template: ClassVar[bool] = False

    def send(self, address: str, message: Message, *, at: datetime) -> str:
        """Send the letter and return its Message-ID, by which a mail program knows a repeat."""
        letter = compose(address, message, sender=self.sender, at=at)
        try:
            with self._connect() as server:
                if self.security == "starttls":
                    server.starttls(context=ssl.create_default_context())
                if self.user:
                    server.login(self.user, self.password)
                server.send_message(letter)
        except smtplib.SMTPRecipientsRefused as error:
            code, text = next(iter(error.recipients.values()))
            raise _trouble("recipient", code, text, for_good=code >= PERMANENT) from error
        except smtplib.SMTPAuthenticationError as error:
            raise MisconfiguredError(f"smtp_{error.smtp_code}", _text(error.smtp_error)) from error
        except smtplib.SMTPSenderRefused as error:
            if error.smtp_code >= PERMANENT:
                raise MisconfiguredError(f"smtp_{error.smtp_code}", _text(error.smtp_error)) from error
            raise TryLaterError(f"smtp_{error.smtp_code}", _text(error.smtp_error)) from error
        except smtplib.SMTPResponseException as error:
            raise _trouble("smtp", error.smtp_code, error.smtp_error) from error
        except (OSError, smtplib.SMTPException) as error:
            raise TryLaterError("unreachable", f"{type(error).__name__}: {error}"[:200]) from error
        return str(letter["Message-ID"])

    def _connect(self) -> smtplib.SMTP:
        if self.security == "tls":
            safe = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, timeout=SECONDS, context=safe)
        return smtplib.SMTP(self.host, self.port, timeout=SECONDS)


def compose(address: str, message: Message, *, sender: str, at: datetime) -> EmailMessage:
    """Return the letter as it goes over the wire (RFC 5322; RFC 2369 and RFC 8058 for unsubscribing)."""
    letter = EmailMessage()
    name, own = parseaddr(sender)
    with translation.override(message.language):
        several = len(message.matters) > 1
        subject = (
            _("{n} messages, the newest: {subject}").format(n=len(message.matters), subject=message.subject)
            if several
            else message.subject
        )
        letter["Subject"] = " ".join(f"{message.sender}：{subject}".removeprefix("：").split())
        context = {"message": message, "subject": subject, "language": message.language}
        text = render_to_string("notify/mail.txt", context)
        page = render_to_string("notify/mail.html", context)
    letter["From"] = formataddr((name or message.sender, own))
    letter["To"] = str(Address(addr_spec=address))
    letter["Date"] = format_datetime(timezone.localtime(at))
    letter["Message-ID"] = f"<{message.key}@{own.rpartition('@')[2]}>"
    letter["Auto-Submitted"] = "auto-generated"
    if message.unsubscribe:
        letter["List-Unsubscribe"] = f"<{message.unsubscribe}>"
        letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    letter.set_content(text)
    letter.add_alternative(page, subtype="html")
    for file in message.enclosed:
        main, _slash, sub = file.kind.partition("/")
        letter.add_attachment(file.data, maintype=main, subtype=sub, filename=file.name)
    return letter


def _trouble(
    what: str, code: int, text: bytes | str, *, for_good: bool = False
) -> TryLaterError | RefusedError:
    if code >= PERMANENT:
        return RefusedError(f"{what}_{code}", _text(text), for_good=for_good)
    return TryLaterError(f"{what}_{code}", _text(text))


def _text(told: bytes | str) -> str:
    return told.decode(errors="replace") if isinstance(told, bytes) else str(told)
