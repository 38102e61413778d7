"""A mail server on this machine that speaks enough SMTP (RFC 5321) to be strict, and keeps what it took."""

from __future__ import annotations

import base64
import re
import socketserver
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage


@dataclass
class PostOffice:
    """A mail server. Mailboxes among `unknown` do not exist; those of `busy` are refused for now."""

    user: str = ""
    password: str = ""
    unknown: set[str] = field(default_factory=set)
    busy: set[str] = field(default_factory=set)
    taken: list[tuple[str, list[str], EmailMessage]] = field(default_factory=list)
    cut_after_data: bool = False
    port: int = 0


@contextmanager
def open_post_office(office: PostOffice) -> Iterator[PostOffice]:
    """Serve on a free port of this machine."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            _Talk(office, self).run()

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        office.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield office
        finally:
            server.shutdown()
            thread.join()


class _Talk:
    """One client's conversation."""

    def __init__(self, office: PostOffice, handler: socketserver.StreamRequestHandler) -> None:
        self.office, self.read, self.write = office, handler.rfile, handler.wfile
        self.greeted = self.signed_in = False
        self.sender: str | None = None
        self.to: list[str] = []

    def say(self, *lines: str) -> None:
        self.write.write("".join(f"{line}\r\n" for line in lines).encode())

    def run(self) -> None:
        self.say("220 post.test ESMTP")
        while line := self.read.readline(2000):
            verb, _space, rest = line.decode("ascii", "replace").strip().partition(" ")
            if verb.upper() == "QUIT":
                self.say("221 2.0.0 Bye")
                return
            if not self.answer(verb.upper(), rest):
                return

    def answer(self, verb: str, rest: str) -> bool:
        """Answer one command; return whether the conversation goes on."""
        if verb == "EHLO":
            self.greeted = True
            self.say(
                "250-post.test", "250-8BITMIME", *(["250-AUTH PLAIN"] * bool(self.office.user)), "250 SIZE"
            )
        elif not self.greeted:
            self.say("503 5.5.1 EHLO first")
        elif verb == "AUTH":
            self._auth(rest)
        elif self.office.user and not self.signed_in:
            self.say("530 5.7.0 Authentication required")
        elif verb == "MAIL":
            found = re.match(r"FROM:<([^>]*)>", rest, re.IGNORECASE)
            self.sender, self.to = (found[1] if found else None), []
            self.say("250 2.1.0 Ok" if found else "501 5.5.4 Syntax: MAIL FROM:<address>")
        elif verb == "RCPT" and self.sender is not None:
            self._recipient(rest)
        elif verb == "DATA" and self.to:
            return self._data()
        elif verb in {"RSET", "NOOP"}:
            self.say("250 2.0.0 Ok")
        else:
            self.say("503 5.5.1 Bad sequence of commands")
        return True

    def _auth(self, rest: str) -> None:
        given = base64.b64decode(rest.partition(" ")[2] or b"").decode("utf-8", "replace").split("\0")
        self.signed_in = given[1:] == [self.office.user, self.office.password]
        self.say("235 2.7.0 Ok" if self.signed_in else "535 5.7.8 Authentication credentials invalid")

    def _recipient(self, rest: str) -> None:
        found = re.match(r"TO:<([^>]+)>", rest, re.IGNORECASE)
        address = found[1] if found else ""
        if address in self.office.unknown:
            self.say("550 5.1.1 No such user here")
        elif address in self.office.busy:
            self.say("450 4.2.0 Greylisted, try again later")
        elif found:
            self.to.append(address)
            self.say("250 2.1.5 Ok")
        else:
            self.say("501 5.5.4 Syntax: RCPT TO:<address>")

    def _data(self) -> bool:
        self.say("354 End data with <CR><LF>.<CR><LF>")
        lines = []
        while (line := self.read.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        letter = message_from_bytes(b"".join(lines), policy=policy.default)
        for needed in ("From", "To", "Date", "Message-ID"):
            if not letter[needed]:
                self.say(f"554 5.6.0 The letter has no {needed}")
                return True
        self.office.taken.append((self.sender or "", self.to, letter))
        if self.office.cut_after_data:
            return False
        self.say("250 2.0.0 Ok: queued")
        return True
