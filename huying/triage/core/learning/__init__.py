"""Learns from labelled texts which item a new text is about, and says how sure it is; plain Python."""

from .catalogue import catalogue_examples
from .evaluating import Evaluation, cross_validate, evaluate
from .examples import Example
from .keeping import load, save
from .model import Model, Prediction, train
from .settings import Settings

__all__ = [
    "Evaluation",
    "Example",
    "Model",
    "Prediction",
    "Settings",
    "catalogue_examples",
    "cross_validate",
    "evaluate",
    "load",
    "save",
    "train",
]
