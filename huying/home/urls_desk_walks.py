"""Addresses of walks, drives and indices at the desk; mounted with the desk's."""

from __future__ import annotations

from django.urls import path

from huying.home.desk.walks import counting, drives, going, indexing, planning, proposing, themes

urlpatterns = [
    path("walks/", planning.walks, name="walks"),
    path("walks/new/", planning.new, name="walk_new"),
    path("walks/themes/", themes.themes, name="walk_themes"),
    path("walks/themes/starters/", themes.starters, name="walk_starters"),
    path("walks/themes/<uuid:theme_id>/", themes.theme, name="walk_theme"),
    path("walks/months/", themes.months, name="walk_months"),
    path("walks/tally/", counting.tally, name="walk_tally"),
    path("walks/tally/report/", counting.month_report, name="walk_month_report"),
    path("walks/tally/report.<slug:ending>", counting.month_file, name="walk_month_file"),
    path("walks/go/", going.go, name="walk_go"),
    path("walks/go/outbox/", going.outbox, name="walk_outbox"),
    path("walks/go/kept/", going.kept, name="walk_kept"),
    path("walks/go/worker.js", going.worker, name="walk_worker"),
    path("walks/<uuid:walk_id>/", planning.walk, name="walk"),
    path("walks/<uuid:walk_id>/change/", planning.change, name="walk_change"),
    path("walks/<uuid:walk_id>/off/", planning.off, name="walk_off"),
    path("walks/<uuid:walk_id>/topic/", proposing.walk_topic, name="walk_topic"),
    path("walks/<uuid:walk_id>/report/", counting.walk_report, name="walk_report"),
    path("walks/<uuid:walk_id>/report.<slug:ending>", counting.walk_file, name="walk_file"),
    path("drives/", drives.drives, name="drives"),
    path("drives/new/", drives.edit, name="drive_new"),
    path("drives/<uuid:drive_id>/", drives.drive, name="drive"),
    path("drives/<uuid:drive_id>/change/", drives.edit, name="drive_edit"),
    path("drives/<uuid:drive_id>/mark/", drives.mark, name="drive_mark"),
    path("drives/<uuid:drive_id>/cleared/", drives.enter, name="drive_enter"),
    path("drives/<uuid:drive_id>/cleared/<uuid:line_id>/strike/", drives.strike, name="drive_strike"),
    path("indices/", indexing.indices, name="indices"),
    path("indices/take/", indexing.take, name="index_take"),
    path("indices/<uuid:series_id>/direction/", indexing.direction, name="index_direction"),
]
