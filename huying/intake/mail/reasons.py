"""Everything that may be odd about a letter."""

from huying.kit.errors import Reason


def _(msgid: str) -> str:
    """Mark a sentence for translation; this package knows no Django, the door translates."""
    return msgid


LETTER_EMPTY = Reason("letter_empty", _("The file holds no letter."), 422)
NOT_A_LETTER = Reason(
    "not_a_letter", _("The file is no letter. Please save it as .eml or as a mailbox."), 415
)
LETTER_CUT = Reason(
    "letter_cut", _("The letter has more than {most_megabytes} MB; only its beginning was read."), 413
)
LETTER_TANGLED = Reason("letter_tangled", _("The letter is built too oddly to be taken apart."), 422)
SENDER_MISSING = Reason("sender_missing", _("The letter names no sender."), 422)
DATE_MISSING = Reason("date_missing", _("The letter bears no date."), 200)
DATE_UNREADABLE = Reason("date_unreadable", _("The date of the letter cannot be read: {found}"), 200)
ID_MISSING = Reason("id_missing", _("The letter has no number of its own; it is known by its content."), 200)
HEADER_CUT = Reason("header_cut", _("The header {header} is too long and was cut."), 200)
CHARSET_WRONG = Reason("charset_wrong", _("A part says that it is {label}, which it is not."), 200)
TEXT_DAMAGED = Reason("text_damaged", _("Some characters of the text are damaged."), 200)
TEXT_MISSING = Reason("text_missing", _("The letter holds no text."), 200)
TEXT_CUT = Reason("text_cut", _("The text is longer than {most} characters and was cut."), 200)
TOO_MANY_PARTS = Reason("too_many_parts", _("The letter has too many parts; the rest was left aside."), 200)
TOO_MANY_PICTURES = Reason("too_many_pictures", _("Only the first {most} pictures were taken."), 200)
PICTURE_TINY = Reason("picture_tiny", _("The picture {name} is a mere dot and was left aside."), 200)
PART_UNREADABLE = Reason("part_unreadable", _("The part {name} could not be read."), 200)
