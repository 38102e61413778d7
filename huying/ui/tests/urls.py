"""Addresses for the tests of the look: its own pages, the gallery and the language switch."""

from __future__ import annotations

from django.urls import include, path

from huying.ui import views

gallery = ([path("care/", views.set_care, name="care")], "ui")
urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("ui/", include(gallery)),
    path("ui/gallery/", include("huying.ui.gallery.urls")),
]
