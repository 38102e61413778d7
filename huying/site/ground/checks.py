"""What `huying doctor` looks at: each check finds one thing out and says what to do when it is wrong."""

from __future__ import annotations

import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from huying.site.env import Environment

State = Literal["fine", "warning", "broken"]

OLDEST_PYTHON = (3, 11)
OLDEST_SERVER = 150000
DISK_WARNING_BYTES = 2_000_000_000
DISK_BROKEN_BYTES = 200_000_000
CLOCK_WARNING_SECONDS = 2.0
CLOCK_BROKEN_SECONDS = 60.0
EXTENSIONS = ("btree_gist",)
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/System/Library/Fonts", "/Library/Fonts")
FONT_WORDS = ("cjk", "pingfang", "songti", "heiti", "hiragino sans gb", "wqy", "sourcehan", "notosanssc")


@dataclass(frozen=True)
class Finding:
    """One thing found out; a warning works but wants a look, and `cure` says what to do."""

    name: str
    state: State
    sentence: str
    cure: str = ""


def machine_findings(settings: Environment) -> Iterator[Finding]:
    """Yield what can be found out without a database."""
    yield _python()
    yield from _settings(settings)
    yield _data_dir(settings.data_dir.absolute())
    yield _disk(settings.data_dir.absolute())
    yield _time_zone()
    yield _fonts()


def database_findings(*, at: datetime) -> Iterator[Finding]:
    """Yield what the database tells; `at` is this machine's time. Django must be set up, the server up."""
    from django.db import connection

    with connection.cursor() as cursor:

        def ask(question: str) -> str:
            cursor.execute(question)
            row = cursor.fetchone()
            return str(row[0]) if row else ""

        yield _server(ask)
        yield _chinese(ask)
        yield from _extensions(ask)
        yield _clock(ask, at)
    migrations = _migrations()
    yield migrations
    if migrations.state == "fine":
        yield _calendar(at)
        yield from _administrators(at)
        yield from _letters(at)
        yield from _large_model()
        yield _rights()
    yield _static()


def _letters(at: datetime) -> Iterator[Finding]:
    """Yield the channels that are set up and did not take what was sent in the last day."""
    from huying.notify.channels.open import open_channels
    from huying.notify.queries import troubles_of_channels
    from huying.notify.sending import can_send

    for trouble in troubles_of_channels(at=at):
        if trouble.channel in open_channels():
            sentence = f"{trouble.count} letters of the last day did not get through: {trouble.error}."
            cure = "Look at them in the office under Letters sent out; mend the settings, then send again."
            yield Finding(trouble.channel, "warning", sentence, cure)
    if "sms" in open_channels() and not can_send("sms", "sign_in_code"):
        cure = "Enter an approved template for the letter “Your code” in the office under Rules of letters."
        yield Finding("sms", "warning", "Residents cannot sign in: no template for codes is entered.", cure)


def _large_model() -> Iterator[Finding]:
    """Yield that the large model of the settings does not answer; without one there is nothing to say."""
    from huying.triage.largemodel import failing, large_model

    server, trouble = large_model(), failing()
    if server is not None and trouble is not None:
        sentence = f"{server.name} did not answer {trouble.count} times in a row: {trouble.error}."
        cure = "Look after the server, or unset HUYING_LARGE_MODEL_URL; triage goes on without it."
        yield Finding("large model", "warning", sentence, cure)


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < OLDEST_PYTHON:
        return Finding("python", "broken", f"Python {version} is too old.", "Install Python 3.11 or newer.")
    return Finding("python", "fine", f"Python {version}.")


def _settings(settings: Environment) -> Iterator[Finding]:
    server = "the one of DATABASE_URL" if settings.database_url else "our own, under the data folder"
    yield Finding("settings", "fine", f"Readable; the site is {settings.site_url}, the database {server}.")
    public = not any(name in settings.site_url for name in ("127.0.0.1", "localhost"))
    if settings.debug and public:
        yield Finding("debug", "broken", "Developer pages are shown to the public.", "Unset HUYING_DEBUG.")
    if settings.demo and public:
        yield Finding("demo", "warning", "Demo accounts are listed to the public.", "Unset HUYING_DEMO.")
    if public and not settings.site_url.startswith("https://"):
        cure = "Put a proxy with a certificate in front and set HUYING_PUBLIC_URL to https://…"
        yield Finding("https", "warning", "Residents reach the site without encryption.", cure)
    yield _secret_key(settings)
    yield _sealed_key(settings)
    yield from _channels(settings)


def _channels(settings: Environment) -> Iterator[Finding]:
    """Yield each channel letters go out by: set up, or half; one that is not used is no finding."""
    needs = {
        "email": ("smtp_host", "mail_from"),
        "sms": ("sms_provider", "sms_key_id", "sms_key_secret", "sms_sign"),
        "wecom": ("wecom_robots",),
        "wechat": ("wechat_app_id", "wechat_app_secret"),
    }
    if settings.sms_provider == "tencent":
        needs["sms"] += ("sms_app_id",)
    for channel, names in needs.items():
        lacking = [f"HUYING_{name.upper()}" for name in names if not getattr(settings, name)]
        if not lacking:
            yield Finding(channel, "fine", "Letters go out this way.")
        elif len(lacking) < len(names):
            cure = f"Set {', '.join(lacking)}, or unset the others."
            yield Finding(channel, "warning", "Half set up: nothing goes out this way.", cure)
    if settings.smtp_host and settings.smtp_security == "none" and not _is_here(settings.smtp_host):
        cure = "Set HUYING_SMTP_SECURITY to starttls or tls."
        yield Finding("email", "warning", "Letters go to the mail server without encryption.", cure)


def _is_here(host: str) -> bool:
    return host in {"127.0.0.1", "::1", "localhost"}


def _secret_key(settings: Environment) -> Finding:
    kept = settings.data_dir.absolute() / "secret_key"
    if settings.secret_key:
        if len(settings.secret_key) < 32:  # noqa: PLR2004 - as many characters as a random key of 24 bytes has
            cure = "Set HUYING_SECRET_KEY to at least 32 random characters, or unset it."
            return Finding("secret_key", "warning", "HUYING_SECRET_KEY is short.", cure)
        return Finding("secret_key", "fine", "Given by HUYING_SECRET_KEY.")
    if kept.exists() and stat.S_IMODE(kept.stat().st_mode) & 0o077:
        return Finding("secret_key", "broken", f"Others may read {kept}.", f"chmod 600 {kept}")
    return Finding("secret_key", "fine", f"Kept in {kept}.")


def _sealed_key(settings: Environment) -> Finding:
    """Look who may read the key of sealed reports; its value is never told."""
    kept = settings.data_dir.absolute() / "sealed_keys"
    if settings.sealed_key:
        return Finding("sealed_key", "fine", "Given by HUYING_SEALED_KEY.")
    if kept.exists() and stat.S_IMODE(kept.stat().st_mode) & 0o077:
        return Finding("sealed_key", "broken", f"Others may read {kept}.", f"chmod 600 {kept}")
    if not kept.exists():
        return Finding("sealed_key", "fine", f"Will be made in {kept} with the first sealed report.")
    return Finding("sealed_key", "fine", f"Kept in {kept}; back it up apart from the database.")


def _data_dir(folder: Path) -> Finding:
    existing = next(place for place in (folder, *folder.parents) if place.exists())
    try:
        probe = existing / ".huying-doctor"
        probe.write_text("", encoding="ascii")
        probe.unlink()
    except OSError as error:
        cure = "Correct its rights, or set HUYING_DATA_DIR to a folder of your own."
        return Finding("data_folder", "broken", f"{folder} cannot be written: {error.strerror}.", cure)
    keys = folder / "postgres" / "server.json"
    if keys.exists() and stat.S_IMODE(keys.stat().st_mode) & 0o077:
        return Finding("data_folder", "broken", f"Others may read {keys}.", f"chmod 600 {keys}")
    return Finding("data_folder", "fine", f"{folder} can be written.")


def _disk(folder: Path) -> Finding:
    existing = next(place for place in (folder, *folder.parents) if place.exists())
    free = shutil.disk_usage(existing).free
    sentence = f"{free / 1e9:.1f} GB are free for {folder}."
    if free < DISK_WARNING_BYTES:
        state: State = "broken" if free < DISK_BROKEN_BYTES else "warning"
        return Finding("disk", state, sentence, "Make room: PostgreSQL stops when the disk is full.")
    return Finding("disk", "fine", sentence)


def _time_zone() -> Finding:
    try:
        ZoneInfo("Asia/Shanghai")
    except ZoneInfoNotFoundError:
        cure = "Install the time zones. Debian: apt-get install tzdata"
        return Finding("time_zone", "broken", "This machine does not know Asia/Shanghai.", cure)
    return Finding("time_zone", "fine", "Asia/Shanghai is known.")


def _fonts() -> Finding:
    if _has_chinese_font():
        return Finding("fonts", "fine", "A Chinese typeface is installed.")
    cure = "Debian: apt-get install fonts-noto-cjk"
    return Finding("fonts", "warning", "No Chinese typeface: browser tests and pictures show boxes.", cure)


def _has_chinese_font() -> bool:
    tool = shutil.which("fc-list")
    if tool:
        answer = subprocess.run(  # noqa: S603 - a fixed program, no shell
            [tool, ":lang=zh", "family"], check=False, capture_output=True, text=True, timeout=30
        )
        if answer.stdout.strip():
            return True
    files = (path for folder in FONT_FOLDERS for path in Path(folder).rglob("*.[ot]t[fc]"))
    return any(word in path.name.lower() for path in files for word in FONT_WORDS)


def _server(ask: Callable[[str], str]) -> Finding:
    version, number = ask("SHOW server_version"), int(ask("SHOW server_version_num"))
    if number < OLDEST_SERVER:
        cure = "Use PostgreSQL 15 or newer."
        return Finding("database", "broken", f"PostgreSQL {version} is too old.", cure)
    if ask("SHOW synchronous_commit") == "off" or ask("SHOW fsync") == "off":
        cure = "Set fsync and synchronous_commit to on: an accepted appeal must be on disk."
        return Finding("database", "warning", f"PostgreSQL {version} may lose what it accepted.", cure)
    return Finding("database", "fine", f"PostgreSQL {version} answers.")


def _chinese(ask: Callable[[str], str]) -> Finding:
    encoding = ask("SHOW server_encoding")
    if encoding != "UTF8":
        cure = "Make the database with ENCODING 'UTF8' and a UTF-8 locale."
        return Finding("locale", "broken", f"The database's encoding is {encoding}.", cure)
    installed = ask("SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'") != "0"
    if installed and ask("SELECT coalesce(array_length(show_trgm('噪音扰民'), 1), 0)") == "0":
        cure = "Make the database anew with LC_CTYPE 'C.UTF-8' and bring the data over with pg_dump."
        return Finding("locale", "broken", "Its locale does not know Chinese: searches find nothing.", cure)
    return Finding("locale", "fine", "UTF-8, and Chinese is searchable.")


def _extensions(ask: Callable[[str], str]) -> Iterator[Finding]:
    for name in EXTENSIONS:
        # The names are our own constants above.
        if ask(f"SELECT count(*) FROM pg_extension WHERE extname = '{name}'") != "0":  # noqa: S608
            yield Finding(name, "fine", f"The extension {name} is installed.")
        elif ask(f"SELECT count(*) FROM pg_available_extensions WHERE name = '{name}'") != "0":  # noqa: S608
            yield Finding(
                name, "warning", f"The extension {name} is not installed yet.", "Run `huying migrate`."
            )
        else:
            cure = "Debian: apt-get install postgresql-contrib"
            yield Finding(name, "broken", f"The server does not have the extension {name}.", cure)


def _clock(ask: Callable[[str], str], at: datetime) -> Finding:
    there = datetime.fromtimestamp(float(ask("SELECT extract(epoch FROM clock_timestamp())")), UTC)
    apart = abs((there - at).total_seconds())
    sentence = f"This machine and the database are {apart:.1f} s apart."
    cure = "Set both by a time server (timedatectl set-ntp true)."
    if apart > CLOCK_BROKEN_SECONDS:
        return Finding("clock", "broken", sentence, cure)
    return Finding("clock", "warning" if apart > CLOCK_WARNING_SECONDS else "fine", sentence, cure)


def _migrations() -> Finding:
    from huying.site.ground.migrations import pending

    missing = pending()
    if missing:
        return Finding(
            "migrations", "broken", f"{len(missing)} migrations are missing.", "Run `huying migrate`."
        )
    return Finding("migrations", "fine", "All migrations are applied.")


def _calendar(at: datetime) -> Finding:
    from huying.catalogue.queries import known_until

    until, ends_soon = known_until(at)
    cure = "Enter next year's official days when they are announced; until then dates are provisional."
    if until is None:
        return Finding("calendar", "warning", "The working calendar is empty.", "Run `huying init`.")
    sentence = f"Official working days are known until {until}."
    if ends_soon:
        return Finding("calendar", "warning", sentence, cure)
    return Finding("calendar", "fine", sentence)


def _administrators(at: datetime) -> Iterator[Finding]:
    from huying.people.splitting import superusers, told_administrators

    found = told_administrators(at=at)
    cure = "Run `huying admins --system NAME --security NAME --audit NAME`."
    if "whole" in found:
        sentence = f"One administrator does it all: {', '.join(found['whole'])}. GB/T 22239 asks for three."
        yield Finding("admins", "warning", sentence, cure)
    elif not all(found.values()):
        missing = ", ".join(kind for kind, names in found.items() if not names)
        yield Finding("admins", "warning", f"Nobody administers: {missing}.", cure)
    else:
        yield Finding("admins", "fine", "System, security and audit are three persons' matter.")
    everything = superusers()
    if everything:
        cure = "It is for the first set-up only: lock it (office, accounts) when the three are named."
        yield Finding("superuser", "warning", f"May do everything: {', '.join(everything)}.", cure)


def _rights() -> Finding:
    from huying.people.new_rights import new_rights

    fresh = ", ".join(str(new.right) for new in new_rights())
    if fresh:
        cure = "The security administrator gives them in the office, under roles and rights."
        return Finding("rights", "warning", f"In nobody's role yet: {fresh}.", cure)
    return Finding("rights", "fine", "Every right is in somebody's role.")


def _static() -> Finding:
    from django.contrib.staticfiles import finders

    if finders.find("ui/app.js"):
        return Finding("static_files", "fine", "Scripts and styles are in place.")
    return Finding("static_files", "broken", "Scripts and styles are missing.", "Run `make setup` again.")
