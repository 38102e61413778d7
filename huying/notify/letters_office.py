"""Letters to staff that are of no single case: proposed duty rules, admission, walks."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huying.notify.letter import Letter

OFFICE: dict[str, Letter] = {
    "rule_asked": Letter(
        _("A duty rule is proposed"),
        _("After the ruling on case {case} a duty rule is proposed: {lead} leads."),
        _("please say by {until} what your unit thinks of it."),
        _("Vote by {until}"),
    ),
    "rule_adopted": Letter(
        _("A proposed duty rule stands"),
        _("The rule proposed after case {case} was adopted: {lead} leads from now on."),
        _("like cases go there at once; what was given out stays."),
        _("It stands now"),
    ),
    "rule_declined": Letter(
        _("A proposed duty rule was not adopted"),
        _("The rule proposed after case {case} was not adopted. Why: {reason}"),
        _("the ruling on that one case stays as it is."),
        _("Nothing changes"),
    ),
    "reminder_to_sign": Letter(
        _("A reminder letter to sign"),
        _("A letter to {unit} is drafted: {title}."),
        _("please sign it, or send it back with a reason."),
        _("Sign or send back"),
    ),
    "reminder_sent_back": Letter(
        _("A reminder letter was not signed"),
        _("The letter to {unit} was sent back. Why: {reason}"),
        _("please word it anew or drop it."),
        _("Word it anew"),
    ),
    "reminder_issued": Letter(
        _("Reminder letter {symbol}"),
        _("Your unit has a reminder letter, {symbol}: {title}."),
        _("please confirm receipt and answer by {until}."),
        _("Answer by {until}"),
    ),
    "reminder_answered": Letter(
        _("Letter {symbol} was answered"),
        _("{unit} answered letter {symbol}."),
        _("please look at the answer: close the letter, or send it back."),
        _("Look at the answer"),
    ),
    "reminder_refused": Letter(
        _("The answer to letter {symbol} will not do"),
        _("Your answer to letter {symbol} came back. Why: {reason}"),
        _("please answer anew by {until}."),
        _("Answer by {until}"),
    ),
    "reminder_closed": Letter(
        _("Letter {symbol} is closed"),
        _("Letter {symbol} is closed. What came of it: {outcome}"),
        _("nothing is left to do."),
        _("Nothing left to do"),
    ),
    "bulletin_drafted": Letter(
        _("A bulletin is drafted"),
        _("The bulletin of {area} for {days} is drafted."),
        _("please look it over and release it."),
        _("Look it over"),
    ),
    "bulletin_released": Letter(
        _("Bulletin of {area}, {days}"),
        _("The bulletin of {area} for {days} is released: {issue}."),
        _("read it at the desk, or take it as Word, PDF or Excel."),
        _("Read it"),
    ),
    "admission_asked": Letter(
        _("An application for admission to rule on"),
        _("{unit} applies to push down “{name}”."),
        _("please admit or refuse it by {until}; refusing is your right."),
        _("Rule by {until}"),
    ),
    "admission_returned": Letter(
        _("Application no. {no} was returned"),
        _("Your application no. {no} was returned for completion. Why: {reason}"),
        _("please complete it and send it in anew."),
        _("Complete it"),
    ),
    "admission_given": Letter(
        _("Application no. {no}: admitted"),
        _("{area} admits your application no. {no} until {until}."),
        _("keep what you promised; it is reviewed on {review}."),
        _("Review on {review}"),
    ),
    "admission_refused": Letter(
        _("Application no. {no}: refused"),
        _("{area} refuses your application no. {no}. Why: {reason}"),
        _("the work stays with your department."),
        _("It stays with you"),
    ),
    "admission_review": Letter(
        _("An admission is to be reviewed"),
        _("“{name}” ({unit}) in {area} is to be reviewed on {review}."),
        _("please say whether it goes on; its term ends on {until}."),
        _("Review by {review}"),
    ),
    "admission_kept": Letter(
        _("Application no. {no} goes on"),
        _("{area} reviewed your application no. {no} and goes on with it."),
        _("it is reviewed again on {review}."),
        _("Review on {review}"),
    ),
    "admission_withdrawn": Letter(
        _("Application no. {no} was taken back"),
        _("{unit} took back “{name}”. Why: {reason}"),
        _("nothing is left to rule on; what was admitted under it has ended."),
        _("Nothing to rule on"),
    ),
    "admission_over": Letter(
        _("An admission ended"),
        _("“{name}” ({unit}) in {area} is no longer admitted."),
        _("its cases go to the department; a renewal may be applied for."),
        _("Gate closed"),
    ),
    "walk_planned": Letter(
        _("A walk on {on}"),
        _("Your unit takes part in walk {walk_no} on {on}: {theme}, {area}. {meeting}"),
        _("open it on the phone that day; without a network it works too."),
        _("Walk on {on}"),
    ),
    "walk_off": Letter(
        _("The walk on {on} is called off"),
        _("Walk {walk_no} ({theme}, {area}) on {on} does not take place. Why: {reason}"),
        _("nothing is left for you to do."),
        _("Called off"),
    ),
}
