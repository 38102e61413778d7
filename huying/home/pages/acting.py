"""What a resident may do with the matter beside rating: supply details, object, open it again, urge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huying.cases.actions import move_case
from huying.cases.moves import MOVE
from huying.cases.rules import why_not
from huying.home.forms import WordsField
from huying.intake.actions import MOST_PHOTOS
from huying.intake.photos import attach_photos, keep_photo
from huying.kit.telling import TellingForm
from huying.ui.fields import PhotosField

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.core.files.uploadedfile import UploadedFile
    from django.http import QueryDict
    from django.utils.datastructures import MultiValueDict
    from django_stubs_ext import StrOrPromise

    from huying.cases.models import Case
    from huying.kit.errors import Reason
    from huying.ledger.actor import Actor

LONGEST_WORDS = 2000


@dataclass(frozen=True)
class Act:
    """One thing a resident may do: what its card says, asks and answers. `words` says whether it asks any."""

    key: str
    title: StrOrPromise
    text: StrOrPromise
    label: StrOrPromise
    button: StrOrPromise
    done: StrOrPromise
    icon: str = "edit"
    words: bool = True
    photos: bool = False
    main: bool = False


ACTS: dict[str, Act] = {
    act.key: act
    for act in (
        Act(
            "give_info",
            gettext_lazy("Please tell us more"),
            gettext_lazy("Until then the clocks stand still. Without an answer it is put aside, not closed."),
            gettext_lazy("What we asked for"),
            gettext_lazy("Send it"),
            gettext_lazy("Thank you. Your appeal goes on."),
            main=True,
            photos=True,
        ),
        Act(
            "refile",
            gettext_lazy("Tell us now, and it goes on"),
            gettext_lazy("What was missing did not come in time. Nothing is lost."),
            gettext_lazy("What was missing"),
            gettext_lazy("Send it and go on"),
            gettext_lazy("Thank you. Your appeal goes on."),
            main=True,
            photos=True,
        ),
        Act(
            "object",
            gettext_lazy("You see it otherwise?"),
            gettext_lazy("You may object once. A person looks again whether it belongs here."),
            gettext_lazy("Why it belongs here"),
            gettext_lazy("Object"),
            gettext_lazy("We have your objection. A person looks again."),
        ),
        Act(
            "restart",
            gettext_lazy("Not solved after all?"),
            gettext_lazy(
                "You may open it again for a while after it was closed. The same unit works on it again."
            ),
            gettext_lazy("What is still wrong, or came back"),
            gettext_lazy("Open it again"),
            gettext_lazy("It is open again, and the unit works on it."),
            photos=True,
        ),
        Act(
            "restart_at_desk",
            gettext_lazy("Not answered after all?"),
            gettext_lazy(
                "You may open it again for a while after it was closed. A person looks at it again."
            ),
            gettext_lazy("What is still open"),
            gettext_lazy("Open it again"),
            gettext_lazy("It is open again. A person looks at it."),
            photos=True,
        ),
        Act(
            "urge",
            gettext_lazy("Urge the unit"),
            gettext_lazy("The unit is told at once that you wait. Once a day is enough."),
            "",
            gettext_lazy("Urge the unit"),
            gettext_lazy("The unit has been told that you wait."),
            icon="bell",
            words=False,
        ),
    )
}


class ActForm(TellingForm):
    """The words of an act, where it asks for any."""

    text = WordsField(max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 4}))

    photos = PhotosField(label=gettext_lazy("Photos"), required=False, max_count=MOST_PHOTOS)

    def __init__(
        self,
        act: Act,
        data: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile[Any]] | None = None,
    ) -> None:
        """Ask in the words of the act."""
        super().__init__(data, files, auto_id=f"{act.key}_%s")
        self.act = act
        self.fields["text"].label = str(act.label)
        self.fields["text"].required = act.words


@dataclass(frozen=True)
class Offered:
    """An act that is possible now, or (`why_not`) is not for a while, with its form."""

    act: Act
    form: ActForm
    why_not: str = ""


def offered(case: Case | None, *, by: Actor, at: datetime, wrong: TellingForm | None) -> list[Offered]:
    """Return what a resident may do with the case now, the most pressing first.

    What the state forbids is left out; what is possible again later says why it is not yet.
    """
    if case is None:
        return []
    found = []
    for key, act in ACTS.items():
        move = MOVE.get(key)
        if move is None or case.status not in {status.value for status in move.from_}:
            continue
        reason = why_not(case, move, by=by, at=at)
        form = wrong if isinstance(wrong, ActForm) and wrong.act.key == key else ActForm(act)
        if reason is None or (key == "urge" and not _is_foreign(reason)):
            found.append(Offered(act, form, _soon(reason) if reason else ""))
    return sorted(found, key=lambda one: not one.act.main)


def act_on(case_id: UUID, appeal_id: UUID, form: ActForm, *, by: Actor, at: datetime) -> None:
    """Make the move of a form that was filled in, with its photos. Refusals of the move and of the photos."""
    given = {"text": form.cleaned_data["text"]} if form.act.words else {}
    key = f"act-{uuid4().hex}"
    uploads = form.cleaned_data.get("photos") or () if form.act.photos else ()
    for upload in uploads:
        keep_photo(upload.read(), name=upload.name or "", upload_key=key, at=at)
    with transaction.atomic():
        move_case(case_id, form.act.key, by=by, at=at, appeal=str(appeal_id), **given)
        if uploads:
            attach_photos(key, appeal_id)


def _is_foreign(reason: Reason) -> bool:
    """Return whether a reason has nothing to do with time: then nothing is offered at all."""
    return reason.key in {"not_yours", "not_by_hand", "not_from_here"}


def _soon(_reason: Reason) -> str:
    return _("You urged it a short while ago. You can again a day later.")
