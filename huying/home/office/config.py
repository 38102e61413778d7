"""The site of configuration pages: entered through our own sign-in, with the rights of the posts held."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huying.kit.errors import Refusal
from huying.ledger.configuring import Configuration
from huying.people.door import needs_second_step, was_left_alone
from huying.people.models import Account, AccountKind
from huying.people.queries import actor_of, may_configure
from huying.people.reasons import NOT_ALLOWED

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin
    from django.http import HttpRequest, HttpResponse


ROOMS = {
    "admission": _("Admission"),
    "catalogue": _("Catalogue and calendar"),
    "intake": _("How appeals come in"),
    "people": _("People and units"),
    "places": _("Places"),
}


class ConfigSite(AdminSite):
    """Django's configuration pages below the desk."""

    site_header = _("Huying: configuration")
    site_title = _("Configuration")
    index_title = _("Tables of the town")
    site_url = "/desk/office/"
    enable_nav_sidebar = True

    def register(
        self,
        model_or_iterable: Any,  # noqa: ANN401 - Django's signature
        admin_class: type[ModelAdmin[Any]] | None = None,
        **options: Any,  # noqa: ANN401 - likewise
    ) -> None:
        """Take the tables that ask for a right of ours; what other packages bring along stays out."""
        if admin_class is not None and issubclass(admin_class, Configuration):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether somebody may come in at all; what for is judged table by table, by `request.actor`."""
        account = request.user
        if not isinstance(account, Account) or not account.is_active or account.kind != AccountKind.STAFF:
            return False
        at = timezone.now()
        actor = actor_of(account, at=at)
        if not may_configure(account, actor) or was_left_alone(request, at=at):
            return False
        if account.must_change_password or needs_second_step(account, actor):
            return False
        request.actor = actor  # type: ignore[attr-defined]  # read by Configuration
        return True

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # noqa: ARG002 - Django's
        """Send people to the sign-in with its second step and its limits, never to another one beside it."""
        if isinstance(request.user, Account):
            raise Refusal(NOT_ALLOWED)
        return redirect_to_login(request.GET.get("next") or "/desk/config/")

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Return the tables by room of the house, the rooms called as people call them."""
        rooms: list[Any] = super().get_app_list(request, app_label)
        for room in rooms:
            room["name"] = ROOMS.get(room["app_label"], room["name"])
        return rooms
