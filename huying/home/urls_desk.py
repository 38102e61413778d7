"""Addresses of the staff desk, mounted at /desk/.

Work pages (inbox, case, queue, entry) live in `huying/home/desk/`. Pages of the town's office (catalogue,
duty rules, calendar, import, areas, numbers) live in `huying/home/office/` and are included here.
"""

from __future__ import annotations

from django.urls import include, path

from huying.home import maps
from huying.home.desk import (
    admitting,
    bulk,
    calling,
    case,
    entering,
    exporting,
    inbox,
    items,
    live,
    notices,
    persons,
    publishing,
    queue,
    reaching,
    ruling,
    tree,
    views,
)

app_name = "desk"
urlpatterns = [
    path("", inbox.mine, name="inbox"),
    path("area/", inbox.area, name="area"),
    path("search/", inbox.find, name="search"),
    path("counts/", live.live_counts, name="counts"),
    path("tree/", tree.tree, name="tree"),
    path("views/", views.views, name="views"),
    path("views/save/", views.save, name="view_save"),
    path("views/columns/", views.columns, name="columns"),
    path("views/<uuid:view_id>/", views.view, name="view"),
    path("views/<uuid:view_id>/change/", views.change, name="view_change"),
    path("bulk/", bulk.bulk, name="bulk"),
    path("bulk/<uuid:key>/", bulk.run, name="bulk_run"),
    path("exports/", exporting.exports, name="exports"),
    path("exports/new/", exporting.export_new, name="export_new"),
    path("exports/<uuid:key>/", exporting.export_file, name="export_file"),
    path("queue/", queue.queue, name="queue"),
    path("returns/", queue.returns, name="returns"),
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.read, name="notices_read"),
    path("reach/", reaching.reaching, name="reaching"),
    path("items/", items.items, name="items"),
    path("admission/", admitting.applications, name="admissions"),
    path("admission/new/", admitting.apply, name="admission_new"),
    path("admission/<uuid:application_id>/", admitting.application, name="admission"),
    path("admission/<uuid:application_id>/complete/", admitting.complete, name="admission_complete"),
    path("admission/<uuid:application_id>/rule/", admitting.rule, name="admission_rule"),
    path("admission/<uuid:application_id>/return/", admitting.send_back, name="admission_return"),
    path("admission/<uuid:application_id>/withdraw/", admitting.take_back, name="admission_withdraw"),
    path("admission/<uuid:application_id>/review/", admitting.review, name="admission_review"),
    path("rules/", ruling.proposals, name="rules"),
    path("rules/<uuid:proposal_id>/", ruling.proposal, name="rule"),
    path("rules/<uuid:proposal_id>/vote/<uuid:unit_id>/", ruling.vote, name="rule_vote"),
    path("rules/<uuid:proposal_id>/decide/", ruling.decide, name="rule_decide"),
    path("map/boundaries.json", maps.boundaries, name="boundaries"),
    path("cases/<str:number>/", case.case, name="case"),
    path("cases/<str:number>/moves/<slug:key>/", case.move, name="move"),
    path("cases/<str:number>/calls/<str:appeal>/", calling.call, name="call"),
    path("cases/<str:number>/appeals/<str:appeal>/show/", persons.show, name="show_contact"),
    path("watermark.svg", persons.watermark, name="watermark"),
    path("cases/<str:number>/twins/<uuid:suspect_id>/", case.twin, name="twin"),
    path("cases/<str:number>/photos/<uuid:photo_id>/", case.photo, name="photo"),
    path("cases/<str:number>/evidence/<uuid:evidence_id>/", case.evidence, name="evidence"),
    path("cases/<str:number>/publish/", publishing.publish, name="publish"),
    path("cases/<str:number>/unpublish/", publishing.unpublish, name="unpublish"),
    path("kept/<uuid:key>/<uuid:photo_id>/", case.kept_photo, name="kept_photo"),
    path("enter/", entering.enter, name="enter"),
    path("enter/photos/<uuid:key>/<uuid:photo_id>/", entering.waiting_photo, name="waiting_photo"),
    path("enter/<str:number>/", entering.entered, name="entered"),
    path("", include("huying.home.urls_desk_tools")),
    path("office/", include("huying.home.office.urls")),
]
