"""Addresses of hot spots and trends at the desk; mounted with the desk's."""

from __future__ import annotations

from django.urls import path

from huying.home.desk.hotspots import acts, alerts, listing, page
from huying.home.desk.trends.page import trend

urlpatterns = [
    path("hot/", listing.hot_spots, name="hot_spots"),
    path("hot/alerts/", alerts.alerts, name="hot_alerts"),
    path("hot/alerts/<uuid:alert_id>/seen/", alerts.seen, name="hot_alert_seen"),
    path("hot/<uuid:key>/", page.hot_spot, name="hot_spot"),
    path("hot/<uuid:key>/<slug:name>/", acts.act, name="hot_act"),
    path("trend/", trend, name="trend"),
]
