"""Addresses of signing in and out."""

from __future__ import annotations

from django.urls import path

from huying.people import pages

app_name = "people"
urlpatterns = [
    path("sign-in/", pages.phone, name="phone"),
    path("sign-in/code/", pages.code, name="code"),
    path("sign-out/", pages.sign_out, name="sign_out"),
    path("desk/sign-in/", pages.sign_in, name="sign_in"),
    path("desk/password/", pages.password, name="password"),
    path("desk/second-step/", pages.second_step, name="second_step"),
]
