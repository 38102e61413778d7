"""Addresses of the duty board and of incidents; mounted with the desk's."""

from __future__ import annotations

from django.urls import path, re_path

from huying.home.desk.board import behind, board, incident, incidents, walls

urlpatterns = [
    path("board/", board.board, name="board"),
    path("board/live/", board.live, name="board_live"),
    path("board/alerts/", board.alerts, name="board_alerts"),
    path("board/alerts/<uuid:alert_id>/seen/", board.seen, name="board_seen"),
    path("board/cases/", behind.cases, name="board_cases"),
    path("board/screens/", walls.screens, name="board_screens"),
    path("board/screens/<uuid:screen_id>/revoke/", walls.revoke, name="board_screen_revoke"),
    path("incidents/", incidents.incidents, name="incidents"),
    path("incidents/new/", incidents.new, name="incident_new"),
    path("incidents/<uuid:incident_id>/", incident.incident, name="incident"),
    path("incidents/<uuid:incident_id>/report/", incident.report, name="incident_report_now"),
    path("incidents/<uuid:incident_id>/reports/<str:day>/", incident.reported, name="incident_report"),
    re_path(
        r"^incidents/(?P<incident_id>[0-9a-f-]{36})/reports/(?P<day>[0-9-]{10})\.(?P<kind>docx|pdf)$",
        incident.report_file, name="incident_report_file",
    ),
    path("incidents/<uuid:incident_id>/<slug:act>/", incident.act, name="incident_act"),
]  # fmt: skip
