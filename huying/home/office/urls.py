"""Addresses of the town's office, included below the desk."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from huying.home.office import importing, pages

app_name = "office"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.index, name="index"),
    path("import/", importing.imports, name="imports"),
    path("import/upload/", importing.upload, name="import_upload"),
    path("import/file/<str:sha256>/", importing.file, name="import_file"),
    path("import/<uuid:run_id>/", importing.run, name="import_run"),
    path("import/<uuid:run_id>/resume/", importing.resume, name="import_resume"),
    path("import/<uuid:run_id>/refused.csv", importing.problems, name="import_problems"),
]
