"""Why a letter is not issued, a bulletin not released, or a word of them not taken."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huying.kit.errors import Reason

PAPER_NOT_FOUND = Reason("paper_not_found", _("There is no such paper, or it is not yours to see."), 404)
NOT_YOUR_PAPER = Reason("not_your_paper", _("Your posts give you no right to do this with this paper."), 403)
OWN_LETTER = Reason("own_letter", _("Whoever drafted a letter does not sign it: a second person looks."), 403)
LETTER_THERE = Reason("letter_there", _("A letter about exactly these cases is under way already: {letter}."))
NO_CASES = Reason(
    "no_cases", _("A letter names at least one case this unit works on now, in your area."), 400
)
MOST_CASES = Reason("most_cases", _("A letter names at most {most} cases."), 400)
LETTER_WORDS = Reason("letter_words", _("This must be filled in."), 400)
LETTER_MOVED = Reason("letter_moved", _("This letter has moved on meanwhile: {state}."))
DRAFT_MOVED = Reason("draft_moved", _("Somebody changed this draft meanwhile; please look at it again."))
NO_DRAFT = Reason("no_draft", _("This bulletin is no draft any more; a correction is a new edition."))
NOT_RELEASED = Reason("not_released", _("Only a released bulletin can be corrected."))
SPAN_RUNS = Reason("span_runs", _("These days are not over yet."), 400)
SAY_WHY_GONE = Reason("say_why_gone", _("Please say why: the reason is kept."), 400)
ROW_UNKNOWN = Reason("row_unknown", _("There is no such row."), 404)
PROMISE_WORDS = Reason("promise_words", _("Please say what is promised, or what came of it."), 400)
PERSONAL_IN_PAPER = Reason(
    "personal_in_paper", _("This still reads like personal data: {what}. Please take it out."), 400
)
