"""What waited on a resident's phone for the network: taken in once, photo by photo, answered as JSON."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.http import JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from huying.home.pages.drafting import CHECK, as_key, draft_of, keep_photos, mark_of, sent_back
from huying.home.pages.filing import done_url, sent_before, take_in, taken_under
from huying.home.pages.reach import remember, resident_of
from huying.kit.errors import Refusal

if TYPE_CHECKING:
    from django.http import HttpRequest

    from huying.home.pages.drafting import Filing
    from huying.intake.models import Appeal

LONGEST_MOMENT = 40


@never_cache
@require_safe
def token(request: HttpRequest) -> JsonResponse:
    """Give our own scripts the token a form would carry: a page kept for days has an old one, or none."""
    return JsonResponse({"token": get_token(request)})


@never_cache
@require_http_methods(["GET", "POST"])
def outbox(request: HttpRequest) -> JsonResponse:
    """Take one photo or the whole appeal of a draft; with GET, say whether its key was taken before.

    The answer's `state` is: `taken` (with number and address), `unknown`, `kept` (a photo), `photos_missing`
    (send them again), `later` (with `seconds`), or `refused` (with the sentence that says why).
    """
    sent = request.GET if request.method == "GET" else request.POST
    key = as_key(sent.get("key", ""))
    if key is None:
        return _say(HTTPStatus.BAD_REQUEST, state="unknown")
    known = taken_under(str(key))
    if known is not None:
        return _taken(known)
    if request.method == "GET":
        return _say(HTTPStatus.OK, state="unknown")
    filing = sent_back(request, at=timezone.now())
    filing.step = CHECK
    filing.as_guest = sent.get("who", "") != mark_of(resident_of(request))
    filing.written_at = sent.get("written_at", "")[:LONGEST_MOMENT]
    keep_photos(filing, ())
    if sent.get("part") == "photo":
        return _photo(filing)
    if filing.form.is_valid() and len(filing.photos) < _promised(sent.get("photo_count", "")):
        return _say(HTTPStatus.CONFLICT, state="photos_missing")
    return _whole(filing)


def _photo(filing: Filing) -> JsonResponse:
    """Answer to one photo; what is wrong with the rest of the form is told with the whole."""
    if filing.form.errors.get("photos"):
        return _refused(filing)
    return _say(HTTPStatus.OK, state="kept", photos=len(filing.photos))


def _whole(filing: Filing) -> JsonResponse:
    if not filing.form.is_valid():
        return _refused(filing)
    draft = draft_of(filing)
    before = sent_before(filing, draft)
    if before is not None:
        return _taken(before)
    try:
        appeal, _new = take_in(filing, draft)
    except Refusal as refusal:
        filing.tell(refusal)
        return _refused(filing)
    answer = _taken(appeal, HTTPStatus.CREATED)
    if filing.account is None:
        remember(answer, filing.request, appeal)
    return answer


def _taken(appeal: Appeal, status: HTTPStatus = HTTPStatus.OK) -> JsonResponse:
    return _say(status, state="taken", number=appeal.number, url=done_url(appeal))


def _refused(filing: Filing) -> JsonResponse:
    """Say what is wrong, or when to come again."""
    refusal = filing.form.refusal
    if refusal is not None and refusal.retry_after_seconds is not None:
        return _say(HTTPStatus.TOO_MANY_REQUESTS, state="later", seconds=refusal.retry_after_seconds)
    sentences = [str(error) for errors in filing.form.errors.values() for error in errors]
    return _say(HTTPStatus.UNPROCESSABLE_ENTITY, state="refused", sentence=" ".join(sentences))


def _promised(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < LONGEST_MOMENT else 0


def _say(status: HTTPStatus, **told: Any) -> JsonResponse:  # noqa: ANN401 - whatever JSON holds
    return JsonResponse(told, status=status)
