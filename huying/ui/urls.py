"""Addresses of the look itself."""

from __future__ import annotations

from django.urls import path

from huying.ui import views

app_name = "ui"
urlpatterns = [
    path("care/", views.set_care, name="care"),
]
