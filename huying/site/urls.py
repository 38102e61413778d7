"""Every address of the site."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from huying.api.root import api
from huying.site import health

urlpatterns = [
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path("metrics", health.metrics, name="metrics"),
    path("api/v1/", api.urls),
    path("ui/", include("huying.ui.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("huying.people.urls")),
    path("desk/config/", admin.site.urls),
    path("desk/", include("huying.home.urls_desk")),
    path("", include("huying.home.urls")),
]
