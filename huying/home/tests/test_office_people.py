"""The office of who may do what: security changes it, another confirms, the auditor reads."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pyotp
import pytest
from django.utils import timezone

from huying.home.tests.desks import desk_of, toilet_case
from huying.intake.models import LegalHold, RetentionRule
from huying.journeys.watching import tell_auditors
from huying.ledger.models import Fact
from huying.ledger.queries import timeline
from huying.notify.models import Notice
from huying.people.models import Account, AdminProposal, PersonalAccess, Post, PowerSession, Role
from huying.people.permissions import Permission
from huying.testing.cast import staff
from huying.testing.town import CAST, TOTP_SECRET

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
ROOMS = {
    "roles": {"an"}, "roles/new": {"an"}, "roles/handler": {"an"}, "posts": {"an", "guan"},
    "posts/new": {"an"},
    "accounts": {"an"}, "accounts/new": {"an"}, "audit": {"shen"}, "audit/sign-ins": {"shen"},
    "audit/rights": {"shen"}, "audit/power": {"shen"}, "retention": {"guan"},
}  # fmt: skip


def read(client: Client, page: str) -> str:
    return client.get(f"/desk/{page}").content.decode()


@pytest.mark.parametrize("username", [row[0] for row in CAST])
def test_every_room_opens_to_its_administrator_alone(username: str) -> None:
    client = desk_of(username)
    opened = {room for room in ROOMS if client.get(f"/desk/office/{room}/").status_code == 200}
    assert opened == {room for room, who in ROOMS.items() if username in who}


def test_a_role_is_ticked_together_and_holds_at_once() -> None:
    an = desk_of("an")
    told = {"key": "helper", "name": "协管", "on_unit": ["case:see", "case:merge"], "on_area": []}
    assert an.post("/desk/office/roles/new/", told).status_code == 302
    assert "Merge cases and undo it" in read(an, "office/roles/")
    answer = an.post("/desk/office/roles/new/", told)
    assert (answer.status_code, "key already" in answer.content.decode()) == (400, True)
    mixed = told | {"key": "mixed", "on_area": ["people:edit", "system:edit"]}
    assert "one kind of administrator" in an.post("/desk/office/roles/new/", mixed).content.decode()
    assert (
        an.post("/desk/office/roles/helper/", {"name": "协管员", "on_unit": ["case:see"]}).status_code == 302
    )
    assert Role.objects.get(pk="helper").on_unit == ["case:see"]


def test_a_post_is_given_and_ended_and_an_administrator_s_waits_for_a_second_person() -> None:
    an, guan, at = desk_of("an"), desk_of("guan"), timezone.now()
    unit = str(Post.objects.get(account__username="mei").unit_id)
    told = {
        "account": "lin",
        "role": "supervisor",
        "unit": unit,
        "valid_from": timezone.localdate(at).isoformat(),
    }
    assert an.post("/desk/office/posts/new/", told).status_code == 302
    assert staff("lin").holds(Permission.CASE_SUPERVISE)
    given = Post.objects.get(account__username="lin", role="supervisor")
    an.post(f"/desk/office/posts/{given.pk}/end/")
    assert not staff("lin").holds(Permission.CASE_SUPERVISE)
    an.post("/desk/office/posts/new/", told | {"role": "admin", "account": "hao"})
    proposal = AdminProposal.objects.get()
    assert "Somebody else confirms this" in read(an, "office/posts/")
    an.post(f"/desk/office/posts/proposed/{proposal.pk}/", {"decision": "confirm"})
    assert not staff("hao").holds(Permission.SYSTEM_EDIT)
    assert 'value="confirm"' in read(guan, "office/posts/")
    guan.post(f"/desk/office/posts/proposed/{proposal.pk}/", {"decision": "confirm"})
    assert staff("hao").holds(Permission.SYSTEM_EDIT)
    assert "nobody" in an.post("/desk/office/posts/new/", told | {"account": "nobody"}).content.decode()


def test_an_account_is_made_helped_and_locked_and_ones_own_is_left_alone() -> None:
    an = desk_of("an")
    told = {"username": "xin", "name": "新来", "password": "quite a long one"}
    answer = an.post("/desk/office/accounts/new/", told)
    made = Account.objects.get(username="xin")
    page = f"/desk/office/accounts/{made.pk}/"
    assert answer["Location"] == page
    assert an.post(f"{page}lock/", {"reason": ""}).status_code == 422
    an.post(f"{page}lock/", {"reason": "离职"})
    an.post(f"{page}reset/", {"password": "another long one"})
    made.refresh_from_db()
    assert (made.is_active, made.check_password("another long one")) == (False, True)
    an.post(f"{page}unlock/")
    own = Account.objects.get(username="an")
    assert "another administrator changes it" in read(an, f"office/accounts/{own.pk}/")
    an.post(f"/desk/office/accounts/{own.pk}/second-step/")
    own.refresh_from_db()
    assert own.totp_secret
    assert an.post(f"{page}promote/").status_code == 404
    assert (
        an.get(f"/desk/office/accounts/{Account.objects.create_user('r-9', kind='resident').pk}/").status_code
        == 404
    )


def test_power_is_taken_shown_logged_and_told_to_the_auditor() -> None:
    case, guan = toilet_case(), desk_of("guan")
    address = f"/desk/cases/{case.number}/"
    assert guan.get(address).status_code == 404
    code = pyotp.TOTP(TOTP_SECRET).now()
    told = {"reason": "系统故障，核对工单", "minutes": 20, "code": code}
    assert guan.post("/desk/power/", told | {"code": "000000"}).status_code == 400
    assert guan.post("/desk/power/", told).status_code == 302
    page = guan.get(address).content.decode()
    assert "You look into cases in an emergency" in page
    assert "13800138000" not in page
    (kept,) = PersonalAccess.objects.all()
    assert (kept.account_name, kept.subject, kept.reason) == ("管理", case.number, "power")
    assert kept.power == PowerSession.objects.get().pk
    tell_auditors(Fact.objects.get(kind="PowerTaken"))
    assert Notice.objects.get(kind="power_taken").data["name"] == "管理"
    shen = desk_of("shen")
    assert case.number in read(shen, "office/audit/")
    assert "系统故障" in read(shen, "office/audit/power/")
    assert "took power" in read(shen, "office/audit/rights/")
    assert case.number in read(shen, f"office/audit/?q={case.number}")
    day = timezone.localdate() + timedelta(days=2)
    assert case.number not in read(shen, f"office/audit/?from={day.isoformat()}")
    assert guan.post(f"{address}moves/sign/", {"seen": case.fact_seq}).status_code != 302
    guan.post("/desk/power/end/")
    assert guan.get(address).status_code == 404


def test_how_long_data_is_kept_is_the_town_s_and_holds_are_by_number() -> None:
    guan, case = desk_of("guan"), toilet_case()
    number = case.memberships.get().appeal.number
    assert (
        guan.post("/desk/office/retention/closed/", {"days": 90, "basis": "town rule 3"}).status_code == 302
    )
    assert guan.post("/desk/office/retention/closed/", {"days": 0, "basis": "x"}).status_code == 422
    assert RetentionRule.objects.get(pk="closed").days == 90
    assert Fact.objects.filter(kind="RetentionSet").count() == 1
    assert guan.post("/desk/office/retention/hold/", {"number": "SQ0", "reason": "x"}).status_code == 422
    guan.post("/desk/office/retention/hold/", {"number": number, "reason": "诉讼"})
    hold = LegalHold.objects.get()
    assert number in read(guan, "office/retention/")
    guan.post(f"/desk/office/retention/hold/{hold.pk}/lift/")
    hold.refresh_from_db()
    assert hold.lifted_at


def test_a_right_in_nobody_s_role_is_told_and_given_by_one_click_as_new_towns_have_it() -> None:
    for role in Role.objects.all():
        role.on_area = [right for right in role.on_area if right != "case:publish"]
        role.save(update_fields=["on_area"])
    an = desk_of("an")
    page = an.get("/desk/office/roles/").content.decode()
    assert 'value="case:publish"' in page
    assert desk_of("guan").post("/desk/office/roles/new-right/", {"right": "case:publish"}).status_code == 403
    assert an.post("/desk/office/roles/new-right/", {"right": "case:publish"}).status_code == 302
    given = set(Role.objects.filter(on_area__contains=["case:publish"]).values_list("key", flat=True))
    assert given == {"dispatcher", "receiver", "supervisor"}
    told = timeline("rightsbook:rights").filter(kind="RoleSet")
    assert {fact.data["role"] for fact in told} == given
    assert 'value="case:publish"' not in an.get("/desk/office/roles/").content.decode()
    an.post("/desk/office/roles/new-right/", {"right": "case:publish"})
    assert told.count() == len(given)
