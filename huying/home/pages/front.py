"""The front page, my appeals, and finding an appeal again."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from huying.board.speaking import spoken
from huying.home.forms import FindForm
from huying.home.pages.reach import Reached, forget_all, mine, resident_of, show
from huying.home.pages.standing import standings
from huying.intake.links import token_of
from huying.intake.models import Appeal
from huying.kit.errors import Refusal
from huying.notify.letters import words_of
from huying.notify.queries import notices_of_appeals
from huying.people.pages import send_code
from huying.people.phones import is_same_phone
from huying.workbench.modules import is_on

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

    from huying.people.models import Account

RECENT, NOTICES = 3, 5


@never_cache
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """Show the one large button, and how my appeals stand."""
    own = mine(request, limit=RECENT)
    context = {
        "tab": "home", "appeals": standings(own), "notices": _notices(own), "now": timezone.now(),
        "statements": spoken() if is_on("incidents") else (),
    }  # fmt: skip
    return show(request, "home/front.html", context)


def _notices(own: Sequence[Reached]) -> list[dict[str, object]]:
    """Return the newest notices on these appeals, in words, with the page they lead to."""
    if not own:
        return []
    by_key = {one.appeal.pk: one for one in own}
    found = notices_of_appeals(by_key)[:NOTICES]
    return [
        {"words": words_of(notice), "at": notice.at, "unread": notice.read_at is None,
         "url": by_key[notice.to_appeal_id].url()}
        for notice in found if notice.to_appeal_id in by_key
    ]  # fmt: skip


@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """Let this browser forget the links it remembers: it may be somebody else's."""
    answer = redirect("home:appeals")
    forget_all(answer)
    messages.success(request, _("This device no longer remembers your appeals. Their links still work."))
    return answer


@never_cache
def find(request: HttpRequest) -> HttpResponse:
    """Find an appeal by its number and the phone given with it; a code proves that the phone is yours."""
    at, account = timezone.now(), resident_of(request)
    if request.method != "POST":
        number = request.GET.get("number", "")
        if account is not None and number:
            return _open(request, account, number)
        return show(
            request, "home/find.html", {"form": FindForm(initial={"number": number}), "tab": "appeals"}
        )
    form = FindForm(request.POST)
    if form.is_valid():
        target = f"{reverse('home:find')}?{urlencode({'number': form.cleaned_data['number']})}"
        if account is not None and account.phone == form.cleaned_data["phone"]:
            return redirect(target)
        try:
            send_code(request, form.cleaned_data["phone"], next_url=target, at=at)
        except Refusal as refusal:
            form.tell(refusal, field="phone")
        else:
            return redirect("people:code")
    status = form.refusal.reason.status if form.refusal else 400
    return show(request, "home/find.html", {"form": form, "tab": "appeals"}, status=status)


def _open(request: HttpRequest, account: Account, number: str) -> HttpResponse:
    """Lead to the appeal with this number when it was filed by this account or with its proven phone."""
    appeal = Appeal.objects.select_related("party").filter(number=number).first()
    if appeal is not None and appeal.account_id == account.pk:
        return redirect(Reached(appeal, "").url())
    party = getattr(appeal, "party", None)
    if appeal is not None and party is not None and is_same_phone(party.phone, account.phone or ""):
        return redirect(Reached(appeal, token_of(appeal.pk, edition=appeal.link_edition)).url())
    messages.error(request, _("There is no appeal with this number that was filed with your phone."))
    return redirect("home:appeals")
