"""Addresses of the look itself; the gallery is for developers and shown in debug mode only."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from huying.ui import views

app_name = "ui"
urlpatterns: list[URLPattern | URLResolver] = [path("care/", views.set_care, name="care")]
if settings.DEBUG:
    urlpatterns += [path("gallery/", include("huying.ui.gallery.urls"))]
