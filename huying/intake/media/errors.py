"""Why a photo is not taken: one named error for each reason, told with the name of the file."""

from typing import ClassVar

from huying.kit.errors import Reason, Refusal


def _(sentence: str) -> str:
    """Mark a sentence for the translators; this package does without Django, the door translates."""
    return sentence


class PhotoRefusal(Refusal):
    """A photo is not taken; `details["name"]` is the file it is about."""

    why: ClassVar[Reason]

    def __init__(self, **details: object) -> None:
        super().__init__(self.why, field="photos")
        self.details = {"name": "", **details}


class PhotoTooMany(PhotoRefusal):
    """More photos than an appeal may carry; details: `most`."""

    why = Reason("photo_too_many", _("An appeal can carry up to {most} photos."), status=422)


class PhotoEmpty(PhotoRefusal):
    """The file has no bytes: usually an upload that broke off."""

    why = Reason(
        "photo_empty", _("The photo {name} arrived empty. Please send it again."), status=422, retry=True
    )


class PhotoTooLarge(PhotoRefusal):
    """The file has more bytes than allowed; details: `most_megabytes`."""

    why = Reason("photo_too_large", _("The photo {name} is larger than {most_megabytes} MB."), status=413)


class PhotoTypeUnknown(PhotoRefusal):
    """The bytes are none of the photo kinds we take, whatever the file is called."""

    why = Reason(
        "photo_type_unknown",
        _("The file {name} is not a photo we can read. JPEG, PNG, HEIC and WebP work."),
        status=415,
    )


class PhotoBroken(PhotoRefusal):
    """The file is cut short, damaged, or written in a way no camera or phone writes."""

    why = Reason("photo_broken", _("The photo {name} is damaged or incomplete."), status=422)


class PhotoTooManyPixels(PhotoRefusal):
    """The picture is too large to decode; details: `width`, `height`, `most_side`, `most_megapixels`."""

    why = Reason(
        "photo_too_many_pixels",
        _(
            "The photo {name} is {width} × {height} pixels; at most {most_side} on a side "
            "and {most_megapixels} million in all can be taken."
        ),
        status=422,
    )


class PhotoTooComplex(PhotoRefusal):
    """The file is built of far more parts than a camera writes, or takes too long to decode."""

    why = Reason(
        "photo_too_complex",
        _("The photo {name} is built in an unusual way and cannot be taken. A screenshot of it will work."),
        status=422,
    )


class PhotosBusy(PhotoRefusal):
    """Too many photos are being decoded at this moment; the same photo may go through shortly."""

    why = Reason(
        "photos_busy",
        _("Many photos are arriving right now. Please try again shortly."),
        status=503,
        retry=True,
    )
