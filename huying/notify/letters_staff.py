"""Letters to staff: what came to their unit, what runs out, and what was ruled."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huying.notify.letter import Letter

STAFF: dict[str, Letter] = {
    "power_taken": Letter(
        _("{name} took power to look into cases"),
        _("{name} took power to look into cases until {until}: {reason}"),
        _("the audit administrator reads in the log what was opened."),
        _("Read the log"),
        urgent=True,
    ),
    "unit_dispatched": Letter(
        _("New case {number}"),
        _("New case {number}: {title}."),
        _("please sign by {due}."),
        _("Sign by {due}"),
    ),
    "unit_near_due": Letter(
        _("Case {number} is due soon"),
        _("Case {number}: {clock} is due at {due}."),
        _("please act before then, or ask for an extension."),
        _("Act now"),
    ),
    "unit_overdue": Letter(
        _("Case {number} is overdue"),
        _("Case {number}: {clock} was due at {due} and is overdue."),
        _("please act at once and say why it is late."),
        _("Act at once"),
        urgent=True,
    ),
    "unit_reworked": Letter(
        _("Case {number} came back"),
        _("Case {number} came back for rework, round {round}."),
        _("please contact the resident, put it right and reply again."),
        _("Put it right"),
    ),
    "unit_supervised": Letter(
        _("Case {number} is under supervision"),
        _("Case {number} is under supervision: {reason}"),
        _("please report to the supervisor until it is settled."),
        _("Report to the supervisor"),
        urgent=True,
    ),
    "supervision_unreported": Letter(
        _("No report on case {number} came in time"),
        _("{unit} has not reported on case {number}, which you supervise."),
        _("please speak with the unit, and decide what follows."),
        _("Speak with the unit"),
        urgent=True,
    ),
    "supervision_reported": Letter(
        _("A report on case {number} came"),
        _("{unit} has reported on case {number}, which you supervise."),
        _("please read it; then end the supervision, or ask for more."),
        _("Read the report"),
    ),
    "unit_urged": Letter(
        _("Case {number} is urged"),
        _("Case {number} is urged: {reason}"),
        _("please contact the resident and write down what you did."),
        _("Contact the resident"),
        urgent=True,
    ),
    "unit_review_failed": Letter(
        _("The reply to case {number} was sent back"),
        _("The reply to case {number} did not pass review. Why: {reason}"),
        _("please mend it and reply again."),
        _("Reply again"),
    ),
    "unit_to_review": Letter(
        _("Case {number} waits for review"),
        _("The reply to case {number} waits for review."),
        _("please pass it or send it back by {due}."),
        _("Review the reply"),
    ),
    "unit_returned_away": Letter(
        _("Case {number} left your unit"),
        _("Your return of case {number} was granted; the case went to {unit}."),
        _("there is nothing left to do for your unit."),
        _("Nothing to do"),
    ),
    "unit_return_refused": Letter(
        _("Case {number} stays with you"),
        _("The return of case {number} was refused. Why: {reason}"),
        _("please sign and handle it; a second dispute goes to adjudication."),
        _("Sign and handle it"),
    ),
    "unit_ruled": Letter(
        _("Case {number} was ruled on"),
        _("The dispute over case {number} was ruled on: {unit} answers for it."),
        _("please go on as ruled; the rule is proposed for like cases."),
        _("Go on as ruled"),
    ),
    "unit_task": Letter(
        _("A task of case {number} for your unit"),
        _("Your unit is asked to take part in case {number}: {task}."),
        _("please attend or answer by {due}."),
        _("Answer by {due}"),
    ),
    "unit_task_done": Letter(
        _("A task of case {number} is done"),
        _("{unit} has done its part of case {number}."),
        _("please take it into your reply."),
        _("Take it into your reply"),
    ),
    "unit_info_given": Letter(
        _("The resident answered in case {number}"),
        _("The resident answered your question in case {number}."),
        _("the clock runs again; please go on."),
        _("Please go on"),
    ),
    "unit_extension_asked": Letter(
        _("An extension of case {number} to decide"),
        _("{unit} asks for more time for case {number}. Why: {reason}"),
        _("please grant or refuse it before the date runs out."),
        _("Grant or refuse"),
    ),
    "unit_extended": Letter(
        _("Case {number} has more time"),
        _("The extension of case {number} was granted."),
        _("the new date is {due}; the resident was told."),
        _("New date {due}"),
    ),
    "unit_extension_refused": Letter(
        _("No more time for case {number}"),
        _("The extension of case {number} was refused. Why: {reason}"),
        _("the date stays as it was; please act in time."),
        _("Act in time"),
    ),
    "unit_suspension_asked": Letter(
        _("A suspension of case {number} to decide"),
        _("{unit} asks to put case {number} on the list of open matters. Why: {reason}"),
        _("please look at the plan and the review date, and decide."),
        _("Decide on the plan"),
    ),
    "unit_suspended": Letter(
        _("Case {number} is suspended"),
        _("Case {number} is on the list of open matters."),
        _("please keep to the plan; it is looked at again on {review}."),
        _("Keep to the plan"),
    ),
    "unit_suspension_refused": Letter(
        _("Case {number} is not suspended"),
        _("The suspension of case {number} was refused. Why: {reason}"),
        _("please go on with it."),
        _("Please go on with it"),
    ),
    "unit_resumed": Letter(
        _("Case {number} goes on"),
        _("Case {number} is no longer suspended."),
        _("please deal with it by {due}."),
        _("Deal with it by {due}"),
    ),
    "unit_review_came": Letter(
        _("Case {number}: the day of review has come"),
        _("The review date of suspended case {number} has passed, so it is no longer on hold."),
        _("the unit says what the plan came to, and deals with it by {due}."),
        _("Deal with it by {due}"),
    ),
    "unit_recalled": Letter(
        _("Case {number} was called back"),
        _("Case {number} was given to your unit by mistake and called back."),
        _("there is nothing to do for your unit."),
        _("Nothing to do"),
    ),
    "unit_withdrawn": Letter(
        _("Case {number} was taken back"),
        _("The resident took the appeal of case {number} back."),
        _("there is nothing left to do for your unit."),
        _("Nothing to do"),
    ),
    "unit_reopened": Letter(
        _("Case {number} is open again"),
        _("Case {number} was opened again. Why: {reason}"),
        _("please take it up and answer the resident."),
        _("Please take it up again"),
    ),
    "unit_recheck": Letter(
        _("Case {number} came up again"),
        _("Case {number}: the same matter came up again at the same place."),
        _("please go there, look, and write down what you found."),
        _("Go and look"),
    ),
    "unit_noted_by_leader": Letter(
        _("A leader's note on case {number}"),
        _("A leader left a note on case {number}."),
        _("please read it and act on it."),
        _("Read the note"),
        urgent=True,
    ),
    "digest": Letter(
        _("{n} notices at the desk"),
        _("{n} notices came for you, the newest about case {number}."),
        _("please look at them at the desk."),
        _("Look at the desk"),
    ),
    "unit_task_ended": Letter(
        _("Your part of case {number} is over"),
        _("Your unit's part of case {number} is no longer needed. Why: {reason}"),
        _("there is nothing left to do for your unit."),
        _("Nothing to do"),
    ),
    "unit_application": Letter(
        _("Case {number}: something to decide"),
        _("{unit} asks you to decide on case {number}: {wish}. Why: {reason}"),
        _("please look at it, and agree or refuse."),
        _("Agree or refuse"),
    ),
    "unit_application_refused": Letter(
        _("Case {number}: what was asked was refused"),
        _("What was asked for in case {number} was refused: {wish}. Why: {reason}"),
        _("please go on with it."),
        _("Please go on with it"),
    ),
    "unit_major": Letter(
        _("Case {number} is a major emergency"),
        _("Case {number} is a major emergency now. Why: {reason}"),
        _("please act at once and report how it stands."),
        _("Act at once"),
        urgent=True,
    ),
    "centre_waiting": Letter(
        _("Case {number} waits for a dispatcher"),
        _("Case {number} waits for a person: {title}."),
        _("please give it to a unit by {due}."),
        _("Dispatch by {due}"),
    ),
    "centre_return_asked": Letter(
        _("A return of case {number} to rule on"),
        _("{unit} asks to return case {number}. Why: {reason}"),
        _("please rule on it; the clock goes on."),
        _("Rule on the return"),
    ),
}
