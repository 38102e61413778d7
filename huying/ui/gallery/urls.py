"""Addresses of the gallery: include them below a debug-only prefix."""

from __future__ import annotations

from django.urls import path

from huying.ui.gallery import pages

urlpatterns = [
    path("", pages.show, name="gallery"),
    path("<slug:name>/", pages.show, name="gallery_page"),
]
