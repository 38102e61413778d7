"""Addresses of the staff desk, mounted at /desk/.

Work pages (inbox, case, queue, entry) live in `huying/home/desk/`. Pages of the town's office (catalogue, duty
rules, calendar, import, areas, numbers) live in `huying/home/office/` and are included here by its developer:
whoever writes the desk needs not write those.
"""

from __future__ import annotations

from django.urls import include, path

from huying.home.desk import entering

app_name = "desk"
urlpatterns = [
    path("enter/", entering.enter, name="enter"),
    path("enter/<str:number>/", entering.entered, name="entered"),
    path("office/", include("huying.home.office.urls")),
]
