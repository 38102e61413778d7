"""One administrator becomes three, from the machine itself, and the doctor says so until it is done."""

from __future__ import annotations

import pytest
from django.utils import timezone

from huying.people.models import Account, Post, Role
from huying.people.permissions import Permission
from huying.people.splitting import (
    ROLES,
    name_administrators,
    superusers,
    told_administrators,
    unknown_accounts,
)
from huying.site.ground.checks import _administrators
from huying.testing.cast import staff
from huying.testing.refusals import refused

pytestmark = pytest.mark.django_db
THREE = {"system": "guan", "security": "new-sec", "audit": "new-aud"}
SECRETS = {"new-sec": "a long first password", "new-aud": "a long other password"}


@pytest.fixture
def _one_for_everything() -> None:
    """Bring the town back to how older towns are: one administrator who holds all rights."""
    Post.objects.filter(role_id__in=["admin_security", "admin_audit"]).delete()
    rights = ["people:edit", "system:edit", "catalogue:edit", "stats:see"]
    Role.objects.filter(pk="admin").update(on_area=rights)


@pytest.mark.usefixtures("_one_for_everything")
def test_the_one_administrator_is_split_into_three() -> None:
    at = timezone.now()
    assert told_administrators(at=at)["whole"] == ["guan"]
    assert next(_administrators(at)).state == "warning"
    assert unknown_accounts(THREE.values()) == ["new-sec", "new-aud"]
    name_administrators(THREE, unit="street", passwords=SECRETS, at=at)
    assert told_administrators(at=at) == {"system": ["guan"], "security": ["new-sec"], "audit": ["new-aud"]}
    guan = staff("guan")
    assert guan.holds(Permission.SYSTEM_EDIT)
    assert not guan.holds(Permission.PEOPLE_EDIT)
    assert staff("new-sec").holds(Permission.PEOPLE_EDIT)
    assert [finding.state for finding in _administrators(at)] == ["fine"]
    name_administrators(THREE, unit="street", passwords={}, at=at)
    assert Post.objects.filter(role_id__in=ROLES.values()).count() == 3


@pytest.mark.usefixtures("_one_for_everything")
def test_a_refused_split_changes_nothing() -> None:
    at = timezone.now()
    with refused("parent_unknown"):
        name_administrators(THREE, unit="nowhere", passwords=SECRETS, at=at)
    with refused("password_weak"):
        name_administrators(THREE, unit="street", passwords=dict.fromkeys(SECRETS, "short"), at=at)
    with refused("two_kinds_of_admin"):
        name_administrators(
            THREE | {"security": "guan", "system": "new-sec"}, unit="street", passwords=SECRETS, at=at
        )
    assert told_administrators(at=at)["whole"] == ["guan"]


def test_the_doctor_names_who_may_do_everything() -> None:
    Account.objects.create_superuser("root", "another long password")
    assert superusers() == ["root"]
    assert [(one.name, one.state) for one in _administrators(timezone.now())] == [
        ("admins", "fine"), ("superuser", "warning"),
    ]  # fmt: skip
