"""Stages of a hot spot, what people decide on it, and their words."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """How hot a matter is. QUIET is seen by nobody: it draws no more appeals than expected."""

    QUIET = "quiet", _("quiet")
    EARLY = "early", _("early sign")
    RISING = "rising", _("rising")
    HOT = "hot", _("hot")
    COOLING = "cooling", _("cooling")
    RESOLVED = "resolved", _("calmed down")
    RETURNED = "returned", _("came back")


class State(models.TextChoices):
    """What people said of a matter the machine found."""

    OPEN = "open", _("not decided on")
    CONFIRMED = "confirmed", _("confirmed")
    DISMISSED = "dismissed", _("dismissed")
    MERGED = "merged", _("merged into another")


# Stages that ask for something to be done.
BURNING = (Stage.HOT, Stage.RETURNED, Stage.RISING, Stage.EARLY)
SHOWN = (*BURNING, Stage.COOLING, Stage.RESOLVED)
STANDING = (State.OPEN, State.CONFIRMED)
