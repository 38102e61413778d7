"""What we promise on paper is what the code does: pages, links, commands, settings, names, migrations."""

from __future__ import annotations

import hashlib
import importlib
import inspect
import json
import os
import pkgutil
import re
import shlex
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import click
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models
from django.db.migrations import RunSQL
from django.db.migrations.loader import MigrationLoader
from django.urls import get_resolver
from django.utils import translation
from django.utils.functional import Promise

import huying
from huying.cases.models import Clock, Status
from huying.cases.moves import MOVES, Hand
from huying.kit.errors import Reason
from huying.ledger.chain import FactBody
from huying.ledger.handlers import name_of, takes_many
from huying.notify.letters import LETTERS
from huying.people.models import Role
from huying.people.permissions import STARTER_ROLES, Permission
from huying.site.cli import huying as command_line
from huying.site.env import Environment
from huying.site.wiring import HANDLERS
from tests.migrating import why_it_locks
from tests.openapi import KEPT, UPDATE, described
from tests.repository import ROOT, anchors, code, files, links, make_targets, pages, texts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HAN = re.compile(r"[\u4e00-\u9fff]")
LONGEST_FILE, LONGEST_TEST = 400, 450
# Migrations up to here were made before anybody had data; from the next on they meet large tables.
FIRST_RELEASE = 2
OUR_VARIABLES = {  # set by our own programs for their children and tests, not by whoever runs a town
    "HUYING_TEST_DATABASE", "HUYING_SUPERVISED_BY",
}  # fmt: skip


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """Run one of the project's scripts as its reader would."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("HUYING_")}
    return subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env=clean,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_the_reference_pages_say_what_the_code_says() -> None:
    done = run("scripts/reference.py", "--check")
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_text_is_translated_and_compiled() -> None:
    if shutil.which("xgettext") is None and not os.environ.get("CI"):
        pytest.skip("GNU gettext is not on this machine: install the package “gettext”")
    done = run("scripts/messages.py", "--check")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr


def test_every_link_of_every_page_leads_to_a_file_and_its_heading() -> None:
    dead, held = [], pages()
    for path, page in held.items():
        for link in links(page):
            if re.match(r"[a-z]+:", link):
                continue
            name, _, anchor = link.partition("#")
            target = (path.parent / name).resolve() if name else path
            if not target.exists() or (anchor and target in held and anchor not in anchors(held[target])):
                dead.append(f"{path.relative_to(ROOT)}: {link}")
    assert dead == []


def test_every_make_target_in_a_page_exists() -> None:
    targets, missing = make_targets(), []
    for path, page in pages().items():
        for line in code(page):
            named = re.findall(r"(?:^|&& |; )(?:[A-Z_]+=\S+ )*make((?: [a-z][\w-]*)+)", line)
            missing += [
                f"{path.name}: make {word}"
                for words in named
                for word in words.split()
                if word not in targets
            ]
    assert missing == []


def test_make_help_tells_of_every_target_but_the_inner_ones() -> None:
    assert {target for target, told in make_targets().items() if not told} <= {"fast"}


def commands(page: str) -> Iterator[list[str]]:
    """Give the words of every `huying …` in a page's code."""
    for line in code(page):
        for part in re.split(r"\s*(?:&&|;|\|)\s*", line):
            found = re.match(r"(?:\$ )?(?:[A-Z_]+=\S+ )*(?:\S*/)?huying ([a-z].*)", part)
            if found:
                yield shlex.split(found[1].replace("…", ""), comments=True)


def unknown_word(words: list[str]) -> str:
    """Return the first word of a command line that the program does not know, "" when it knows all."""
    command: click.Command = command_line
    for word in words:
        if word.startswith("-"):
            name = word.split("=")[0]
            if name != "--help" and not any(name in option.opts for option in command.params):
                return name
        elif isinstance(command, click.Group):
            found = command.get_command(click.Context(command), word.rstrip(","))
            if found is None:
                return word
            command = found
    return ""


def test_every_command_in_a_page_exists_with_its_options() -> None:
    unknown = [
        f"{path.relative_to(ROOT)}: huying {' '.join(words)}: {word}"
        for path, page in pages().items()
        for words in commands(page)
        if (word := unknown_word(words))
    ]
    assert unknown == []
    assert unknown_word(["fly"]) == "fly"
    assert unknown_word(["stats", "--xml"]) == "--xml"


def every_command(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    yield " ".join(path), command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from every_command(inner, (*path, name))


def test_every_command_and_option_explains_itself() -> None:
    silent = [name for name, command in every_command(command_line) if not command.help]
    silent += [
        f"{name} {option.opts}" for name, command in every_command(command_line)
        for option in command.params if isinstance(option, click.Option) and not option.help
    ]  # fmt: skip
    assert silent == []


def test_every_setting_is_described_and_every_variable_named_anywhere_is_a_setting() -> None:
    fields = Environment.model_fields
    assert [name for name, field in fields.items() if not field.description] == []
    known = {str(field.validation_alias or f"HUYING_{name.upper()}") for name, field in fields.items()}
    named = {
        (variable, path.relative_to(ROOT).as_posix())
        for path, text in texts()
        for variable in re.findall(r"\bHUYING_[A-Z][A-Z_]+\b", text)
    }
    assert {pair for pair in named if pair[0] not in known | OUR_VARIABLES} == set()


@pytest.mark.django_db
def test_the_tables_are_what_the_models_say() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


TRIGGER = "CREATE TRIGGER t AFTER INSERT ON ledger_fact EXECUTE FUNCTION f()"


@pytest.mark.parametrize(
    ("sql", "locks"),
    [
        (f"SET LOCAL lock_timeout = '2s'; {TRIGGER}", False),
        (TRIGGER, True),
        (f"SET LOCAL lock_timeout = '2s'; {TRIGGER}; ALTER TABLE ledger_fact ADD COLUMN x int", True),
        (f"SET LOCAL lock_timeout = '2s'; TRUNCATE ledger_reaction; {TRIGGER}", True),
        ("SET LOCAL lock_timeout = '2s'; DROP TRIGGER t ON ledger_fact", True),
        ("INSERT INTO places_area DEFAULT VALUES", False),
    ],
)
def test_a_trigger_on_a_large_table_gives_up_soon_and_does_nothing_else(sql: str, *, locks: bool) -> None:
    migration = MigrationLoader(None).disk_migrations["insight", "0004_touched_by_facts"]
    assert bool(why_it_locks(migration, RunSQL(sql))) is locks


def test_migrations_after_the_first_release_lock_no_large_table() -> None:
    found = MigrationLoader(None).disk_migrations
    ours = [
        migration
        for (app, _), migration in found.items()
        if apps.get_app_config(app).name.startswith("huying")
    ]
    assert ours
    later = [migration for migration in ours if int(migration.name[:4]) > FIRST_RELEASE]
    assert [
        f"{one}: {why}" for one in later for step in one.operations if (why := why_it_locks(one, step))
    ] == []


def test_the_api_is_described_as_it_was_agreed() -> None:
    now = described()
    assert KEPT.read_text(encoding="utf-8") == now, f"the API changed: look at the diff after {UPDATE}"


def test_every_machine_door_has_a_summary_and_a_name() -> None:
    document = json.loads(described())
    doors = [(path, door) for path, held in document["paths"].items() for door in held.values()]
    assert doors
    assert [path for path, door in doors if not door.get("summary") or not door.get("operationId")] == []


@pytest.mark.django_db
def test_roles_give_only_rights_that_exist_and_every_right_is_asked_for() -> None:
    known = set(Permission)
    for role in STARTER_ROLES:
        assert {*role.on_unit, *role.on_area} <= known, role.key
    for held in Role.objects.all():
        assert {*held.on_unit, *held.on_area} <= known, held.key
    assert {move.right for move in MOVES} <= {*known, *Hand}
    code_of_the_house = "".join(
        text for path, text in texts() if path.suffix == ".py" and "/tests/" not in path.as_posix()
        and path.name != "permissions.py"
    )  # fmt: skip
    unused = [
        right.name
        for right in Permission
        if not re.search(rf"\b(Permission|R|P)\.{right.name}\b", code_of_the_house)
    ]
    assert unused == []


def facts_below(kind: type[FactBody]) -> set[type[FactBody]]:
    return {kind}.union(*(facts_below(fact) for fact in kind.__subclasses__()))


def test_what_follows_a_fact_is_named_by_a_fact_and_a_function_that_exist() -> None:
    facts = facts_below(FactBody)
    assert set(HANDLERS) <= facts
    names = [fact.__name__ for fact in facts]
    assert len(names) == len(set(names)), "the ledger knows facts by their bare names"
    for handlers in HANDLERS.values():
        for handler in handlers:
            # Jobs are kept under this name, so it must lead back to the same function.
            assert getattr(importlib.import_module(handler.__module__), handler.__qualname__) is handler
            takes = "facts" if takes_many(name_of(handler)) else "fact"
            assert list(inspect.signature(handler).parameters) == [takes]


def modules(ending: str) -> Iterator[Any]:
    """Give every module of the house whose last name is this."""
    for found in pkgutil.walk_packages(huying.__path__, "huying."):
        # The demo is made from the terminal, which speaks English.
        if found.name.endswith(f".{ending}") and not re.search(r"\.(tests|demo)\.", found.name):
            yield importlib.import_module(found.name)


def choices() -> Iterator[tuple[str, Any]]:
    """Give every choice of every field of ours, with where it is."""
    for model in apps.get_models():
        if model.__module__.startswith("huying."):
            for field in model._meta.get_fields():
                if isinstance(field, models.Field):
                    held = ((f"{model.__name__}.{field.name}", label) for _, label in field.flatchoices)
                    # Plain texts are codes nobody reads; what is read is marked for translation.
                    yield from ((name, label) for name, label in held if isinstance(label, Promise))


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant"])
def test_every_state_move_reason_and_letter_speaks_chinese(language: str) -> None:
    reasons = {
        f"{module.__name__}.{name}": value.sentence
        for module in modules("reasons") for name, value in vars(module).items() if isinstance(value, Reason)
    }  # fmt: skip
    said: list[tuple[str, Any]] = [
        *((f"Status.{status.name}", status.label) for status in Status),
        *((f"Clock.{clock.name}", clock.label) for clock in Clock),
        *((f"move {move.key}", move.label) for move in MOVES),
        *(
            (f"{part} of letter {kind}", getattr(letter, part))
            for kind, letter in LETTERS.items()
            for part in letter.PARTS
        ),
        *reasons.items(), *choices(),
    ]  # fmt: skip
    assert len(reasons) > 20
    with translation.override(language):
        # Plain cores only mark their sentences: they are translated where they are told.
        mute = [
            name for name, words in said if not HAN.search(translation.gettext(str(words))) and str(words)
        ]
    assert mute == []


def test_no_file_of_the_house_is_too_long() -> None:
    long = {
        path.relative_to(ROOT).as_posix(): lines
        for path in files()
        if path.suffix == ".py" and path.parts[len(ROOT.parts)] in {"huying", "tests"}
        and (lines := len(path.read_text(encoding="utf-8").splitlines()))
        > (LONGEST_TEST if "tests" in path.parts else LONGEST_FILE)
    }  # fmt: skip
    assert long == {}


# Where packages were fetched from, and whose machine this was made on, is nobody's business.
FORBIDDEN = (
    r"registry\.npmjs", r"files\.pythonhosted", r"pypi\.org/simple", r"npmmirror", r"\bmirrors?\.[a-z]+\.",
    r"artifactory", r"--index-url", r"\.\./\.\w", r"(?<![\w.~-])/(?:home|Users|work|root)/\w",
    r"BEGIN (?:RSA |EC |OPENSSH )?PRIVATE KEY", r"<{7} |>{7} ",
)  # fmt: skip


def test_nothing_names_a_registry_a_home_folder_or_a_secret() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path, text in texts()
        if path.name != "test_promises.py" and "/vendor/" not in path.as_posix()
        for match in re.finditer("|".join(FORBIDDEN), text)
    ]
    assert found == []


@pytest.mark.parametrize("shelf", ["huying/ui/static/vendor", "huying/kit/paper/fonts"])
def test_vendored_files_are_what_the_list_says_and_nothing_else_is_there(shelf: str) -> None:
    folder = ROOT / shelf
    kept = json.loads((folder / "VENDORED.json").read_text(encoding="utf-8"))
    listed = {name: sha for package in kept["packages"] for name, sha in package["sha256"].items()}
    there = {
        path.relative_to(folder).as_posix(): sha256(path) for path in folder.rglob("*") if path.is_file()
    }
    assert there.pop("VENDORED.json")
    assert there == listed
    assert all(package["licence"] and package["version"] for package in kept["packages"])


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_no_page_loads_anything_from_another_host() -> None:
    loads = re.compile(r"""(?:src|href|action)=["']\s*(?:https?:)?//[^"'{]+""")
    outside = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path, text in texts()
        if path.suffix == ".html" and "/templates/" in path.as_posix()
        for match in loads.finditer(text)
    ]
    assert outside == []


def test_every_address_has_a_name_and_every_decision_its_number() -> None:
    assert [str(pattern.pattern) for pattern in named(get_resolver().url_patterns) if not pattern.name] == []
    numbers = sorted(path.name[:4] for path in files() if path.parent == ROOT / "docs" / "adr")
    assert numbers == [f"{number:04d}" for number in range(1, len(numbers) + 1)]


def named(patterns: list[Any]) -> Iterator[Any]:
    """Give the address patterns of our own pages, through all that are included."""
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            if pattern.app_name not in {"admin", "ninja"}:
                yield from named(pattern.url_patterns)
        elif getattr(pattern.callback, "__module__", "").startswith("huying"):
            yield pattern
