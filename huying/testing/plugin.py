"""For pytest: the small town is founded once a run, and nothing held in memory outlives a test's rollback."""

from __future__ import annotations

from typing import TYPE_CHECKING

import hypothesis
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.plugin import DjangoDbBlocker


# How long an example takes says something of the machine, not of the code; speed is for the benches.
hypothesis.settings.register_profile("house", deadline=None)
# For the nights: pytest --hypothesis-profile=wide, or `make walks`.
hypothesis.settings.register_profile("wide", deadline=None, max_examples=5000, print_blob=True)
hypothesis.settings.load_profile("house")


# On a loaded machine a whole database is not copied in the seconds a statement of the town has.
NO_HURRY = " -c statement_timeout=0"


@pytest.fixture(scope="session", autouse=True)
def _quick_hashes() -> Iterator[None]:
    """Hash passwords quickly: what is meant to be slow is not what is tried here."""
    from django.test import override_settings

    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session")
def empty_tables(django_db_blocker: DjangoDbBlocker) -> str | None:
    """Give the name of a migrated database to copy; none on a server of the developer's own."""
    from huying.site.ground.testserver import is_ours
    from huying.testing.schema import schema_template

    if not is_ours():
        return None
    with django_db_blocker.unblock():
        return schema_template()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None,  # noqa: ARG001 - pytest-django's own, made first
    empty_tables: str | None,
) -> None:
    """Begin with a copy of the migrated tables; on a server of the developer's own nothing is left behind."""
    from django.db import connection

    if empty_tables is not None:
        connection.settings_dict["TEST"]["TEMPLATE"] = empty_tables
    connection.settings_dict["OPTIONS"]["options"] += NO_HURRY


@pytest.fixture(scope="session")
def django_db_setup(
    _quick_hashes: None,
    django_db_setup: None,  # noqa: ARG001 - pytest-django's own, made first
    django_db_blocker: DjangoDbBlocker,
    django_db_keepdb: bool,  # noqa: FBT001 - pytest-django's
) -> Iterator[None]:
    """Found the small town in the test database; tests start from it and roll back to it."""
    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases

    from huying.catalogue.models import CatalogueVersion
    from huying.testing.town import found_town

    made = None
    with django_db_blocker.unblock():
        # From here on statements have as long as the town's own.
        options = connection.settings_dict["OPTIONS"]
        options["options"] = options["options"].removesuffix(NO_HURRY)
        connection.close()
        if connection.settings_dict["NAME"] != connection.settings_dict["TEST"]["NAME"]:
            # pytest-django makes a database only for tests with its mark; those that work apart need one too,
            # and nothing may ever be founded in the database the settings name.
            made = setup_databases(verbosity=0, interactive=False, keepdb=django_db_keepdb)
        if not CatalogueVersion.objects.exists():
            found_town()
    yield
    if made is not None and not django_db_keepdb:
        with django_db_blocker.unblock():
            teardown_databases(made, verbosity=0)


@pytest.fixture(scope="session", autouse=True)
def _held_until_told() -> Iterator[None]:
    """Hold what is in memory until a change here tells otherwise, not for seconds.

    A slow test then asks the database as often as a quick one, and statements can be counted.
    """
    from huying.ledger import snapshots

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(snapshots, "FRESH_SECONDS", float("inf"))
        yield


@pytest.fixture(autouse=True)
def _nothing_outlives_a_rollback() -> Iterator[None]:
    """Hold again what was in memory before a test changed what it is built from."""
    from huying.ledger import snapshots

    before = snapshots.held()
    yield
    snapshots.go_back(before)


@pytest.fixture(autouse=True)
def _nobody_has_chosen_a_language() -> Iterator[None]:
    """Begin every test in the town's own language, whatever a page before was read in."""
    from django.utils import translation

    translation.deactivate()
    yield
    translation.deactivate()


@pytest.fixture(scope="module")
def apart(
    django_db_setup: None,  # noqa: ARG001 - the town that is copied
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[None]:
    """Work in a copy of the small town, where transactions really commit (no `django_db` mark then)."""
    from huying.testing.apart import town_apart

    with django_db_blocker.unblock(), town_apart():
        yield
