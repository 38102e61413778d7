"""What every command that works on a town needs: its database up, Django set up, one way to speak."""

from __future__ import annotations

import gc
import json
import sys
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import click
from pydantic import ValidationError

from huying.site.env import Environment, environment
from huying.site.ground.errors import GroundError
from huying.site.ground.orphans import is_supervised

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Json = Mapping[str, "Json"] | Sequence["Json"] | str | int | float | bool | None


class SettingError(GroundError):
    """An environment variable has a value the program cannot use."""


def tell(sentence: str) -> None:
    """Say something to the person at the terminal: standard output is for programs, so this is the other."""
    click.echo(sentence, err=True)


def print_json(value: Json) -> None:
    """Print a value for programs: one JSON document, Chinese left readable."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def settings() -> Environment:
    """Return the settings, or raise `SettingError` naming the variable that is wrong."""
    try:
        return environment()
    except ValidationError as error:
        names = [f"{_variable(fault['loc'])}: {fault['msg']}" for fault in error.errors()]
        raise SettingError(
            f"Wrong setting. {'; '.join(names)}.", cure="docs/reference/settings.md tells what each takes."
        ) from error


@contextmanager
def opened_town(*, migrated: bool = True) -> Iterator[None]:
    """Give the block a town to work on: the database answers, Django is set up, the tables are there.

    The embedded server is started when it is not running, and stopped afterwards when nobody else uses it.
    With `migrated=False` missing tables are no error (for commands that make them). Raises a `GroundError`.
    """
    chosen = settings()
    with ExitStack() as stack:
        # Under a supervisor the server is the supervisor's to hold: its worker must not stop it.
        if not chosen.database_url and not is_supervised():
            from huying.site.ground import postgres

            stack.enter_context(postgres.hold(chosen.data_dir, say=tell))
        _set_up_django()
        from django.db import OperationalError, connections

        stack.callback(connections.close_all)
        try:
            if migrated:
                from huying.site.ground.migrations import require_applied

                require_applied()
        except OperationalError as error:
            raise DatabaseUnreachableError.from_error(error) from error
        yield


class DatabaseUnreachableError(GroundError):
    """The database named by DATABASE_URL does not answer or does not let us in."""

    retry = True

    @classmethod
    def from_error(cls, error: Exception) -> DatabaseUnreachableError:
        """Return the error with the driver's own words, which name host and port and never the password."""
        words = " ".join(str(error).split())
        return cls(
            f"The database does not answer: {words}", cure="Check DATABASE_URL and that the server runs."
        )


def _set_up_django() -> None:
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()


def _variable(location: tuple[int | str, ...]) -> str:
    name = str(location[0]) if location else "?"
    return name if name.isupper() else f"HUYING_{name.upper()}"


def interactive() -> bool:
    """Return whether a person sits at the terminal (progress bars are for people)."""
    return sys.stderr.isatty()


@contextmanager
def few_collections() -> Iterator[None]:
    """Look for rubbish in memory seldom, for commands that make rows by the thousand.

    Looking every 700 objects took an eighth of the processor time of an import.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
