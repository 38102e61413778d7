"""Configuration pages: for who may configure what, with no back door to cases and no second sign-in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib import admin
from django.urls import reverse

from huying.catalogue.models import DangerPhrase
from huying.ledger.configuring import Configuration
from huying.people.models import Account, AccountKind, ApiKey, Unit
from huying.people.permissions import Permission
from huying.people.queries import find_api_key, unit_book
from huying.places.models import Place
from huying.testing.cast import staff
from huying.triage.queries import judge

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
INDEX = "/desk/config/"


@pytest.fixture
def guan(client: Client) -> Client:
    """Return the browser of an administrator who may configure."""
    account = Account.objects.get(username="guan")
    account.is_staff = True
    account.save()
    client.force_login(account)
    return client


def test_only_tables_of_configuration_are_there() -> None:
    names = {model._meta.label_lower for model in admin.site._registry}
    assert names == {
        "admission.gateditem",
        "catalogue.dutyrole", "catalogue.statutoryroute", "catalogue.dangerphrase", "places.arealevel",
        "places.area", "places.place", "places.oldname", "intake.channel", "people.unit", "people.apikey",
    }  # fmt: skip


def test_every_table_asks_for_a_right_there_is() -> None:
    for table in admin.site._registry.values():
        assert isinstance(table, Configuration)
        assert table.needs in set(Permission)


def test_who_may_configure_sees_every_page(guan: Client) -> None:
    assert guan.get(INDEX).status_code == 200
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        assert guan.get(reverse(f"{name}_changelist")).status_code == 200
        row = model._default_manager.first() if model is not Account else Account.objects.get(username="lin")
        if row is not None:
            assert guan.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200


def test_others_are_refused_and_nobody_signs_in_beside_the_desk(client: Client) -> None:
    answer = client.get(INDEX, follow=True)
    assert answer.redirect_chain[-1][0].startswith("/desk/sign-in/")
    client.force_login(Account.objects.get(username="lin"))
    assert client.get(INDEX, follow=True).status_code == 403
    # To be let in is not enough: the posts say which tables.
    Account.objects.filter(username="lin").update(is_staff=True)
    assert client.get(INDEX).status_code == 200
    assert client.get(reverse("admin:catalogue_dutyrole_changelist")).status_code == 403
    assert client.post(reverse("admin:people_unit_add"), {"code": "evil"}).status_code == 403


def test_a_resident_who_was_marked_by_mistake_is_refused(client: Client) -> None:
    resident = Account.objects.create(username="r-1", kind=AccountKind.RESIDENT, is_staff=True)
    client.force_login(resident)
    assert client.get(INDEX, follow=True).status_code == 403


def test_new_words_of_danger_are_judged_by_at_once(guan: Client) -> None:
    rules = judge().rules
    assert rules
    assert not rules.check("门口换了翡翠色的牌子")
    told = {
        "key": "jade",
        "kind": "fire",
        "phrases": "翡翠色\n\n 玛瑙色 ",
        "emergency_number": "119",
        "advice": "离开",
    }
    assert guan.post(reverse("admin:catalogue_dangerphrase_add"), told).status_code == 302
    assert DangerPhrase.objects.get(key="jade").phrases == ["翡翠色", "玛瑙色"]
    rules = judge().rules
    assert rules
    assert rules.check("门口换了翡翠色的牌子")


def test_a_unit_keeps_path_and_sounds_in_step_and_never_lies_below_itself(guan: Client) -> None:
    street, city = Unit.objects.get(code="street"), Unit.objects.get(code="city")
    assert street.area
    told = {"code": "park", "name": "公园管理所", "parent": str(street.pk), "roles": "", "is_active": "on"}
    assert guan.post(reverse("admin:people_unit_add"), told).status_code == 302
    made = Unit.objects.get(code="park")
    assert (made.path, made.initials) == ("street/park", "gygls")
    assert made.pk in unit_book().by_id
    told = {
        "name": street.name,
        "parent": str(city.pk),
        "roles": "",
        "area": str(street.area.pk),
        "is_active": "on",
    }
    answer = guan.post(reverse("admin:people_unit_change", args=[street.pk]), told)
    assert "below itself" in answer.content.decode()
    street.refresh_from_db()
    assert street.parent is None


def test_a_place_is_found_by_its_sound(guan: Client) -> None:
    area = staff("guan") and Unit.objects.get(code="east").area
    assert area
    told = {
        "kind": "estate",
        "code": "E9",
        "name": "翠竹里",
        "aliases": "",
        "area": str(area.pk),
        "lat": "",
        "lon": "",
    }
    assert guan.post(reverse("admin:places_place_add"), told).status_code == 302
    assert Place.objects.get(code="E9").initials == "czl"


def test_a_key_is_shown_once_and_works(guan: Client) -> None:
    answer = guan.post(
        reverse("admin:people_apikey_add"), {"name": "热线平台", "channel": "api"}, follow=True
    )
    shown = answer.content.decode()
    key = shown.partition("<code>")[2].partition("</code>")[0]
    known = find_api_key(key)
    assert known
    assert known.actor.name == "热线平台"
    row = ApiKey.objects.get()
    assert key not in guan.get(reverse("admin:people_apikey_change", args=[row.pk])).content.decode()
    guan.post(reverse("admin:people_apikey_change", args=[row.pk]), {"name": "热线平台"})
    assert find_api_key(key) is None
