"""Addresses of papers at the desk: reminder letters and bulletins; mounted at /desk/papers/."""

from __future__ import annotations

from django.urls import path

from huying.home.desk.papers import bulletins, letters, setup

urlpatterns = [
    path("letters/", letters.letters, name="letters"),
    path("letters/new/", letters.letter_new, name="letter_new"),
    path("letters/<uuid:key>/", letters.letter, name="letter"),
    path("letters/<uuid:key>/letter.<slug:ending>", letters.letter_file, name="letter_file"),
    path("letters/<uuid:key>/<slug:act>/", letters.letter_act, name="letter_act"),
    path("bulletins/", bulletins.bulletins, name="bulletins"),
    path("bulletins/<uuid:key>/", bulletins.bulletin, name="bulletin"),
    path("bulletins/<uuid:key>/bulletin.<slug:ending>", bulletins.bulletin_file, name="bulletin_file"),
    path("bulletins/<uuid:key>/compare/", bulletins.compare, name="bulletin_compare"),
    path("bulletins/<uuid:key>/<slug:act>/", bulletins.bulletin_act, name="bulletin_act"),
    path("setup/", setup.setup, name="papers_setup"),
]
