"""Letters to staff about supervision: topics before a meeting, and orders until their end."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huying.notify.letter import Letter

ORDERS: dict[str, Letter] = {
    "topic_listed": Letter(
        _("Your topic is on an agenda"),
        _("Topic no. {no}, “{title}”, is on the agenda of {body}."),
        _("please be ready to report; the pack is on its page."),
        _("On the agenda"),
    ),
    "topic_taken_off": Letter(
        _("Your topic was put off"),
        _("Topic no. {no}, “{title}”, was taken off the agenda or put off. Why: {reason}"),
        _("it can be put on a later agenda."),
        _("Put off"),
    ),
    "topic_decided": Letter(
        _("A meeting decided on your topic"),
        _("On topic no. {no}, “{title}”, order {order} was decided."),
        _("the order's page says who does what by when."),
        _("Order {order}"),
    ),
    "topic_dropped": Letter(
        _("Your topic is not taken up"),
        _("Topic no. {no}, “{title}”, is not taken up. Why: {reason}"),
        _("the cases go on as before."),
        _("Not taken up"),
    ),
    "topic_over": Letter(
        _("Your topic ended"),
        _("Topic no. {no}, “{title}”, ended. {reason}"),
        _("whether it helped is counted for three months and shown."),
        _("Ended"),
    ),
    "order_given": Letter(
        _("Order {order} to take on"),
        _("Order {order}, “{title}”, was given to your unit."),
        _("please take it on; its last day is {due}."),
        _("Due {due}"),
    ),
    "order_assist": Letter(
        _("Order {order}: your unit assists"),
        _("{unit} carries out order {order}, “{title}”; your unit assists."),
        _("please agree with that unit on your part; its last day is {due}."),
        _("Due {due}"),
    ),
    "order_away": Letter(
        _("Order {order} went to another unit"),
        _("Order {order}, “{title}”, went to {unit}. Why: {reason}"),
        _("there is nothing left for your unit to do."),
        _("Now with {unit}"),
    ),
    "order_disputed": Letter(
        _("Order {order}: the unit says it is not theirs"),
        _("{unit} says of order {order}, “{title}”, that it is another's. Why: {reason}"),
        _("please decide whose it is; its last day is {due}."),
        _("Decide whose it is"),
    ),
    "order_insisted": Letter(
        _("Order {order} stays with your unit"),
        _("Order {order}, “{title}”, stays with your unit. Why: {reason}"),
        _("please take it on; its last day is {due}."),
        _("Due {due}"),
    ),
    "order_reported": Letter(
        _("Order {order} is reported done"),
        _("{unit} reports order {order}, “{title}”, done."),
        _("please look at what shows it, and approve its end or send it back."),
        _("To be approved"),
    ),
    "order_sent_back": Letter(
        _("Order {order} was sent back"),
        _("The report on order {order}, “{title}”, was not accepted. Why: {reason}"),
        _("please go on; its last day is {due}."),
        _("Sent back"),
    ),
    "order_closed": Letter(
        _("Order {order} is closed"),
        _("The end of order {order}, “{title}”, was approved."),
        _("whether it helped is counted for three months and shown."),
        _("Closed"),
    ),
    "order_put_off": Letter(
        _("Order {order}: new last day {due}"),
        _("Order {order}, “{title}”, has {due} as its new last day. Why: {reason}"),
        _("please keep to the new day."),
        _("Due {due}"),
    ),
    "order_letter": Letter(
        _("Supervision letter on order {order}"),
        _("Order {order}, “{title}”: {colour}. Why: {reason}"),
        _("please say on its page how it stands and what is done."),
        _("Answer on its page"),
    ),
    "order_cancelled": Letter(
        _("Order {order} was cancelled"),
        _("Order {order}, “{title}”, was cancelled. Why: {reason}"),
        _("there is nothing left to do."),
        _("Cancelled"),
    ),
    "order_reopened": Letter(
        _("Order {order} is open again"),
        _("Order {order}, “{title}”, was opened again. Why: {reason}"),
        _("please go on; its last day is {due}."),
        _("Due {due}"),
    ),
    "order_soon": Letter(
        _("Order {order} is due soon"),
        _("The last day of order {order}, “{title}”, is {due}."),
        _("please finish it, or ask in time for another day."),
        _("Due {due}"),
    ),
    "order_late": Letter(
        _("Order {order} is past its date"),
        _("The last day of order {order}, “{title}”, was {due}."),
        _("please say on its page how it stands and when it will be done."),
        _("Past {due}"),
    ),
    "promise_passed": Letter(
        _("Order {order}: a promise has passed"),
        _("{who} promised for {day}: “{words}”. Nobody noted that it was kept (order {order})."),
        _("please ask, and note on its page what became of it."),
        _("Ask {who}"),
    ),
    "effect_found": Letter(
        _("Order {order}: {found}"),
        _("Since order {order}, “{title}”, was closed: {after} appeals, {before} in as long a time before."),
        _("the numbers stand on its page as they are."),
        _("{after} after, {before} before"),
    ),
}
