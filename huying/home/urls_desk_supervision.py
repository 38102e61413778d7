"""Addresses of supervision at the desk: orders, topics, meetings; mounted with the desk's."""

from __future__ import annotations

from django.urls import path, re_path

from huying.home.desk.supervision import (
    guides,
    households,
    meetings,
    order,
    orders,
    releasing,
    taking_out,
    topics,
)

HERE = "supervision"
MEETING, TOPIC, ORDER = (
    f"{HERE}/meetings/<uuid:meeting_id>", f"{HERE}/topics/<uuid:topic_id>", f"{HERE}/orders/<uuid:order_id>"
)  # fmt: skip
urlpatterns = [
    path(f"{HERE}/orders/", orders.orders, name="orders"),
    path(f"{HERE}/orders/new/", orders.order_new, name="order_new"),
    path(f"{HERE}/orders/export/", taking_out.export, name="orders_export"),
    path(f"{HERE}/orders/weeks/", orders.weeks, name="order_weeks"),
    path(f"{HERE}/orders/weeks/<str:week_on>/", orders.weeks, name="order_week"),
    path(f"{HERE}/topics/", topics.topics, name="topics"),
    path(f"{HERE}/topics/new/", topics.topic_new, name="topic_new"),
    path(f"{TOPIC}/", topics.topic, name="topic"),
    path(f"{TOPIC}/moves/<slug:key>/", topics.topic_move, name="topic_move"),
    path(f"{TOPIC}/cases/", topics.topic_cases, name="topic_cases"),
    path(f"{TOPIC}/list/", topics.topic_list, name="topic_list"),
    path(f"{TOPIC}/release/", releasing.topic_release, name="topic_release"),
    path(f"{TOPIC}/households/", households.households, name="households"),
    path(f"{TOPIC}/households/list/", households.households_list, name="households_list"),
    path(f"{TOPIC}/households/move/", households.households_move, name="households_move"),
    path(f"{HERE}/guides/", guides.guides, name="guides"),
    path(f"{HERE}/guides/new/", guides.guide_new, name="guide_new"),
    path(f"{HERE}/guides/<uuid:guide_id>/", guides.guide, name="guide"),
    path(f"{HERE}/guides/<uuid:guide_id>/<slug:act>/", guides.guide_act, name="guide_act"),
    re_path(
        rf"^{HERE}/guides/(?P<guide_id>[0-9a-f-]{{36}})/(?P<number>[0-9]{{1,3}})\.(?P<kind>docx|pdf)$",
        guides.guide_file, name="guide_file",
    ),
    path(f"{HERE}/meetings/", meetings.meetings, name="meetings"),
    path(f"{MEETING}/", meetings.meeting, name="meeting"),
    path(f"{MEETING}/attendance/", meetings.attendance, name="meeting_attendance"),
    path(f"{MEETING}/business/", meetings.business, name="meeting_business"),
    path(f"{MEETING}/release/", meetings.release, name="meeting_release"),
    re_path(
        rf"^{HERE}/meetings/(?P<meeting_id>[0-9a-f-]{{36}})/minutes\.(?P<kind>docx|pdf)$",
        meetings.minutes, name="meeting_minutes",
    ),
    path(f"{MEETING}/items/<uuid:item_id>/up/", meetings.item_up, name="item_up"),
    path(f"{MEETING}/items/<uuid:item_id>/notes/", meetings.notes, name="item_notes"),
    path(f"{MEETING}/items/<uuid:item_id>/decide/", meetings.decision, name="item_decide"),
    path(f"{MEETING}/items/<uuid:item_id>/off/", meetings.item_off, name="item_off"),
    path(f"{MEETING}/items/<uuid:item_id>/pack/", meetings.pack, name="item_pack"),
    path(f"{ORDER}/", order.order, name="order"),
    path(f"{ORDER}/moves/<slug:key>/", order.order_move, name="order_move"),
    path(f"{ORDER}/interview/", order.interview, name="order_interview"),
    path(f"{ORDER}/interview/<uuid:interview_id>/kept/", order.promise, name="order_promise"),
    path(f"{ORDER}/works/", order.work, name="order_work"),
    path(f"{ORDER}/works/<uuid:work_id>/strike/", order.strike, name="order_strike"),
    path(f"{ORDER}/photos/<uuid:photo_id>/", order.order_photo, name="order_photo"),
    path(f"{ORDER}/release/", releasing.order_release, name="order_release"),
]  # fmt: skip
