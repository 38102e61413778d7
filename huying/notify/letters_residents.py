"""Letters to residents: one for every turn their appeal takes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huying.notify.letter import Letter

# What a resident may leave out over a channel: what waits for them, what was decided, steps on the way.
GROUPS: dict[str, tuple[str, ...]] = {
    "asks": ("need_info", "need_info_reminder", "replied", "lapsed", "inadmissible"),
    "turns": (
        "extended", "suspended", "resumed", "review_came", "reworked", "transferred", "closed", "reopened",
        "published", "unpublished", "split", "recheck",
    ),
    "steps": (
        "received", "waiting_for_person", "dispatched", "signed", "info_received", "merged", "urged",
    ),
}  # fmt: skip
GROUP_OF = {kind: group for group, kinds in GROUPS.items() for kind in kinds}

RESIDENTS: dict[str, Letter] = {
    "received": Letter(
        _("We have your appeal"),
        _("We have your appeal {number}; neighbours reported the same matter."),
        _("all of them are handled together, and you get your own answer."),
        _("You get your own answer"),
    ),
    "waiting_for_person": Letter(
        _("A person reads your appeal"),
        _("We have your appeal {number}; a person reads it."),
        _("it is given to the right unit, and we tell you which."),
        _("Given to the right unit"),
    ),
    "dispatched": Letter(
        _("Your appeal has a unit"),
        _("We have your appeal {number}; it is with {unit}."),
        _("they contact you or deal with it by {due}."),
        _("The unit contacts you"),
    ),
    "signed": Letter(
        _("The unit has taken it on"),
        _("{unit} has taken on your appeal {number}."),
        _("they look into it and answer you."),
        _("Wait for the answer"),
    ),
    "need_info": Letter(
        _("We need something from you"),
        _("To go on with your appeal {number}, we need from you: {question}"),
        _("please answer on the appeal's page by {until}; until then the time limit stands still."),
        _("Please answer"),
    ),
    "need_info_reminder": Letter(
        _("We still wait for your answer"),
        _("We still wait for your answer about your appeal {number}: {question}"),
        _("without an answer by {until} the matter rests; you can take it up again at any time."),
        _("Please answer soon"),
    ),
    "info_received": Letter(
        _("We have your answer"),
        _("We have your answer about your appeal {number}."),
        _("the unit goes on, and the time limit runs again."),
        _("The unit goes on"),
    ),
    "lapsed": Letter(
        _("The matter rests for now"),
        _("Your appeal {number} rests, because we had no answer to what we asked."),
        _("answer on the appeal's page and it goes on."),
        _("Answer to go on"),
    ),
    "extended": Letter(
        _("It takes longer"),
        _("Your appeal {number} takes longer. Why: {reason}"),
        _("the new date is {due}."),
        _("See the new date"),
    ),
    "suspended": Letter(
        _("It is on the list of open matters"),
        _("Your appeal {number} cannot be settled now and stays on the list of open matters. Plan: {plan}"),
        _("it is looked at again on {review}; it does not count as closed."),
        _("Looked at again later"),
    ),
    "resumed": Letter(
        _("Work goes on"),
        _("Work on your appeal {number} goes on."),
        _("the unit deals with it by {due}."),
        _("Wait for the answer"),
    ),
    "review_came": Letter(
        _("The day of review has come"),
        _("The day on which the open matter of your appeal {number} was to be looked at again has passed."),
        _("the unit takes it up again and deals with it by {due}."),
        _("Wait for the answer"),
    ),
    "published": Letter(
        _("Your matter has a public page"),
        _("What you reported with appeal {number} can be read by everybody now, without your name."),
        _("look at it from your appeal's page; you can take it down there."),
        _("You can take it down"),
    ),
    "unpublished": Letter(
        _("The public page is gone"),
        _("The public page about the matter of your appeal {number} was taken back."),
        _("your appeal goes on as before; only the page is gone."),
        _("Nothing to do"),
    ),
    "replied": Letter(
        _("You have an answer"),
        _("{unit} has replied to your appeal {number}."),
        _("please read it and tell us whether it is solved."),
        _("Please give your verdict"),
    ),
    "reworked": Letter(
        _("It is worked on again"),
        _("Your appeal {number} is being worked on again, because it was not solved or not satisfactory."),
        _("the unit answers you once more."),
        _("Wait for the new answer"),
    ),
    "merged": Letter(
        _("Neighbours reported the same"),
        _("A neighbour reported the same matter as your appeal {number}; both are handled together."),
        _("you still get your own answer and are asked yourself."),
        _("You get your own answer"),
    ),
    "split": Letter(
        _("Your appeal goes on by itself"),
        _("Your appeal {number} is a matter of its own after all and is handled by itself."),
        _("the unit goes on with it, and you get your own answer."),
        _("You get your own answer"),
    ),
    "transferred": Letter(
        _("Passed on by law"),
        _("Your appeal {number} was passed on to {route}, which the law lays down. Receipt: {receipt}"),
        _("they decide and answer you; the receipt on the appeal's page proves the day."),
        _("See the receipt"),
    ),
    "inadmissible": Letter(
        _("Another route decides this"),
        _("Your appeal {number} belongs to another route."),
        _("the appeal's page says which, why, and where to turn."),
        _("See where to turn"),
    ),
    "closed": Letter(
        _("Your appeal is closed"),
        _("Your appeal {number} is closed."),
        _("there is nothing to do; everything stays readable here."),
        _("Nothing to do"),
    ),
    "reopened": Letter(
        _("Your appeal is open again"),
        _("Your appeal {number} was opened again."),
        _("the unit works on it and answers you."),
        _("Wait for the answer"),
    ),
    "recheck": Letter(
        _("We look whether it lasted"),
        _("The matter of your appeal {number} came up again at the same place, so we look at it once more."),
        _("the unit goes there and tells you what it finds."),
        _("The unit looks again"),
    ),
    "urged": Letter(
        _("The unit was reminded"),
        _("We have reminded the unit of your appeal {number}."),
        _("they answer you; the date stays the same."),
        _("Wait for the answer"),
    ),
}
