"""Tables of supervision: topics, meetings with their decisions, orders with all that hangs on them."""

from __future__ import annotations

from huying.supervision.models.guides import Guide, GuideComment, GuideEdition
from huying.supervision.models.meetings import AgendaItem, Attendance, Body, Decision, Meeting, Pack
from huying.supervision.models.orders import Interview, Order, OrderAssist, OrderCase, OrderPhoto, Work
from huying.supervision.models.settings import EffectRule, SupervisionTable
from huying.supervision.models.topics import Household, Topic, TopicCase
from huying.supervision.models.watching import Effect, Release, WeekList

__all__ = [
    "AgendaItem", "Attendance", "Body", "Decision", "Effect", "EffectRule", "Guide", "GuideComment",
    "GuideEdition", "Household", "Interview", "Meeting", "Order", "OrderAssist", "OrderCase", "OrderPhoto",
    "Pack", "Release", "SupervisionTable", "Topic", "TopicCase", "WeekList", "Work",
]  # fmt: skip
