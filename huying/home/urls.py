"""Addresses of residents' pages; the desk's are in `urls_desk`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from huying.home.pages import (
    admitted,
    asking,
    filing,
    following,
    front,
    letters,
    my_appeals,
    near,
    offline,
    outbox,
    own_data,
    proxy,
    public,
)

app_name = "home"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", front.front, name="front"),
    path("my/", my_appeals.appeals, name="appeals"),
    path("my/data/", own_data.own_data, name="own_data"),
    path("my/data/correct/", own_data.correct, name="own_correct"),
    path("my/data/copy/", own_data.copy, name="own_copy"),
    path("my/data/copy/<uuid:copy_id>/my-data.zip", own_data.fetch, name="own_fetch"),
    path("my/data/erase/", own_data.erase, name="own_erase"),
    path("my/data/keep/", own_data.keep, name="own_keep"),
    path("my/forget/", front.forget, name="forget"),
    path("my/reach/", letters.of_account, name="reach_me"),
    path("stop/<str:token>/", letters.stop, name="unsubscribe"),
    path("find/", front.find, name="find"),
    path("admitted/", admitted.admitted, name="admitted"),
    path("file/", filing.file, name="file"),
    path("file/token/", outbox.token, name="token"),
    path("file/outbox/", outbox.outbox, name="outbox"),
    path("file/dangers/", asking.dangers, name="dangers"),
    path("file/places/", asking.places, name="places"),
    path("file/photos/<str:key>/<str:photo>/", asking.waiting_photo, name="waiting_photo"),
    path("sw.js", offline.worker, name="worker"),
    path("offline/<slug:page>/<slug:language>/<slug:look>/", offline.shell, name="shell"),
    path("map/boundaries.json", asking.boundaries, name="boundaries"),
    # What everybody may see.
    path("near/", near.near, name="near"),
    path("near/matters.json", near.matters, name="near_matters"),
    path("near/<str:number>/join/", near.me_too, name="me_too"),
    path("p/", public.public_list, name="public_list"),
    path("p/<str:number>/", public.public, name="public"),
    path("p/<str:number>/photo/<uuid:photo_id>/", public.public_photo, name="public_photo"),
    # By account. They stand before those by link: a token is longer than any of these words.
    path("a/<str:number>/", following.appeal, name="my_appeal"),
    path("a/<str:number>/rate/", following.rate, name="my_rate"),
    path("a/<str:number>/withdraw/", following.withdraw, name="my_withdraw"),
    path("a/<str:number>/reach/", letters.of_appeal, name="my_reach"),
    path("a/<str:number>/photo/<uuid:photo_id>/", following.photo, name="my_photo"),
    path("a/<str:number>/evidence/<uuid:evidence_id>/", following.evidence, name="my_evidence"),
    path("a/<str:number>/do/<slug:key>/", following.act, name="my_act"),
    path("a/<str:number>/for/", proxy.filed_for, name="my_filed_for"),
    path("a/<str:number>/for/end/", proxy.ended, name="my_proxy_end"),
    path("a/<str:number>/contact/", following.contact, name="my_contact"),
    path("a/<str:number>/unpublish/", following.unpublish, name="my_unpublish"),
    # By link.
    path("a/<str:number>/<str:token>/", following.appeal, name="appeal"),
    path("a/<str:number>/<str:token>/done/", filing.done, name="done"),
    path("a/<str:number>/<str:token>/rate/", following.rate, name="rate"),
    path("a/<str:number>/<str:token>/withdraw/", following.withdraw, name="withdraw"),
    path("a/<str:number>/<str:token>/do/<slug:key>/", following.act, name="act"),
    path("a/<str:number>/<str:token>/for/", proxy.filed_for, name="filed_for"),
    path("a/<str:number>/<str:token>/for/end/", proxy.ended, name="proxy_end"),
    path("a/<str:number>/<str:token>/contact/", following.contact, name="contact"),
    path("a/<str:number>/<str:token>/unpublish/", following.unpublish, name="unpublish"),
    path("a/<str:number>/<str:token>/reach/", letters.of_appeal, name="reach"),
    path("a/<str:number>/<str:token>/photo/<uuid:photo_id>/", following.photo, name="photo"),
    path("a/<str:number>/<str:token>/evidence/<uuid:evidence_id>/", following.evidence, name="evidence"),
]
