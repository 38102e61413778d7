"""The two pages of the look itself: the care-mode switch and, for developers, the gallery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

CARE_COOKIE = "care"
CARE_DAYS = 400


@require_POST
def set_care(request: HttpRequest) -> HttpResponse:
    """Switch the care mode (长辈版) on or off for this browser, and go back to the page."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    if request.POST.get("care") == "1":
        response.set_cookie(
            CARE_COOKIE, "1", max_age=CARE_DAYS * 24 * 3600, samesite="Lax", secure=request.is_secure()
        )
    else:
        response.delete_cookie(CARE_COOKIE, samesite="Lax")
    return response
