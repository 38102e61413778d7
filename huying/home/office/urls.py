"""Addresses of the town's office, included below the desk."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from huying.home.office import (
    areas,
    calendar,
    calendar_file,
    catalogue,
    deliveries,
    duties,
    erasures,
    importing,
    letter_rules,
    numbers,
    pages,
    wording,
)

app_name = "office"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.index, name="index"),
    path("numbers/", numbers.numbers, name="numbers"),
    path("catalogue/", catalogue.catalogue, name="catalogue"),
    path("catalogue/upload/", catalogue.upload, name="catalogue_upload"),
    path("catalogue/<int:number>/", catalogue.version, name="catalogue_version"),
    path("catalogue/<int:number>/publish/", catalogue.publish, name="catalogue_publish"),
    path("catalogue/<int:number>/table.<slug:kind>", catalogue.download, name="catalogue_download"),
    path("catalogue/<int:number>/item/<path:code>/", catalogue.item, name="catalogue_item"),
    path("duties/", duties.duties, name="duties"),
    path("duties/new/", duties.rule, name="duty_rule"),
    path("duties/<uuid:rule_id>/end/", duties.end, name="duty_end"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/upload/", calendar_file.upload, name="calendar_upload"),
    path("calendar/take/", calendar_file.take, name="calendar_take"),
    path("calendar/day/<str:on>/", calendar.day, name="calendar_day"),
    path("calendar/hours/", calendar.hours, name="calendar_hours_new"),
    path("calendar/hours/<uuid:hours_id>/", calendar.hours, name="calendar_hours"),
    path("areas/", areas.areas, name="areas"),
    path("areas/upload/", areas.upload, name="areas_upload"),
    path("areas/<uuid:area_id>/", areas.area, name="area"),
    path("areas/<uuid:area_id>/below/", areas.below, name="area_below"),
    path("areas/<uuid:area_id>/merge/", areas.merge, name="area_merge"),
    path("forget/", erasures.erasures, name="erasures"),
    path("forget/<uuid:request_id>/", erasures.decide, name="erasure_decide"),
    path("letters/", deliveries.deliveries, name="letters"),
    path("letters/again/", deliveries.resend, name="letters_again"),
    path("letters/words/", wording.words, name="words"),
    path("letters/words/<slug:kind>/<slug:language>/", wording.wording, name="wording"),
    path("letters/rules/", letter_rules.rules, name="letter_rules"),
    path("letters/templates/", letter_rules.templates, name="letter_templates"),
    path("import/", importing.imports, name="imports"),
    path("import/upload/", importing.upload, name="import_upload"),
    path("import/file/<str:sha256>/", importing.file, name="import_file"),
    path("import/<uuid:run_id>/", importing.run, name="import_run"),
    path("import/<uuid:run_id>/resume/", importing.resume, name="import_resume"),
    path("import/<uuid:run_id>/refused.csv", importing.problems, name="import_problems"),
]
