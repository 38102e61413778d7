"""Papers of an application at the desk: attached, read by who may see the application, taken off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huying.home.desk.access import staff_required
from huying.home.desk.admitting import found_application, page_of_application
from huying.home.desk.admitting_forms import PaperForm
from huying.home.desk.frame import GUARDING
from huying.journeys.attaching import PICTURE, attach_file, read_file, take_file_off
from huying.kit.errors import Refusal
from huying.people.permissions import Permission

if TYPE_CHECKING:
    from uuid import UUID

    from huying.admission.models import Attachment
    from huying.home.desk.access import DeskRequest


@require_POST
@staff_required(Permission.ADMISSION_APPLY)
def attach(request: DeskRequest, application_id: UUID) -> HttpResponse:
    """Attach a file to an application of one's own unit."""
    shown = found_application(request, application_id)
    form = PaperForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            attach_file(application_id, file.read(), name=file.name or "", by=request.actor, at=request.at)
        except Refusal as refusal:
            form.tell(refusal, field="file")
        else:
            messages.success(request, _("Attached."))
            return redirect("desk:admission", application_id=application_id)
    return page_of_application(request, shown, form, "attach")


@require_POST
@staff_required(Permission.ADMISSION_APPLY)
def take_off(request: DeskRequest, application_id: UUID, paper_id: UUID) -> HttpResponse:
    """Take a file off again."""
    shown = found_application(request, application_id)
    if shown.attachments.filter(pk=paper_id).exists():
        take_file_off(paper_id, by=request.actor, at=request.at)
        messages.success(request, _("Taken off."))
    return redirect("desk:admission", application_id=application_id)


@require_safe
@staff_required(*GUARDING)
def paper(request: DeskRequest, application_id: UUID, paper_id: UUID) -> HttpResponse:
    """Hand a file out to whoever may see its application; photos are shown, papers are saved."""
    shown = found_application(request, application_id)
    found: Attachment = get_object_or_404(shown.attachments, pk=paper_id)
    answer = HttpResponse(read_file(found), content_type=found.kind)
    name = found.name if found.kind != PICTURE else f"{found.name.rpartition('.')[0] or found.name}.jpg"
    disposition = content_disposition_header(as_attachment=found.kind != PICTURE, filename=name)
    answer.headers["Content-Disposition"] = disposition or "attachment"
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
