"""The door of the desk: who did nothing for long goes out, who must change something does it first."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from huying.kit.network import client_ip
from huying.people.models import Account, SignInEntry, SignInOutcome
from huying.people.power import note_seen
from huying.people.queries import SHANGHAI, is_administrator
from huying.people.reasons import SECOND_STEP_FIRST

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from huying.ledger.actor import Actor

SEEN = "seen_at"
# The session is written this often at most, not with every click.
NOTED_EVERY = timedelta(seconds=60)


def log_sign_in(
    request: HttpRequest, outcome: SignInOutcome, *, account: Account | None, at: datetime
) -> None:
    """Write down a try of staff to come in, or their going. A name nobody has is not kept."""
    SignInEntry.objects.create(
        at=at, account_id=account.pk if account else None, account_name=str(account)[:80] if account else "",
        outcome=outcome, network=client_ip(request)[:50], browser=request.headers.get("User-Agent", "")[:120],
    )  # fmt: skip


def was_left_alone(request: HttpRequest, *, at: datetime) -> bool:
    """Return whether a session of staff was left alone for too long; note that it is used now otherwise."""
    told = request.session.get(SEEN)
    seen = datetime.fromisoformat(told) if told else None
    if seen is not None and at - seen > timedelta(minutes=settings.IDLE_MINUTES):
        return True
    if seen is None or at - seen > NOTED_EVERY:
        request.session[SEEN] = at.isoformat()
    return False


def needs_second_step(account: Account, by: Actor) -> bool:
    """Return whether an administrator has not set up the second step yet; a demo asks nobody."""
    return is_administrator(by) and not account.totp_secret and not settings.DEMO


def stop_at_door(request: HttpRequest, account: Account, by: Actor, *, at: datetime) -> HttpResponse | None:
    """Return where somebody has to go before the desk opens, None when it is open to them."""
    if was_left_alone(request, at=at):
        log_sign_in(request, SignInOutcome.IDLE, account=account, at=at)
        logout(request)
        messages.info(request, _("You were signed out because nothing was done for a while."))
        return redirect_to_login(request.get_full_path() if request.method == "GET" else "/desk/")
    if account.must_change_password:
        return redirect("people:password")
    if needs_second_step(account, by):
        messages.warning(request, str(SECOND_STEP_FIRST.sentence))
        return redirect("people:second_step")
    if by.power is not None:
        note_seen(by.power, at=at)
    return None


def last_visit(account: Account, *, before: datetime) -> str:
    """Return when an account came in last, from where, and how often somebody failed since."""
    past = SignInEntry.objects.filter(account_id=account.pk, at__lt=before)
    last = past.filter(outcome=SignInOutcome.IN).order_by("-at").first()
    if last is None:
        return ""
    wrong = past.filter(outcome=SignInOutcome.WRONG, at__gt=last.at).count()
    when = last.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    told = _("Last sign-in: %(when)s from %(network)s.") % {"when": when, "network": last.network or "—"}
    if wrong:
        told += " " + _("Since then a wrong password was tried %(wrong)d times.") % {"wrong": wrong}
    return told


def is_new_place(request: HttpRequest, account: Account, *, before: datetime) -> bool:
    """Return whether an account used before is now used from a network and browser not seen so far."""
    past = SignInEntry.objects.filter(account_id=account.pk, outcome=SignInOutcome.IN, at__lt=before)
    here = {"network": client_ip(request)[:50], "browser": request.headers.get("User-Agent", "")[:120]}
    return past.exists() and not past.filter(**here).exists()
