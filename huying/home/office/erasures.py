"""Requests of residents to be forgotten: deciding on them, and what still waits for cases to end."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from huying.home.forms import WordsField
from huying.home.office.access import office
from huying.home.office.menu import show
from huying.journeys import erasing
from huying.kit.errors import Refusal
from huying.kit.telling import TellingForm
from huying.kit.text import mask_phone
from huying.mydata.models import ErasureState
from huying.mydata.queries import decided_erasures, open_erasures
from huying.people.permissions import Permission

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse, QueryDict

    from huying.home.office.access import StaffRequest

MOST_OPEN, MOST_DECIDED = 50, 30


class DecisionForm(TellingForm):
    """Why a request is refused."""

    reason = WordsField(
        label=gettext_lazy("Why is it refused?"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def _form(request_id: UUID, data: QueryDict | None = None) -> DecisionForm:
    """Return the form of one request; several stand on a page, each with names of its own for its fields."""
    return DecisionForm(data, auto_id=f"id_{request_id.hex[-6:]}_%s")


@require_safe
@office(Permission.DATA_DECIDE)
def erasures(request: StaffRequest) -> HttpResponse:
    """Show the requests that wait, and the last ones that are over."""
    return _show(request)


def _show(
    request: StaffRequest,
    wrong: DecisionForm | None = None,
    about: UUID | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    rows = []
    for one in open_erasures()[:MOST_OPEN]:
        still, ended = erasing.count_appeals(one.account_id)
        rows.append(
            {
                "request": one, "phone": mask_phone(one.account.phone or ""), "still": still, "ended": ended,
                "waits": one.state == ErasureState.ASKED,
                "form": wrong if wrong and about == one.pk else _form(one.pk),
            }
        )  # fmt: skip
    context = {"rows": rows, "decided": list(decided_erasures()[:MOST_DECIDED])}
    return show(request, "erasures.html", context, status=status)


@require_POST
@office(Permission.DATA_DECIDE)
def decide(request: StaffRequest, request_id: UUID) -> HttpResponse:
    """Agree or refuse; what is agreed is carried out at once as far as it goes."""
    form = _form(request_id, request.POST)
    form.is_valid()
    agreed = request.POST.get("decision") == "agree"
    try:
        left = erasing.decide(
            request_id,
            agreed=agreed,
            reason=form.cleaned_data.get("reason", ""),
            by=request.actor,
            at=request.at,
        )
    except Refusal as refusal:
        form.tell(refusal)
        return _show(request, form, request_id, refusal.reason.status)
    if not agreed:
        messages.success(request, _("The request is refused; the resident reads why."))
    elif left:
        numbers = "、".join(one.number for one in left[:10])
        messages.warning(
            request,
            _("What may be forgotten is. Still to come, when they end or the hold is lifted: %(numbers)s")
            % {"numbers": numbers},
        )
    else:
        messages.success(request, _("Everything is forgotten and the account is closed."))
    return redirect("desk:office:erasures")
