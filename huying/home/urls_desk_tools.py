"""Addresses of the desk's tools: console, grid workers' view, signs of presence; mounted with the desk's."""

from __future__ import annotations

from django.urls import path

from huying.home.desk import (
    being_here,
    console,
    grid,
    grid_kept,
    grid_outbox,
    grid_steps,
    handing,
    phrasing,
    rosters,
    sheet,
    today,
)

urlpatterns = [
    path("today/", today.today, name="today"),
    path("modules/", today.modules, name="modules"),
    path("console/", console.console, name="console"),
    path("console/<str:number>/", console.decide, name="decide"),
    path("cases/<str:number>/sheet/", sheet.sheet, name="sheet"),
    path("phrases/", phrasing.phrases, name="phrases"),
    path("phrases/<uuid:phrase_id>/", phrasing.phrases, name="phrase"),
    path("phrases/<uuid:phrase_id>/delete/", phrasing.delete, name="phrase_delete"),
    path("cases/<str:number>/here/", being_here.here, name="here"),
    path("grid/", grid.grid, name="grid"),
    path("grid/found/", grid.found, name="grid_found"),
    path("grid/outbox/", grid_outbox.outbox, name="grid_outbox"),
    path("grid/step/<str:number>/<slug:move>/", grid_steps.step, name="grid_step"),
    path("grid/kept/", grid_kept.tasks, name="grid_kept"),
    path("grid/kept/found/", grid_kept.found, name="grid_kept_found"),
    path("grid/worker.js", grid_kept.worker, name="grid_worker"),
    path("grid/found/<uuid:key>/<slug:kind>/<uuid:photo_id>/", grid.found_photo, name="found_photo"),
    path("posts/", handing.posts, name="posts"),
    path("posts/<uuid:handover_id>/", handing.handover, name="handover"),
    path("rosters/", rosters.rosters, name="rosters"),
    path("rosters/new/", rosters.new, name="roster_new"),
    path("rosters/<uuid:roster_id>/upload/", rosters.upload, name="roster_upload"),
    path("rosters/<uuid:roster_id>/close/", rosters.close, name="roster_close"),
]
