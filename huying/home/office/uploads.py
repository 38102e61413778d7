"""Files staff hand in: streamed to disk within a limit, and kept under their hash while they are needed."""

from __future__ import annotations

import re
import shutil
import time
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

from django.conf import settings
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from huying.home.office.access import office
from huying.intake.models import ImportRun, ImportState
from huying.journeys.imports import sha256_of
from huying.journeys.jobs import FILE_GONE, file_of, folder_of
from huying.kit.errors import Reason, Refusal
from huying.kit.text import clean

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.core.files.uploadedfile import UploadedFile
    from django.http import HttpRequest, HttpResponse

    from huying.home.office.access import StaffRequest
    from huying.people.permissions import Permission

P = ParamSpec("P")
MOST_BYTES = 50 * 2**20
# The form around the file: its fields and the borders between them.
_AROUND = 64 * 1024
# A file nobody has started to take in is forgotten after a day.
_WAITING_SECONDS = 24 * 3600
_LONGEST_NAME = 60
_SHA256 = re.compile(r"[0-9a-f]{64}")
_UNFIT = re.compile(r"[^\w.()（）\- ]+")

FILE_TOO_LARGE = Reason("file_too_large", _("The file is too large: at most {megabytes} MB."), 413)
FILE_MISSING = Reason("file_missing", _("Please choose a file."), 400)


class OntoDisk(TemporaryFileUploadHandler):
    """Streams every file to disk, and none of a request that is larger than allowed."""

    def __init__(self, request: HttpRequest, *, too_large: bool) -> None:
        super().__init__(request)
        self.too_large = too_large

    def new_file(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        """Take a file, unless the whole is too large: then read it to its end and keep nothing."""
        if self.too_large:
            raise StopUpload(connection_reset=False)
        super().new_file(*args, **kwargs)


def takes_file(
    *permissions: Permission,
) -> Callable[
    [Callable[Concatenate[StaffRequest, P], HttpResponse]],
    Callable[Concatenate[HttpRequest, P], HttpResponse],
]:
    """Guard a page a file is posted to: the right is looked at first, then the file goes straight to disk.

    The token of the form stands in the body, which Django would read whole before anything else; so its check
    comes last instead, still before the view.
    """

    def wrap(
        view: Callable[Concatenate[StaffRequest, P], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        protected = csrf_protect(view)

        @csrf_exempt
        @require_POST
        @office(*permissions)
        @wraps(view)
        def staged(request: StaffRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
            request.upload_handlers = [OntoDisk(request, too_large=length > MOST_BYTES + _AROUND)]
            answer: HttpResponse = protected(request, *args, **kwargs)
            return answer

        return staged

    return wrap


def uploaded_file(
    request: HttpRequest, name: str = "file", *, most_bytes: int | None = None
) -> UploadedFile[bytes]:
    """Return the file of a form; Refusal `file_too_large` or `file_missing`."""
    most = most_bytes or MOST_BYTES
    file = request.FILES.get(name)
    stopped = any(getattr(handler, "too_large", False) for handler in request.upload_handlers)
    if stopped or (file is not None and (file.size or 0) > most):
        raise Refusal(FILE_TOO_LARGE, field=name, megabytes=most // 2**20)
    if file is None:
        raise Refusal(FILE_MISSING, field=name)
    return file


def safe_name(name: str) -> str:
    """Return a file's name as it may stand on disk and on pages: no path, no control characters, not long."""
    tidy = Path(_UNFIT.sub("_", clean(name)).lstrip(". "))
    return (tidy.stem[:_LONGEST_NAME] or "file") + tidy.suffix[:10].lower()


def keep_upload(file: UploadedFile[bytes]) -> str:
    """Keep an uploaded file under its hash, readable by this town alone, and return the hash."""
    _sweep()
    staged = folder_of("staged")
    staged.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = staged / f"{time.monotonic_ns()}-{safe_name(file.name or '')}"
    path.touch(mode=0o600)
    with path.open("wb") as target:
        for chunk in file.chunks():
            target.write(chunk)
    sha256 = sha256_of(path)
    if file_of(sha256) is None:
        folder = folder_of(sha256)
        folder.mkdir(mode=0o700, exist_ok=True)
        path.replace(folder / safe_name(file.name or ""))
    else:
        path.unlink()
    return sha256


def kept_upload(sha256: str) -> Path:
    """Return where an uploaded file lies; Http404 for what is no hash, Refusal `file_gone` once swept."""
    if not _SHA256.fullmatch(sha256):
        raise Http404(sha256)
    path = file_of(sha256)
    if path is None:
        raise Refusal(FILE_GONE)
    return path


def _sweep() -> None:
    """Forget files that wait since long and belong to no unfinished run."""
    running = set(ImportRun.objects.filter(state=ImportState.RUNNING).values_list("file_sha256", flat=True))
    folder = Path(settings.DATA_DIR) / "imports"
    for held in folder.iterdir() if folder.is_dir() else ():
        if held.name not in running and time.time() - held.stat().st_mtime > _WAITING_SECONDS:
            shutil.rmtree(held, ignore_errors=True)
