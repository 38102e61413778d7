"""Following an appeal: its page, the verdict, taking it back, and its pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from huying.cases.models import Evidence
from huying.cases.moves import MOVE
from huying.feedback.actions import Answer, rate_reply
from huying.feedback.models import Outcome, Rating, RatingRequest
from huying.home.forms import ContactForm, RatingForm, WithdrawForm
from huying.home.pages.acting import ACTS, ActForm, act_on, offered
from huying.home.pages.reach import actor_at, keep_staff_out, reach, resident_of, show, sign_in_first
from huying.home.pages.standing import outlook, present_cases, title_of
from huying.home.pages.story import story_of
from huying.intake.contacts import correct_contact
from huying.intake.models import Party
from huying.intake.photos import show_file
from huying.intake.proxies import proxy_of
from huying.journeys.withdrawing import take_back
from huying.kit.errors import Refusal
from huying.kit.text import mask_name, mask_phone
from huying.notify.actions import mark_read
from huying.notify.queries import notices_of_appeals
from huying.publicity.actions import withdraw_own_words
from huying.publicity.queries import page_of_appeal

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from huying.cases.models import Reply
    from huying.home.pages.reach import Reached
    from huying.kit.telling import TellingForm

PAGES = ("rate", "withdraw", "unpublish", "contact", "reach", "filed_for", "proxy_end")


@never_cache
@require_safe
def appeal(request: HttpRequest, number: str, token: str = "") -> HttpResponse:
    """Show an appeal and its way."""
    if not token and resident_of(request) is None:
        return sign_in_first(request)
    reached = reach(request, number, token)
    unseen = notices_of_appeals([reached.appeal.pk]).filter(read_at=None).values_list("pk", flat=True)
    mark_read(unseen, at=timezone.now())
    return _show(request, reached)


def _show(request: HttpRequest, reached: Reached, wrong: TellingForm | None = None) -> HttpResponse:
    """Show the page; `wrong` is the form that was just refused."""
    appeal, at = reached.appeal, timezone.now()
    case = present_cases([appeal.pk]).get(appeal.pk)
    asked = _open_question(appeal.pk)
    story = story_of(appeal, case)
    context = {
        "appeal": appeal, "case": case, "story": story, "now": at, "tab": "appeals",
        "outlook": outlook(appeal, case, asked_until=asked.closes_at if asked else None, at=at),
        "asked": asked,
        "title": title_of(appeal), "photos": _photos(reached), "replies": _replies(reached, story.replies),
        "rating": wrong if isinstance(wrong, RatingForm) else RatingForm(),
        "withdraw": wrong if isinstance(wrong, WithdrawForm) else WithdrawForm(),
        "given": _given(appeal.pk), "public": page_of_appeal(appeal.pk),
        "contact": _contact(reached), "correcting": _correcting(reached, wrong),
        "proxy": proxy_of(appeal.pk), "by_link": bool(reached.token),
        "acts": [
            {"url": reached.url("act", one.act.key), "one": one}
            for one in offered(case, by=actor_at(request, at=at), at=at, wrong=wrong)
        ],
        "urls": {name: reached.url(name) for name in PAGES},
    }  # fmt: skip
    status = wrong.refusal.reason.status if wrong and wrong.refusal else 400 if wrong else 200
    return show(request, "home/appeal.html", context, status=status)


def _contact(reached: Reached) -> dict[str, str]:
    """Return the contact of an appeal: whole to its account, in part to whoever has the link."""
    party = Party.objects.filter(appeal=reached.appeal).first()
    if party is None:
        return {"name": "", "phone": ""}
    if reached.token:
        return {"name": mask_name(party.name), "phone": mask_phone(party.phone)}
    return {"name": party.name, "phone": party.phone}


def _correcting(reached: Reached, wrong: TellingForm | None) -> ContactForm:
    if isinstance(wrong, ContactForm):
        return wrong
    return ContactForm(initial={} if reached.token else _contact(reached), auto_id="contact_%s")


def _open_question(appeal_id: UUID) -> RatingRequest | None:
    """Return the question this resident may answer now."""
    asked = RatingRequest.objects.filter(
        appeal_id=appeal_id, outcome=Outcome.WAITING, closes_at__gte=timezone.now()
    )
    return asked.order_by("-asked_at").first()


def _given(appeal_id: UUID) -> Rating | None:
    """Return the resident's last verdict."""
    return Rating.objects.filter(request__appeal_id=appeal_id).order_by("-at").first()


def _photos(reached: Reached) -> list[dict[str, str]]:
    return [
        {
            "url": reached.url("photo", photo.pk),
            "thumb_url": f"{reached.url('photo', photo.pk)}?small=1",
            "alt": _("Photo %(number)d of your appeal") % {"number": number},
        }
        for number, photo in enumerate(reached.appeal.photos.order_by("id"), start=1)
    ]


def _replies(reached: Reached, replies: list[Reply]) -> list[dict[str, object]]:
    return [
        {
            "reply": reply,
            "photos": [
                {
                    "url": reached.url("evidence", evidence.pk),
                    "thumb_url": f"{reached.url('evidence', evidence.pk)}?small=1",
                    "alt": evidence.caption or _("Photo of what was done"),
                }
                for evidence in reply.evidence.all()
            ],
        }
        for reply in replies
    ]


@require_POST
def rate(request: HttpRequest, number: str, token: str = "") -> HttpResponse:
    """Take the resident's verdict."""
    reached, at = reach(request, number, token), timezone.now()
    keep_staff_out(request)
    form = RatingForm(request.POST)
    if not form.is_valid():
        return _show(request, reached, form)
    told = form.cleaned_data | ({} if proxy_of(reached.appeal.pk) else {"spoke_as": ""})
    answer = Answer(**told)
    try:
        rate_reply(reached.appeal.pk, answer, by=actor_at(request, at=at), at=at)
    except Refusal as refusal:
        form.tell(refusal)
        return _show(request, reached, form)
    if answer.content:
        messages.success(request, _("Thank you. Your verdict has been received."))
    else:
        messages.warning(
            request, _("Thank you for saying so. It goes back to the unit, which works on it again.")
        )
    return redirect(reached.url())


@require_POST
def withdraw(request: HttpRequest, number: str, token: str = "") -> HttpResponse:
    """Take the appeal back."""
    reached, at = reach(request, number, token), timezone.now()
    keep_staff_out(request)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return _show(request, reached, form)
    try:
        take_back(reached.appeal.pk, by=actor_at(request, at=at), at=at, reason=form.cleaned_data["reason"])
    except Refusal as refusal:
        form.tell(refusal)
        return _show(request, reached, form)
    messages.success(request, _("You have taken your appeal back."))
    return redirect(reached.url())


@require_POST
def act(request: HttpRequest, number: str, key: str, token: str = "") -> HttpResponse:
    """Supply details, object, open the matter again, or urge."""
    reached, at = reach(request, number, token), timezone.now()
    keep_staff_out(request)
    known = ACTS.get(key)
    case = present_cases([reached.appeal.pk]).get(reached.appeal.pk)
    if known is None or key not in MOVE or case is None:
        raise Http404(key)
    form = ActForm(known, request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, reached, form)
    try:
        act_on(case.pk, reached.appeal.pk, form, by=actor_at(request, at=at), at=at)
    except Refusal as refusal:
        form.tell(refusal)
        return _show(request, reached, form)
    messages.success(request, str(known.done))
    return redirect(reached.url())


@require_POST
def contact(request: HttpRequest, number: str, token: str = "") -> HttpResponse:
    """Correct the contact of an appeal, or take it out."""
    reached, at = reach(request, number, token), timezone.now()
    keep_staff_out(request)
    form = ContactForm(request.POST, auto_id="contact_%s")
    if not form.is_valid():
        return _show(request, reached, form)
    told, by = form.cleaned_data, actor_at(request, at=at)
    try:
        correct_contact(reached.appeal.pk, name=told["name"], phone=told["phone"], by=by, at=at)
    except Refusal as refusal:
        form.tell(refusal)
        return _show(request, reached, form)
    messages.success(request, _("Your contact is corrected."))
    return redirect(reached.url())


@require_POST
def unpublish(request: HttpRequest, number: str, token: str = "") -> HttpResponse:
    """Take the public page of the matter down, because its resident asks for it."""
    reached, at = reach(request, number, token), timezone.now()
    keep_staff_out(request)
    withdraw_own_words(reached.appeal.pk, by=actor_at(request, at=at), at=at)
    messages.success(request, _("The public page is gone. Your appeal goes on as before."))
    return redirect(reached.url())


@require_safe
def photo(request: HttpRequest, number: str, photo_id: UUID, token: str = "") -> HttpResponse:
    """Show a photo of an appeal to whoever may see the appeal."""
    found = get_object_or_404(reach(request, number, token).appeal.photos, pk=photo_id)
    return show_file(found.thumb_as if "small" in request.GET else found.stored_as)


@require_safe
def evidence(request: HttpRequest, number: str, evidence_id: UUID, token: str = "") -> HttpResponse:
    """Show a photo of an answer to whoever the answer is for."""
    appeal = reach(request, number, token).appeal
    story = story_of(appeal, present_cases([appeal.pk]).get(appeal.pk))
    found = get_object_or_404(Evidence, pk=evidence_id)
    if found.reply_id not in {reply.pk for reply in story.replies}:
        raise Http404(str(evidence_id))
    return show_file(found.thumb_as if "small" in request.GET else found.stored_as)
