"""Who is at the other end of a request, as far as the network tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest


def client_ip(request: HttpRequest) -> str:
    """Return the address a request came from; "" when nothing says so (a socket without addresses).

    Behind `settings.TRUSTED_PROXIES` proxies the address is the one the outermost of them wrote: counted from
    the right end of X-Forwarded-For, since whatever stands left of it the client may have written itself.
    """
    trusted = int(settings.TRUSTED_PROXIES)
    if trusted:
        told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
        if len(told) >= trusted:
            return told[-trusted]
    return str(request.META.get("REMOTE_ADDR", ""))
