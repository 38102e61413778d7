"""Why something cannot be learnt or read."""

from huying.kit.errors import Reason, Refusal


def _(msgid: str) -> str:
    """Mark a sentence for translation; the core knows no Django, so the door that shows it translates."""
    return msgid


class LearningRefusal(Refusal):
    """Texts cannot be learnt from, or a model cannot be used."""


NOTHING_TO_LEARN = Reason("nothing_to_learn", _("There are no labelled texts to learn from."), 422)
ONE_LABEL_ONLY = Reason(
    "one_label_only", _("All texts have the label {label}; at least two are needed."), 422
)
TOO_FEW_GROUPS = Reason(
    "too_few_groups", _("{groups} different texts cannot be split into {folds} rounds."), 422
)
COLUMN_MISSING = Reason("column_missing", _("{name} has no column {column}. It has: {there}."), 422)
LABELS_EMPTY = Reason("labels_empty", _("{name}: {count} rows have no label, the first in line {line}."), 422)
TEXTS_EMPTY = Reason("texts_empty", _("{name}: {count} rows have no text, the first in line {line}."), 422)
ROW_BROKEN = Reason("row_broken", _("{name}: line {line} cannot be read. {sentence}"), 422)
WEIGHT_WRONG = Reason(
    "weight_wrong", _("{name}: the weight {weight} in line {line} is no number above 0."), 422
)
NOT_A_MODEL = Reason("not_a_model", _("{place} holds no model."), 422)
MODEL_OTHER_VERSION = Reason(
    "model_other_version",
    _("The model in {place} was written by another version. Please train it anew."),
    422,
)
MODEL_CORRUPT = Reason(
    "model_corrupt", _("The model in {place} is damaged: {file}. Please train it anew."), 422
)
PLACE_TAKEN = Reason(
    "place_taken", _("{place} holds something else than a model and is not overwritten."), 409
)
