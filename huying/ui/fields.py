"""Form fields with a look of their own: several photos, and a rating in stars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile
    from django_stubs_ext import StrOrPromise

PHOTO_TYPES = "image/jpeg,image/png,image/webp,image/heic,image/heif"
STAR_LABELS = (
    (1, _("1 star, very dissatisfied")),
    (2, _("2 stars, dissatisfied")),
    (3, _("3 stars, fairly satisfied")),
    (4, _("4 stars, satisfied")),
    (5, _("5 stars, very satisfied")),
)


class PhotosInput(forms.FileInput):
    """A file input that takes several photos; on a phone it offers the camera."""

    allow_multiple_selected = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"accept": PHOTO_TYPES, **(attrs or {})})


class PhotosField(forms.FileField):
    """Several uploaded photos as a list; what they hold is judged where they are stored, not here.

    `max_count` photos at most, each of at most `max_megabytes`.
    Show it with `{% field form.photos "photos" %}`.
    """

    widget = PhotosInput

    def __init__(
        self,
        *,
        max_count: int = 9,
        max_megabytes: int = 10,
        required: bool = True,
        label: StrOrPromise | None = None,
        help_text: StrOrPromise = "",
    ) -> None:
        self.max_count = max_count
        self.max_megabytes = max_megabytes
        super().__init__(required=required, label=label, help_text=help_text)

    def clean(self, data: object, initial: object = None) -> list[UploadedFile[bytes]]:
        """Return the files; raises ValidationError for too many, too large or missing ones."""
        files: list[Any] = [file for file in (data if isinstance(data, list | tuple) else [data]) if file]
        if not files:
            super().clean(None, initial)
            return []
        if len(files) > self.max_count:
            many = ngettext("Send at most %(most)d photo.", "Send at most %(most)d photos.", self.max_count)
            raise ValidationError(many % {"most": self.max_count}, code="too_many")
        for file in files:
            if file.size > self.max_megabytes * 1024 * 1024:
                raise ValidationError(
                    _("“%(name)s” is larger than %(most)d MB."),
                    code="too_large",
                    params={"name": file.name, "most": self.max_megabytes},
                )
        return [super(PhotosField, self).clean(file, initial) for file in files]


class StarsField(forms.TypedChoiceField):
    """One to five stars as a whole number; show it with `{% field form.speed "stars" %}`."""

    widget = forms.RadioSelect

    def __init__(
        self, *, required: bool = True, label: StrOrPromise | None = None, help_text: StrOrPromise = ""
    ) -> None:
        super().__init__(
            choices=STAR_LABELS,
            coerce=int,
            empty_value=None,
            required=required,
            label=label,
            help_text=help_text,
        )
